"""Plan entries come in all or none, change by their kode, and are public to read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.plan.signals import plan_changed

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ENTRY = {
    "kode": "A-1",
    "judul": "Jumlah pasar",
    "opd": "dinas-pasar",
    "urusan": "3.30",
    "frequency": "tahunan",
    "deadline_days": 90,
    "grace_days": 14,
    "berlaku_dari": "2025-01-01",
    "expected_values": 6,
    "state": "berlaku",
}


@pytest.fixture
def admin():
    factories.Organization(name="dinas-pasar", title="Dinas Pasar", urusan=["3.30"], jenis="dinas", singkatan="Disar")
    return factories.Sysadmin()["name"]


def put(admin, *entries, **options):
    return call_action("satudata_plan_import", {"user": admin, "ignore_auth": False}, entries=list(entries), **options)


def count():
    return model.Session.scalar(sa.select(sa.func.count()).select_from(PlanEntry))


def test_entries_are_created_changed_and_left_alone(admin):
    first = put(admin, ENTRY, {**ENTRY, "kode": "A-2"})
    assert (first["created"], first["changed"], first["unchanged"]) == (["A-1", "A-2"], [], 0)
    again = put(admin, ENTRY, {**ENTRY, "kode": "A-2", "judul": "Jumlah kios"})
    change = {"kode": "A-2", "judul": "Jumlah pasar", "changes": {"judul": ["Jumlah pasar", "Jumlah kios"]}}
    assert (again["created"], again["changed"], again["unchanged"]) == ([], [change], 1)
    assert PlanEntry.by_kode("A-2").judul == "Jumlah kios"
    assert count() == 2


def test_an_unchanged_entry_keeps_its_moment_of_change(admin):
    put(admin, ENTRY)
    before = PlanEntry.by_kode("A-1").modified
    put(admin, ENTRY)
    assert PlanEntry.by_kode("A-1").modified == before


def test_a_dry_run_says_what_would_change_and_writes_nothing(admin):
    assert put(admin, ENTRY, dry_run=True)["created"] == ["A-1"]
    assert count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kode": "a/b"}, "kode"),
        ({"kode": "impor"}, "kode"),
        ({"judul": "Pasar\x00"}, "judul"),
        ({"urusan": "99.99"}, "urusan"),
        ({"access": "tertutup"}, "access_reason"),
        ({"berlaku_sampai": "2024-12-31"}, "berlaku_sampai"),
        ({"state": "berakhir"}, "berlaku_sampai"),
        ({"opd": "dinas-lain"}, "opd"),
        ({"frequency": "kadang"}, "frequency"),
        ({"deadline_days": -1}, "deadline_days"),
        ({"deadline_days": 10_000_000}, "deadline_days"),
        ({"berlaku_dari": "0001-01-01"}, "berlaku_dari"),
        ({"berlaku_dari": "kemarin"}, "berlaku_dari"),
        ({"expected_values": 0}, "expected_values"),
        ({"expected_values": 10**12}, "expected_values"),
        ({"prioritas": "dua"}, "prioritas"),
        ({"state": "dihapus"}, "state"),
        ({"kode": "A-1"}, "kode"),
    ],
)
def test_one_faulty_entry_stops_all_and_is_named_by_its_place(admin, change, field):
    with pytest.raises(tk.ValidationError) as refused:
        put(admin, ENTRY, {**ENTRY, "kode": "A-2", **change})
    assert set(refused.value.error_dict) == {"2"}
    assert field in refused.value.error_dict["2"]
    assert count() == 0


def test_who_reacts_is_told_which_entries_changed(admin):
    told = []
    receiver = lambda _sender, entry_ids: told.extend(entry_ids)  # noqa: E731
    with plan_changed.connected_to(receiver):
        put(admin, ENTRY)
        put(admin, ENTRY)
    assert told == [PlanEntry.by_kode("A-1").id]


@pytest.mark.parametrize("capacity", [None, "member", "editor", "admin"])
def test_members_of_an_opd_do_not_import(admin, capacity):
    user = factories.User()
    if capacity:
        call_action("organization_member_create", id="dinas-pasar", username=user["name"], role=capacity)
    with pytest.raises(tk.NotAuthorized):
        put(user["name"], ENTRY)


def test_everybody_reads_the_plan(admin):
    put(admin, ENTRY, {**ENTRY, "kode": "A-2", "urusan": "1.02", "state": "usulan"})
    anonymous = {"user": "", "ignore_auth": False}
    assert call_action("satudata_plan_entry_show", anonymous, id="A-1")["judul"] == "Jumlah pasar"
    found = call_action("satudata_plan_entry_list", anonymous, opd="dinas-pasar", state="berlaku")
    assert (found["count"], [entry["kode"] for entry in found["results"]]) == (1, ["A-1"])
    assert call_action("satudata_plan_entry_list", anonymous, urusan="1.02")["results"] == []


def test_an_unknown_entry_is_not_found(admin):
    with pytest.raises(tk.ObjectNotFound, match="tidak ditemukan"):
        call_action("satudata_plan_entry_show", id="tidak-ada")
