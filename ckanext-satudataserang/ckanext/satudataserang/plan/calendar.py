"""The release calendar: what is due when, by whom, for pages and as iCalendar (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from icalendar import Calendar, Event

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.releases import Release, Span, next_releases, releases
from ckanext.satudataserang.plan import words
from ckanext.satudataserang.plan.sql import TERMS

#: How far an iCalendar reaches back and ahead, in days.
BACK, AHEAD = 92, 400
_KEPT = 64
#: So many entries a day's event names.
_NAMED = 30

_SPANS = f"""
    SELECT t.entry_id, t.opd_id, t.frequency, t.deadline_days, t.dari, t.sampai, t.anchor
    FROM ({TERMS}) t JOIN satudata_plan_entry e ON e.id = t.entry_id
    WHERE e.state IN ('berlaku', 'berakhir')
"""  # noqa: S608 (constants)
#: Changes whenever an entry, its terms or an OPD does.
_STAMP = """
    SELECT (SELECT concat(count(*), ' ', max(modified)) FROM satudata_plan_entry),
           (SELECT concat(count(*), ' ', max(changed_at)) FROM satudata_plan_terms),
           (SELECT md5(string_agg(concat(id, name, title, state, extras), '|' ORDER BY id))
            FROM "group" WHERE is_organization)
"""


@dataclass(frozen=True)
class Due:
    """A release with what a reader wants to know of it; `changes` counts what was done to its entry so far."""

    release: Release
    kode: str
    judul: str
    frequency: str
    opd_name: str
    opd_title: str
    modified: datetime
    changes: int


def spans(entry_ids: Iterable[str] | None = None, opd_id: str | None = None) -> list[Span]:
    """The terms of the entries that are or were in force, of all or of some, in one query."""
    query, values = _SPANS, {}
    if entry_ids is not None:
        query, values = f"{query} AND t.entry_id = ANY(:entries)", {"entries": list(entry_ids)}
    if opd_id is not None:
        query, values = f"{query} AND t.opd_id = :opd", {**values, "opd": opd_id}
    rows = model.Session.execute(sa.text(query), values)
    return [
        Span(row.entry_id, row.opd_id, Frequency(row.frequency), row.deadline_days, row.dari, row.sampai, row.anchor)
        for row in rows
    ]


def ahead(entry_ids: Sequence[str], today: date) -> dict[str, Release]:
    """What is due next for some entries, today included; in one query."""
    return next_releases(spans(entry_ids), today, holidays()) if entry_ids else {}


def due(first: date, last: date, opd_id: str | None = None) -> list[Due]:
    """Everything due in `first`..`last`, in the order of the days; kept until the plan changes."""
    return _kept(("due", first, last, opd_id), lambda: _told(releases(spans(opd_id=opd_id), first, last, holidays())))


def stamp() -> str:
    """A text that changes whenever the plan does."""
    return "|".join(str(part) for part in model.Session.execute(sa.text(_STAMP)).one())


def tag(today: date, opd_id: str | None) -> str:
    """The ETag of an iCalendar: it stays as long as its content does."""
    facts = (stamp(), today.isoformat(), opd_id or "", tk.h.lang(), tk.config["ckan.site_url"])
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:32]


def icalendar(today: date, opd_id: str | None, title: str) -> bytes:
    """The calendar of one OPD with an all-day event for each period that is due; of all OPDs, one for each day."""
    first, last = today - timedelta(days=BACK), today + timedelta(days=AHEAD)
    return _kept(("ics", today, opd_id, tk.h.lang()), lambda: _written(due(first, last, opd_id), title, bool(opd_id)))


def _written(found: list[Due], title: str, single: bool) -> bytes:
    book = Calendar()
    book.add("prodid", "-//ckanext-satudataserang//Daftar Data//ID")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", title)
    book.add("x-wr-timezone", "Asia/Jakarta")
    host = urlsplit(tk.config["ckan.site_url"]).hostname or "localhost"
    base = tk.url_for("satudata_plan.index", qualified=True)
    if single:
        for one in found:
            book.add_component(_single(one, host, base))
    else:
        for day, rows in groupby(found, key=lambda one: one.release.day):
            book.add_component(_whole_day(day, list(rows), host, base))
    return book.to_ical()


def _single(one: Due, host: str, base: str) -> Event:
    key = one.release.period.key
    said = tk._("{opd} menyerahkan data ini paling lambat hari ini. Kode Daftar Data: {kode}.")
    return _event(
        f"{one.release.entry_id}.{key}@{host}",
        [one],
        tk._("Tenggat {title}, {period}").format(title=one.judul, period=words.period(key)),
        said.format(opd=one.opd_title, kode=one.kode),
        f"{base}/{one.kode}",
    )


def _whole_day(day: date, rows: list[Due], host: str, base: str) -> Event:
    """What is due on a day: how much, and the first of it by name."""
    opds = len({one.opd_name for one in rows})
    summary = tk._("Tenggat {count} data dari {opds} OPD").format(count=words.number(len(rows)), opds=opds)
    lines = [f"{one.judul}, {words.period(one.release.period.key)} ({one.opd_title})" for one in rows[:_NAMED]]
    if len(rows) > _NAMED:
        lines.append(tk._("dan {count} lagi").format(count=words.number(len(rows) - _NAMED)))
    return _event(f"{day}.semua@{host}", rows, summary, "\n".join(lines), f"{base}/kalender?bulan={day:%Y-%m}")


def _event(uid: str, rows: list[Due], summary: str, description: str, url: str) -> Event:
    event = Event()
    event.add("uid", uid)
    # What the event says follows from its entries alone, so its version does as well: the same plan, the same bytes.
    event.add("dtstamp", max(one.modified for one in rows).astimezone(timezone.utc))
    event.add("sequence", sum(one.changes for one in rows))
    event.add("dtstart", rows[0].release.day)
    event.add("dtend", rows[0].release.day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", description)
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


_FACTS = """
    SELECT e.id, e.kode, e.judul, e.frequency, e.modified,
           (SELECT count(*) FROM satudata_plan_event v WHERE v.entry_id = e.id) AS changes
    FROM satudata_plan_entry e WHERE e.id = ANY(:ids)
"""


def _told(found: Sequence[Release]) -> list[Due]:
    entries = {
        row.id: row for row in model.Session.execute(sa.text(_FACTS), {"ids": list({one.entry_id for one in found})})
    }
    opds: Mapping[str, Any] = {
        row.id: row
        for row in model.Session.execute(
            sa.select(model.Group.id, model.Group.name, model.Group.title).where(
                model.Group.id.in_({one.opd_id for one in found})
            )
        )
    }
    return [
        Due(
            one,
            entry.kode,
            entry.judul,
            entry.frequency,
            opd.name,
            opd.title or opd.name,
            entry.modified,
            entry.changes,
        )
        for one in found
        if (entry := entries.get(one.entry_id)) and (opd := opds.get(one.opd_id))
    ]


_keeping: OrderedDict[Any, Any] = OrderedDict()
_lock = Lock()


def _kept(key: tuple[Any, ...], make: Any) -> Any:
    """What `make` makes, once for as long as the plan stands as it is. The newest few are kept in this process."""
    whole = (*key, tk.config["ckan.site_url"], stamp())
    with _lock:
        if whole in _keeping:
            _keeping.move_to_end(whole)
            return _keeping[whole]
    made = make()
    with _lock:
        _keeping[whole] = made
        while len(_keeping) > _KEPT:
            _keeping.popitem(last=False)
    return made
