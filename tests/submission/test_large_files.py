"""A file that is checked by a job: what is noted meanwhile outlives a reload, and a killed worker is made up for."""

from __future__ import annotations

import io
import signal
import subprocess
import sys

import pytest
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.submission import config, jobs
from ckanext.satudataserang.submission.model import Submission

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context")

ROWS = 20_000
#: A worker that tells when it has noted some progress, and then takes its time; or one that tells what it needed.
WORKER = """
import resource, sys, time
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))
from ckanext.satudataserang.submission import jobs, progress
progress._EVERY_SECONDS = 0
original = progress.of

def slow(submission_id):
    note = original(submission_id)
    def noted(share):
        note(share)
        if share > 0.4:
            print("tengah", flush=True)
            time.sleep(60)
    return noted

if sys.argv[3] == "lambat":
    jobs.progress.of = slow
with app._wsgi_app.test_request_context():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    jobs.check(sys.argv[2])
    print("memori", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, flush=True)
"""


def content(rows):
    lines = (f"36.73.{row:06d};{row};{row % 97},5;keterangan baris {row}\n" for row in range(rows))
    return ("kode_wilayah;penduduk;luas;keterangan\n" + "".join(lines)).encode()


def row_of(submission_id):
    model.Session.rollback()
    return model.Session.get(Submission, submission_id, populate_existing=True)


def worker(ini, submission_id, way):
    command = [sys.executable, "-c", WORKER, ini, submission_id, way]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def large(monkeypatch):
    """Every file is a large one."""
    monkeypatch.setitem(tk.config, config.AT_ONCE_MB, 0)


@pytest.mark.slow
@pytest.mark.parametrize("submit", [False, True])
def test_progress_outlives_a_killed_worker_and_the_sweep_goes_on(deliver, act, cast, large, pytestconfig, submit):
    upload = FileStorage(io.BytesIO(content(ROWS)), filename="besar.csv")
    made = deliver(upload=upload, submit=submit)
    state = "diajukan" if submit else "draf"
    assert (made["state"], made["progress"]) == (state, 0)
    process = worker(pytestconfig.option.ckan_ini, made["id"], "lambat")
    try:
        assert process.stdout is not None
        assert any(line.strip() == "tengah" for line in process.stdout)
        model.Session.rollback()
        shown = act(cast.produsen, "submission_show", id=made["id"])
        assert 0 < shown["progress"] < 100
        form = act(cast.produsen, "submission_form", entry="DD-1", period="2025")
        assert form["open" if submit else "draft"]["progress"] == shown["progress"]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert row_of(made["id"]).state == state
    assert jobs.sweep()[0] == 1
    row = row_of(made["id"])
    assert (row.state, row.progress) == ("menunggu_pemeriksaan" if submit else "draf", None)
    assert (row.valid, row.filled_values) == (True, 2 * ROWS)
    assert jobs.sweep()[0] == 0


@pytest.mark.slow
def test_fifty_megabytes_need_little_memory(deliver, large, pytestconfig):
    body = content(1_150_000)
    assert len(body) > 50_000_000
    made = deliver(upload=FileStorage(io.BytesIO(body), filename="besar.csv"))
    process = worker(pytestconfig.option.ckan_ini, made["id"], "")
    said, _err = process.communicate(timeout=240)
    needed = next(int(line.split()[1]) for line in said.splitlines() if line.startswith("memori"))
    assert row_of(made["id"]).state == "menunggu_pemeriksaan"
    assert needed < 450, f"{needed} MB"
