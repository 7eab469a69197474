"""Columns that hold codes of a list: whatever people write for a code becomes the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process, utils

from ckanext.satudataserang.core.codes import Ambiguous, Match, WilayahTable
from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.structures.model import CodeList
from ckanext.satudataserang.core.structures.words import plain
from ckanext.satudataserang.core.tables.kinds import is_nothing, literal
from ckanext.satudataserang.core.tables.values import Kind, kind_of

from .base import Check
from .subject import Cells, Fault, Subject

TAK_DIKENAL = Check(
    "kode-tidak-dikenal",
    Severity.ERROR,
    title="Kode atau nama di luar daftar",
    message="Baris {row}, kolom “{column}”: “{value}” tidak ada dalam daftar {list}.",
    advice="Pakai kode atau nama dari daftar itu; templat memuat semuanya sebagai pilihan.",
    variants={
        "mirip": "Baris {row}, kolom “{column}”: “{value}” tidak ada dalam daftar {list}. Mungkin maksudnya "
        "“{nearest}” ({code}).",
    },
)
RANCU = Check(
    "kode-rancu",
    Severity.ERROR,
    title="Nama yang dipakai lebih dari satu kode",
    message="Baris {row}, kolom “{column}”: “{value}” dapat berarti {candidates}.",
    advice="Tulis kodenya, bukan namanya.",
)
CHECKS = (TAK_DIKENAL, RANCU)

#: So many different texts of a column are looked up; the rest is in no list.
_MOST = 100_000
#: A kelurahan's name is told from another's by the kecamatan of its row.
_INNER, _OUTER, _BESIDE = "wilayah:kelurahan", "wilayah:kecamatan", "\x1f"
_NEAR = 72.0
_SUGGESTED = 1_000


@dataclass
class Resolver:
    """What texts mean in one code list."""

    codes: CodeList
    areas: WilayahTable | None = None
    _known: dict[str, str | None] = field(init=False)
    _own: set[str] = field(init=False)
    _short: dict[str, str | None] = field(init=False)
    _labels: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Spell out what each code answers to; what two codes answer to belongs to neither."""
        self._own = {code.code for code in self.codes.codes}
        self._known, self._short = {}, {}
        for code in self.codes.codes:
            for text in (code.code, code.label, *code.synonyms):
                _claim(self._known, plain(text), code.code)
            _claim(self._short, plain(code.code).lstrip("0"), code.code)
        # A code is its own, whatever another's label says.
        self._known.update({plain(code.code): code.code for code in self.codes.codes})
        self._labels = {code.code: code.label for code in self.codes.codes}

    def code_of(self, text: str) -> str | None:
        """The code that a text means; None where it means none, or more than one."""
        if text in self._own:
            return text
        key = plain(text)
        found = self._known.get(key)
        if found is not None:
            return found
        area = self._area(text)
        if isinstance(area, Match):
            return area.area.code
        # A spreadsheet takes 01 for 1.
        return self._short.get(key) if key.isdigit() and key not in self._known else None

    def candidates(self, text: str) -> Sequence[str]:
        """The codes that a name of more than one may mean, each with its label."""
        return [f"{code} ({self._labels[code]})" for code in self.meant(text)]

    def meant(self, text: str) -> Sequence[str]:
        """The codes that a name of more than one may mean."""
        found = self._area(text)
        codes = [area.code for area in found.areas if area.code in self._own] if isinstance(found, Ambiguous) else []
        if not codes and plain(text) in self._known:
            key = plain(text)
            codes = [c.code for c in self.codes.codes if key in {plain(one) for one in (c.label, *c.synonyms)}]
        return codes

    def nearest(self, text: str) -> tuple[str, str] | None:
        """The most alike label and its code; None where nothing is near."""
        best = process.extractOne(
            text, self._labels, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_NEAR
        )
        return (best[0], best[2]) if best else None

    def _area(self, text: str) -> Match | Ambiguous | None:
        if self.areas is None:
            return None
        found = self.areas.canonical(text)
        if isinstance(found, Match):
            if found.area.code in self._own:
                return found
            # "Serang" is a city, a kecamatan and a kelurahan; the list says which level is meant.
            return self._of_level(text)
        return self._of_level(text) if isinstance(found, Ambiguous) else None

    def _of_level(self, text: str) -> Match | Ambiguous | None:
        assert self.areas is not None  # noqa: S101
        levels = {area.level for area in self.areas.areas if area.code in self._own}
        found = [self.areas.canonical(text, level=level) for level in sorted(levels)]
        matches = [one for one in found if isinstance(one, Match) and one.area.code in self._own]
        if len(matches) == 1 and not any(isinstance(one, Ambiguous) for one in found):
            return matches[0]
        open_ones = [one for one in found if isinstance(one, Ambiguous)]
        return open_ones[0] if open_ones else None


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Bring the texts of a column to the codes of its list."""
    structure = subject.wishes.structure
    if structure is None or column.agreed is None or not column.present:
        return []
    codes = structure.codes_of(column.agreed)
    if codes is None:
        return []
    x = column.raw
    texts = _texts(subject, column)
    areas = subject.wishes.areas if codes.id.startswith("wilayah:") else None
    resolver = Resolver(codes, areas)
    meanings = {text: resolver.code_of(text) for text in texts}
    if all(text == code for text, code in meanings.items()) and len(texts) < _MOST:
        return []
    known = [(text, code) for text, code in meanings.items() if code is not None]
    column.value = subject.lookup(f"codes{subject.columns.index(column)}", known, x)
    strangers = [text for text, code in meanings.items() if code is None]
    if not strangers and len(texts) < _MOST:
        return []
    if pairs := _within(subject, column, resolver, strangers):
        parent, codes_within = pairs
        both = f"{x} || {literal(_BESIDE)} || {parent.value}"
        inner = subject.lookup(f"within{subject.columns.index(column)}", codes_within, both)
        column.value = f"coalesce({column.value}, {inner})"
    return list(_faults(subject, column, codes, resolver, strangers))


def is_inner(column: Cells) -> bool:
    """Whether the codes lie within those of other columns, which are to be read before it."""
    return column.agreed is not None and column.agreed.code_list == _INNER


def outside(subject: Subject, column: Cells, cell: str, filled: str) -> bool:
    """Whether areas stand in rows that a larger area's name would be filled into, and lie in none of that name.

    :param cell: the name's cell in the table `below` (see `grouping.lie`); `filled`: what would stand there
    """
    inner = [one for one in subject.columns if one.present and is_inner(one)]
    structure, agreed = subject.wishes.structure, column.agreed
    if structure is None or agreed is None or agreed.code_list != _OUTER or not inner or inner[0].agreed is None:
        return False
    larger, smaller = structure.codes_of(agreed), structure.codes_of(inner[0].agreed)
    if larger is None or smaller is None:
        return False
    names, areas = Resolver(larger, subject.wishes.areas), Resolver(smaller, subject.wishes.areas)
    pairs = subject.ask(
        f"SELECT DISTINCT below.{filled}, {inner[0].raw} FROM below JOIN cells ON below.number = {subject.row_number} "  # noqa: S608
        f"WHERE below.{cell} IS NULL LIMIT {_SUGGESTED}"
    )
    for name, text in pairs:
        code, own = names.code_of(name or ""), areas.code_of(text or "")
        meant = [own] if own else areas.meant(text or "")
        if code and meant and not any(one.startswith(f"{code}.") for one in meant):
            return True
    return False


def _within(
    subject: Subject, column: Cells, resolver: Resolver, texts: Sequence[str]
) -> tuple[Cells, list[tuple[str, str | None]]] | None:
    """What names of several areas mean in each larger area, and the column that says in which a row is."""
    structure = subject.wishes.structure
    outer = [
        one for one in subject.columns if one.present and one.agreed is not None and one.agreed.code_list == _OUTER
    ]
    codes = structure.codes_of(outer[0].agreed) if structure and outer and outer[0].agreed else None
    if not is_inner(column) or codes is None:
        return None
    pairs: list[tuple[str, str | None]] = []
    for text in texts[:_SUGGESTED]:
        meant = resolver.meant(text)
        for area in codes.codes:
            inside = [code for code in meant if code.startswith(f"{area.code}.")]
            if len(inside) == 1:
                pairs.append((f"{text}{_BESIDE}{area.code}", inside[0]))
    return (outer[0], pairs) if pairs else None


def _texts(subject: Subject, column: Cells) -> list[str]:
    """The different texts that say something, in order; at most `_MOST`."""
    if column.texts is not None:
        return sorted(text for text in column.texts if kind_of(text) not in (Kind.EMPTY, Kind.NOTHING))
    x = column.raw
    rows = subject.ask(
        f"SELECT DISTINCT {x} AS x FROM cells WHERE {x} IS NOT NULL AND NOT {is_nothing(x)} "  # noqa: S608
        f"ORDER BY x LIMIT {_MOST}"
    )
    return [row[0] for row in rows]


def _faults(
    subject: Subject, column: Cells, codes: CodeList, resolver: Resolver, strangers: Sequence[str]
) -> list[Fault]:
    x = column.raw
    unknown = f"{subject.value_of(column)} IS NULL AND {x} IS NOT NULL AND NOT {is_nothing(x)}"
    near: dict[str, tuple[str, str]] = {}
    open_ones: dict[str, str] = {}
    for text in strangers[:_SUGGESTED]:
        if candidates := resolver.candidates(text):
            open_ones[text] = ", ".join(candidates)
        elif nearest := resolver.nearest(text):
            near[text] = nearest
    faults = [Fault(RANCU, column, f"{unknown} AND {_among(x, open_ones)}", told=_told_open(open_ones))] * bool(
        open_ones
    )
    if near:
        faults.append(
            Fault(TAK_DIKENAL, column, f"{unknown} AND {_among(x, near)}", "mirip", told=_told_near(near, codes))
        )
    rest = "".join(f" AND NOT {_among(x, some)}" for some in (open_ones, near) if some)
    faults.append(Fault(TAK_DIKENAL, column, unknown + rest, told=lambda _row, _value: {"list": codes.label}))
    return faults


def _told_open(candidates: Mapping[str, str]) -> Callable[[int, str], Mapping[str, object]]:
    return lambda _row, value: {"candidates": candidates.get(value, "")}


def _told_near(near: Mapping[str, tuple[str, str]], codes: CodeList) -> Callable[[int, str], Mapping[str, object]]:
    return lambda _row, value: {"list": codes.label, "nearest": near[value][0], "code": near[value][1]}


def _among(expression: str, texts: Mapping[str, object]) -> str:
    return f"{expression} IN ({', '.join(map(literal, texts))})"


def _claim(known: dict[str, str | None], key: str, code: str) -> None:
    known[key] = code if known.get(key, code) == code else None
