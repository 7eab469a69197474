"""Rules and conflicts through CKAN's actions: who may do what, and what becomes of it."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.consistency import side_by_side

from .conftest import CITY_COLUMNS, NOW

ANYBODY, PRODUCER, OTHER, WALIDATA = "", "dina", "bayu", "wati"
RULE = {
    "kode": "kota-sama",
    "nama": "Penduduk kota",
    "jenis": "sama",
    "kiri": {"entri": "DUK-1", "kolom": "jumlah"},
    "kanan": {"entri": "BPS-1", "kolom": "jumlah"},
    "tingkat": "kota",
    "toleransi": {"relatif": "0.05"},
}


def act(action, user=WALIDATA, **data):
    return tk.get_action(action)({"user": user, "auth_user_obj": model.User.get(user) if user else None}, data)


@pytest.fixture
def evaluate():
    from ckanext.satudataserang.consistency.evaluate import evaluate

    return lambda: evaluate(model.Session, NOW)


@pytest.fixture
def conflict(counted, evaluate):
    """An open conflict between both OPDs."""
    counted(each=5000, city="61.0")
    evaluate()
    [found] = act("satudata_conflict_list", ANYBODY)["results"]
    return found


def test_a_conflict_names_both_sides(conflict, two):
    assert {conflict["left_kode"], conflict["right_kode"]} == {"DUK-1", "BPS-1"}
    assert {conflict["left_opd_title"], conflict["right_opd_title"]} == {"Dinas Kependudukan", "Bappeda"}
    assert (conflict["rule_name"], conflict["state"], abs(conflict["difference"])) == ("Penduduk uji", "terbuka", 1000)
    assert conflict["area_name"] == "Kota Serang"
    assert conflict["left_published_at"]
    for filters, count in (
        ({"opd": "bappeda"}, 1),
        ({"state": "selesai"}, 0),
        ({"period": "2024"}, 0),
        ({"entry": "DUK-1"}, 1),
        ({"rule": "lain"}, 0),
        ({"severity": "kesalahan"}, 0),
    ):
        assert act("satudata_conflict_list", ANYBODY, **filters)["count"] == count
    assert act("satudata_comparison_list", ANYBODY, state="beda")["results"][0]["conflict_state"] == "terbuka"


def test_an_explanation_is_the_opds_and_its_acceptance_the_walidatas(conflict):
    with pytest.raises(tk.NotAuthorized):
        act("satudata_conflict_explain", ANYBODY, id=conflict["id"], explanation="Beda")
    with pytest.raises(tk.NotAuthorized):
        act("satudata_conflict_decide", PRODUCER, id=conflict["id"], accept=True)
    with pytest.raises(tk.ValidationError):
        act("satudata_conflict_decide", WALIDATA, id=conflict["id"], accept=True)
    shown = act("satudata_conflict_explain", OTHER, id=conflict["id"], explanation="Proyeksi, bukan catatan sipil.")
    assert (shown["state"], shown["may_explain"], shown["may_decide"]) == ("terbuka", True, False)
    # What waits for a decision is not published.
    public = act("satudata_conflict_show", ANYBODY, id=conflict["id"])
    assert public["explanation"] == ""
    assert [one["action"] for one in public["history"]] == ["dibuka"]
    assert act("satudata_conflict_show", WALIDATA, id=conflict["id"])["may_decide"] is True
    with pytest.raises(tk.ValidationError, match="note"):
        act("satudata_conflict_decide", id=conflict["id"], accept=False)
    refused = act("satudata_conflict_decide", id=conflict["id"], accept=False, note="Sebut sumbernya.")
    assert (refused["state"], refused["explanation"]) == ("terbuka", "")
    act("satudata_conflict_explain", PRODUCER, id=conflict["id"], explanation="Sumber: proyeksi BPS.")
    done = act("satudata_conflict_decide", id=conflict["id"], accept=True)
    assert done["state"] == "dijelaskan"
    public = act("satudata_conflict_show", ANYBODY, id=conflict["id"])
    assert public["explanation"] == "Sumber: proyeksi BPS."
    with pytest.raises(tk.ValidationError):
        act("satudata_conflict_explain", OTHER, id=conflict["id"], explanation="Lagi")
    assert [one["action"] for one in act("satudata_conflict_show", id=conflict["id"])["history"]] == [
        "dibuka",
        "dijelaskan",
        "ditolak",
        "dijelaskan",
        "diterima",
    ]


def test_closed_figures_are_told_to_those_who_may_see_the_deliveries(conflict, two, evaluate):
    model.Session.get(model.Package, two.datasets["BPS-1"]).private = True
    model.Session.commit()
    evaluate()
    assert act("satudata_conflict_list", ANYBODY)["count"] == 0
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_conflict_show", ANYBODY, id=conflict["id"])
    for user in (PRODUCER, OTHER, WALIDATA):
        assert act("satudata_conflict_list", user)["count"] == 1
    assert len(act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")["sources"]) == 1
    assert len(act("satudata_variable_compare", OTHER, kode="penduduk_uji")["sources"]) == 2


def test_a_rule_is_tried_kept_changed_and_logged(conflict, evaluate):
    with pytest.raises(tk.NotAuthorized):
        act("satudata_consistency_rule_create", PRODUCER, **RULE)
    with pytest.raises(tk.NotAuthorized):
        act("satudata_consistency_rule_test", PRODUCER, **RULE)
    tried = act("satudata_consistency_rule_test", **RULE)
    assert (tried["pairs"], tried["sama"], tried["beda"]) == (1, 1, 0)
    assert act("satudata_comparison_list", rule="kota-sama")["count"] == 0
    act("satudata_consistency_rule_create", **RULE)
    with pytest.raises(tk.ValidationError, match="kode"):
        act("satudata_consistency_rule_create", **RULE)
    evaluate()
    assert act("satudata_consistency_rule_show", ANYBODY, kode="kota-sama")["sama"] == 1
    stricter = {**RULE, "toleransi": {"relatif": "0"}}
    with pytest.raises(tk.ValidationError, match="note"):
        act("satudata_consistency_rule_update", **stricter)
    with pytest.raises(tk.ValidationError, match="version"):
        act("satudata_consistency_rule_update", **stricter, note="x", version=7)
    act("satudata_consistency_rule_update", **stricter, note="Harus persis.", version=1)
    evaluate()
    shown = act("satudata_consistency_rule_show", ANYBODY, kode="kota-sama")
    assert (shown["version"], shown["beda"], shown["history"][0]["note"]) == (2, 1, "Harus persis.")
    assert {one["actor_id"] for one in shown["history"]} == {""}
    assert all(one["actor_id"] for one in act("satudata_consistency_rule_show", kode="kota-sama")["history"])
    act("satudata_consistency_rule_update", **{**stricter, "aktif": False}, note="Berhenti.")
    evaluate()
    assert act("satudata_comparison_list", rule="kota-sama")["count"] == 0
    [ended] = [one for one in act("satudata_conflict_list")["results"] if one["rule"] == "kota-sama"]
    assert ended["state"] == "selesai"
    listed = {one["kode"]: one for one in act("satudata_consistency_rule_list", ANYBODY)}
    assert listed["kota-sama"]["active"] is False
    assert listed["variabel:penduduk_uji"]["otomatis"] is True


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kiri": {"entri": "TIDAK-ADA", "kolom": "x"}}, "kiri"),
        ({"kanan": {"variabel": "tidak_ada"}}, "kanan"),
        ({"jenis": "mirip"}, "jenis"),
        ({"kode": "a\0b"}, "kode"),
        ({"warna": "biru"}, "warna"),
    ],
)
def test_a_rule_that_cannot_be_used_says_where(two, change, field):
    with pytest.raises(tk.ValidationError) as problem:
        act("satudata_consistency_rule_create", **{**RULE, **change})
    assert field in problem.value.error_dict


def test_shipped_rules_come_once_and_what_was_changed_stays(two):
    from ckanext.satudataserang.consistency import registry

    assert registry.seed(model.Session, NOW) == len(registry.shipped()["aturan"])
    assert registry.seed(model.Session, NOW) == 0
    kode = registry.shipped()["aturan"][0]["kode"]
    row = model.Session.get(registry.RuleRow, kode)
    registry.keep(model.Session, row, {**row.content, "nama": "Diubah"}, NOW, "", "uji")
    row.shipped = "an older one"
    assert registry.seed(model.Session, NOW) == 0
    assert row.content["nama"] == "Diubah"


def test_one_variable_side_by_side(conflict, publish, two):
    publish(two.datasets["BPS-1"], "BPS-1", "2024", CITY_COLUMNS, [("59.9",)])
    told = act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
    assert (told["nama"], told["unit"]) == ("Penduduk uji", "orang")
    titles = [one["opd_title"] for one in told["sources"]]
    assert sorted(titles) == ["Bappeda", "Dinas Kependudukan"]
    newest, oldest = told["rows"]
    assert (newest["period"], newest["area_name"], newest["state"]) == ("2025", "Kota Serang", "beda")
    assert {one["converted"] for one in newest["values"]} == {60000, 61000}
    assert (oldest["period"], oldest["state"], sum(one is None for one in oldest["values"])) == (
        "2024",
        "tak_terbanding",
        1,
    )
    finer = act("satudata_variable_compare", ANYBODY, kode="penduduk_uji", level="kecamatan")
    assert len(finer["sources"]) == 1
    assert [row["values"][0]["converted"] for row in finer["rows"]] == [10000] * 6
    for kode in ("tidak_ada", "a\0b"):
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_variable_compare", ANYBODY, kode=kode)


def test_what_was_computed_is_kept_until_something_changes(conflict, publish, two, monkeypatch):
    computed = []
    real = side_by_side._computed

    def counted(*asked):
        computed.append(asked)
        return real(*asked)

    monkeypatch.setattr(side_by_side, "_computed", counted)
    documents._kept.clear()
    first = act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
    assert act("satudata_variable_compare", ANYBODY, kode="penduduk_uji") == first
    assert len(computed) == 1
    publish(two.datasets["BPS-1"], "BPS-1", "2024", CITY_COLUMNS, [("59.9",)])
    again = act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
    assert [row["period"] for row in again["rows"]] == ["2025", "2024"]
    # Closed from one moment to the next: what was kept for everybody is nobody's any more.
    model.Session.get(model.Package, two.datasets["BPS-1"]).private = True
    model.Session.commit()
    assert len(act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")["sources"]) == 1
    assert len(act("satudata_variable_compare", OTHER, kode="penduduk_uji")["sources"]) == 2
    assert len(act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")["sources"]) == 1


def test_only_the_newest_rows_are_set_side_by_side(conflict, publish, two, monkeypatch):
    publish(two.datasets["BPS-1"], "BPS-1", "2024", CITY_COLUMNS, [("59.9",)])
    monkeypatch.setattr(side_by_side, "MOST_ROWS", 1)
    documents._kept.clear()
    told = act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
    assert ([row["period"] for row in told["rows"]], told["truncated"]) == (["2025"], True)
    assert told["rows"][0]["state"] == "beda"
    documents._kept.clear()


def test_one_at_a_time_is_computed(conflict, app, monkeypatch, ckan_config):
    monkeypatch.setattr(documents, "_PATIENCE", 0.2)
    documents._kept.clear()
    act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
    documents._kept.clear()
    with (Path(ckan_config["ckan.storage_path"]) / "satudata" / "dokumen.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_variable_compare", ANYBODY, kode="penduduk_uji")
        page = app.get("/variabel/penduduk_uji/banding", status=503)
        assert str(refused.value) in page.body
    assert refused.value.error_dict["code"] == ["sibuk"]
    assert app.get("/variabel/penduduk_uji/banding", status=200)


@pytest.mark.parametrize("ref", ["tidak-ada", "a\0b"])
def test_what_is_not_there_is_said_kindly(two, ref):
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_conflict_show", WALIDATA, id=ref)
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_conflict_explain", PRODUCER, id=ref, explanation="x")
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_conflict_list", WALIDATA, opd=ref)
