"""What of an OPD is not for everybody."""

from __future__ import annotations

import json

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.catalogue import roles

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ADDRESS = "kepala-dinas@contoh.example"


@pytest.fixture
def people():
    """An OPD whose head has an address, and people around it by what they are."""
    made = {name: factories.User() for name in ("produsen", "pendukung", "anggota", "walidata", "pembina", "lain")}
    capacities = {"produsen": "editor", "pendukung": "admin", "anggota": "member"}
    opd = factories.Organization(
        users=[{"name": made[name]["name"], "capacity": capacity} for name, capacity in capacities.items()],
        email="dinas@contoh.example",
    )
    factories.Organization(users=[{"name": made["lain"]["name"], "capacity": "admin"}])
    group = model.Group.get(opd["id"])
    group.extras = {**group.extras, "email_kepala": ADDRESS}
    model.Session.commit()
    for role in ("walidata", "pembina"):
        roles.grant(made[role]["id"], role, "uji")
    model.Session.commit()
    return opd, {**made, "sysadmin": factories.Sysadmin(), "publik": None}


def answers(opd, user):
    """Everything that tells of OPDs, as somebody reads it."""
    told = (
        ("organization_show", {"id": opd["id"]}),
        ("organization_show", {"id": opd["name"], "include_extras": True, "include_datasets": True}),
        ("organization_list", {"all_fields": True, "include_extras": True}),
        ("organization_list_for_user", {}),
        ("organization_autocomplete", {"q": opd["name"]}),
        ("package_search", {"include_private": True}),
    )
    name = user["name"] if user else ""
    account = model.User.get(name) if user else None
    return [
        json.dumps(tk.get_action(action)({"user": name, "auth_user_obj": account, "ignore_auth": False}, dict(data)))
        for action, data in told
    ]


@pytest.mark.usefixtures("with_request_context")
def test_the_address_of_the_head_is_read_by_its_own_people_and_the_walidata(people):
    opd, made = people
    factories.Dataset(owner_org=opd["id"], state="draft")
    for who in ("produsen", "pendukung", "anggota", "walidata", "sysadmin"):
        shown, _, listed, *_ = answers(opd, made[who])
        assert ADDRESS in shown, who
        assert ADDRESS in listed, who
    for who in ("publik", "lain", "pembina"):
        found = answers(opd, made[who])
        assert not [one for one in found if ADDRESS in one or "email_kepala" in one], who
        assert "dinas@contoh.example" in found[0]


def test_pages_and_the_catalogue_do_not_tell_it(app, people):
    opd, made = people
    pages = (f"/organization/{opd['name']}", f"/organization/about/{opd['name']}", "/catalog.ttl", "/catalog.jsonld")
    for page in pages:
        assert ADDRESS not in app.get(page, status=200).body
    api = f"/api/3/action/organization_show?id={opd['id']}"
    assert ADDRESS not in app.get(api).body
    token = factories.APIToken(user=made["pendukung"]["name"])["token"]
    assert ADDRESS in app.get(api, headers={"Authorization": token}).body


@pytest.mark.usefixtures("with_request_context")
def test_editing_an_opd_keeps_it(people):
    opd, made = people
    user = made["pendukung"]["name"]
    tk.get_action("organization_patch")(
        {"user": user, "auth_user_obj": model.User.get(user)}, {"id": opd["id"], "title": "Nama baru"}
    )
    assert model.Group.get(opd["id"]).extras["email_kepala"] == ADDRESS
