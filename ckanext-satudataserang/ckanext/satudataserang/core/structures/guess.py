"""A draft of a structure from an example table: what can be guessed, and what a person is to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.core.tables.compare import PERIOD_COLUMNS
from ckanext.satudataserang.core.units import UnitTable

from .guess_codes import Lists, own_list
from .guess_keys import smallest_key
from .guess_titles import label_of, measure_of, readable, unit_of
from .model import CodeList, Column, ColumnType, Structure
from .sound import RESERVED
from .words import plain

_ID = re.compile(r"[a-z][a-z0-9_]*")
_PERSONAL = re.compile(
    r"(?:^|_)(?:nik|nip|no_kk|nomor_kk|nkk|npwp|telepon|telp|no_hp|nomor_hp|hp|email|surel|alamat)(?:_|$)"
)
_TYPES: Mapping[str, ColumnType] = {
    "text": "text", "integer": "integer", "numeric": "numeric", "date": "date", "boolean": "boolean",
}  # fmt: skip
_HUNDRED = Decimal(100)
#: Titles of columns that only number the rows.
_RUNNING = frozenset({"no", "nomor", "nourut", "nomorurut", "id", "urut"})


@dataclass(frozen=True)
class Example:
    """A column of the example table, counted.

    `type` is the type its values have (a word of `core.tables.types.TYPES`). `values` are its distinct values with how
    often each occurs, up to a number the caller chose; `distinct` says how many there are in truth. `empty` cells are
    of `rows` rows. `minimum`, `maximum` and `decimals` (the most that occur) are of numbers. `personal`: numbers of
    persons or addresses were found in it.
    """

    title: str
    type: str
    values: Mapping[str, int]
    rows: int
    empty: int = 0
    distinct: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    personal: bool = False

    @property
    def kinds(self) -> int:
        """How many distinct values there are."""
        return len(self.values) if self.distinct is None else self.distinct


@dataclass(frozen=True)
class Note:
    """What a person should look at: the id of the column (empty: of the whole), an Indonesian sentence.

    `sure`: the guess follows from the values; else it is to be confirmed.
    """

    column: str
    code: str
    template: str
    params: Mapping[str, str] = field(default_factory=dict)
    sure: bool = False

    @property
    def message(self) -> str:
        """The sentence, in Indonesian."""
        return self.template.format(**self.params)


@dataclass(frozen=True)
class Guess:
    """A draft. It can be read by `parse.structure` once a person has given it a kode and a name."""

    structure: Structure
    notes: tuple[Note, ...]


def guess(
    examples: Sequence[Example],
    *,
    unique: Callable[[Sequence[str]], bool] | None = None,
    lists: Iterable[CodeList] = (),
    areas: WilayahTable | None = None,
    units: UnitTable | None = None,
    kode: str = "",
    nama: str = "",
    opd: str = "",
) -> Guess:
    """Draft a structure.

    :param examples: the columns in their order
    :param unique: whether the columns of these titles together name every row once (asked a few hundred times at most);
        without it the key is guessed from the numbers of distinct values
    :param lists: shared code lists, those of areas among them, to be recognised
    :param areas: the areas of the region, to recognise names and codes in any spelling
    :param units: the vocabulary of units, to recognise ``(Rp)``, ``(%)``, ``(jiwa)`` in titles
    """
    examples, unit, notes = _set_aside(examples, units)
    ids = _ids([one.title for one in examples])
    recognised = Lists(tuple(lists), areas)
    periods = [one for one, name in zip(examples, ids, strict=True) if name in PERIOD_COLUMNS]
    notes.extend(_period_note(one) for one in periods)
    drafted: list[tuple[Example, Column]] = []
    own: list[CodeList] = []
    for one, name in zip(examples, ids, strict=True):
        if name in PERIOD_COLUMNS:
            continue
        column, codes, found = _column(one, name, recognised, units)
        twin = next((other for _, other in drafted if column.code_list and other.code_list == column.code_list), None)
        if twin is not None and column.code_list.startswith("wilayah:"):
            notes.append(_twin_note(one, twin))
            continue
        drafted.append((one, column))
        own.extend(codes)
        notes.extend(found)
    drafted = [(one, _with_unit(column, unit)) for one, column in drafted]
    key = smallest_key([pair[0] for pair in drafted], periods, unique)
    notes.append(_key_note(key))
    columns = tuple(replace(column, key=True, required=True) if one.title in key else column for one, column in drafted)
    expected = tuple(column.id for column in columns if column.key)
    coded = bool(expected) and all(column.code_list for column in columns if column.key)
    draft = Structure(
        kode=kode, nama=nama, opd=opd, columns=_distinct(columns), expected=expected if coded else (),
        lists=tuple(own), keyakinan="rendah",
    )  # fmt: skip
    return Guess(draft, tuple(notes))


def _set_aside(examples: Sequence[Example], units: UnitTable | None) -> tuple[list[Example], str, list[Note]]:
    """The columns without those that only number the rows, or say one unit for all of them; and that unit."""
    kept, unit, notes = list[Example](), "", list[Note]()
    measures = sum(
        one.type in ("integer", "numeric") and not _is_running(one) and plain(one.title) not in PERIOD_COLUMNS
        for one in examples
    )
    for one in examples:
        named = units.canonical(next(iter(one.values)), cut=0).unit if units is not None and one.kinds == 1 else None
        if _is_running(one):
            sentence = "Kolom “{title}” hanya menomori baris, jadi tidak menjadi bagian struktur."
            notes.append(Note("", "nomor-urut", sentence, {"title": one.title}))
        elif plain(one.title) == "satuan" and named is not None and measures == 1:
            unit = named.name
            sentence = "Kolom “{title}” berisi satu satuan ({unit}), jadi menjadi satuan kolom angkanya."
            notes.append(Note("", "satuan-tunggal", sentence, {"title": one.title, "unit": unit}))
        else:
            kept.append(one)
    return kept, unit, notes


def _is_running(one: Example) -> bool:
    return plain(one.title) in _RUNNING and one.rows > 1 and one.kinds == one.rows


def _with_unit(column: Column, unit: str) -> Column:
    return replace(column, satuan=unit) if unit and column.is_number and not column.satuan else column


def unique_in(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Callable[[Sequence[str]], bool]:
    """A `unique` for rows at hand."""
    places = {title: index for index, title in enumerate(titles)}

    def ask(wanted: Sequence[str]) -> bool:
        indexes = [places[title] for title in wanted]
        return len({tuple(row[index] for index in indexes) for row in rows}) == len(rows)

    return ask


def _column(
    one: Example, column_id: str, lists: Lists, units: UnitTable | None
) -> tuple[Column, list[CodeList], list[Note]]:
    notes: list[Note] = []
    kind = _TYPES.get(one.type, "text")
    label, title = label_of(one.title), readable(one.title)
    column = Column(
        id=column_id, label=label, type=kind, required=one.rows > 0 and one.empty == 0,
        synonyms=(title,) if title and plain(title) != plain(label) else (),
    )  # fmt: skip
    # A structure is public: what stands in such a column becomes no list of codes.
    if one.personal or _PERSONAL.search(column_id):
        notes.append(Note(column_id, "data-pribadi", "Kolom “{label}” tampak berisi data pribadi.", {"label": label}))
        return replace(column, type="text", personal=True, outliers="off"), [], notes
    if kind == "text":
        return _coded(one, column, lists, notes)
    if column.is_number:
        column = _measured(one, column, units, notes)
    return column, [], notes


def _coded(one: Example, column: Column, lists: Lists, notes: list[Note]) -> tuple[Column, list[CodeList], list[Note]]:
    shared = lists.recognise(one.values) if one.kinds == len(one.values) else None
    said = {"label": column.label}
    if shared is not None:
        said["list"] = shared.label
        notes.append(Note(column.id, "daftar-dikenal", "Isi kolom “{label}” dikenali sebagai {list}.", said, sure=True))
        column_id = "kode_wilayah" if shared.id.startswith("wilayah:") else column.id
        return replace(column, id=column_id, code_list=shared.id), [], notes
    own = own_list(column.id, column.label, one.values, one.rows) if one.kinds == len(one.values) else None
    if own is None:
        return column, [], notes
    said["number"] = str(len(own.codes))
    sentence = "Kolom “{label}” hanya berisi {number} nilai; dijadikan daftar kode. Lengkapi bila ada kode lain."
    notes.append(Note(column.id, "daftar-baru", sentence, said))
    return replace(column, code_list=own.id), [own], notes


def _measured(one: Example, column: Column, units: UnitTable | None, notes: list[Note]) -> Column:
    unit = unit_of(one.title, units)
    said = {"label": column.label, "unit": unit}
    if unit:
        notes.append(Note(column.id, "satuan", "Satuan kolom “{label}” diambil dari judulnya: {unit}.", said))
    else:
        notes.append(Note(column.id, "satuan", "Satuan kolom “{label}” belum diketahui; isi satuannya.", said))
    low = Decimal(0) if one.minimum is not None and one.minimum >= 0 else None
    high = _HUNDRED if unit == "persen" and one.maximum is not None and one.maximum <= _HUNDRED else None
    if low is not None:
        notes.append(Note(column.id, "batas", "Kolom “{label}” dianggap tidak pernah kurang dari 0.", said))
    return replace(
        column, satuan=unit, ukuran=measure_of(one.title, unit), minimum=low, maximum=high,
        decimals=one.decimals if column.type == "numeric" and one.decimals else None,
    )  # fmt: skip


def _ids(titles: Sequence[str]) -> list[str]:
    """Ids that a structure may have: of the letters a-z, not reserved but for those of periods."""
    found: list[str] = []
    for number, name in enumerate(column_ids([plain_ascii(title) for title in titles]), start=1):
        fit = name if _ID.fullmatch(name) else f"kolom_{name[:50]}"
        fit = fit if _ID.fullmatch(fit) else f"kolom_{number}"
        fit = f"{fit}_data" if fit in RESERVED - PERIOD_COLUMNS else fit
        found.append(fit if fit not in found else f"{fit[:50]}_{number}_lain")
    return found


def plain_ascii(title: str) -> str:
    """A title in letters that a column's id may have; its unit in brackets is left out."""
    bare = label_of(title)
    return bare.encode("ascii", "ignore").decode() or title


