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

from .city import act, day, errors, facts, this_year

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


class TestDiff:
    """What a list means for the plan is said before it is written, and terms in force are kept."""

    def test_the_preview_names_what_is_new_changed_and_gone(self, city):
        city.agree(kode="P-1")
        city.agree(kode="P-2", judul="Luas pasar")
        rows = [
            facts(kode="P-1", judul="Jumlah kios sewa"),
            facts(kode="P-3", judul="Jumlah los pasar", opd="dinas-gizi"),
        ]
        told = act(
            "satudata_plan_import", city.walidata, entries=[*rows, facts(kode="P-4", judul="Luas pasar")], dry_run=True
        )
        assert told["created"] == ["P-3", "P-4"]
        assert [(one["kode"], one["opd"]) for one in told["new"]] == [("P-3", "dinas-gizi"), ("P-4", "dinas-pasar")]
        assert [one["kode"] for one in told["new"][1]["similar"]] == ["P-2"]
        assert told["changed"] == [
            {
                "kode": "P-1",
                "judul": "Jumlah kios pasar",
                "changes": {"judul": ["Jumlah kios pasar", "Jumlah kios sewa"]},
            }
        ]
        assert told["gone"] == [{"kode": "P-2", "judul": "Luas pasar"}]
        assert PlanEntry.by_kode("P-3") is None
        assert PlanEntry.by_kode("P-1").judul == "Jumlah kios pasar"

    def test_what_a_row_leaves_out_stays_and_a_blank_clears(self, city):
        city.agree(kode="P-1", kelas="opsional", dasar_hukum="Perwal 1", prioritas=[2026], expected_values=3)
        done = act("satudata_plan_import", city.walidata, entries=[facts(kode="P-1", kelas="", dasar_hukum="")])
        assert done["changed"][0]["changes"] == {"dasar_hukum": ["Perwal 1", ""]}
        entry = PlanEntry.by_kode("P-1")
        assert (entry.kelas, entry.prioritas, entry.expected_values, entry.state) == ("opsional", [2026], 3, "berlaku")

    def test_rows_without_a_kode_get_the_next_and_are_found_again(self, city):
        rows = [facts(judul="Jumlah kios"), facts(judul="Luas pasar")]
        assert act("satudata_plan_import", city.walidata, entries=rows)["created"] == [
            "3.30.dinas-pasar.001", "3.30.dinas-pasar.002",
        ]  # fmt: skip
        again = act("satudata_plan_import", city.walidata, entries=rows)
        assert (again["created"], again["changed"], again["unchanged"]) == ([], [], 2)
        twice = [facts(judul="Jumlah los"), facts(judul="jumlah  LOS")]
        assert errors("satudata_plan_import", city.walidata, entries=twice)["2"].keys() == {"judul"}
        assert errors("satudata_plan_import", city.walidata, entries=[rows[0], rows[0]])["2"].keys() == {"kode"}

    def test_terms_in_force_change_with_a_day_and_a_reason_only(self, city):
        city.agree(kode="P-1")
        rows = [facts(kode="P-1", frequency="bulanan", deadline_days=10)]
        found = errors("satudata_plan_import", city.walidata, entries=rows)
        assert found["1"].keys() == {"frequency", "deadline_days"}
        assert "effective_from" in found["1"]["frequency"][0]
        past = errors("satudata_plan_import", city.walidata, entries=rows, effective_from=day(-1), reason="Perwal")
        assert past["1"].keys() == {"frequency", "deadline_days"}
        act("satudata_plan_import", city.walidata, entries=rows, effective_from=day(9), reason="Perwal 5")
        shown = act("satudata_plan_entry_show", None, id="P-1")
        assert [(one["effective_from"], one["frequency"], one["reason"]) for one in shown["terms"]] == [
            (f"{this_year() - 2}-01-01", "tahunan", ""), (day(9), "bulanan", "Perwal 5"),
        ]  # fmt: skip
        assert act("satudata_plan_import", city.walidata, entries=rows)["unchanged"] == 1

    def test_every_faulty_row_is_named_at_once_and_nothing_is_written(self, city):
        city.agree(kode="P-1")
        city.agree(kode="P-2", berlaku_sampai=day(50))
        rows = [
            facts(kode="P-1", opd="dinas-gizi"),
            "bukan entri",
            facts(kode="P-2", berlaku_sampai=day(-50)),
            facts(kode="P-5"),
            facts(kode="P-1", state="usulan"),
            facts(kode="P-6", deadline_days="x", opd="dinas-lain"),
            None,
        ]
        found = errors("satudata_plan_import", city.walidata, entries=rows)
        assert {number: set(fields) for number, fields in found.items()} == {
            "1": {"opd"},
            "2": {"entries"},
            "3": {"berlaku_sampai"},
            "5": {"kode", "state"},
            "6": {"deadline_days", "opd"},
            "7": {"entries"},
        }
        assert PlanEntry.by_kode("P-5") is None

    def test_entries_only_go_forward(self, city):
        kode = city.propose()["kode"]
        act("satudata_plan_import", city.walidata, entries=[facts(kode=kode, state="berlaku", berlaku_dari=day(-400))])
        assert PlanEntry.by_kode(kode).state == "berlaku"
        back = errors("satudata_plan_import", city.walidata, entries=[facts(kode=kode, state="disepakati")])
        assert back["1"].keys() == {"state"}

    def test_a_sysadmin_corrects_finished_years_of_another_system(self, city):
        row = facts(
            kode="S-1", source_system="lama", state="berlaku", berlaku_dari="2021-01-01", berlaku_sampai="2023-12-31"
        )
        act("satudata_plan_import", city.sysadmin, entries=[row])
        corrected = {**row, "frequency": "semesteran", "berlaku_dari": "2020-01-01"}
        assert set(errors("satudata_plan_import", city.walidata, entries=[corrected])["1"]) == {
            "frequency",
            "berlaku_dari",
        }
        act("satudata_plan_import", city.sysadmin, entries=[corrected])
        shown = act("satudata_plan_entry_show", None, id="S-1")
        assert (shown["frequency"], shown["berlaku_dari"], shown["terms"]) == ("semesteran", "2020-01-01", [])

    def test_what_is_no_list_is_said(self, city):
        for rows in [None, "x", {"a": 1}, 7]:
            assert list(errors("satudata_plan_import", city.walidata, entries=rows)) == ["entries"]

    def test_only_the_walidata_imports(self, city):
        for user in (None, city.nobody, city.produsen, city.pendukung, city.pembina):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_import", user, entries=[facts(kode="P-1")])

    def test_what_came_in_is_told_in_the_history(self, city):
        city.agree(kode="P-1")
        act("satudata_plan_import", city.walidata, entries=[facts(kode="P-1", judul="Jumlah kios sewa")])
        changed, came = act("satudata_plan_entry_history", city.pembina, id="P-1")["events"]
        assert (came["action"], came["to_state"], changed["changes"]) == (
            "impor", "berlaku", {"judul": ["Jumlah kios pasar", "Jumlah kios sewa"]},
        )  # fmt: skip
