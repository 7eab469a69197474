"""The questions put to the DataStore, as SQL with its values: names are quoted, values are bound.

The statements keep to what PostgreSQL and DuckDB understand alike. `mark` is the placeholder of the driver (`%s`, `?`);
where it holds a percent sign, those of names are doubled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.satudataserang.core.consistency.keys import Keys
from ckanext.satudataserang.core.consistency.model import ClassColumn, Rule, Side, Source

#: So many codes that one side lacks are named.
NAMED = 20
_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Statement:
    """A query and its values in their order."""

    sql: str
    values: tuple[Any, ...]


class _Writer:
    """Puts a query together; every value becomes a placeholder where it stands."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.values: list[Any] = []

    def name(self, text: str) -> str:
        quoted = '"' + text.replace('"', '""') + '"'
        return quoted.replace("%", "%%") if "%" in self.mark else quoted

    def value(self, value: Any, kind: str = "text") -> str:
        self.values.append(value)
        return f"CAST({self.mark} AS {kind})"

    def rows(self, alias: str, columns: Sequence[str], rows: Iterable[Sequence[tuple[Any, str]]]) -> str:
        """A table of values; without any row, one that holds nothing."""
        said = ", ".join("(" + ", ".join(self.value(*cell) for cell in row) + ")" for row in rows)
        if not said:
            return f"(SELECT {', '.join(f'NULL AS {one}' for one in columns)} WHERE FALSE) {alias}"
        return f"(VALUES {said}) {alias}({', '.join(columns)})"


def normal(column: str) -> str:
    """A value as spellings of it are compared: text, without blanks around it, in small letters."""
    return f"coalesce(lower(trim(CAST({column} AS text))), '')"


def distinct(source_table: str, columns: Sequence[str], limit: int, mark: str = "%s") -> Statement:
    """The combinations that columns of a table hold, as `normal` writes them; at most `limit` + 1."""
    out = _Writer(mark)
    told = ", ".join(normal(out.name(one)) for one in columns)
    return Statement(f"SELECT DISTINCT {told} FROM {out.name(source_table)} LIMIT {int(limit) + 1}", ())


def figures(rule: Rule, keys: Keys, left: Source, right: Source, mark: str = "%s") -> Statement:
    """Both sides' figures by period, area and classes, side by side.

    Columns: period, area, one per class of `keys`, then for the left and for the right side: value, rows, filled,
    parts, decimals, first and last cut-off day. A side that has nothing for a key has NULL rows.
    """
    out = _Writer(mark)
    names = ["periode", "wilayah", *(f"kelas{number}" for number in range(len(keys.classes)))]
    sides = [
        f"{alias} AS ({_side(out, side, source, keys)})"
        for alias, side, source in (("kiri", rule.left, left), ("kanan", rule.right, right))
    ]
    facts = ("nilai", "baris", "terisi", "bagian", "desimal", "awal", "akhir")
    told = ", ".join(f"{alias}.{fact}" for alias in ("kiri", "kanan") for fact in facts)
    sql = (
        f"WITH {', '.join(sides)} SELECT {', '.join(names)}, {told} "
        f"FROM kiri FULL JOIN kanan USING ({', '.join(names)}) ORDER BY {', '.join(names)}"
    )
    return Statement(sql, tuple(out.values))


def alone(side: Side, source: Source, keys: Keys, most: int, mark: str = "%s") -> Statement:
    """One side's figures by period, area and classes, at most so many; the columns are those of `figures` for one side.

    The newest periods come first, in the order of the keys' signs.
    """
    out = _Writer(mark)
    ordered = 'f.periode COLLATE "C" DESC, f.wilayah COLLATE "C"'
    sql = f"SELECT * FROM ({_side(out, side, source, keys)}) f ORDER BY {ordered} LIMIT {int(most)}"
    return Statement(sql, tuple(out.values))


def _side(out: _Writer, side: Side, source: Source, keys: Keys) -> str:
    kept = {one.meaning: one for one in _kept(side, source, keys)}
    summed = [one for one in _apart(side, source) if one.meaning not in keys.classes]
    classes = [*(kept[meaning] for meaning in keys.classes), *summed]
    day = f", CAST({out.name(source.day)} AS date) AS hari" if source.day else ""
    inner = [f"{out.name(source.column)} AS nilai{day}"]
    inner += [f"{normal(out.name(one))} AS p{number}" for number, one in enumerate(source.periods)]
    inner += [f"{normal(out.name(source.area))} AS w"] if source.area else []
    inner += [f"{normal(out.name(one.id))} AS k{number}" for number, one in enumerate(classes)]
    inner_sql = f"SELECT {', '.join(inner)} FROM {out.name(source.table)} {_where(out, side)}"
    period = _periods(out, source)
    area, target, part = _areas(out, source, keys.depth)
    joins = [_classes(out, number, one) for number, one in enumerate(classes)]
    keyed = [target, *(f"s{number}.kode" for number in range(len(keys.classes)))]
    parts = [part, *(f"s{number}.kode" for number in range(len(classes)))]
    joined = f" || '{_SEPARATOR}' || ".join(parts)
    cut = "coalesce(t.hari, p.akhir)" if source.day else "p.akhir"
    told = ", ".join(
        f"{one} AS {name}"
        for one, name in zip(
            ["p.kunci", *keyed], ["periode", "wilayah", *(f"kelas{n}" for n in range(len(keys.classes)))], strict=True
        )
    )
    group = ", ".join(str(number) for number in range(1, len(keyed) + 2))
    return (
        f"SELECT {told}, sum(t.nilai) AS nilai, count(*) AS baris, count(t.nilai) AS terisi, "
        f"count(DISTINCT {joined}) AS bagian, "
        "max(length(split_part(CAST(t.nilai AS text), '.', 2))) AS desimal, "
        f"min({cut}) AS awal, max({cut}) AS akhir "
        f"FROM ({inner_sql}) t {period} {area} {' '.join(joins)} GROUP BY {group}"
    )


