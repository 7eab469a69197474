"""A month is frozen at its close; what is frozen never changes and can be computed again to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue import documents, roles
from ckanext.satudataserang.completeness import read, snapshots, touched, windows
from ckanext.satudataserang.completeness.cli import satudata
from ckanext.satudataserang.completeness.rules import rules, rules_on
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.snapshots import compute, problems, spans

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

MONTH = 201706
CLOSE = datetime(2017, 7, 1, 0, 10, tzinfo=WIB)


@pytest.fixture(autouse=True)
def none_kept(seeded_city, monkeypatch):
    # The months of the tests lie before today's rules; what they are frozen under is a test of its own.
    monkeypatch.setattr(snapshots, "rules_on", lambda _day: rules())
    yield
    model.Session.rollback()
    model.Session.execute(sa.text("DELETE FROM satudata_snapshot"))
    model.Session.commit()


def test_a_frozen_month_says_what_the_dashboard_said_at_its_close():
    snapshots.make(model.Session, CLOSE, MONTH, "")
    shown = call_action("satudata_snapshot_show", month="2017-06")
    frozen = shown["frozen"]
    assert (frozen["of"], frozen["rule_version"]) == ("2017-06", rules().version)
    for name, span in spans(MONTH).items():
        for scope, told in (
            ("city", {"": frozen[name]["city"]}),
            ("opd", frozen[name]["opd"]),
            ("urusan", frozen[name]["urusan"]),
        ):
            for member, by_window in windows.figures(model.Session, CLOSE, scope, {0: span}).items():
                figure = read.described(by_window[0])
                expected = {key: [one["numerator"], one["denominator"]] for key, one in figure["measures"].items()}
                if member in told:
                    assert told[member]["measures"] == expected
                    assert told[member]["index"] == pytest.approx(figure["index"])
                    assert told[member]["band"] == figure["band"]
                else:
                    assert not any(map(sum, expected.values()))
    assert frozen["window"]["city"]["measures"]["kelengkapan"][1] == 14
    assert shown["same"] is True


def test_a_month_is_frozen_under_the_rules_of_its_end(monkeypatch):
    monkeypatch.setattr(snapshots, "rules_on", rules_on)
    snapshots.make(model.Session, CLOSE, MONTH, "")
    shown = call_action("satudata_snapshot_show", month="2017-06")
    assert (shown["frozen"]["rule_version"], shown["recomputed"]["rule_version"]) == ("2.1", rules().version)
    assert "konsistensi" not in shown["frozen"]["month"]["city"]["measures"]
    assert rules_on(date(2026, 10, 31)).version == "2.1"
    assert rules_on(date(2026, 11, 30)).version == rules().version
    assert call_action("satudata_snapshot_verify", month="2017-06")["ok"] is True


def test_a_later_change_of_facts_moves_nothing():
    made = snapshots.make(model.Session, CLOSE, MONTH, "")
    before = snapshots.kept(model.Session, MONTH)
    model.Session.execute(sa.text("UPDATE satudata_cell SET complete = TRUE, filled_values = expected_values"))
    assert snapshots.kept(model.Session, MONTH) == before
    assert call_action("satudata_snapshot_verify", month="2017-06") == {
        "month": "2017-06",
        "ok": True,
        "problems": [],
        "sha256": made["sha256"],
    }


def test_new_rules_show_beside_the_old_ones(monkeypatch):
    snapshots.make(model.Session, CLOSE, MONTH, "")
    newer = replace(rules(), version="9.9", weights={**rules().weights, "ketepatan_waktu": 80})
    monkeypatch.setattr(snapshots, "rules", lambda: newer)
    shown = call_action("satudata_snapshot_show", month="2017-06")
    assert shown["same"] is False
    assert (shown["frozen"]["rule_version"], shown["recomputed"]["rule_version"]) == (rules().version, "9.9")
    old, new = (shown[name]["window"]["city"] for name in ("frozen", "recomputed"))
    assert old["measures"] == new["measures"]
    assert old["index"] != new["index"]
    assert call_action("satudata_snapshot_verify", month="2017-06")["ok"] is True


def test_a_changed_byte_is_found(cli):
    snapshots.make(model.Session, CLOSE, MONTH, "")
    model.Session.execute(sa.text("UPDATE satudata_snapshot SET output = set_byte(output, 20, 33)"))
    model.Session.commit()
    found = call_action("satudata_snapshot_verify", month="2017-06")
    assert found["ok"] is False
    assert len(found["problems"]) == 2
    refused = cli.invoke(satudata, ["snapshot", "verify", "2017-06"])
    assert refused.exit_code == 1
    assert "rusak" in refused.output


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2017, 6, 30, 23, 59, 59, tzinfo=WIB), "2017-05"),
        (datetime(2017, 7, 1, tzinfo=WIB), "2017-06"),
        (datetime(2018, 1, 1, 0, 10, tzinfo=WIB), "2017-12"),
    ],
)
def test_the_close_is_midnight_in_jakarta(now, month):
    assert snapshots.close(model.Session, now) == [month]
    assert snapshots.close(model.Session, now) == []
    assert [one["month"] for one in call_action("satudata_snapshot_list")["results"]] == [month]


def test_months_missed_while_the_portal_was_away_are_frozen_later(monkeypatch):
    monkeypatch.setattr(snapshots, "MOST_AT_ONCE", 3)
    assert snapshots.close(model.Session, datetime(2017, 2, 1, 1, tzinfo=WIB)) == ["2017-01"]
    back = datetime(2017, 8, 20, 1, tzinfo=WIB)
    assert snapshots.close(model.Session, back) == ["2017-02", "2017-03", "2017-04"]
    assert snapshots.close(model.Session, back) == ["2017-05", "2017-06", "2017-07"]
    assert snapshots.close(model.Session, back) == []
    told = {one["month"]: one["as_of"] for one in call_action("satudata_snapshot_list")["results"]}
    assert len(told) == 7
    assert datetime.fromisoformat(told["2017-02"]) == back
    assert all(call_action("satudata_snapshot_verify", month=month)["ok"] for month in told)


def test_a_hole_between_frozen_months_is_filled():
    for month in (201703, 201705):
        snapshots.make(model.Session, datetime(2017, 6, 1, 1, tzinfo=WIB), month, "")
    model.Session.commit()
    assert snapshots.close(model.Session, datetime(2017, 7, 1, 1, tzinfo=WIB)) == ["2017-04", "2017-06"]


def test_a_month_that_cannot_be_frozen_keeps_those_before_it(monkeypatch):
    snapshots.close(model.Session, datetime(2017, 2, 1, 1, tzinfo=WIB))
    freeze = snapshots.freeze

    def fail_on_april(inputs, rules):
        made = freeze(inputs, rules)
        if json.loads(made.output)["of"] == "2017-04":
            raise BrokenPipeError
        return made

    monkeypatch.setattr(snapshots, "freeze", fail_on_april)
    with pytest.raises(BrokenPipeError):
        snapshots.close(model.Session, datetime(2017, 6, 1, 1, tzinfo=WIB))
    model.Session.rollback()
    monkeypatch.setattr(snapshots, "freeze", freeze)
    assert snapshots.close(model.Session, datetime(2017, 6, 1, 1, tzinfo=WIB)) == ["2017-04", "2017-05"]


def test_the_nightly_job_freezes_the_month_that_closed(monkeypatch):
    monkeypatch.setattr(touched, "plan_nightly", lambda: None)
    touched.run_nightly()
    listed = call_action("satudata_snapshot_list")
    assert listed["count"] == 1
    assert listed["results"][0]["month"] == windows_last_closed()
    touched.run_nightly()
    assert call_action("satudata_snapshot_list")["count"] == 1


def windows_last_closed():
    last = datetime.now(WIB).replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"


def test_the_night_is_planned_when_the_portal_starts(reset_redis):
    reset_redis("rq:*satudata_completeness_nightly_*")
    registry = tk.get_job_queue(touched.QUEUE).scheduled_job_registry
    for job_id in registry.get_job_ids():
        registry.remove(job_id)
    for _start in range(2):
        p.get_plugin("satudata_completeness").configure({})
    nights = [job_id for job_id in registry.get_job_ids() if job_id.startswith("satudata_completeness_nightly_")]
    assert len(nights) == 1


def test_what_is_frozen_is_not_frozen_again_and_an_open_month_not_at_all():
    admin = {"user": factories.Sysadmin()["name"]}
    call_action("satudata_snapshot_create", context=admin, month="2016-12")
    with pytest.raises(tk.ValidationError, match="sudah dibekukan"):
        call_action("satudata_snapshot_create", context=admin, month="2016-12")
    with pytest.raises(tk.ValidationError, match="belum berakhir"):
        call_action("satudata_snapshot_create", context=admin, month=f"{datetime.now(WIB):%Y-%m}")
    with pytest.raises(tk.ValidationError, match="2026-07"):
        call_action("satudata_snapshot_create", context=admin, month="2016-99")
    with pytest.raises(tk.ObjectNotFound, match="belum dibekukan"):
        call_action("satudata_snapshot_show", month="2001-01")


def test_everybody_reads_and_only_the_walidata_freezes():
    editor = factories.User()
    walidata = factories.User()
    roles.grant(walidata["id"], "walidata", granted_by="")
    model.Session.commit()
    for user in ("", editor["name"]):
        with pytest.raises(tk.NotAuthorized):
            call_action("satudata_snapshot_create", context={"user": user, "ignore_auth": False}, month="2016-11")
    call_action("satudata_snapshot_create", context={"user": walidata["name"], "ignore_auth": False}, month="2016-11")
    visitor = {"user": "", "ignore_auth": False}
    assert call_action("satudata_snapshot_verify", context=visitor, month="2016-11")["ok"]
    listed = call_action("satudata_snapshot_list", context=visitor)
    assert (listed["count"], [one["made_by"] for one in listed["results"]]) == (1, [""])
    known = call_action("satudata_snapshot_list", context={"user": walidata["name"], "ignore_auth": False})
    assert [one["made_by"] for one in known["results"]] == [walidata["name"]]


def test_the_commands_make_verify_and_show(cli):
    made = cli.invoke(satudata, ["snapshot", "make", "2016-10"])
    assert (made.exit_code, "dibekukan" in made.output) == (0, True)
    assert "utuh" in cli.invoke(satudata, ["snapshot", "verify", "2016-10"]).output
    shown = cli.invoke(satudata, ["snapshot", "show", "2016-10"])
    assert json.loads(shown.stdout)["same"] is True
    for wrong in (["make", "2016-10"], ["make", "kapan"], ["verify", "1999-01"], ["show", "x"]):
        refused = cli.invoke(satudata, ["snapshot", *wrong])
        assert refused.exit_code == 1
        assert refused.output.rstrip().endswith(".")


def test_what_follows_from_a_frozen_month_is_computed_once(monkeypatch):
    snapshots.make(model.Session, CLOSE, MONTH, "")
    model.Session.commit()
    documents._kept.clear()
    computed = []
    monkeypatch.setattr(snapshots, "compute", lambda *given: computed.append("show") or compute(*given))
    monkeypatch.setattr(snapshots, "problems", lambda *given: computed.append("verify") or problems(*given))
    for _ in range(3):
        call_action("satudata_snapshot_show", month="2017-06")
        assert call_action("satudata_snapshot_verify", month="2017-06")["ok"] is True
    assert computed == ["show", "verify"]
    model.Session.execute(sa.text("UPDATE satudata_snapshot SET output = set_byte(output, 20, 33)"))
    assert call_action("satudata_snapshot_verify", month="2017-06")["ok"] is False
