"""What is closed is told to nobody else, from the moment it is closed, also where nothing was compared anew."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from .conftest import NOW

CLOSING = {
    "private": "UPDATE package SET private = TRUE WHERE id = :dataset",
    "draft": "UPDATE package SET state = 'draft' WHERE id = :dataset",
    "deleted": "UPDATE package SET state = 'deleted' WHERE id = :dataset",
    "another entry": "UPDATE package SET extras = '{}' WHERE id = :dataset",
    "restricted": "UPDATE satudata_plan_entry SET access = 'terbatas' WHERE id = :entry",
    "closed": "UPDATE satudata_plan_entry SET access = 'tertutup' WHERE id = :entry",
    "withdrawn": "UPDATE satudata_submission SET state = 'ditarik' WHERE entry_id = :entry",
}


@pytest.fixture
def conflict(counted):
    from ckanext.satudataserang.consistency.evaluate import evaluate

    counted(each=5000, city="61.0")
    evaluate(model.Session, NOW)
    [found] = act("satudata_conflict_list")["results"]
    assert found["terbuka"] is True
    return found


def act(action, user="", **data):
    return tk.get_action(action)({"user": user, "auth_user_obj": model.User.get(user) if user else None}, data)


def run(statement, two, kode="BPS-1"):
    model.Session.execute(sa.text(statement), {"dataset": two.datasets[kode], "entry": two.entries[kode]})
    model.Session.commit()


@pytest.mark.parametrize("way", CLOSING)
def test_a_closed_side_hides_both_figures_at_once(app, conflict, two, way):
    address = f"/kesamaan/{conflict['id']}"
    assert "61 ribu orang" in app.get("/kesamaan").body
    assert app.get(address).status_code == 200
    run(CLOSING[way], two)
    for action in ("satudata_conflict_list", "satudata_comparison_list"):
        assert act(action) == {"count": 0, "results": []}
    with pytest.raises(tk.ObjectNotFound):
        act("satudata_conflict_show", id=conflict["id"])
    assert app.get(address, status=404).status_code == 404
    for page in ("/kesamaan", "/kesamaan.csv", "/kesamaan/perbandingan", "/variabel/penduduk_uji/banding"):
        assert "61 ribu" not in app.get(page).body
        assert "61000" not in app.get(page).body
    # Those who look after the figures go on seeing what they have to settle.
    [kept] = act("satudata_conflict_list", "wati")["results"]
    assert kept["terbuka"] is False
    assert act("satudata_conflict_list", "bayu")["count"] == 1


def test_the_public_history_holds_no_figure_of_before(conflict, two, counted):
    from ckanext.satudataserang.consistency.evaluate import evaluate

    counted(each=5000, city="63.0")
    evaluate(model.Session, NOW)
    [event] = act("satudata_conflict_show", id=conflict["id"])["history"]
    sides = {event["left_value"], event["right_value"]}
    assert (event["action"], sides) == ("dibuka", {60000, None})
    [event] = act("satudata_conflict_show", "wati", id=conflict["id"])["history"]
    assert {event["left_value"], event["right_value"]} == {60000, 61}


def test_what_is_opened_again_is_seen_again(conflict, two):
    run(CLOSING["private"], two, "DUK-1")
    assert act("satudata_conflict_list")["count"] == 0
    run("UPDATE package SET private = FALSE WHERE id = :dataset", two, "DUK-1")
    assert act("satudata_conflict_list")["count"] == 1


def test_tasks_and_rules_tell_no_closed_figure(conflict, two):
    run(CLOSING["private"], two)
    listed = call_action("satudata_todo_list", opd="dukcapil")["conflicts"]
    assert listed["count"] == 1
    assert not {"left_value", "right_value", "difference"} & set(listed["items"][0])
    [rule] = [one for one in act("satudata_consistency_rule_list") if one["kode"] == "variabel:penduduk_uji"]
    assert rule["beda"] == 1
