"""Figures over windows of months: a fixed number of statements, whatever the number of datasets, members and windows.

Counts of cells are sums of the stored months. A month whose figures the clock has outlived is counted from its cells
with the same statement, so a stored figure is never made false by time. What is counted over entries (ketersediaan,
kelengkapan metadata) is taken from the entries in force, each once, under the OPD it was last with in the window.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.sql import COUNT_COLUMNS, counts
from ckanext.satudataserang.completeness.themes import theme_parameters
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.windows import Window

#: Figures by member and name of the window.
Figures = dict[str, dict[Hashable, dict[str, int]]]

_SUMS = ", ".join(f"sum({column})::bigint AS {column}" for column in COUNT_COLUMNS)
_COLUMNS = ", ".join(COUNT_COLUMNS)
#: How a member of each scope is called in rows with `opd_id`, `urusan` and `entry_id` under the alias `{0}`. Urusan
#: outside the code list fall under no theme.
_MEMBER = {
    "city": "''",
    "opd": "{0}.opd_id",
    "urusan": "{0}.urusan",
    "entry": "{0}.entry_id",
    "tema": "COALESCE(t.tema, '')",
}

_WINDOWS = """
    SELECT * FROM unnest(CAST(:numbers AS integer[]), CAST(:firsts AS integer[]), CAST(:lasts AS integer[]),
                         CAST(:starts AS date[]), CAST(:ends AS date[])) AS w(number, first, last, starts, ends)
"""
_THEMES = """
    LEFT JOIN unnest(CAST(:kodes AS text[]), CAST(:temas AS text[])) AS t(urusan, tema) ON t.urusan = {0}.urusan
"""
_NARROWED = """
    (CAST(:opd AS text) IS NULL OR {0}.opd_id = :opd)
    AND (CAST(:urusan AS text[]) IS NULL OR {0}.urusan = ANY(:urusan))
"""

#: The months of all windows: as stored, or counted anew where the clock has passed one of a month's rows. The months to
#: be counted anew are an array made first, so that without any no cell is looked at.
_MONTHS = f"""
    WITH stale AS MATERIALIZED (
        SELECT DISTINCT month FROM satudata_figure WHERE month BETWEEN :low AND :high AND valid_until <= :now
    )
    SELECT month, opd_id, urusan, {_COLUMNS} FROM satudata_figure
    WHERE month BETWEEN :low AND :high AND month NOT IN (SELECT month FROM stale)
    UNION ALL
    SELECT month, opd_id, urusan, {_COLUMNS}
    FROM ({counts("month, opd_id, urusan", "c.month = ANY(ARRAY(SELECT month FROM stale))")}) fresh
"""

_SUMMED = """
    SELECT w.number, {member} AS member, {sums}
    FROM ({windows}) w
    JOIN ({source}) f ON f.month BETWEEN w.first AND w.last
    {themes}
    WHERE {narrowed}
    GROUP BY 1, 2
"""

#: Entries have no stored figures: theirs are counted from the cells of the windows.
_ENTRY_CELLS = counts(
    "month, opd_id, urusan, entry_id",
    "c.month BETWEEN :low AND :high AND (CAST(:entries AS text[]) IS NULL OR c.entry_id = ANY(:entries))",
)

_ENTRIES = """
    SELECT x.number, {member} AS member,
           count(*) FILTER (WHERE f.published) AS ketersediaan_num, count(*) AS ketersediaan_den,
           sum(f.metadata_points)::bigint AS kelengkapan_metadata_num,
           sum(f.metadata_possible)::bigint AS kelengkapan_metadata_den
    FROM (
        SELECT DISTINCT ON (w.number, s.entry_id) w.number, s.entry_id, s.opd_id, e.urusan
        FROM ({windows}) w
        JOIN satudata_entry_span s ON s.dari <= w.ends AND (s.sampai IS NULL OR s.sampai >= w.starts)
        JOIN satudata_plan_entry e ON e.id = s.entry_id
        WHERE GREATEST(s.dari, w.starts) <= :today
          AND (CAST(:entries AS text[]) IS NULL OR s.entry_id = ANY(:entries))
        ORDER BY w.number, s.entry_id, s.dari DESC
    ) x
    JOIN satudata_entry_fact f ON f.entry_id = x.entry_id
    {themes}
    WHERE {narrowed}
    GROUP BY 1, 2
"""


def figures(
    session: Database,
    now: datetime,
    scope: str,
    windows: Mapping[Any, Window],
    *,
    opd: str | None = None,
    urusan: Sequence[str] | None = None,
    entries: Sequence[str] | None = None,
) -> Figures:
    """The figures of every member of a scope (city, opd, urusan, tema, entry) over each window, as of `now`.

    `opd` (id), `urusan` (codes) and, for the scope entry, `entries` (ids) narrow what is counted. The only member of
    the city is ``""``. Members of which nothing is known over a window are left out.
    """
    if not windows:
        return {}
    names = list(windows)
    parameters = {
        **_told(list(windows.values())),
        "now": now,
        "today": now.astimezone(WIB).date(),
        "opd": opd,
        "urusan": None if urusan is None else list(urusan),
        "entries": None if entries is None else list(entries),
        **(theme_parameters() if scope == "tema" else {}),
    }
    source = _ENTRY_CELLS if scope == "entry" else _MONTHS
    found: Figures = {}
    for alias, query in (("f", _SUMMED), ("x", _ENTRIES)):
        statement = query.format(
            member=_MEMBER[scope].format(alias),
            sums=_SUMS,
            windows=_WINDOWS,
            source=source,
            themes=_THEMES.format(alias) if scope == "tema" else "",
            narrowed=_NARROWED.format(alias),
        )
        for row in session.execute(sa.text(statement), parameters).mappings():
            figure = found.setdefault(row["member"], {}).setdefault(names[row["number"]], {})
            figure.update((key, value) for key, value in row.items() if key not in ("number", "member"))
    return found


def computed_at(session: Database, now: datetime, windows: Sequence[Window]) -> datetime:
    """When the figures over these windows were counted: at the last refresh, or `now` where a month is counted anew."""
    statement = """
        SELECT computed_at FROM satudata_stamp
        WHERE NOT EXISTS (SELECT 1 FROM satudata_figure WHERE month BETWEEN :low AND :high AND valid_until <= :now)
    """
    told = _told(windows)
    return session.scalar(sa.text(statement), {"low": told["low"], "high": told["high"], "now": now}) or now


def _told(windows: Sequence[Window]) -> dict[str, Any]:
    return {
        "numbers": list(range(len(windows))),
        "firsts": [one.first for one in windows],
        "lasts": [one.last for one in windows],
        "starts": [one.start for one in windows],
        "ends": [one.end for one in windows],
        "low": min(one.first for one in windows),
        "high": max(one.last for one in windows),
    }
