"""What the pages of the chase show, put together from the actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.chase import coaching as log
from ckanext.satudataserang.chase import effects, links, words
from ckanext.satudataserang.chase.model import COACHING_KINDS, MAIL_STATES
from ckanext.satudataserang.chase.overview import FILTERS
from ckanext.satudataserang.chase.todo import GROUPS
from ckanext.satudataserang.completeness import words as dashboard

#: Items of each group on the first page; a group that is asked for alone shows more.
_FEW, _MANY = 20, 100
_PER_PAGE = 30
_PAGE_DIGITS = 6
#: So many entries of the log are shown with their measures; each takes two counts.
_COMPARED_ENTRIES = 5


def tasks(args: Mapping[str, str]) -> dict[str, Any] | str:
    """The page of an OPD's tasks, or the address to which people without an OPD are sent."""
    user = roles.user_of({"user": tk.current_user.name})
    own = [opd for id_ in roles.opds_of(user) if (opd := model.Group.get(id_))]
    overseer = bool(roles.grants_of(user)) or bool(user and user.sysadmin)
    wanted = _text(args, "opd") or (own[0].name if own else "")
    if not wanted:
        return tk.url_for(links.REVIEW if overseer and links.known(links.REVIEW) else "satudata_completeness.index")
    group = _text(args, "kelompok")
    group = group if group in GROUPS else None
    page = _page(args)
    limit = _MANY if group else _FEW
    todo = tk.get_action("satudata_todo_list")(
        {}, {"opd": wanted, "group": group or "", "limit": limit, "offset": (page - 1) * limit if group else 0}
    )
    name = todo["opd"]["name"]
    shown = [one for one in todo["groups"] if one["name"] == group or (not group and one["items"])]
    return {
        **todo,
        "groups": [
            {
                **one,
                "state": words.group_state(one["name"]),
                "more": one["count"] - len(one["items"]) if not group else 0,
                "url": tk.url_for("satudata_chase.tasks", opd=name, kelompok=one["name"]),
            }
            for one in shown
        ],
        "group": group,
        "classes": [{**counts, "word": words.kelas(kelas)} for kelas, counts in todo["classes"].items()],
        "to_do": sum(one["count"] for one in todo["groups"] if one["name"] in ("terlambat", "dikembalikan", "segera")),
        "opds": _opds() if overseer else [{"name": opd.name, "title": opd.title or opd.name} for opd in own],
        "may_chase": _may("satudata_chase_list"),
        "pager": _pager("satudata_chase.tasks", page, limit, group_count(todo, group), opd=name, kelompok=group),
        "period": dashboard.period,
    }


def group_count(todo: Mapping[str, Any], group: str | None) -> int:
    """How many items the group that is shown alone has."""
    return next((one["count"] for one in todo["groups"] if one["name"] == group), 0)


def overview(args: Mapping[str, str]) -> dict[str, Any]:
    """The page of all OPDs and of the log of letters."""
    only = _text(args, "saring")
    only = only if only in FILTERS else "semua"
    state = _text(args, "surat")
    state = state if state in MAIL_STATES else ""
    page = _page(args)
    mails = tk.get_action("satudata_mail_list")(
        {}, {"state": state, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE}
    )
    chase = tk.get_action("satudata_chase_list")({}, {"only": only})
    return {
        **chase,
        "only": only,
        "filters": {
            "semua": tk._("semua OPD"),
            "terlambat": tk._("yang terlambat"),
            "diperbaiki": tk._("yang perlu memperbaiki"),
            "tanpa_penerima": tk._("yang belum punya penerima surel"),
        },
        "late": sum(one["late"] for one in chase["results"]),
        "mails": [{**mail, "word": words.mail_state(mail["state"])} for mail in mails["results"]],
        "mail_states": [(name, words.mail_state(name), mails["counts"].get(name, 0)) for name in MAIL_STATES],
        "mail_state": state,
        "to_retry": mails["counts"].get("gagal", 0) + mails["counts"].get("antre", 0),
        "pager": _pager(
            "satudata_chase.overview", page, _PER_PAGE, mails["count"], saring=only, surat=state, _anchor="surat"
        ),
    }


def coaching(
    opd: str, args: Mapping[str, str], *, form: dict[str, Any] | None = None, errors: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The page of one OPD: its log of coaching with the measures before and after; for the Walidata the message too."""
    page = _page(args)
    found = tk.get_action("satudata_coaching_list")(
        {}, {"opd": opd, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE}
    )
    opd = found["opd"]["name"]
    may = _may("satudata_coaching_create", found["opd"]["id"])
    edited = next((one for one in found["results"] if one["id"] == args.get("ubah")), None) if may else None
    rows = [
        {
            **one,
            "word": words.kind(one["kind"]),
            "compared": _compared(opd, one["date"]) if place < _COMPARED_ENTRIES else None,
        }
        for place, one in enumerate(found["results"])
    ]
    return {
        **found,
        "results": rows,
        "may": may,
        "edited": edited,
        "form": form or edited or {},
        "errors": errors or {},
        "kinds": [(name, words.kind(name)) for name in COACHING_KINDS],
        "today": datetime.now(log.WIB).date().isoformat(),
        "letter": tk.get_action("satudata_reminder_letter")({}, {"opd": opd}) if may else None,
        "measures": {name: said for name, said in dashboard.measures().items() if name in effects.COMPARED},
        "pager": _pager("satudata_chase.coaching", page, _PER_PAGE, found["count"], opd=opd),
    }


def coaching_form(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed in the form of coaching."""
    return {key: form.get(key, "") for key in ("date", "kind", "topic", "entries", "outcome")}


def _compared(opd: str, day: str) -> list[dict[str, Any]]:
    return effects.compared(effects.of_day(opd, date.fromisoformat(day), datetime.now(timezone.utc)))


def _opds() -> list[dict[str, Any]]:
    rows = (
        model.Session.query(model.Group.name, model.Group.title)
        .filter(model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE)
        .order_by(model.Group.title, model.Group.name)
    )
    return [{"name": name, "title": title or name} for name, title in rows]


def _may(action: str, opd_id: str | None = None) -> bool:
    try:
        tk.check_access(action, {"user": tk.current_user.name}, {"opd": opd_id} if opd_id else {})
    except tk.NotAuthorized:
        return False
    return True


def _text(args: Mapping[str, str], name: str) -> str:
    return args.get(name, "").replace("\0", "").strip()


def _page(args: Mapping[str, str]) -> int:
    text = _text(args, "halaman")
    return max(1, int(text)) if text.isdecimal() and text.isascii() and len(text) <= _PAGE_DIGITS else 1


def _pager(endpoint: str, page: int, per_page: int, count: int, **values: Any) -> dict[str, Any]:
    """Where one is in a list, as the dashboard's macro `pager` takes it."""
    kept = {key: value for key, value in values.items() if value}
    first = (page - 1) * per_page + 1

    def to(number: int) -> str:
        return tk.url_for(endpoint, **kept, halaman=number)

    return {
        "first": min(first, count),
        "last": min(first + per_page - 1, count),
        "count": count,
        "previous": to(page - 1) if page > 1 else None,
        "next": to(page + 1) if first + per_page <= count else None,
        "many": count > per_page,
    }
