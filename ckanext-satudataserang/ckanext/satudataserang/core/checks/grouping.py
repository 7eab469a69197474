"""Columns whose cells are blank below filled ones, as where a group's name is written once for several rows.

Which columns these may be is told from the structure, or else from where they stand; how they lie is counted over all
rows in the database. `groups` decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ckanext.satudataserang.core.tables.columns import column_ids, is_key, is_ordinal
from ckanext.satudataserang.core.tables.compare import PERIOD_COLUMNS
from ckanext.satudataserang.core.tables.kinds import literal
from ckanext.satudataserang.core.tables.totals import BEGINS
from ckanext.satudataserang.core.tables.values import Kind

from .subject import Cells, Subject

#: Longer tables were written by no person.
_MOST_ROWS = 1_000_000
#: Without a structure, names of groups stand in one of the first columns.
_FIRST_COLUMNS = 3
_FEWEST = 2
_ROW_IDS = frozenset({"id", "kolom_id"})
#: What is counted that speaks against names of groups.
_AGAINST = ("again", "across", "recurring", "under_total", "unspoken")


@dataclass(frozen=True)
class Wanted:
    """Columns that may hold names of groups, in the file's order, and the SQL over `cells` of what stands beside them.

    `full` has to be filled in every row; `telling` tells the rows of a group apart; `around` tells apart groups of one
    name. `sound`: nothing known of the columns speaks against names of groups. `agreed`: by a structure.
    """

    columns: Sequence[Cells]
    full: Sequence[str]
    telling: Sequence[str]
    around: Sequence[str] = ()
    sound: bool = True
    agreed: bool = True


@dataclass(frozen=True)
class Seen:
    """How one column lies: its `place` among those wanted.

    `names` cells are filled and `blanks` below them are not, the first in row `row`, below `name`. `wide` names have
    blanks below; `again` stand below themselves; `across` blanks stand where a larger group begins; `recurring` names
    head several groups; `under_total` blanks stand below a total; `unspoken` names have no letter and no digit.
    """

    place: int
    names: int
    blanks: int
    row: int
    name: str
    wide: int
    again: int = 0
    across: int = 0
    recurring: int = 0
    under_total: int = 0
    unspoken: int = 0


@dataclass(frozen=True)
class Lie:
    """How all of them lie: `groups`, the largest first; `open` rows lack what has to be filled, `alike` are the same as
    another once the names are filled in; `others`: further columns wanted have blanks, but not as groups have them.
    `bare` rows hold nothing but names; without a structure these are not open.
    """

    groups: Sequence[Seen]
    open: int
    alike: int
    others: bool
    bare: int = 0


def wanted(subject: Subject) -> list[Wanted]:
    """The columns that may hold names of groups, the likeliest first; none where they have too few blanks, as in most
    tables."""
    if subject.size > _MOST_ROWS:
        return []
    present = sorted((one for one in subject.columns if one.present), key=lambda one: one.number)
    melt = subject.grid.layout.melt
    made = set(melt.new_titles[:-1]) if melt else set[str]()
    present = [one for one in present if subject.grid.titles[one.number].strip() not in made]
    if not present:
        return []
    nothing = _blank_rows(subject)
    found = _agreed(present, nothing) if subject.wishes.structure is not None else _guessed(subject, present, nothing)
    return [wish for wish in found if any(_may_be(one, nothing) for one in wish.columns)]


def _blank_rows(subject: Subject) -> int:
    """How many rows hold nothing, and so are none."""
    if not subject.has_blank_rows:
        return 0
    ((count,),) = subject.ask(f"SELECT count(*) FROM cells WHERE NOT ({_something(subject)})")  # noqa: S608
    return count


def _something(subject: Subject) -> str:
    return f"coalesce({', '.join(one.raw for one in subject.columns if one.present)}) IS NOT NULL"


def lie(subject: Subject, wish: Wanted) -> Lie | None:
    """Count over all rows how the columns lie; None where none lies as names of groups do.

    From then on the table `below` has for each row its number in the file, `g<i>` (the cell) and `f<i>` (the cell, or
    the last one filled above), i being the place among the columns wanted.
    """
    _bring(subject, wish)
    every = range(len(wish.columns))
    counts = ", ".join(
        f"count(g{i}) FILTER (NOT total), count(*) FILTER (g{i} IS NULL), count(*) FILTER (r{i} = 0), "
        f"coalesce(min(number) FILTER (g{i} IS NULL), 0), coalesce(arg_min(f{i}, number) FILTER (g{i} IS NULL), ''), "
        f"count(DISTINCT r{i}) FILTER (g{i} IS NULL)"
        for i in every
    )
    (found,) = subject.ask(f"SELECT {counts} FROM below")  # noqa: S608 (names of our own)
    groups, others = list[Seen](), False
    for i in every:
        names, blanks, leading, row, name, wide = found[i * 6 : i * 6 + 6]
        if not leading and names and blanks >= _FEWEST and blanks * 2 >= names:
            groups.append(Seen(i, names, blanks, row, name, wide))
        else:
            others = others or blanks > 0
    if not groups:
        return None
    groups.sort(key=lambda one: (one.names, one.place))
    return _judged(subject, wish, groups, others=others)


def _judged(subject: Subject, wish: Wanted, groups: Sequence[Seen], *, others: bool) -> Lie:
    """The same with what speaks against them."""
    expressions: list[str] = []
    for place, one in enumerate(groups):
        larger = [group.place for group in groups[:place]]
        begins = " OR ".join(f"g{i} IS NOT NULL" for i in larger) or "false"
        own, told = f"g{one.place}", ", ".join([f"f{one.place}", *(f"f{i}" for i in larger), *_names(wish.around, "a")])
        expressions += [
            f"count(*) FILTER ({own} = p{one.place} AND NOT ({begins}))",
            f"count(*) FILTER ({own} IS NULL AND ({begins}))",
            f"count({own}) FILTER (NOT total) - count(DISTINCT hash({told})) FILTER ({own} IS NOT NULL AND NOT total)",
            f"least(count(*) FILTER ({own} IS NULL AND {_begins_total(f'f{one.place}')}), count(*) FILTER (total))",
            f"count({own}) FILTER (NOT regexp_matches({own}, '[\\pL\\pN]'))",
        ]
    lacking = " OR ".join(f"{name} IS NULL" for name in _names(wish.full, "k")) or "true"
    whole = ", ".join([*(f"f{one.place}" for one in groups), *_names(wish.telling, "t")])
    is_open = f"({lacking}) AND NOT total" + ("" if wish.agreed else " AND NOT bare")
    (found,) = subject.ask(
        f"SELECT {', '.join(expressions)}, count(*) FILTER ({is_open}), "  # noqa: S608
        f"count(*) FILTER (NOT total) - count(DISTINCT hash({whole})) FILTER (NOT total), count(*) FILTER (bare) "
        "FROM below"
    )
    *counts, lacks, alike, bare = found
    parts = (counts[i : i + len(_AGAINST)] for i in range(0, len(counts), len(_AGAINST)))
    judged = [replace(one, **dict(zip(_AGAINST, part, strict=True))) for one, part in zip(groups, parts, strict=True)]
    return Lie(judged, lacks, alike, others, bare)


def _bring(subject: Subject, wish: Wanted) -> None:
    """Make the table `below` of all rows in which something stands."""
    own = [f"{one.raw} AS g{i}" for i, one in enumerate(wish.columns)]
    beside = [
        f"{sql} AS {name}{i}"
        for name, some in (("k", wish.full), ("t", wish.telling), ("a", wish.around))
        for i, sql in enumerate(some)
    ]
    behind = [one.raw for one in subject.columns if one.present and one not in wish.columns and not is_ordinal(one.id)]
    bare = f"coalesce({', '.join(behind)}) IS NULL AS bare" if behind else "false AS bare"
    lines = (
        f"SELECT {subject.row_number} AS number, cells.rowid AS place, {', '.join([*own, *beside, bare])} "  # noqa: S608
        f"FROM cells {' '.join(subject.joins)} WHERE {_something(subject)}"
    )
    if subject.grid.layout.melt:
        # A row whose periods became rows of their own is one row.
        names = [name.rpartition(" ")[2] for name in (*own, *beside, bare)]
        values = ", ".join(f"any_value({name}) AS {name}" for name in names)
        lines = f"SELECT number, min(place) AS place, {values} FROM ({lines}) GROUP BY number"  # noqa: S608
    every = range(len(wish.columns))
    over = ", ".join(
        f"count(g{i}) OVER upto AS r{i}, last_value(g{i} IGNORE NULLS) OVER upto AS f{i}, "
        f"last_value(g{i} IGNORE NULLS) OVER before AS p{i}"
        for i in every
    )
    # Without a structure rows of totals stand among the others, and lack what tells those apart.
    total = " OR ".join(f"coalesce({_begins_total(f'g{i}')}, false)" for i in every)
    lacks = " OR ".join(f"{name} IS NULL" for name in _names(wish.full, "k")) or "false"
    is_total = "false" if wish.agreed else f"(({total}) AND ({lacks}))"
    subject.ask(
        f"CREATE OR REPLACE TABLE below AS SELECT *, {is_total} AS total, {over} FROM ({lines}) "  # noqa: S608
        "WINDOW upto AS (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), "
        "before AS (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )


def _agreed(present: Sequence[Cells], nothing: int) -> list[Wanted]:
    """Key columns, columns that need a code of a list, and those that say the period."""
    columns = [one for one in present if _needs_value(one) and one.profile.kinds[Kind.EMPTY] > nothing]
    keys = [one for one in present if one.agreed is not None and one.agreed.key and one not in columns]
    times = [one for one in present if one.id in PERIOD_COLUMNS and one not in [*columns, *keys]]
    # What is no key parts the rows only where it stands before what tells them apart.
    behind = max((one.number for one in keys), default=-1)
    sound = bool(keys) and all(one.period or (one.agreed and one.agreed.key) or one.number < behind for one in columns)
    full = [one.raw for one in keys]
    return [Wanted(columns, full, [*full, *(one.raw for one in times)], sound=sound)] if columns else []


def _needs_value(column: Cells) -> bool:
    agreed = column.agreed
    if agreed is None:
        return column.period
    return agreed.key or (agreed.required and bool(agreed.code_list))


def _guessed(subject: Subject, present: Sequence[Cells], nothing: int) -> list[Wanted]:
    """The first columns of text that have blanks, as many as have none in the next column."""
    names = column_ids(subject.grid.titles)
    said = [one for one in present if not is_ordinal(names[one.number]) and one.id not in _ROW_IDS]
    columns: list[Cells] = []
    for one in said[:_FIRST_COLUMNS]:
        blank = one.profile.kinds[Kind.EMPTY] > nothing
        if not (_is_text(subject, one) if blank else _is_class(one)) or (columns and not blank):
            break
        columns += [one] * blank
    # The rows of totals lack a name in the next column, too.
    parts = [columns[:number] for number in range(len(columns), 0, -1)]
    return [_before(said, part) for part in parts if part[-1] is not said[-1]]


def _before(said: Sequence[Cells], columns: Sequence[Cells]) -> Wanted:
    """Without a structure: these columns, and what the others say of their rows."""
    behind = next(one for one in said if one.number > columns[-1].number)
    telling = [one for one in said if one not in columns and _is_class(one)]
    around = [one for one in telling if one.number < columns[0].number or one.id in PERIOD_COLUMNS]
    raws, rows = [one.raw for one in telling], [one.raw for one in around]
    return Wanted(columns, [behind.raw], raws, rows, sound=_is_class(behind), agreed=False)


def _is_text(subject: Subject, column: Cells) -> bool:
    """Whether a column holds names and nothing else."""
    chosen = subject.wishes.types.get(column.id, "") or column.asked
    kinds = column.profile.kinds
    said = column.profile.values - kinds[Kind.NOTHING]
    return chosen in ("", "text") and 0 < said == kinds[Kind.TEXT]


def _is_class(column: Cells) -> bool:
    """Whether a column says what a row is about, not what was measured."""
    return is_key(column.id) or column.asked == "text" or column.profile.kinds[Kind.TEXT] * 2 > column.profile.values


def _may_be(column: Cells, nothing: int) -> bool:
    """Whether a column has blanks enough for names of groups, as far as that is known without a look at its rows."""
    blanks = column.profile.kinds[Kind.EMPTY] - nothing
    return blanks >= _FEWEST and column.profile.kinds[Kind.EMPTY] * 2 >= column.profile.values


def _names(expressions: Sequence[str], letter: str) -> list[str]:
    return [f"{letter}{i}" for i in range(len(expressions))]


def _begins_total(expression: str) -> str:
    return f"regexp_matches({expression}, {literal(BEGINS)})"
