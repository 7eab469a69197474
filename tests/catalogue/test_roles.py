"""Walidata and Pembina are grants: given by a sysadmin, and enough to do the work on every OPD's datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue import matrix, permissions, roles

from .datasets import complete_dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ROOT = Path(__file__).resolve().parents[2]


def act(action, user, /, **data):
    """Call an action as a user, with authorization."""
    name = user["name"] if user else ""
    account = model.User.get(name) if user else None
    return tk.get_action(action)({"user": name, "auth_user_obj": account, "ignore_auth": False}, data)


@pytest.fixture
def sysadmin():
    return factories.Sysadmin()


@pytest.fixture
def person(sysadmin):
    """Return a function that makes a user with a grant."""

    def make(role):
        user = factories.User()
        if role:
            act("satudata_grant_create", sysadmin, user=user["name"], role=role)
        return user

    return make


@pytest.fixture
def draft(opd, editor):
    return act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")


class TestGrants:
    def test_a_grant_is_given_listed_and_taken(self, sysadmin, person):
        walidata = person("walidata")
        account = model.User.get(walidata["name"])
        assert roles.grants_of(account) == {"walidata"}
        (found,) = act("satudata_grant_list", walidata)
        assert (found["user"], found["role"], found["granted_by"]) == (walidata["name"], "walidata", sysadmin["name"])
        assert [user.name for user in roles.holders("walidata")] == [walidata["name"]]
        act("satudata_grant_delete", sysadmin, user=walidata["name"], role="walidata")
        assert roles.grants_of(account) == frozenset()

    def test_giving_twice_changes_nothing(self, sysadmin, person):
        walidata = person("walidata")
        act("satudata_grant_create", sysadmin, user=walidata["name"], role="walidata")
        assert len(act("satudata_grant_list", sysadmin, role="walidata")) == 1
        assert act("satudata_grant_list", sysadmin, role="pembina") == []

    @pytest.mark.parametrize("role", ["walidata", "pembina", None])
    def test_only_a_sysadmin_gives_and_takes(self, person, role):
        user = person(role)
        for action in ("satudata_grant_create", "satudata_grant_delete"):
            with pytest.raises(tk.NotAuthorized):
                act(action, user, user=user["name"], role="walidata")

    def test_others_do_not_see_who_holds_what(self, editor, opd):
        for user in (None, editor):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_grant_list", user)

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"user": "tidak-ada", "role": "walidata"}, "user"),
            ({"user": "a\x00b", "role": "walidata"}, "user"),
            ({"user": ["x"], "role": "walidata"}, "user"),
            ({"role": "walidata"}, "user"),
            ({"role": "raja"}, "role"),
            ({"role": {"a": 1}}, "role"),
        ],
    )
    def test_bad_input_is_named_by_its_field(self, sysadmin, editor, data, field):
        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_grant_create", sysadmin, **({"user": editor["name"]} if field == "role" else {}), **data)
        assert list(refused.value.error_dict) == [field]
        assert act("satudata_grant_list", sysadmin) == []

    def test_taking_what_is_not_held_is_not_found(self, sysadmin, editor):
        with pytest.raises(tk.ObjectNotFound, match="bukan pembina"):
            act("satudata_grant_delete", sysadmin, user=editor["name"], role="pembina")

    def test_a_deleted_account_holds_nothing(self, sysadmin, person):
        walidata = person("walidata")
        act("user_delete", sysadmin, id=walidata["name"])
        assert roles.grants_of(model.User.get(walidata["name"])) == frozenset()
        assert act("satudata_grant_list", sysadmin) == []


class TestCommands:
    def test_a_role_is_given_listed_and_taken(self, cli):
        user = factories.User()["name"]
        assert cli.invoke(ckan, ["satudata", "role", "add", "pembina", user]).exit_code == 0
        listed = cli.invoke(ckan, ["satudata", "role", "list"])
        assert listed.output.split("\t")[:2] == ["pembina", user]
        assert cli.invoke(ckan, ["satudata", "role", "remove", "pembina", user]).exit_code == 0
        assert cli.invoke(ckan, ["satudata", "role", "list", "pembina"]).output == ""

    @pytest.mark.parametrize("arguments", [("add", "raja", "x"), ("add", "pembina", "x"), ("remove", "pembina", "x")])
    def test_what_is_wrong_is_said_in_one_sentence(self, cli, arguments):
        refused = cli.invoke(ckan, ["satudata", "role", *arguments])
        assert refused.exit_code == 1
        assert "tidak" in refused.output
        assert "Traceback" not in refused.output

    def test_the_document_is_the_table(self, cli):
        printed = cli.invoke(ckan, ["satudata", "permissions"])
        assert printed.output == matrix.document()
        assert printed.output == (ROOT / "docs" / "hak_akses.md").read_text(encoding="utf-8"), (
            "run `ckan satudata permissions > docs/hak_akses.md`"
        )


class TestDatasets:
    """The Walidata works on every OPD's datasets; the Pembina and strangers do not."""

    def test_the_walidata_reads_edits_and_publishes_another_opds_draft(self, opd, draft, person):
        walidata = person("walidata")
        assert act("package_show", walidata, id=draft["id"])["state"] == "draft"
        act("package_patch", walidata, id=draft["id"], **complete_dataset(opd["id"], name=None))
        assert act("satudata_dataset_publish_check", walidata, id=draft["id"])["ready"]
        assert act("satudata_dataset_publish", walidata, id=draft["id"])["state"] == "active"

    def test_the_walidata_keeps_its_resources(self, draft, person):
        walidata = person("walidata")
        made = act("resource_create", walidata, package_id=draft["id"], url="https://contoh.go.id/a.csv", format="CSV")
        act("resource_patch", walidata, id=made["id"], description="Angka 2025")
        assert act("resource_show", walidata, id=made["id"])["description"] == "Angka 2025"
        act("resource_delete", walidata, id=made["id"])

    def test_the_walidata_makes_a_dataset_for_an_opd(self, opd, person):
        walidata = person("walidata")
        made = act("package_create", walidata, title="Jumlah pasar", owner_org=opd["id"], state="draft")
        assert made["owner_org"] == opd["id"]
        offered = act("organization_list_for_user", walidata, permission="create_dataset")
        assert opd["id"] in [one["id"] for one in offered]
        assert act("organization_list_for_user", walidata, permission="admin") == []

    def test_the_walidata_finds_drafts_and_private_datasets(self, opd, editor, draft, person):
        act("package_create", editor, **complete_dataset(opd["id"], name="pribadi", private=True))
        search = {"include_drafts": True, "include_private": True}
        found = act("package_search", person("walidata"), **search)
        assert {one["name"] for one in found["results"]} == {draft["name"], "pribadi"}
        for role in ("pembina", None):
            assert act("package_search", person(role), **search)["count"] == 0

    @pytest.mark.parametrize("role", ["pembina", None])
    def test_others_can_not(self, opd, draft, person, role):
        user = person(role)
        for action, data in (
            ("package_show", {"id": draft["id"]}),
            ("package_patch", {"id": draft["id"], "title": "Lain"}),
            ("satudata_dataset_publish", {"id": draft["id"]}),
            ("resource_create", {"package_id": draft["id"], "url": "https://contoh.go.id/a.csv"}),
            ("package_create", {"title": "Lain", "owner_org": opd["id"], "state": "draft"}),
        ):
            with pytest.raises(tk.NotAuthorized):
                act(action, user, **data)

    def test_an_editor_can_not_give_a_dataset_to_another_opd(self, editor, draft):
        other = factories.Organization(name="dinkes", title="Dinas Kesehatan")
        with pytest.raises(tk.ValidationError) as refused:
            act("package_patch", editor, id=draft["id"], owner_org=other["id"])
        assert list(refused.value.error_dict) == ["owner_org"]

    def test_a_visitor_still_can_not(self, draft):
        for action in ("package_show", "package_update"):
            with pytest.raises(tk.NotAuthorized):
                call_action(action, {"user": "", "ignore_auth": False}, id=draft["id"])

    def test_a_grant_taken_ends_it_at_once(self, sysadmin, draft, person):
        walidata = person("walidata")
        act("satudata_grant_delete", sysadmin, user=walidata["name"], role="walidata")
        with pytest.raises(tk.NotAuthorized):
            act("package_show", walidata, id=draft["id"])


class TestTable:
    def test_a_row_that_names_no_role_or_reach_is_found(self):
        table = permissions.table()
        for wrong in ({"raja": "semua"}, {"walidata": "kadang"}):
            with pytest.raises(ValueError, match="actions: x"):
                permissions.checked({**table, "actions": {"x": wrong}})

    def test_actions_of_this_capability_stand_in_the_table(self):
        for name in ("satudata_grant_create", "satudata_grant_delete", "satudata_grant_list"):
            assert name in permissions.table()["actions"]
            assert tk.get_action(name)

    def test_roles_cascade_to_the_opds_below(self, opd):
        below = factories.Organization(name="uptd", title="UPTD", groups=[{"name": opd["name"]}])
        user = factories.User()
        call_action("organization_member_create", id=opd["id"], username=user["name"], role="admin")
        account = model.User.get(user["name"])
        assert roles.roles_by_opd(account) == {opd["id"]: "pendukung", below["id"]: "pendukung"}
        assert roles.role_in(account, below["id"]) == "pendukung"
