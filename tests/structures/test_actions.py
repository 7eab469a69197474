"""Structures through the actions: adding, proposing, deciding, two at once, what is hostile, who follows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.plan.model import PlanEntry, PlanEvent
from ckanext.satudataserang.plan.signals import plan_changed
from ckanext.satudataserang.structures import read
from ckanext.satudataserang.structures.refusals import StaleError
from ckanext.satudataserang.structures.signals import structures_changed
from ckanext.satudataserang.submission import due

from tests.plan.city import act, errors, facts

from .conftest import CONTENT, VARIABLE, content, with_column

NEW = {"id": "jumlah_los", "label": "Los", "type": "integer", "minimum": 0}


def show(user, **data):
    return act("satudata_structure_show", user, id="kios-pasar", **data)


def test_the_walidata_adds_one_that_holds_at_once_and_everybody_reads_it(city, kios):
    found = show(None)
    assert found["content"]["columns"][1] == CONTENT["columns"][1]
    assert found["current_version"] == 1
    assert (found["opd_name"], found["content"]["opd"]) == ("dinas-pasar", "Disar")
    assert [one["kode"] for one in found["entries"]] == [] or found["entries"][0]["kode"] == "PSR-1"
    assert found["version"]["state"] == "berlaku"
    assert found["version"]["proposed_by"] == found["version"]["decided_by"] == ""  # not for visitors
    told = show(city.walidata)["version"]
    assert told["proposed_by"] == told["decided_by"] != ""
    assert found["lists"][0]["id"] == "wilayah:kecamatan"
    assert {one["label"] for one in found["lists"][0]["codes"]} >= {"Serang", "Curug"}
    assert "shipped" not in found


def test_others_read_the_structure_of_an_entry_resolved(city, kios):
    entry = PlanEntry.by_kode("PSR-1")
    found = read.structure_of(entry)
    assert found.stamp == "kios-pasar@1"
    assert len(found.codes_of(found.column("kode_wilayah")).codes) == 6
    entry.structure_id = None
    assert read.structure_of(entry) is None
    assert read.structure("tidak-ada") is None
    assert read.structure("a\0b") is None
    assert read.structure("kios-pasar", 7) is None


LARGER = {"id": "jumlah_los", "label": "Los", "type": "integer", "minimum": 0, "required": True}


def numbers():
    model.Session.expire_all()
    return {kode: PlanEntry.by_kode(kode).expected_values for kode in ("PSR-1", "PSR-2", "PSR-3")}


@pytest.fixture
def followed(city, kios):
    """Three entries that follow a structure: one learnt its number from it, one had its own, one is over."""
    for kode, values in (("PSR-1", None), ("PSR-2", 50), ("PSR-3", None)):
        if PlanEntry.by_kode(kode) is None:
            told = facts(kode=kode, judul=f"Data pasar {kode}", similar_ok=True)
            act("satudata_plan_entry_create", city.walidata, **told)
        entry = PlanEntry.by_kode(kode)
        entry.structure_id, entry.expected_values, entry.state = None, values, "berlaku"
        model.Session.commit()
        act("satudata_structure_assign", city.walidata, id=kios, entries=[kode])
    assert numbers() == {"PSR-1": 6, "PSR-2": 50, "PSR-3": 6}
    PlanEntry.by_kode("PSR-3").state = "berakhir"
    # That was a month ago.
    model.Session.execute(sa.update(PlanEvent).values(at=PlanEvent.at - timedelta(days=30)))
    model.Session.commit()
    return kios


def propose(user, kode, base, **data):
    changes = {"content": with_column(LARGER), "reason": "Ada los.", "base_version": base, **data}
    return act("satudata_structure_propose", user, id=kode, **changes)


def test_a_new_version_carries_on_the_number_that_came_from_the_structure(city, followed):
    heard = []
    plan_changed.connect(lambda _sender, entry_ids: heard.extend(entry_ids), weak=False)
    propose(city.produsen, followed, 1)
    assert numbers()["PSR-1"] == 6
    act("satudata_structure_decide", city.walidata, id=followed, version=2, decision="terima")
    assert numbers() == {"PSR-1": 12, "PSR-2": 50, "PSR-3": 6}
    entry = PlanEntry.by_kode("PSR-1")
    assert heard == [entry.id]
    told = act("satudata_plan_entry_history", city.walidata, id="PSR-1")["events"][0]
    assert (told["action"], told["changes"]) == ("ubah", {"expected_values": [6, 12]})
    assert "kios-pasar versi 2" in told["note"]
    # From the version's day on: what was over by then keeps its number.
    agreed = due.Agreed(entry)
    today = due.today()
    assert (agreed.on(today - timedelta(days=1)), agreed.on(today)) == (6, 12)
    propose(city.walidata, followed, 2, content=content(), in_force=True)
    assert numbers() == {"PSR-1": 6, "PSR-2": 50, "PSR-3": 6}


def test_a_version_that_expects_the_same_leaves_the_plan_alone(city, followed):
    before = act("satudata_plan_entry_show", city.walidata, id="PSR-1")
    propose(city.walidata, followed, 1, content=content(nama="Kios"), in_force=True)
    assert act("satudata_plan_entry_show", city.walidata, id="PSR-1") == before


def test_what_no_longer_says_how_many_rows_takes_its_number_back(city, followed):
    propose(city.walidata, followed, 1, content=content(expected=[]), in_force=True)
    assert numbers() == {"PSR-1": None, "PSR-2": 50, "PSR-3": 6}


def test_an_opd_proposes_and_the_walidata_decides(city, kios):
    heard = []
    structures_changed.connect(lambda _sender, kodes: heard.extend(kodes), weak=False)
    made = act(
        "satudata_structure_propose",
        city.produsen,
        id=kios,
        content=with_column(NEW),
        base_version=1,
        reason="Ada los.",
    )
    assert made["version"]["state"] == "usulan"
    assert read.structure(kios).version == 1
    assert heard == []
    assert [one["version"] for one in show(None)["versions"]] == [1]
    assert [one["version"] for one in show(city.produsen)["versions"]] == [2, 1]
    with pytest.raises(tk.ObjectNotFound):
        show(None, version=2)
    listed = act("satudata_structure_list", city.walidata, proposed=True)["results"]
    assert [(one["kode"], one["proposed"]) for one in listed] == [(kios, [2])]
    assert act("satudata_structure_list", None)["results"][0]["proposed"] == []
    with pytest.raises(tk.NotAuthorized):
        act("satudata_structure_decide", city.produsen, id=kios, version=2, decision="terima")
    act("satudata_structure_decide", city.walidata, id=kios, version=2, decision="terima", note="Baik.")
    assert heard == [kios]
    found = show(None)
    assert (found["current_version"], found["version"]["decision_note"]) == (2, "Baik.")
    assert [one["state"] for one in found["versions"]] == ["berlaku", "digantikan"]
    people = ("proposed_by", "proposed_by_name", "decided_by", "decided_by_name")
    assert {found["version"][name] for name in people} == {""}
    assert all(show(city.produsen)["version"][name] for name in people)
    assert read.structure(kios).column("jumlah_los").label == "Los"
    assert [column.id for column in read.structure(kios, 1).columns] == ["kode_wilayah", "jumlah_kios", "kios_kosong"]


def test_a_refusal_needs_a_reason_and_its_number_is_used_up(city, kios):
    change = {"id": kios, "content": with_column(NEW), "base_version": 1, "reason": "Ada los."}
    act("satudata_structure_propose", city.produsen, **change)
    assert "note" in errors("satudata_structure_decide", city.walidata, id=kios, version=2, decision="tolak")
    act("satudata_structure_decide", city.walidata, id=kios, version=2, decision="tolak", note="Los bukan kios.")
    assert show(city.produsen, version=2)["version"]["decision_note"] == "Los bukan kios."
    with pytest.raises(StaleError):
        act("satudata_structure_decide", city.walidata, id=kios, version=2, decision="terima")
    again = act("satudata_structure_propose", city.walidata, **change, in_force=True)
    assert again["current_version"] == 3


def test_who_was_slower_is_told_so(city, kios):
    change = {"id": kios, "base_version": 1, "reason": "Ada los."}
    act("satudata_structure_propose", city.produsen, content=with_column(NEW), **change)
    act("satudata_structure_propose", city.walidata, content=content(nama="Kios"), in_force=True, **change)
    with pytest.raises(StaleError) as refused:
        act("satudata_structure_propose", city.walidata, content=with_column(NEW), in_force=True, **change)
    assert refused.value.error_dict["current"] == ["3"]
    with pytest.raises(StaleError):
        act("satudata_structure_decide", city.walidata, id=kios, version=2, decision="terima")
    assert show(None)["current_version"] == 3


def test_the_api_answers_409_to_who_was_slower(city, kios, app):
    from ckan.tests import factories

    token = factories.APIToken(user=city.walidata)["token"]
    sent = {"id": kios, "content": with_column(NEW), "base_version": 9, "reason": "Ada los."}
    answer = app.post(
        "/api/3/action/satudata_structure_propose", json=sent, headers={"Authorization": token}, status=409
    )
    assert answer.json["error"]["code"] == ["basi"]


def test_what_is_wrong_is_said_all_at_once_with_its_place(city):
    wrong = content(
        opd="Disar",
        columns=[{"id": "A b", "label": ""}, {"id": "x", "label": "X", "type": "integer", "minimum": 5, "maximum": 1}],
        rules=[{"id": "r", "parts": ["tak"], "whole": "x"}],
        expected=[],
    )
    found = errors("satudata_structure_create", city.walidata, content=wrong)
    assert set(found["places"]) >= {"columns[0].id", "columns[0].label", "columns[1].minimum", "rules[0].parts"}
    assert all(sentence.endswith(".") for sentence in found["content"])


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        [],
        7,
        "- a\n- b",
        "&a [*a]",
        "a: [" * 500,
        {"kode": "x\0y", "nama": "N", "columns": [{"id": "a", "label": "A"}]},
        {"kode": "x", "nama": {"a": 1}, "columns": "a"},
        {"kode": "x", "nama": "N", "opd": "Disar", "columns": [{"id": "a", "label": "A", "pattern": "(" * 50}]},
        {"kode": "x", "nama": "N", "opd": "tidak-ada", "columns": [{"id": "a", "label": "A"}]},
        {"kode": "x", "nama": "N", "opd": "Disar", "columns": [{"id": "a", "label": "A", "code_list": "tak-ada"}]},
        {"kode": "x", "nama": "N", "opd": "Disar", "columns": [{"id": "a", "label": "A", "variable": "tak_ada"}]},
        {"kode": "x", "nama": "N", "opd": "Disar", "columns": [{"id": f"c{i}", "label": f"C{i}"} for i in range(600)]},
    ],
)
def test_hostile_content_is_a_sentence_and_nothing_is_kept(city, hostile):
    assert errors("satudata_structure_create", city.walidata, content=hostile, in_force=True)
    assert act("satudata_structure_list", city.walidata)["count"] == 0


@pytest.mark.parametrize("version", ["0", "-1", "x", "1e9", True, "९", "9" * 30])
def test_a_version_that_is_none_is_a_sentence(city, kios, version):
    with pytest.raises((tk.ValidationError, tk.ObjectNotFound)):
        show(None, version=version)


def test_a_kode_is_used_once_and_never_changes(city, kios):
    assert "kode" in errors("satudata_structure_create", city.walidata, content=CONTENT)
    change = {"id": kios, "base_version": 1, "reason": "Lain."}
    assert "kode" in errors("satudata_structure_propose", city.walidata, content=content(kode="lain"), **change)
    assert "content" in errors("satudata_structure_propose", city.walidata, content=CONTENT, **change)
    change["reason"] = ""
    assert "reason" in errors("satudata_structure_propose", city.walidata, content=with_column(NEW), **change)


def test_an_opd_adds_a_proposal_of_its_own_which_others_do_not_see(city):
    made = act("satudata_structure_create", city.produsen, content=CONTENT)
    assert (made["current_version"], made["version"]["state"]) == (None, "usulan")
    with pytest.raises(tk.NotAuthorized):
        act("satudata_structure_create", city.produsen, content=content(kode="lain", opd="dinas-gizi"))
    with pytest.raises(tk.NotAuthorized):
        act("satudata_structure_create", city.produsen, content=content(kode="lain"), in_force=True)
    with pytest.raises(tk.ObjectNotFound):
        show(None)
    assert act("satudata_structure_list", None)["count"] == 0
    assert "id" in errors("satudata_structure_assign", city.walidata, id="kios-pasar", entries=[])
    act("satudata_structure_decide", city.walidata, id="kios-pasar", version=1, decision="terima")
    assert show(None)["current_version"] == 1


def test_entries_follow_a_structure_by_the_plan_s_own_action(city, kios):
    act("satudata_plan_entry_create", city.walidata, **facts(kode="PSR-2", judul="Los pasar tradisional"))
    done = act("satudata_structure_assign", city.walidata, id=kios, entries=["PSR-1", "PSR-2"], note="Disepakati.")
    assert done == {"kode": kios, "changed": ["PSR-2"], "unchanged": 1}
    history = act("satudata_plan_entry_history", city.walidata, id="PSR-2")["events"]
    assert history[0]["changes"] == {"structure_id": [None, kios], "expected_values": [None, 6]}
    assert history[0]["note"] == "Disepakati."
    assert act("satudata_structure_list", city.walidata)["results"][0]["entries"] == 2
    act("satudata_structure_assign", city.walidata, id="", entries=["PSR-2"])
    assert PlanEntry.by_kode("PSR-2").structure_id is None
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_structure_assign", city.walidata, id=kios, entries=["PSR-1", "tidak-ada"])


def test_an_entry_learns_from_its_structure_how_many_values_are_due(city, kios):
    """One compulsory measure of six kecamatan; a number that the Walidata set stays."""
    act("satudata_plan_entry_create", city.walidata, **facts(kode="PSR-3", judul="Retribusi", expected_values=4))
    act("satudata_structure_assign", city.walidata, id=kios, entries=["PSR-3"])
    assert PlanEntry.by_kode("PSR-1").expected_values == 6
    assert PlanEntry.by_kode("PSR-3").expected_values == 4
    act("satudata_structure_assign", city.walidata, id="", entries=["PSR-1"])
    assert PlanEntry.by_kode("PSR-1").expected_values == 6


def test_lists_are_searched_and_narrowed(city, kios):
    for asked, count in (
        ({"q": "kios"}, 1),
        ({"q": "Kosong"}, 1),
        ({"q": "%"}, 0),
        ({"q": "_"}, 0),
        ({"opd": "dinas-pasar"}, 1),
        ({"opd": "dinas-gizi"}, 0),
        ({"urusan": "3.30"}, 1),
        ({"urusan": "1.02"}, 0),
    ):
        assert act("satudata_structure_list", None, **asked)["count"] == count, asked
    assert errors("satudata_structure_list", None, q="a\0b")
    assert errors("satudata_structure_list", None, opd="tidak-ada")


def test_diff_marks_what_breaks_files(city, kios):
    shorter = content(columns=CONTENT["columns"][:2], rules=[])
    found = act("satudata_structure_diff", city.produsen, id=kios, content=shorter)
    assert found["breaking"] >= 1
    assert any(one["breaking"] and "Kios Kosong" in one["text"] for one in found["changes"])
    assert act("satudata_structure_diff", city.produsen, id=kios, content=CONTENT)["changes"] == []
    # To read what anybody sends costs more than to read what is kept.
    with pytest.raises(tk.NotAuthorized):
        act("satudata_structure_diff", None, id=kios, content=CONTENT)


def test_advice_on_names_by_the_rules(city, kios):
    found = act("satudata_structure_lint", city.produsen, content=content(nama="jml kios thn 2024"))
    assert {one["place"] for one in found["advice"]} >= {"nama"}
    assert all(one["text"] and one["advice"] for one in found["advice"])


def test_a_variable_has_one_meaning_for_all_columns_that_refer_to_it(city, kios):
    act("satudata_variable_create", city.walidata, content=VARIABLE)
    column = {"id": "kios_resmi", "label": "Kios Resmi", "type": "integer", "variable": "kios_pasar"}
    act(
        "satudata_structure_propose",
        city.walidata,
        id=kios,
        content=with_column(column),
        base_version=1,
        reason="Baku.",
        in_force=True,
    )
    assert read.structure(kios).column("kios_resmi").definisi == VARIABLE["definisi"]
    found = act("satudata_variable_show", None, id="kios_pasar")
    assert [(one["kode"], one["column"]) for one in found["uses"]] == [(kios, "kios_resmi")]
    changed = {**VARIABLE, "definisi": "Petak berdinding untuk berdagang."}
    update = {"id": "kios_pasar", "content": changed, "reason": "Perda baru."}
    act("satudata_variable_update", city.walidata, base_revision=1, **update)
    assert read.structure(kios).column("kios_resmi").definisi == changed["definisi"]
    with pytest.raises(StaleError):
        act("satudata_variable_update", city.walidata, base_revision=1, **update)
    assert "content" in errors("satudata_variable_update", city.walidata, base_revision=2, **update)
    events = act("satudata_variable_show", None, id="kios_pasar")["events"]
    assert {one["actor_name"] for one in events} == {""}
    assert all(one["actor_name"] for one in act("satudata_variable_show", city.walidata, id="kios_pasar")["events"])
    assert [one["action"] for one in events] == ["ubah", "buat"]
    assert list(events[0]["changes"]) == ["definisi"]
    with pytest.raises(tk.NotAuthorized):
        act("satudata_variable_create", city.produsen, content=VARIABLE)
    listed = act("satudata_variable_list", None, q="kios")["results"]
    assert [(one["kode"], one["uses"]) for one in listed] == [("kios_pasar", 1)]


def test_two_writers_at_once_cannot_both_be_in_force(city, kios):
    from sqlalchemy.exc import IntegrityError

    from ckanext.satudataserang.structures.model import StructureVersion

    row = model.Session.get(StructureVersion, (kios, 1))
    twin = {name: getattr(row, name) for name in ("kode", "content", "state", "proposed_by", "created_at")}
    model.Session.add(
        StructureVersion(**twin, version=2, base_version=1, source="", reason="", decided_by="", decision_note="")
    )
    with pytest.raises(IntegrityError):
        model.Session.flush()
    model.Session.rollback()
