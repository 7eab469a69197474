"""One look over the file as it lies: which columns hold what was agreed, cell by cell, and nothing else.

A proof is cheap where a second look is not: it needs no table of cells in memory. What it proves is not looked at
again; everything else goes the long way (`engine`), which finds the same. Where all is proven the file is never loaded.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

import duckdb

from ckanext.satudataserang.core.structures.model import Column, Rule, Structure
from ckanext.satudataserang.core.tables.kinds import (
    blanks_pattern,
    full_match,
    has_blanks,
    is_nothing,
    literal,
    nothing_pattern,
    thousand_or_fraction,
)
from ckanext.satudataserang.core.tables.plain import ASSUMED_FROM
from ckanext.satudataserang.core.tables.totals import BEGINS, may_hold_totals
from ckanext.satudataserang.core.tables.types import ColumnType
from ckanext.satudataserang.core.tables.values import MAX_DIGITS, NOTHING, POINT, Kind, kind_of

from . import privacy
from .subject import Cells, Subject

#: A smaller file is loaded at once.
WORTH = ASSUMED_FROM
_SAMPLE = 4_000
#: Different texts of a column are told one by one where the sample has at most so many.
_FEW, _MOST_TEXTS = 1_200, 20_000
_MOST_CODES = 2_000
#: The keys of a larger file (bytes) are not held in memory beside all else.
_AT_ONCE = 150_000_000
_PLACES = 6
_WHOLE = 11
_DIGITS = (10**MAX_DIGITS) - 1


@dataclass
class Proof:
    """What holds for all rows: `rows` of them, `first` the number of the first, `digest` of all their values.

    `unique`: no two have the same key; `rules`: the ids of those that no row breaks; `titled`: how many rows begin with
    the first title.
    """

    rows: int
    first: int
    unique: bool = False
    rules: set[str] = field(default_factory=set)
    digest: int = 0
    titled: int = 0


@dataclass
class _Asked:
    """Expressions of one pass, and what becomes of their answers, in order."""

    expressions: list[str] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)

    def add(self, expression: str) -> Callable[[], object]:
        """Ask for one more; returns where its answer will stand."""
        if expression not in self.expressions:
            self.expressions.append(expression)
        place = self.expressions.index(expression)
        return lambda: self.answers[place]

    def count(self, where: str) -> Callable[[], int]:
        """Ask how many rows satisfy a condition."""
        answer = self.add(f"count(*) FILTER (WHERE {where})")
        return lambda: int(str(answer()))


@dataclass(frozen=True)
class _Head:
    """The first rows of the file, each with its number in the source."""

    rows: Sequence[tuple[int, Sequence[str]]]

    def texts(self, cells: Cells) -> Iterator[tuple[int, str]]:
        """A column's filled cells, each with the number of its row."""
        return ((number, row[cells.number]) for number, row in self.rows if row[cells.number])

    def has_few(self, cells: Cells) -> bool:
        """Whether so few texts come again that they may be told one by one."""
        return len({text for _number, text in self.texts(cells)}) <= _FEW

    def first(self, cells: Cells, kind: Kind) -> tuple[int, str] | None:
        """The first cell that alone is read as this kind."""
        return next((one for one in self.texts(cells) if kind_of(one[1]) is kind), None)


