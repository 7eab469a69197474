"""What must hold of an entry as it comes in and as it changes, whichever way it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core import plan
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry


def new_problems(kode: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with a new entry, by field; an empty kode is given later."""
    problem = plan.kode_problem(kode) if kode else None
    found: dict[str, Any] = {problem.field: [entries.said(problem)]} if problem else {}
    return found | fact_problems(values)


def change_problems(entry: PlanEntry, changes: Mapping[str, list[Any]], *, trusted: bool) -> dict[str, Any]:
    """What is wrong with changes ``{column: [old, new]}`` of an entry, by field.

    :param trusted: an import of another system's years by a sysadmin, which may say that an entry held earlier
    """
    new = {name: pair[1] for name, pair in changes.items()}
    found = fact_problems(facts(entry) | new)
    if "state" in new and not plan.goes_forward(entry.state, new["state"]):
        message = tk._("Status tidak dapat mundur dari “{state}” ke “{to}”.").format(state=entry.state, to=new["state"])
        found["state"] = [message]
    if problem := validity_problem(entry, new, binding=not trusted and entry.state in plan.BINDING):
        found[problem.field] = [entries.said(problem)]
    return found


def validity_problem(entry: PlanEntry, new: Mapping[str, Any], *, binding: bool) -> plan.Problem | None:
    """Why the validity of an entry may not become what `new` says of it, or None."""
    old = (entry.berlaku_dari, entry.berlaku_sampai)
    wanted = (new.get("berlaku_dari", old[0]), new.get("berlaku_sampai", old[1]))
    return plan.validity_problem(old, wanted, entries.today(), binding=binding)


def fact_problems(values: Mapping[str, Any]) -> dict[str, Any]:
    """Where an entry contradicts itself, by field."""
    found: dict[str, Any] = {}
    if values["access"] != "terbuka" and not values["access_reason"]:
        found["access_reason"] = [tk._("Tulis alasan mengapa akses data ini {access}.").format(access=values["access"])]
    validity = (values["berlaku_dari"], values.get("berlaku_sampai"))
    if problem := plan.validity_problem(validity, validity, entries.today(), binding=False):
        found[problem.field] = [entries.said(problem)]
    if values.get("state") == "berakhir" and values.get("berlaku_sampai") is None:
        found["berlaku_sampai"] = [tk._("Entri yang berakhir harus menyebut hari terakhirnya.")]
    return found


def facts(entry: PlanEntry) -> dict[str, Any]:
    """The entry's row, its dates as dates."""
    return {name: getattr(entry, name) for name in entry.as_dict()}
