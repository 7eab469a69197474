"""One look over the file as it lies: which columns hold what was agreed, cell by cell, and nothing else.

A proof is cheap where a second look is not: it needs no table of cells in memory. What it proves is not looked at
again; everything else goes the long way (`engine`), which finds the same. Where all is proven the file is never loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from ckanext.satudataserang.core.structures.model import Rule, Structure
from ckanext.satudataserang.core.tables.kinds import full_match, literal, thousand_or_fraction
from ckanext.satudataserang.core.tables.plain import ASSUMED_FROM
from ckanext.satudataserang.core.tables.types import ColumnType
from ckanext.satudataserang.core.tables.values import POINT, Kind

from . import proven_numbers, proven_texts
from .digests import PLACES, digest_sql, row_hash_sql
from .passes import Asked, Head, Holds, head_of
from .subject import Cells, Subject

#: A smaller file is loaded at once.
WORTH = ASSUMED_FROM
#: The keys of a larger file (bytes) are not held in memory beside all else.
_AT_ONCE = 150_000_000


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


def look(subject: Subject) -> Proof | None:
    """Prove what can be proven in one pass; None where no pass is worth it.

    Raises duckdb.InvalidInputException where the text cannot be split.
    """
    structure = subject.wishes.structure
    if structure is None or subject.grid.path.stat().st_size < WORTH:
        return None
    present = [one for one in subject.columns if one.present]
    head, asked = head_of(subject), Asked()
    settled = [(one, _wanted(subject, structure, one, asked, head)) for one in present]
    titled = asked.count(f"c0 = {literal(subject.grid.titles[0])}")
    digest = asked.add(digest_sql([(one.raw, one.asked) for one in subject.columns], exact=True))
    first = asked.add("min(nr)") if subject.grid.numbered else None
    keys = [one for one in subject.columns if one.agreed is not None and one.agreed.key]
    unique = None
    # Over all periods: what is unique there is so in each.
    keyed = row_hash_sql([(one.raw, one.asked) for one in keys])
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


def _no_two(subject: Subject, expression: str) -> bool:
    """Whether no two rows are alike, by a pass of its own that may write to the disk what memory cannot hold."""
    twice = f"SELECT h FROM (SELECT {expression} AS h FROM {subject.source}) GROUP BY h HAVING count(*) > 1 LIMIT 1"  # noqa: S608
    try:
        subject.tick()
        return not subject.database.execute(twice).fetchall()
    except duckdb.OutOfMemoryException:
        return False


def _wanted(subject: Subject, structure: Structure, cells: Cells, asked: Asked, head: Head) -> Holds | None:
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
        holds = proven_numbers.numbers(subject, cells, agreed, asked, head)
    elif agreed.type == "date":
        holds = proven_texts.days(cells, asked)
    elif agreed.type == "text" and agreed.code_list:
        holds = proven_texts.coded(structure, cells, asked)
    elif agreed.type == "text":
        holds = proven_texts.texts(subject, cells, asked, head)
    else:
        return None

    def prove(rows: int) -> bool:
        cells.filled = int(str(filled()))
        if cells.filled < rows and (agreed.required or agreed.key):
            return False
        return all(count() == cells.filled for count in more) and holds is not None and holds(cells.filled)

    return prove


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
    *parts, whole = (f"CAST({proven_numbers.number_of(one)} AS DECIMAL(38, {PLACES}))" for one in known)
    if all(one.asked == "integer" for one in known):
        *parts, whole = (f"CAST({proven_numbers.number_of(one)} AS HUGEINT)" for one in known)
    total, tolerance = f"({' + '.join(parts)})", f"{rule.tolerance:f}"
    if rule.relation == "=":
        return f"abs({total} - {whole}) > {tolerance}"
    return f"{total} {'>' if rule.relation == '<=' else '>='} {whole} + {tolerance}"


def _settle(subject: Subject, cells: Cells, rows: int, head: Head) -> None:
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
