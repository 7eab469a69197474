"""Processes that are really killed: a period is old or new as a whole, and nothing acknowledged is lost."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import files, jobs, lifecycle
from ckanext.satudataserang.submission.model import Submission

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context"),
]

ROWS = 30_000
ROUNDS = 4

#: A portal that waits for orders on its standard input and carries each out in a process of its own.
PORTAL = """
import io, os, sys

from ckan.cli import load_config
from ckan.config.middleware import make_app

app = make_app(load_config(sys.argv[1]))

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.satudataserang.submission import datastore_seam, publishing
from werkzeug.datastructures import FileStorage


def deliver(user, kode):
    number = 0
    while True:
        number += 1
        body = f"kecamatan;penduduk\\nSerang;{os.getpid()}{number}\\n".encode() + b"Kasemen;1\\n" * 2000
        told = {"entry": kode, "period": str(2015 + number % 10), "upload": FileStorage(io.BytesIO(body), "data.csv")}
        done = tk.get_action("satudata_submission_create")({"user": user}, told)
        print("diterima", done["id"], done["file_sha256"], flush=True)


def carry_out(order, *arguments):
    with app._wsgi_app.test_request_context():
        if order == "terbitkan":
            publishing.publish(arguments[0])
        else:
            deliver(*arguments)


with app._wsgi_app.test_request_context():
    datastore_seam.write_engine().dispose()