def _distinct(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns with ids and labels made unlike, where titles of the file were alike."""
    ids: set[str] = set()
    names: set[str] = set()
    found = []
    for column in columns:
        copy, column_id, label = 2, column.id, column.label
        while column_id in ids or plain(label) in names or plain(column_id) in names:
            column_id, label, copy = f"{column.id[:58]}_{copy}", f"{column.label} {copy}", copy + 1
        synonyms = tuple(text for text in column.synonyms if plain(text) not in names)
        ids.add(column_id)
        names.update(plain(text) for text in (column_id, label, *synonyms))
        found.append(replace(column, id=column_id, label=label, synonyms=synonyms))
    return tuple(found)


def _period_note(one: Example) -> Note:
    sentence = (
        "Kolom “{title}” menyatakan periode; periode dicatat dari kirimannya, jadi tidak menjadi bagian struktur."
    )
    return Note("", "periode", sentence, {"title": one.title}, sure=True)


def _twin_note(one: Example, twin: Column) -> Note:
    sentence = "Kolom “{title}” menyebut wilayah yang sama dengan kolom “{label}”; cukup satu kolom wilayah."
    return Note(twin.id, "wilayah-ganda", sentence, {"title": one.title, "label": twin.label})


def _key_note(key: Sequence[str]) -> Note:
    if not key:
        return Note("", "kunci", "Tidak ditemukan kolom yang membedakan setiap baris; tentukan kuncinya.")
    return Note("", "kunci", "Kunci baris diduga: {titles}.", {"titles": ", ".join(key)})
