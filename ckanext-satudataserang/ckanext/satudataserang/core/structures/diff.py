"""What changed between two versions of a structure, as sentences, and what of it breaks files for the older one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .diff_lists import list_changes
from .model import Column, Rule, Structure
from .words import plain


@dataclass(frozen=True)
class Change:
    """One change. `breaking`: a file or reader made for the older version may no longer do.

    `code` names its kind, `column` the id of the column it is about (of the newer version, if it is there), `template`
    is an Indonesian sentence with ``{names}`` of `params`.
    """

    code: str
    template: str
    params: Mapping[str, str] = field(default_factory=dict)
    breaking: bool = False
    column: str = ""

    @property
    def message(self) -> str:
        """The sentence, in Indonesian."""
        return self.template.format(**self.params)


#: Types that hold all that another one holds.
_WIDER = {("integer", "numeric"), ("integer", "text"), ("numeric", "text"), ("date", "text"), ("boolean", "text")}
#: Attributes that are told by their names: what they are called, and whether another value is another meaning.
_ATTRIBUTES = (
    ("konsep", "Konsep", False),
    ("definisi", "Definisi", False),
    ("klasifikasi", "Klasifikasi", False),
    ("ukuran", "Ukuran", True),
    ("satuan", "Satuan", True),
    ("referensi", "Referensi", False),
    ("variable", "Variabel baku", False),
)
_OWN = (("nama", "Nama struktur"), ("opd", "OPD pengelola"), ("urusan", "Urusan"), ("description", "Penjelasan"))


def diff(old: Structure, new: Structure) -> list[Change]:
    """Every change from `old` to `new`, in the order of the columns; empty where they mean the same.

    A column that is gone is taken for one that is new where they share a label or synonym: it was renamed. Code lists
    are compared where both sides hold them (resolved structures); else only their names are.
    """
    changes = list(_own_changes(old, new))
    pairs = renamed(old, new)
    before = {column.id: column for column in old.columns}
    for column in new.columns:
        earlier = before.get(column.id) or before.get(pairs.get(column.id, ""))
        changes.extend(_added(column) if earlier is None else _column_changes(old, new, earlier, column))
    kept = {column.id for column in new.columns} | set(pairs.values())
    changes.extend(
        _change("kolom-dihapus", "Kolom “{label}” dihapus.", column, breaking=True)
        for column in old.columns
        if column.id not in kept
    )
    changes.extend(_expected_changes(old, new))
    changes.extend(_rule_changes(old, new))
    return changes


def renamed(old: Structure, new: Structure) -> dict[str, str]:
    """Columns of `new` that were renamed: their id, and the id they had in `old`."""
    here, there = {column.id for column in new.columns}, {column.id for column in old.columns}
    gone = [column for column in old.columns if column.id not in here]
    pairs: dict[str, str] = {}
    for column in new.columns:
        if column.id in there:
            continue
        bearers = [one for one in gone if one.id not in pairs.values() and _names(one) & _names(column)]
        if bearers:
            pairs[column.id] = bearers[0].id
    return pairs


def _names(column: Column) -> set[str]:
    return {plain(text) for text in (column.id, column.label, *column.synonyms)}


def _change(
    code: str, template: str, column: Column | None = None, *, breaking: bool = False, **params: object
) -> Change:
    said = {name: _word(value) for name, value in params.items()}
    if column is not None:
        said["label"] = column.label
    return Change(code, template, said, breaking, column.id if column else "")


def _word(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if value not in (None, "") else "(kosong)"


def _own_changes(old: Structure, new: Structure) -> Iterator[Change]:
    for name, word in _OWN:
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            sentence = "{word} berubah." if name == "description" else "{word} berubah dari “{old}” menjadi “{new}”."
            yield _change("keterangan", sentence, word=word, old=one, new=other)
    if old.referensi != new.referensi:
        yield _change("keterangan", "Dasar hukum atau rujukan struktur berubah.")


def _added(column: Column) -> Iterator[Change]:
    if column.required:
        yield _change(
            "kolom-wajib-baru",
            "Kolom wajib “{label}” ditambahkan; setiap berkas harus memuatnya.",
            column,
            breaking=True,
        )
    else:
        yield _change("kolom-baru", "Kolom “{label}” ditambahkan dan boleh kosong.", column)


def _column_changes(old: Structure, new: Structure, one: Column, other: Column) -> Iterator[Change]:
    yield from _name_changes(one, other)
    yield from _type_changes(one, other)
    if one.required != other.required:
        sentence = (
            "Kolom “{label}” sekarang wajib diisi." if other.required else "Kolom “{label}” sekarang boleh kosong."
        )
        yield _change("wajib", sentence, other, breaking=other.required)
    if one.key != other.key:
        sentence = "Kolom “{label}” sekarang bagian dari kunci baris." if other.key else (
            "Kolom “{label}” bukan lagi bagian dari kunci baris."
        )  # fmt: skip
        yield _change("kunci", sentence, other, breaking=True)
    yield from _bound_changes(one, other)
    for change in list_changes(old, new, one, other):
        yield _change(change.code, change.template, other, breaking=change.breaking, **change.params)
    for name, word, is_meaning in _ATTRIBUTES:
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            sentence = "{word} kolom “{label}” berubah dari “{old}” menjadi “{new}”."
            yield _change(
                "arti", sentence, other, breaking=is_meaning and bool(before), word=word, old=before, new=after
            )
    if one.personal != other.personal:
        sentence = "Kolom “{label}” sekarang data pribadi dan disamarkan saat terbit." if other.personal else (
            "Kolom “{label}” bukan lagi data pribadi; isinya akan terbit apa adanya."
        )  # fmt: skip
        yield _change("data-pribadi", sentence, other)


def _name_changes(one: Column, other: Column) -> Iterator[Change]:
    if one.id != other.id:
        sentence = "Kolom “{label}” berganti nama dari {old} menjadi {new}."
        yield _change("kolom-berganti-nama", sentence, other, breaking=True, old=one.id, new=other.id)
    if one.label != other.label:
        known = plain(one.label) in _names(other)
        sentence = "Judul kolom berubah dari “{old}” menjadi “{label}”." if known else (
            "Judul kolom berubah dari “{old}” menjadi “{label}”; berkas dengan judul lama tidak lagi dikenali."
        )  # fmt: skip
        yield _change("judul", sentence, other, breaking=not known, old=one.label)
    lost = [text for text in one.synonyms if plain(text) not in _names(other)]
    if lost:
        sentence = "Judul lain kolom “{label}” tidak lagi dikenali: {old}."
        yield _change("sinonim", sentence, other, breaking=True, old=", ".join(lost))


def _type_changes(one: Column, other: Column) -> Iterator[Change]:
    if one.type != other.type:
        sentence = "Tipe kolom “{label}” berubah dari {old} menjadi {new}."
        breaking = (one.type, other.type) not in _WIDER
        yield _change("tipe", sentence, other, breaking=breaking, old=one.type, new=other.type)
    if one.decimals != other.decimals:
        fewer = other.decimals is not None and (one.decimals is None or other.decimals < one.decimals)
        sentence = "Kolom “{label}” sekarang berdesimal paling banyak {new}." if other.decimals is not None else (
            "Jumlah desimal kolom “{label}” tidak lagi dibatasi."
        )  # fmt: skip
        yield _change("desimal", sentence, other, breaking=fewer, new=other.decimals)
    if one.pattern != other.pattern:
        sentence = "Pola isi kolom “{label}” berubah." if other.pattern else "Kolom “{label}” tidak lagi berpola."
        yield _change("pola", sentence, other, breaking=bool(other.pattern))


def _bound_changes(one: Column, other: Column) -> Iterator[Change]:
    for name, word in (("minimum", "Batas bawah"), ("maximum", "Batas atas")):
        before: Decimal | None = getattr(one, name)
        after: Decimal | None = getattr(other, name)
        if before == after:
            continue
        tighter = after is not None and (before is None or (after > before) == (name == "minimum"))
        sentence = "{word} kolom “{label}” berubah dari {old} menjadi {new}."
        yield _change("batas", sentence, other, breaking=tighter, word=word, old=before, new=after)


def _expected_changes(old: Structure, new: Structure) -> Iterator[Change]:
    pairs = renamed(old, new)
    if set(old.expected) == {pairs.get(name, name) for name in new.expected}:
        return
    if not new.expected:
        yield _change("baris", "Baris yang diharapkan tidak lagi ditentukan.")
        return
    labels = ", ".join(new.column(name).label for name in new.expected)
    sentence = "Baris yang diharapkan sekarang satu untuk setiap gabungan {new}."
    yield _change("baris", sentence, breaking=True, new=labels)


def _rule_changes(old: Structure, new: Structure) -> Iterator[Change]:
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    for rule in new.rules:
        earlier = before.get(rule.id)
        said = rule_sentence(rule, new)
        if earlier is None:
            yield _change("aturan", "Aturan baru: {new}", breaking=True, new=said)
        elif (earlier.parts, earlier.relation, earlier.whole) != (rule.parts, rule.relation, rule.whole):
            yield _change("aturan", "Aturan “{id}” berubah: {new}", breaking=True, id=rule.id, new=said)
        elif earlier.tolerance != rule.tolerance:
            sentence = "Toleransi aturan “{id}” berubah dari {old} menjadi {new}."
            breaking = rule.tolerance < earlier.tolerance
            yield _change("aturan", sentence, breaking=breaking, id=rule.id, old=earlier.tolerance, new=rule.tolerance)
    for rule in old.rules:
        if rule.id not in after:
            yield _change("aturan", "Aturan “{id}” dihapus.", id=rule.id)


def rule_sentence(rule: Rule, structure: Structure) -> str:
    """A rule as a sentence: its own message, or one made of the labels."""
    if rule.message:
        return rule.message
    labels = {column.id: column.label for column in structure.columns}
    parts = " + ".join(labels.get(name, name) for name in rule.parts)
    word = {"<=": "tidak boleh melebihi", "<": "harus kurang dari", "=": "harus sama dengan"}[rule.relation]
    return f"{parts} {word} {labels.get(rule.whole, rule.whole)}."