model.Session.remove()
model.meta.engine.dispose()
print("siap", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        carry_out(*line.split())
        os._exit(0)
    print("mulai", child, flush=True)
    os.waitpid(child, 0)
    print("selesai", flush=True)
"""


class Portal:
    """The other process: `start` gives the id of the process that carries an order out, `said` what it says."""

    def __init__(self, ini: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PORTAL, ini], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.said("siap")

    def start(self, *order: str) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(order) + "\n")
        self.process.stdin.flush()
        return int(self.said("mulai")[-1].split()[1])

    def said(self, word: str) -> list[str]:
        """All lines up to the one that begins with a word."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.strip())
            if line.startswith(word):
                return lines
        pytest.fail(f"the portal ended: {lines[-3:]}")


@pytest.fixture
def portal(pytestconfig):
    started = Portal(pytestconfig.option.ckan_ini)
    yield started
    started.process.kill()
    started.process.wait()


@pytest.fixture
def approved(entry, public):
    """Make an approved delivery of many rows that all hold one number, for which publication was asked."""

    def make(number: int) -> str:
        content = b"kode_wilayah;penduduk\n" + b"".join(b"36.73.%05d;%d\n" % (row, number) for row in range(ROWS))
        stored, at = files.save_bytes(content), datetime.now(timezone.utc)
        row = Submission(
            id=make_uuid(),
            entry_id=entry.id,
            period="2025",
            origin="formulir",
            state="disetujui",
            delivered_at=at,
            valid=True,
            nil=False,
            filled_values=ROWS,
            zero_values=0,
            reasons=[],
            content_sha256=str(number),
            created_by="uji",
            note="",
            file_sha256=stored.sha256,
            file_size=stored.size,
            file_name="data.csv",
            publish_asked_at=at,
            attempts=0,
        )
        row.chain_id = row.id
        model.Session.add(row)
        model.Session.commit()
        return row.id

    return make


def numbers(resource_id: str) -> dict[int, int]:
    """How many rows of the period hold which number, as readers see it."""
    with seam.write_engine().connect() as connection:
        found = connection.execute(sa.text(f'SELECT penduduk, count(*) FROM "{resource_id}" GROUP BY 1'))
        return dict(found.tuples().all())


def state_of(submission_id: str) -> str | None:
    model.Session.rollback()
    return model.Session.scalar(sa.select(Submission.state).where(Submission.id == submission_id))


def kill(pid: int, portal: Portal) -> None:
    # It may have been done a moment earlier.
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    portal.said("selesai")


def finish() -> None:
    """The sweep, as soon as the database has noticed that the other process is gone."""
    deadline = time.monotonic() + 30
    while jobs.sweep()[1] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_wherever_publishing_is_killed_the_period_is_whole_and_the_sweep_finishes_it(portal, approved):
    first = approved(1)
    assert jobs.sweep() == (0, 1)
    resource_id = model.Session.get(Submission, first).resource_id
    began = time.monotonic()
    portal.start("terbitkan", approved(2))
    portal.said("selesai")
    usual, old = time.monotonic() - began, 2
    assert numbers(resource_id) == {old: ROWS}
    dice, killed = random.Random(20260301), 0
    for number in range(3, 3 + ROUNDS):
        submission_id = approved(number)
        pid = portal.start("terbitkan", submission_id)
        time.sleep(usual * dice.uniform(0.05, 0.7))
        kill(pid, portal)
        found = numbers(resource_id)
        assert found in ({old: ROWS}, {number: ROWS})
        if state_of(submission_id) == "terbit":
            assert found == {number: ROWS}
        else:
            killed += 1
            finish()
        assert (state_of(submission_id), numbers(resource_id)) == ("terbit", {number: ROWS})
        old = number
    assert killed


def test_killed_while_the_rows_are_being_replaced(portal, approved):
    first = approved(1)
    jobs.sweep()
    resource_id = model.Session.get(Submission, first).resource_id
    submission_id = approved(2)
    with seam.write_engine().connect() as holding:
        # Reading goes on, writing waits: the process stands in the middle of its transaction.
        holding.execute(sa.text(f'LOCK TABLE "{resource_id}" IN SHARE MODE'))
        pid = portal.start("terbitkan", submission_id)
        waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST(:name AS regclass)")
        deadline = time.monotonic() + 30
        while not holding.scalar(waits, {"name": f'"{resource_id}"'}):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        kill(pid, portal)
    assert (state_of(submission_id), numbers(resource_id)) == ("disetujui", {1: ROWS})
    finish()
    assert (state_of(submission_id), numbers(resource_id)) == ("terbit", {2: ROWS})


def test_killed_between_the_table_and_the_mark(portal, approved, entry):
    first = approved(1)
    jobs.sweep()
    resource_id = model.Session.get(Submission, first).resource_id
    submission_id = approved(2)
    # Whoever holds the cell keeps the mark waiting; the table does not know of it.
    lifecycle.lock(entry.id, "2025")
    pid = portal.start("terbitkan", submission_id)
    deadline = time.monotonic() + 30
    while numbers(resource_id) != {2: ROWS}:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    kill(pid, portal)
    model.Session.rollback()
    assert state_of(submission_id) == "disetujui"
    finish()
    assert (state_of(submission_id), numbers(resource_id)) == ("terbit", {2: ROWS})
    standing = sa.select(Submission.id).where(Submission.state == "terbit", Submission.superseded_by.is_(None))
    assert model.Session.scalars(standing).all() == [submission_id]


def test_no_acknowledged_file_is_lost(portal, cast, entry):
    dice, acknowledged = random.Random(7), {}
    for _round in range(ROUNDS):
        pid = portal.start("kirim", cast.produsen, entry.kode)
        said = portal.said("diterima")
        time.sleep(dice.uniform(0.0, 0.4))
        os.kill(pid, signal.SIGKILL)
        said += portal.said("selesai")
        acknowledged |= dict(line.split()[1:] for line in said if line.startswith("diterima ") and line.count(" ") == 2)
    model.Session.rollback()
    rows = dict(model.Session.execute(sa.select(Submission.id, Submission.file_sha256)).tuples().all())
    assert len(acknowledged) >= ROUNDS
    for submission_id, sha256 in acknowledged.items():
        assert rows[submission_id] == sha256
    for sha256 in rows.values():
        assert hashlib.sha256(files.path_of(sha256).read_bytes()).hexdigest() == sha256


def test_files_that_nobody_names_are_removed_after_a_while(kept):
    stored = files.save_bytes(b"a;b\n1;2\n")
    assert jobs.prune() == 0
    old = time.time() - 3 * 86_400
    for path in (files.path_of(stored.sha256), kept / ".masuk-lama"):
        path.touch()
        os.utime(path, (old, old))
    assert jobs.prune() == 2
    assert not files.path_of(stored.sha256).exists()
    assert tk.config["ckan.storage_path"]


@pytest.mark.usefixtures("clean_facts")
def test_a_file_delivered_while_old_ones_are_removed_stays(monkeypatch):
    kept = files.save_bytes(b"a;b\n3;4\n").sha256
    os.utime(files.path_of(kept), (time.time() - 3 * 86_400,) * 2)

    def delivered_again():
        files.save_bytes(b"a;b\n3;4\n")
        return iter(())

    monkeypatch.setattr(files, "leftovers", delivered_again)
    assert jobs.prune() == 0
    assert files.path_of(kept).is_file()
