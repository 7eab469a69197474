"""What was touched is refreshed right after the commit, and never forgotten, whatever keeps that from happening."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness import at_once, touched
from ckanext.satudataserang.completeness.refresh import lock, refresh
from ckanext.satudataserang.submission.facts import SubmissionRow, announce, record_submissions

NOW = datetime(2017, 2, 1, 5, tzinfo=timezone.utc)

#: Another process that delivers, and stands still after its commit until it is killed.
DELIVERS = """
import sys, time
from datetime import datetime, timezone

from ckan.cli import load_config
from ckan.config.middleware import make_app

app = make_app(load_config(sys.argv[1]))
from ckanext.satudataserang.submission import facts

facts.announce = lambda rows: (print("tercatat", flush=True), time.sleep(60))
row = facts.SubmissionRow(period="2016", dataset_id=sys.argv[3], entry_id=sys.argv[2], content_sha256="x",
                          delivered_at=datetime(2017, 2, 1, 5, tzinfo=timezone.utc), expected_values=6, filled_values=6)
with app._wsgi_app.test_request_context():
    facts.record_submissions([row])
"""


@pytest.fixture
def city(clean_db, make_opd, make_entries, make_dataset, recompute, reset_redis):
    """Two entries of one OPD with a dataset each, counted once; returns (entry id, dataset id) by kode."""
    opd = make_opd("dinkes", "Dinas Kesehatan")
    entries = make_entries(*({"kode": f"KES-{n}", "judul": f"Data {n}", "opd": "dinkes"} for n in (1, 2)))
    made = {kode: (entry_id, make_dataset(kode.lower(), opd, kode)) for kode, entry_id in entries.items()}
    model.Session.execute(sa.text("DELETE FROM satudata_touched"))
    recompute()
    reset_redis()
    yield made
    model.Session.rollback()


def delivery(place, **facts):
    entry_id, dataset_id = place
    told = {"expected_values": 6, "filled_values": 6, "content_sha256": "x", **facts}
    return SubmissionRow(period="2016", entry_id=entry_id, dataset_id=dataset_id, delivered_at=NOW, **told)


def complete():
    """Complete cells as a reader finds them, on a connection of its own."""
    with model.ensure_engine().connect() as connection:
        return connection.scalar(sa.text("SELECT sum(kelengkapan_num) FROM satudata_figure"))


def noted():
    with model.ensure_engine().connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM satudata_touched"))


def waiting():
    """Refreshes that wait for a worker, and whether a job is planned that looks after what was left."""
    queue = tk.get_job_queue(touched.QUEUE)
    planned = [tk.job_from_id(one).func_name for one in queue.scheduled_job_registry.get_job_ids()]
    names = [job.func_name for job in queue.jobs if job.func_name.startswith(f"{touched.__name__}.")]
    return [name.rpartition(".")[2] for name in names], any(one.endswith("run_left") for one in planned)


def test_a_delivery_counts_when_its_recording_returns(city):
    record_submissions([delivery(city["KES-1"])])
    assert (complete(), noted()) == (1, 0)
    assert waiting() == ([], True)
    assert call_action("satudata_completeness_status")["ok"] is True


def test_a_dataset_that_is_published_or_deleted_counts_at_once(city):
    site_user = call_action("get_site_user", {"ignore_auth": True})["name"]
    sysadmin = {"user": site_user, "ignore_auth": True, "satudata_impor_warisan": True}
    record_submissions([delivery(city["KES-1"])])
    call_action("package_patch", dict(sysadmin), id="kes-1", private=True)
    assert (complete(), noted()) == (0, 0)
    call_action("package_patch", dict(sysadmin), id="kes-1", private=False)
    assert (complete(), noted()) == (1, 0)
    call_action("package_delete", dict(sysadmin), id="kes-1")
    assert (complete(), noted()) == (0, 0)


def test_a_change_in_an_open_transaction_is_neither_counted_nor_forgotten(city):
    record_submissions([delivery(city["KES-1"])], commit=False)
    touched.catch_up()
    assert complete() == 0
    model.Session.commit()
    announce([delivery(city["KES-1"])])
    assert (complete(), noted()) == (1, 0)


def test_a_change_that_is_taken_back_leaves_no_note(city):
    record_submissions([delivery(city["KES-1"])], commit=False)
    model.Session.rollback()
    assert (complete(), noted()) == (0, 0)


def test_while_another_refreshes_the_request_goes_on_and_the_job_does_it(city, monkeypatch):
    monkeypatch.setattr(at_once, "WAIT_SECONDS", 0.1)
    with model.ensure_engine().connect() as other:
        lock(other)
        began = time.monotonic()
        record_submissions([delivery(city["KES-1"])])
        assert time.monotonic() - began < 1
        assert (complete(), noted()) == (0, 1)
    assert waiting() == (["run"], True)
    touched.run()
    assert (complete(), noted()) == (1, 0)


def test_a_refresh_that_takes_too_long_is_left_to_the_job(city, monkeypatch):
    def slow(session, now, **_):
        session.execute(sa.text("SELECT pg_sleep(30)"))

    monkeypatch.setattr(at_once, "SECONDS", 0.3)
    monkeypatch.setattr(touched, "refresh", slow)
    began = time.monotonic()
    record_submissions([delivery(city["KES-1"])])
    assert time.monotonic() - began < 2
    assert (noted(), waiting()) == (1, (["run"], True))
    monkeypatch.setattr(touched, "refresh", refresh)
    # The connection that was too slow serves the next one without its limit.
    with model.ensure_engine().connect() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"
    touched.run()
    assert (complete(), noted()) == (1, 0)


def test_a_refresh_that_fails_is_nothing_to_whoever_delivers(city, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(touched, "refresh", fail)
    record_submissions([delivery(city["KES-1"])])
    assert (noted(), waiting()) == (1, (["run"], True))
    # Only a job that fails is a run that failed.
    assert call_action("satudata_completeness_status")["ok"] is True


def test_what_is_large_is_the_jobs_work(city, monkeypatch):
    monkeypatch.setattr(at_once, "MOST", 1)
    record_submissions([delivery(one) for one in city.values()])
    assert (complete(), noted(), waiting()) == (0, 2, (["run"], True))
    touched.run()
    assert (complete(), noted()) == (2, 0)


@pytest.mark.slow
def test_killed_between_commit_and_refresh_the_planned_job_counts_it(city, pytestconfig):
    process = subprocess.Popen(
        [sys.executable, "-c", DELIVERS, pytestconfig.option.ckan_ini, *city["KES-1"]],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any(line.startswith("tercatat") for line in process.stdout)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    assert (complete(), noted(), waiting()) == (0, 1, ([], True))
    touched.run_left()
    assert (complete(), noted()) == (1, 0)
