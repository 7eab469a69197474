"""What the pages of the Daftar Data show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.core import plan as rules
from ckanext.satudataserang.core.releases import releases
from ckanext.satudataserang.plan import calendar, choices, entries, params, words
from ckanext.satudataserang.plan.params import PER_PAGE

_SIZE = 1000
#: So many releases a page of the calendar shows; a filter brings out the rest.
MOST_RELEASES = 400
_ROUTINE = frozenset({"harian", "mingguan"})


def act(name: str, **parameters: Any) -> Any:
    """Call an action as the reader."""
    return tk.get_action(name)(Context(), parameters)


def may(name: str, **parameters: Any) -> bool:
    """Whether the reader may call an action so."""
    try:
        tk.check_access(name, Context(), parameters)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def address(endpoint: str = "index", *, ending: str = "", **query: Any) -> str:
    """The address of a page of the plan with these words behind it."""
    base = tk.url_for(f"satudata_plan.{endpoint}") + ending
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{base}?{urlencode(given)}" if given else base


def entry_url(entry: Mapping[str, Any], ending: str = "") -> str:
    """The page of an entry; older codes may hold what a path does not bear, or be the address of another page."""
    kode = entry["kode"]
    ref = entry.get("id") or entry.get("entry_id") or kode if rules.kode_problem(kode) else kode
    return tk.url_for("satudata_plan.read", ref=ref) + ending


def ended_on(entry: Mapping[str, Any]) -> date | None:
    """The last day of an entry whose day has passed, whether or not somebody said that it ended; else None."""
    last = entry["berlaku_sampai"]
    day = date.fromisoformat(last) if last else None
    return day if day and day < entries.today() and entry["state"] in ("berlaku", "berakhir") else None


def index(filters: dict[str, Any], page: int) -> dict[str, Any]:
    """One page of the plan. Raises ObjectNotFound, PageError."""
    found = act("satudata_plan_entry_list", **params.as_action(filters), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    count, last = found["count"], max(1, -(-found["count"] // PER_PAGE))
    if page > last:
        message = tk._("Halaman {page} tidak ada: daftar ini berakhir di halaman {last}.").format(page=page, last=last)
        raise PageError(message, status=404)
    ahead = calendar.ahead([row["id"] for row in found["results"]], entries.today())
    shown = choices.filters()
    return {
        "count": count,
        "rows": [
            {**row, "url": entry_url(row), "next": ahead.get(row["id"]), "ended_on": ended_on(row)}
            for row in found["results"]
        ],
        "first": (page - 1) * PER_PAGE + 1 if count else 0,
        "last": min(page * PER_PAGE, count),
        "previous_url": address(**filters, halaman=page - 1) if page > 1 else "",
        "next_url": address(**filters, halaman=page + 1) if page < last else "",
        "filters": filters,
        "narrowed": _narrowed(filters, shown),
        "choices": shown,
        "rights": choices.rights(),
        "exports": {kind: address(ending=f".{kind}", **filters) for kind in ("csv", "xlsx", "json")},
        "national": {kind: address(ending=f".{kind}", **filters, bentuk="nasional") for kind in ("csv", "xlsx")},
        "calendar_url": _calendar_url(filters.get("opd", "")),
        "this_year": entries.today().year,
    }


def _calendar_url(opd: str) -> str:
    base = tk.url_for("satudata_plan.calendar_ics")
    return tk.url_for("satudata_plan.opd_ics", opd=opd) if opd else base


def _narrowed(filters: Mapping[str, Any], shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address without it."""
    found = []
    for name, value in filters.items():
        options = {"opd": "opds"}.get(name, name)
        text = next((str(one["text"]) for one in shown.get(options, ()) if one["value"] == value), str(value))
        label = {
            "q": tk._("memuat “{text}”"),
            "tahun": tk._("berlaku {text}"),
            "prioritas": tk._("prioritas {text}"),
        }.get(name, "{text}").format(text=text)
        rest = {key: other for key, other in filters.items() if key != name}
        found.append({"label": label, "url": address(**rest)})
    return found