def _where(out: _Writer, side: Side) -> str:
    conditions = [
        f"{normal(out.name(name))} IN ({', '.join(out.value(' '.join(one.split()).lower()) for one in values)})"
        for name, values in side.filters
        if values
    ]
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _periods(out: _Writer, source: Source) -> str:
    names = [f"p{number}" for number in range(len(source.periods))]
    rows = out.rows(
        "p",
        [*names, "kunci", "akhir"],
        (
            [*((one, "text") for one in told), (key, "text"), (end, "date")]
            for told, (key, end) in sorted(source.period_keys.items())
        ),
    )
    return f"JOIN {rows} ON {' AND '.join(f't.{one} = p.{one}' for one in names) or 'TRUE'}"


def _areas(out: _Writer, source: Source, depth: int) -> tuple[str, str, str]:
    """The join with areas, the area a row counts for, and the area it is of."""
    if not source.area:
        return (
            f"CROSS JOIN (SELECT {out.value(source.root)} AS kode, {out.value(source.root)} AS asal) w",
            "w.kode",
            ("w.asal"),
        )
    rows = out.rows(
        "w",
        ["ejaan", "kode", "asal"],
        (
            [(spelling, "text"), (upper(code, depth), "text"), (code, "text")]
            for spelling, code in sorted(source.areas.items())
        ),
    )
    return f"JOIN {rows} ON t.w = w.ejaan", "w.kode", "w.asal"


def _classes(out: _Writer, number: int, column: ClassColumn) -> str:
    rows = out.rows(
        f"s{number}",
        ["ejaan", "kode"],
        ([(spelling, "text"), (code, "text")] for spelling, code in sorted(column.codes.items())),
    )
    return f"JOIN {rows} ON t.k{number} = s{number}.ejaan"


def upper(code: str, depth: int) -> str:
    """The area of a depth that an area lies in: its code up to so many dots."""
    return ".".join(code.split(".")[: depth + 1])


def expected(side: Side, source: Source, keys: Keys, area: str, *, trusted: bool = False) -> int | None:
    """How many areas and classes a figure of `area` is to be made of; None where nobody knows.

    Of classes that the side sums by name the rule says that they are whole, and with `trusted` of all: then at least
    every area is expected.
    """
    count = source.areas_below.get(area, 0) if source.area and source.depth > keys.depth else 1
    narrowed = dict(side.filters)
    for one in _apart(side, source):
        if one.meaning not in keys.classes:
            if one.whole:
                count *= len(narrowed.get(one.id, ())) or one.size
            elif not trusted and one.id not in side.sum_over:
                return None
    return count


def _apart(side: Side, source: Source) -> list[ClassColumn]:
    """The class columns that are not narrowed to one value by a filter."""
    filtered = {name for name, values in side.filters if len(values) == 1}
    return [one for one in source.classes if one.id not in filtered]


def _kept(side: Side, source: Source, keys: Keys) -> list[ClassColumn]:
    return [one for one in _apart(side, source) if one.meaning in keys.classes]


def codes(rule: Rule, left: Source, right: Source, mark: str = "%s") -> Statement:
    """Which codes only one of two columns holds: period, number left, number right, only left, only right."""
    out = _Writer(mark)
    sides = [
        f"{alias} AS ({_codes(out, side, source)})"
        for alias, side, source in (("kiri", rule.left, left), ("kanan", rule.right, right))
    ]
    only = [
        f"string_agg(CASE WHEN {other}.ada IS NULL THEN kode END, ', ' ORDER BY kode)" for other in ("kanan", "kiri")
    ]
    return Statement(
        f"WITH {', '.join(sides)} SELECT periode, count(kiri.ada), count(kanan.ada), {', '.join(only)} "
        "FROM kiri FULL JOIN kanan USING (periode, kode) GROUP BY periode ORDER BY periode",
        tuple(out.values),
    )


def _codes(out: _Writer, side: Side, source: Source) -> str:
    inner = [f"{normal(out.name(source.column))} AS kode"]
    inner += [f"{normal(out.name(one))} AS p{number}" for number, one in enumerate(source.periods)]
    inner_sql = f"SELECT {', '.join(inner)} FROM {out.name(source.table)} {_where(out, side)}"
    spelled: Mapping[str, str] = source.areas if source.column == source.area else {}
    period = _periods(out, source)
    rows = out.rows("e", ["ejaan", "asli"], ([(a, "text"), (b, "text")] for a, b in sorted(spelled.items())))
    return (
        f"SELECT DISTINCT p.kunci AS periode, coalesce(e.asli, t.kode) AS kode, 1 AS ada FROM ({inner_sql}) t "
        f"{period} LEFT JOIN {rows} ON t.kode = e.ejaan WHERE t.kode <> ''"
    )