def look(subject: Subject) -> Proof | None:
    """Prove what can be proven in one pass; None where no pass is worth it.

    Raises duckdb.InvalidInputException where the text cannot be split.
    """
    structure = subject.wishes.structure
    if structure is None or subject.grid.path.stat().st_size < WORTH:
        return None
    present = [one for one in subject.columns if one.present]
    head, asked = _head(subject), _Asked()
    settled = [(one, _wanted(subject, structure, one, asked, head)) for one in present]
    titled = asked.count(f"c0 = {literal(subject.grid.titles[0])}")
    values = ", ".join(one.raw for one in subject.columns)
    digest = asked.add(f"CAST(sum(hash({values})) AS VARCHAR)")
    first = asked.add("min(nr)") if subject.grid.numbered else None
    keys = [one for one in subject.columns if one.agreed is not None and one.agreed.key]
    unique = None
    # Over all periods: what is unique there is so in each.
    keyed = f"hash({', '.join(one.raw for one in keys)})"
    is_large = subject.grid.path.stat().st_size > _AT_ONCE
    if keys and all(one.present for one in keys) and not is_large:
        unique = asked.add(f"count(DISTINCT {keyed})")
    broken = [(rule, asked.count(where)) for rule in structure.rules if (where := _broken(subject, structure, rule))]
    if not any(prove for _one, prove in settled):
        return None
    ((rows, *asked.answers),) = subject.scan(["count(*)", *asked.expressions])
    if not rows:
        return None
    proof = Proof(rows, int(str(first())) if first else subject.grid.layout.first, titled=titled())
    for one, prove in settled:
        if prove is not None:
            one.proven = prove(rows)
    proof.digest = int(str(digest()))
    whole = bool(keys) and all(one.proven and one.filled == rows for one in keys)
    proof.unique = whole and (unique() == rows if unique is not None else is_large and _no_two(subject, keyed))
    proven = {one.id for one in present if one.proven}
    proof.rules = {rule.id for rule, count in broken if proven.issuperset((*rule.parts, rule.whole)) and not count()}
    for one in present:
        if one.proven:
            _settle(subject, one, rows, head)
    return proof


def _head(subject: Subject) -> _Head:
    """The first rows, for what is only to be guessed by them."""
    grid, rows = subject.grid, []
    behind = 1 if grid.numbered else 0
    with grid.path.open(encoding="utf-8", errors="replace", newline="") as stream, suppress(csv.Error):
        records = csv.reader(stream, delimiter=grid.delimiter)
        for place, row in enumerate(islice(records, grid.skip, grid.skip + _SAMPLE)):
            if len(row) == len(grid.titles) + behind:
                number = int(row[0]) if grid.numbered else grid.layout.first + place
                rows.append((number, row[behind:]))
    return _Head(rows)


def _no_two(subject: Subject, expression: str) -> bool:
    """Whether no two rows are alike, by a pass of its own that may write to the disk what memory cannot hold."""
    twice = f"SELECT h FROM (SELECT {expression} AS h FROM {subject.source}) GROUP BY h HAVING count(*) > 1 LIMIT 1"  # noqa: S608
    try:
        subject.tick()
        return not subject.database.execute(twice).fetchall()
    except duckdb.OutOfMemoryException:
        return False


Prove = Callable[[int], bool]


def _wanted(subject: Subject, structure: Structure, cells: Cells, asked: _Asked, head: _Head) -> Prove | None:
    """What a column must hold to be as agreed; None where one pass cannot tell."""
    agreed = cells.agreed
    if agreed is None:
        return None
    x = cells.raw
    filled = asked.add(f"count({x})")
    more: list[Callable[[], int]] = []
    if agreed.pattern:
        if not _is_pattern(subject, agreed.pattern):
            return None
        more.append(asked.count(full_match(x, agreed.pattern)))
    if agreed.type in ("integer", "numeric"):
        holds = _number(cells, agreed, asked, doubtful=head.first(cells, Kind.AMBIGUOUS_POINT) is not None)
    elif agreed.type == "date":
        holds = _all(asked.count(f"strlen({x}) = 10 AND CAST(TRY_CAST({x} AS DATE) AS VARCHAR) = {x}"))
    elif agreed.type == "text" and agreed.code_list:
        holds = _coded(structure, cells, asked)
    elif agreed.type == "text":
        holds = _few_texts(cells, asked) if head.has_few(cells) else _texts(subject, cells, asked)
    else:
        return None

    def prove(rows: int) -> bool:
        cells.filled = int(str(filled()))
        if cells.filled < rows and (agreed.required or agreed.key):
            return False
        return all(count() == cells.filled for count in more) and holds is not None and holds(cells.filled)

    return prove