def every(filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every entry of a list. The first page is read at once, so that errors come before any output."""
    wanted = params.as_action(filters)
    first = act("satudata_plan_entry_list", **wanted, limit=_SIZE)

    def rows() -> Iterator[dict[str, Any]]:
        try:
            yield from first["results"]
            # Where the site allows smaller pages only, the step is what came.
            step = len(first["results"])
            for offset in range(step, first["count"], step) if step else ():
                yield from act("satudata_plan_entry_list", **wanted, limit=_SIZE, offset=offset)["results"]
        finally:
            # A file on its way outlives CKAN's own end of the request, which would have let the connection go.
            model.Session.remove()

    return rows()


def read(ref: str) -> dict[str, Any]:
    """One entry: what was agreed, what is due this year, its history, its dataset. Raises ObjectNotFound."""
    entry = act("satudata_plan_entry_show", id=ref)
    today = entries.today()
    spans = calendar.spans([entry["id"]])
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    due = releases(spans, first, last, holidays())
    grace = entry["grace_days"]
    history = act("satudata_plan_entry_history", id=entry["id"]) if may("satudata_plan_entry_history", id=ref) else None
    return {
        "entry": entry,
        "url": entry_url(entry),
        "today": today,
        "due": [
            {"period": one.period, "day": one.day, "grace": one.day + timedelta(days=grace) if grace else None}
            for one in due
        ],
        "ended_on": ended_on(entry),
        "ahead": calendar.ahead([entry["id"]], today).get(entry["id"]),
        "year": today.year,
        "terms": list(reversed(entry["terms"])),
        "events": [_event(one) for one in history["events"]] if history else None,
        "dataset": _dataset(entry),
        "facts": _facts(entry),
        "can": _can(entry),
        "similar": _alike(entry),
    }


def _alike(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What says the same as a proposal, for whom decides on it: two OPDs do not see each other's proposals."""
    if entry["state"] != "usulan" or not may("satudata_plan_entry_transition", id=entry["id"], to="disepakati"):
        return []
    asked = {"judul": entry["judul"], "urusan": entry["urusan"], "opd": entry["opd_name"], "exclude": entry["id"]}
    found = act("satudata_plan_entry_similar", **asked, level_wilayah=entry["level_wilayah"])["results"]
    return [{**one, "url": entry_url(one)} for one in found]


def _facts(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was agreed, in words; what nobody filled in is left out."""
    days = tk._("{days} hari setelah periode berakhir").format(days=words.number(entry["deadline_days"]))
    if entry["grace_days"]:
        days += tk._(", kelonggaran {days} hari").format(days=words.number(entry["grace_days"]))
    until = words.day(entry["berlaku_sampai"]) or tk._("seterusnya")
    facts = {
        "kode": entry["kode"],
        "urusan": f"{entry['urusan']} {words.urusan(entry['urusan'])}",
        "kelas": words.kelas(entry["kelas"]),
        "frequency": words.frequency(entry["frequency"]),
        "deadline_days": "" if entry["frequency"] == "insidental" else days,
        "berlaku_dari": f"{words.day(entry['berlaku_dari'])} – {until}",
        "level_wilayah": words.level(entry["level_wilayah"]),
        "expected_values": words.number(entry["expected_values"]) if entry["expected_values"] else "",
        "access": words.access(entry["access"]),
        "access_reason": entry["access_reason"],
        "prioritas": ", ".join(map(str, entry["prioritas"])),
        "dasar_hukum": entry["dasar_hukum"],
        "source_system": entry["source_system"],
    }
    labels = {"deadline_days": tk._("Tenggat"), "berlaku_dari": tk._("Berlaku")}
    return [{"label": labels.get(name) or words.field(name), "value": value} for name, value in facts.items() if value]


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    """One thing done to an entry, in words."""
    # What came whole or went whole is not told field by field.
    told = {
        name: pair
        for name, pair in event["changes"].items()
        if len(pair) == 2 and name not in ("opd_id", "effective_from")  # noqa: PLR2004 (old and new)
    }
    whole = event["from_state"] is None or event["to_state"] is None
    changes = [
        {"label": words.field(name), "old": words.value(name, old), "new": words.value(name, new)}
        for name, (old, new) in ({} if whole else told).items()
    ]
    return {**event, "what": words.action(event["action"]), "changes": changes}


def _dataset(entry: Mapping[str, Any]) -> dict[str, str] | None:
    """The dataset that serves an entry, where the reader may see one."""
    kode = entry["kode"].replace("\\", "\\\\").replace('"', '\\"')
    try:
        found = act(
            "package_search",
            fq=f'daftar_data_kode:"{kode}"',
            rows=1,
            include_private=tk.current_user.is_authenticated,
            facet="false",
        )["results"]
    except tk.ValidationError:
        return None
    return {"name": found[0]["name"], "title": found[0]["title"] or found[0]["name"]} if found else None


def _can(entry: Mapping[str, Any]) -> dict[str, bool]:
    """What the reader may do with an entry now."""
    steps = rules.NEXT[entry["state"]]
    return {
        "edit": entry["state"] != "berakhir" and may("satudata_plan_entry_update", id=entry["id"]),
        "terms": entry["state"] == "berlaku" and may("satudata_plan_entry_terms_change", id=entry["id"]),
        **{to: to in steps and may("satudata_plan_entry_transition", id=entry["id"], to=to) for to in
           ("disepakati", "berlaku", "berakhir", *rules.WAYS_OUT)},
    }  # fmt: skip


def month(first: date, opd: str) -> dict[str, Any]:
    """What is due in a month, by day and OPD. Raises ObjectNotFound."""
    opd_id = opd_of(opd) if opd else None
    last = _next_month(first) - timedelta(days=1)
    found = calendar.due(first, last, opd_id["id"] if opd_id else None)
    routine = [one for one in found if one.frequency in _ROUTINE]
    single = [one for one in found if one.frequency not in _ROUTINE]
    today = entries.today()
    return {
        "month": first,
        "title": words.month(first),
        "count": len(found),
        "opd": opd_id,
        "days": [
            {"day": day, "past": day < today, "today": day == today, "rows": list(rows)}
            for day, rows in groupby(single[:MOST_RELEASES], key=lambda one: one.release.day)
        ],
        "routine": _routine(routine),
        "left": max(0, len(single) - MOST_RELEASES),
        "previous": _month_url(_next_month(first, -1), opd),
        "following": _month_url(_next_month(first), opd),
        "previous_title": words.month(_next_month(first, -1)),
        "following_title": words.month(_next_month(first)),
        "opds": choices.opds(with_entries=True),
        "calendar_url": _calendar_url(opd),
        "webcal_url": tk.url_for("satudata_plan.opd_ics", opd=opd, qualified=True)
        if opd
        else tk.url_for("satudata_plan.calendar_ics", qualified=True),
    }


def _routine(found: Iterable[calendar.Due]) -> list[dict[str, Any]]:
    """Entries that are due every day or week, once each with how often in the month."""
    ordered = sorted(found, key=lambda one: (one.opd_title, one.kode))
    grouped = [list(rows) for _, rows in groupby(ordered, key=lambda one: one.kode)]
    return [{"one": rows[0], "count": len(rows)} for rows in grouped]


def _month_url(first: date, opd: str) -> str:
    return address("calendar", bulan=f"{first:%Y-%m}", opd=opd)


def _next_month(first: date, step: int = 1) -> date:
    number = first.year * 12 + first.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)


def opd_of(ref: str) -> dict[str, str]:
    """The OPD with this name or id. Raises PageError."""
    group = model.Group.get(ref) if "\0" not in ref else None
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref[:80])
        raise PageError(message, status=404)
    return {"id": group.id, "name": group.name, "title": group.title or group.name}


def promised(limit: int) -> dict[str, Any]:
    """What is due from today to the end of the month: how many, and the next few."""
    today = entries.today()
    last = _next_month(today.replace(day=1)) - timedelta(days=1)
    found = [one for one in calendar.due(today.replace(day=1), last) if one.frequency not in _ROUTINE]
    coming = [one for one in found if one.release.day >= today]
    return {
        "count": len(found),
        "left": len(coming),
        "rows": coming[:limit] or found[-limit:],
        "month": words.month(today),
        "url": address("calendar"),
    }
