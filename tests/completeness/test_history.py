"""The log of runs: a run that failed or found far too little is told, and letters stop."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness import health, touched
from ckanext.satudataserang.completeness.refresh import refresh

from tests.completeness.contents import contents


@given(st.one_of(st.none(), st.integers(0, 1000)), st.integers(0, 1000))
def test_a_loss_of_more_than_half_is_a_shrinkage(before, after):
    found = health.shrinkage(before, after)
    assert found.shrunk == bool(before and after * 2 < before)
    assert found.warned == bool(before and after < before * 0.98)
    assert found.warned or not found.shrunk


def status():
    return call_action("satudata_completeness_status")


@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestRuns:
    def test_before_the_first_run_nothing_is_claimed(self):
        assert status()["ok"] is None
        assert status()["started"] is None
        assert health.mails_allowed(model.Session) == (False, "Kelengkapan belum pernah dihitung.")

    def test_a_good_run_tells_what_it_evaluated(self, make_opd, make_entries, recompute):
        make_opd("dinkes", "Dinas Kesehatan")
        make_entries({"kode": "KES-1", "judul": "Data", "opd": "dinkes"})
        recompute()
        told = status()
        assert told["ok"] is True
        assert (told["entries"], told["cells"], told["kind"]) == (1, 3, "penuh")
        assert (told["shrunk"], told["warned"], told["mails_allowed"]) == (False, False, True)
        assert told["started"] <= told["finished"] == told["last_good"]

    def test_a_run_that_fails_is_told_and_changes_nothing(self, make_opd, make_entries, recompute):
        make_opd("dinkes", "Dinas Kesehatan")
        make_entries({"kode": "KES-1", "judul": "Data", "opd": "dinkes"})
        recompute()
        before = contents()

        def broken():
            refresh(model.Session, datetime.now(timezone.utc))
            model.Session.execute(sa.text("DELETE FROM satudata_cell"))
            model.Session.execute(sa.text("SELECT 1 / 0"))

        with pytest.raises(sa.exc.DataError):
            health.run(model.Session, "penuh", broken)
        assert contents() == before
        told = status()
        assert (told["ok"], told["mails_allowed"]) == (False, False)
        assert "gagal" in told["reason"]
        assert told["last_good"] is not None
        admin = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
        assert "division by zero" in call_action("satudata_completeness_status", context=admin)["error"]
        visitor = call_action("satudata_completeness_status", context={"user": "", "ignore_auth": False})
        assert visitor["error"] == ""

    def test_a_run_that_was_broken_off_is_told(self, recompute):
        recompute()
        started = datetime.now(timezone.utc) - health.BROKEN_OFF - timedelta(minutes=1)
        model.Session.execute(sa.text(health._START), {"kind": "penuh", "at": started, "rule_version": "2.1"})
        model.Session.commit()
        assert (status()["ok"], status()["mails_allowed"]) == (None, False)
        assert "terhenti" in status()["reason"]

    def test_a_run_on_its_way_says_nothing_yet(self, recompute):
        recompute()
        now = datetime.now(timezone.utc)
        model.Session.execute(sa.text(health._START), {"kind": "penuh", "at": now, "rule_version": "2.1"})
        model.Session.commit()
        assert status()["mails_allowed"] is True

    def test_letters_stop_when_more_than_half_is_gone_until_it_is_accepted(self, make_opd, make_entries, recompute):
        make_opd("dinkes", "Dinas Kesehatan")
        make_entries(*({"kode": f"KES-{n}", "judul": f"Data {n}", "opd": "dinkes"} for n in range(5)))
        recompute()
        model.Session.execute(sa.text("UPDATE satudata_plan_entry SET state = 'usulan' WHERE kode <> 'KES-0'"))
        model.Session.commit()
        recompute()
        told = status()
        assert (told["ok"], told["cells"], told["shrunk"], told["warned"]) == (True, 3, True, True)
        assert told["mails_allowed"] is False
        assert "separuh" in told["reason"]
        # Counting the same again does not make it right.
        recompute()
        assert status()["shrunk"] is True
        call_action("satudata_completeness_refresh", everything=True, accept=True)
        assert (status()["shrunk"], status()["mails_allowed"]) == (False, True)

    def test_a_refresh_of_nothing_leaves_no_line(self, recompute):
        recompute()
        touched.refresh_touched(model.Session, datetime.now(timezone.utc))
        model.Session.commit()
        before = status()
        assert call_action("satudata_completeness_refresh", everything=False) == {"cells": 0}
        assert status() == before