def _all(count: Callable[[], int]) -> Callable[[int], bool]:
    return lambda filled: count() == filled


def _number(cells: Cells, agreed: Column, asked: _Asked, *, doubtful: bool) -> Callable[[int], bool]:
    x, number = cells.raw, _number_of(cells)
    fractions, doubts = None, None
    if agreed.type == "integer":
        # Read and written again it is the same: no zero in front, no sign or space beside it.
        good = asked.count(f"CAST({number} AS VARCHAR) = {x}")
    else:
        most = _PLACES if agreed.decimals is None else min(agreed.decimals, _PLACES)
        places = [f"[0-9]{{1,{min(most, 2)}}}"] * (most > 0) + [f"[0-9]{{4,{most}}}"] * (most > 3)  # noqa: PLR2004
        if doubtful and most > 2:  # noqa: PLR2004
            places = [f"[0-9]{{1,{most}}}"]
            # Of numbers that are `good` this is the same as `thousand_or_fraction`, for less.
            place = f"instr({x}, {literal(POINT)})"
            fractions = asked.count(f"{place} > 0")
            doubts = asked.count(f"{place} > 0 AND {place} = strlen({x}) - 3 AND abs({number}) BETWEEN 1 AND 999.999")
        part = rf"(?:\.(?:{'|'.join(places)}))?" if places else ""
        good = asked.count(full_match(x, f"-?(?:0|[1-9][0-9]{{0,{_WHOLE - 1}}}){part}"))
    least, most_of = asked.add(f"min({number})"), asked.add(f"max({number})")
    zeros = asked.count(f"{number} = 0")

    def holds(filled: int) -> bool:
        if good() != filled:
            return False
        cells.zeros = zeros()
        if fractions is not None and doubts is not None:
            # A single fraction that can be no thousand says how its column writes decimals.
            if 0 < doubts() == fractions():
                return False
            cells.profile.kinds[Kind.AMBIGUOUS_POINT] = doubts()
        if not filled:
            return True
        low, high = Decimal(str(least())), Decimal(str(most_of()))
        inside = (agreed.minimum is None or low >= agreed.minimum) and (
            agreed.maximum is None or high <= agreed.maximum
        )
        return inside and low >= -_DIGITS and high <= _DIGITS

    return holds


def _number_of(cells: Cells) -> str:
    """A proven column's numbers, exact."""
    is_whole = cells.agreed is not None and cells.agreed.type == "integer"
    return f"TRY_CAST({cells.raw} AS {'BIGINT' if is_whole else f'DECIMAL(18, {_PLACES})'})"


def _coded(structure: Structure, cells: Cells, asked: _Asked) -> Callable[[int], bool] | None:
    codes = structure.codes_of(cells.agreed) if cells.agreed is not None else None
    if codes is None or len(codes.codes) > _MOST_CODES:
        return None
    own = [one.code for one in codes.codes if _says(one.code)]
    if not own:
        return None
    cells.harmless = not any(map(_is_personal, own))
    cells.may_total = any(map(_begins_totals, own))
    return _all(asked.count(f"{cells.raw} IN ({', '.join(map(literal, own))})"))


def _few_texts(cells: Cells, asked: _Asked) -> Callable[[int], bool]:
    x = cells.raw
    # One aggregate: what stands twice in an expression is computed once.
    texts_of = f"list(DISTINCT {x})"
    different = asked.add(f"CASE WHEN len({texts_of}) <= {_MOST_TEXTS} THEN {texts_of} END")

    def holds(_filled: int) -> bool:
        found = different()
        if not isinstance(found, list):
            return False
        texts = [text for text in found if text is not None]
        cells.harmless = not any(map(_is_personal, texts))
        cells.may_total = any(map(_begins_totals, texts))
        return all(map(_says, texts))

    return holds


