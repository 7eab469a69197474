"""Every role, action, own and other OPD, and state of an entry: as the table of permissions says, and not otherwise."""

from __future__ import annotations

from datetime import date, datetime, timezone
from itertools import product

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.chase.model import Coaching
from ckanext.satudataserang.plan.model import STATES, PlanEntry

from .city import facts

#: Deliveries, what excuses them, and structures have a matrix of their own, with their own states.
OTHERS = (
    "satudata_submission_",
    "satudata_exemption_",
    "satudata_extension_",
    "satudata_structure_",
    "satudata_variable_",
    "satudata_conflict_",
)
#: Asked without an OPD: whether somebody may at all.
ANYWHERE = ("satudata_plan_entry_similar",)
ROLES = {roles.PUBLIK: None} | {role: role for role in (roles.PRODUSEN, roles.PENDUKUNG, roles.WALIDATA, roles.PEMBINA)}


@pytest.fixture
def places(city):
    """By own and other OPD: its name, its entries by state, an entry of its log of coaching."""
    found = {}
    for own, opd in ((True, city.pasar), (False, city.gizi)):
        rows = [
            facts(kode=f"{opd['name']}-{state}", judul=f"Data {opd['name']} {state}", opd=opd["name"], state=state)
            | {"berlaku_dari": "2020-01-01", "berlaku_sampai": "2025-12-31" if state == "berakhir" else ""}
            for state in STATES
        ]
        tk.get_action("satudata_plan_import")({"user": city.sysadmin, "ignore_auth": True}, {"entries": rows})
        now = datetime.now(timezone.utc)
        log = Coaching(
            opd_id=opd["id"], date=date(2026, 1, 1), kind="klinik", topic="Uji", entries=[], outcome="",
            created_by="", created=now, modified=now,
        )  # fmt: skip
        model.Session.add(log)
        model.Session.commit()
        found[own] = {
            "opd": opd["name"],
            "ids": {state: PlanEntry.by_kode(f"{opd['name']}-{state}").id for state in STATES},
            "coaching": log.id,
        }
    return found


def row_of(action: str, state: str, to: str) -> dict[str, str]:
    """The row that decides, of an entry in this state and on the way to another."""
    table = permissions.table()
    if action == "satudata_plan_entry_update" and state == "usulan":
        return table["proposals"]["ubah"]
    if action == "satudata_plan_entry_transition" and to == "ditarik":
        return table["proposals"]["tarik"]
    return table["actions"][action]


def test_every_action_is_open_to_exactly_the_roles_of_the_table(city, places):
    actions = [name for name in permissions.table()["actions"] if not name.startswith(OTHERS)]
    wrong, asked = [], 0
    for action, own, state, to in product(actions, places, STATES, ("berakhir", "ditarik")):
        place = places[own]
        data = {"id": place["ids"][state], "opd": place["opd"], "to": to}
        if "_coaching_" in action:
            data["id"] = place["coaching"]
        for role, name in ROLES.items():
            wanted = row_of(action, state, to).get(role) or row_of(action, state, to).get(roles.PUBLIK)
            expected = wanted == "semua" or (wanted == "sendiri" and (own or action in ANYWHERE))
            try:
                tk.check_access(action, {"user": getattr(city, name) if name else ""}, dict(data))
                found = True
            except (tk.NotAuthorized, tk.ObjectNotFound):
                found = False
            asked += 1
            if found != expected:
                wrong.append((action, role, own, state, to, found))
    assert asked >= 2000
    assert wrong == []
