"""Every role and action, own and other OPD: as the table of permissions says, and not otherwise."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.structures.logic import auth

from tests.plan.city import act

from .conftest import VARIABLE

ROLES = (roles.PUBLIK, roles.PRODUSEN, roles.PENDUKUNG, roles.WALIDATA, roles.PEMBINA)
#: Of these it matters whose structure it is; the others are asked without an OPD.
OF_AN_OPD = ("satudata_structure_create", "satudata_structure_propose")


def test_every_action_is_open_to_exactly_the_roles_of_the_table(city, kios):
    act("satudata_variable_create", city.walidata, content=VARIABLE)
    table = permissions.table()["actions"]
    actions = sorted(auth.functions())
    assert set(actions) <= set(table)
    wrong = []
    for action in actions:
        for role in ROLES:
            for own in (True, False):
                name = None if role == roles.PUBLIK else getattr(city, role)
                if not own and role == roles.PRODUSEN:
                    name = city.other
                opd = city.pasar if own or role == roles.PRODUSEN else city.gizi
                data = {"id": "kios_pasar" if "variable" in action else kios, "opd": opd["id"]}
                wanted = table[action].get(role) or table[action].get(roles.PUBLIK)
                mine = own or action not in OF_AN_OPD
                # The structure is the first OPD's; who proposes from another one is a stranger to it.
                if action == "satudata_structure_propose" and role == roles.PENDUKUNG:
                    mine = True
                expected = wanted == "semua" or (wanted == "sendiri" and mine)
                try:
                    tk.check_access(action, {"user": name or ""}, data)
                    found = True
                except tk.NotAuthorized:
                    found = False
                if found != expected:
                    wrong.append((action, role, own, found))
    assert wrong == []


def test_an_opd_that_owes_data_by_a_structure_may_propose_its_change(city, kios):
    from tests.plan.city import facts

    asked = {"id": kios}
    try:
        tk.check_access("satudata_structure_propose", {"user": city.other}, asked)
        allowed = True
    except tk.NotAuthorized:
        allowed = False
    assert not allowed
    act("satudata_plan_entry_create", city.walidata, **facts(kode="GZ-1", judul="Kios gizi", opd="dinas-gizi"))
    act("satudata_structure_assign", city.walidata, id=kios, entries=["GZ-1"])
    assert tk.check_access("satudata_structure_propose", {"user": city.other}, asked)