def _texts(subject: Subject, cells: Cells, asked: _Asked) -> Callable[[int], bool]:
    x = cells.raw
    # One pattern for all that is out of the ordinary; only where it is found is each looked for by itself.
    nothing = f"^{nothing_pattern(NOTHING)}$"
    odd = asked.count(privacy.may_hold_sql(x, "|".join([blanks_pattern(), nothing, BEGINS])))

    def holds(filled: int) -> bool:
        cells.harmless = True
        return odd() == 0 or tells_apart(filled)

    def tells_apart(filled: int) -> bool:
        plain = f"NOT ({has_blanks(x)}) AND NOT {is_nothing(x)}"
        wanted = (plain, privacy.may_hold_sql(x), f"regexp_matches({x}, {literal(BEGINS)})")
        ((plains, personal, totals),) = subject.scan([f"count(*) FILTER (WHERE {one})" for one in wanted])
        cells.harmless, cells.may_total = personal == 0, totals > 0
        return plains == filled

    return holds


def _says(text: str) -> bool:
    return text == text.strip() and kind_of(text) not in (Kind.EMPTY, Kind.NOTHING)


def _is_personal(text: str) -> bool:
    return bool(privacy.kinds_in(text)) or privacy.is_signed(text)


def _begins_totals(text: str) -> bool:
    return may_hold_totals(text.encode(), b"\0", agreed=True)


def _is_pattern(subject: Subject, pattern: str) -> bool:
    try:
        subject.database.execute(f"SELECT {full_match(chr(39) * 2, pattern)}")
    except duckdb.Error:
        return False
    return True


def _broken(subject: Subject, structure: Structure, rule: Rule) -> str:
    """The rows that break a rule between numbers; empty where one of its columns is none."""
    columns = [subject.column(name) for name in (*rule.parts, rule.whole)]
    known = [one for one in columns if one is not None and one.present and one.asked in ("integer", "numeric")]
    if len(known) != len(columns) or not structure.rules:
        return ""
    *parts, whole = (f"CAST({_number_of(one)} AS DECIMAL(38, {_PLACES}))" for one in known)
    if all(one.asked == "integer" for one in known):
        *parts, whole = (f"CAST({_number_of(one)} AS HUGEINT)" for one in known)
    total, tolerance = f"({' + '.join(parts)})", f"{rule.tolerance:f}"
    if rule.relation == "=":
        return f"abs({total} - {whole}) > {tolerance}"
    return f"{total} {'>' if rule.relation == '<=' else '>='} {whole} + {tolerance}"


def _settle(subject: Subject, cells: Cells, rows: int, head: _Head) -> None:
    """What later checks are told of a proven column."""
    kind = {"integer": Kind.INTEGER, "numeric": Kind.POINT, "date": Kind.DATE}.get(cells.asked, Kind.TEXT)
    cells.profile.kinds[Kind.EMPTY] = rows - cells.filled
    doubts = cells.profile.kinds[Kind.AMBIGUOUS_POINT]
    cells.profile.kinds[kind] = cells.filled - doubts
    if doubts:
        doubt = thousand_or_fraction("x", POINT)
        sure = f"contains(x, {literal(POINT)}) AND NOT {doubt}"
        for one, where in ((Kind.AMBIGUOUS_POINT, doubt), (Kind.POINT, sure)):
            cells.profile.first[one] = head.first(cells, one) or _first(subject, cells, where)
    cells.type = ColumnType(cells.asked)
    cells.value = cells.raw


def _first(subject: Subject, cells: Cells, where: str) -> tuple[int, str]:
    """The first cell of which `where` is true, said of its text `x`: the number of its row, and its text."""
    row = "nr" if subject.grid.numbered else f"row_number() OVER () + {int(subject.grid.layout.first) - 1}"
    subject.tick()
    found = subject.database.execute(
        f"SELECT n, x FROM (SELECT {row} AS n, {cells.raw} AS x FROM {subject.source}) WHERE {where} LIMIT 1"  # noqa: S608
    ).fetchall()
    return int(found[0][0]), str(found[0][1])
