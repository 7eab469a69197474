"""The portal's own processes killed in the middle of a publication: a gunicorn worker, an rq worker and its job.

Both are started as they are served, on the suite's own site, and killed by SIGKILL: at chosen moments, where a lock
makes them stand still, and at random ones. Whoever reads meanwhile sees the old period or the new one, whole; the sweep
finishes what was asked for; and the dashboard says what counting everything anew says.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.model.types import make_uuid
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness import touched
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import files, jobs, lifecycle, queue
from ckanext.satudataserang.submission.model import Submission

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context"),
]

ROOT = Path(__file__).resolve().parents[2]
PERIOD, ROWS = "2025", 30_000
#: Seconds: a machine with much else to do is slow, not broken.
PATIENCE = 120

#: Where a publication is when its process is killed, see `Publication.caught`; some are certain to interrupt it.
MOMENTS = ("acak", "tabel", "acak", "tanda")
CERTAIN = 2
LAST = len(MOMENTS) + 2
WORKERS = 2

#: The process whose connection holds the right to publish for an entry: the port it comes from.
PUBLISHER = """
    SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(:key, 0)
"""


def until(wanted: Callable[[], Any], what: str) -> Any:
    """Wait until something is so."""
    ends = time.monotonic() + PATIENCE
    while not (found := wanted()):
        assert time.monotonic() < ends, what
        time.sleep(0.01)
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one whose parent has not looked yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def sockets(pid: int) -> set[str]:
    """The sockets that a process holds, by inode."""
    found = set()
    with suppress(FileNotFoundError):
        for held in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(held.readlink()))
    return found


def socket_from(port: int) -> str:
    """The socket of a connection that comes from a port of this machine."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            return f"socket:[{fields[9]}]"
    return ""


def kill(pid: int) -> None:
    """SIGKILL, to a process that may have ended a moment ago."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Publication:
    """One entry's period: deliveries that each hold one number in every row, and what readers see of them."""

    def __init__(self, entry) -> None:
        self.entry_id, self.dice, self.interrupted = entry.id, random.Random(20260301), 0
        jobs.publish(self.approved(1, asked=True))
        self.old, submission_id = 1, self.approved(2, asked=True)
        begun = time.monotonic()
        jobs.publish(submission_id)
        self.usual, self.old = time.monotonic() - begun, 2
        model.Session.rollback()
        self.resource_id = model.Session.scalar(sa.select(Submission.resource_id).where(Submission.id == submission_id))
        assert self.resource_id
        assert self.seen() == (ROWS, 2, 2)

    def approved(self, number: int, *, asked: bool) -> str:
        """An approved delivery; `asked`: whose publication was asked for."""
        content = b"kode_wilayah;penduduk\n" + b"".join(b"36.73.%05d;%d\n" % (row, number) for row in range(ROWS))
        stored, at = files.save_bytes(content), datetime.now(timezone.utc)
        row = Submission(
            id=make_uuid(),
            entry_id=self.entry_id,
            period=PERIOD,
            origin="formulir",
            state="disetujui",
            delivered_at=at,
            valid=True,
            nil=False,
            expected_values=6,
            filled_values=6,
            zero_values=0,
            reasons=[],
            content_sha256=str(number),
            created_by="uji",
            note="",
            file_sha256=stored.sha256,
            file_size=stored.size,
            file_name="data.csv",
            publish_asked_at=at if asked else None,
            attempts=0,
        )
        row.chain_id = row.id
        model.Session.add(row)
        model.Session.commit()
        return row.id

    def seen(self) -> tuple[int, int, int]:
        """What somebody who reads the period sees: how many rows, the least and the greatest number in them."""
        query = f"SELECT count(*), min(penduduk), max(penduduk) FROM \"{self.resource_id}\" WHERE periode = '{PERIOD}'"
        with seam.write_engine().connect() as connection:
            count, least, most = connection.execute(sa.text(query)).one()
        return count, least, most

    @contextmanager
    def being_read(self, number: int) -> Iterator[None]:
        """Read the period all the while: it is the old or the new one, whole, whatever happens."""
        stop, seen, old = threading.Event(), set(), self.old

        def look() -> None:
            while not stop.is_set():
                seen.add(self.seen())
                time.sleep(0.02)

        reader = threading.Thread(target=look)
        reader.start()
        try:
            yield
        finally:
            stop.set()
            reader.join()
        assert seen <= {(ROWS, old, old), (ROWS, number, number)}
        assert seen

    def publisher(self, candidates: Callable[[], list[int]]) -> int:
        """Which of some processes is publishing now; waits for it."""

        def find() -> int:
            with model.ensure_engine().connect() as connection:
                key = {"key": f"satudata_load:terbit:{self.entry_id}"}
                port = connection.scalar(sa.text(PUBLISHER), key)
            held = socket_from(port) if port else ""
            return next((pid for pid in candidates() if held and held in sockets(pid)), 0)

        return until(find, "nobody publishes")

    @contextmanager
    def caught(self, where: str, ask: Callable[[], object], candidates: Callable[[], list[int]]) -> Iterator[int]:
        """Ask for a publication and catch the process that carries it out: the id of the process, at a moment.

        :param where: ``tabel``: its transaction waits to replace the rows; ``tanda``: the rows are replaced and the
            delivery is not marked; ``acak``: some time after it has begun
        """
        waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST(:name AS regclass)")
        name = {"name": f'"{self.resource_id}"'}
        with seam.write_engine().connect() as holding:
            # Reading goes on, writing waits: nobody is through before it was seen who it is.
            holding.execute(sa.text(f'LOCK TABLE "{self.resource_id}" IN SHARE MODE'))
            ask()
            pid = self.publisher(candidates)
            if where == "tabel":
                until(lambda: holding.scalar(waits, name), "the rows are not being replaced")
                yield pid
                return
            if where == "tanda":
                # Whoever holds the cell keeps the mark waiting; the table does not know of it.
                lifecycle.lock(self.entry_id, PERIOD)
            old = (ROWS, self.old, self.old)
        if where == "tanda":
            until(lambda: self.seen() != old, "the rows were not replaced")
        else:
            time.sleep(self.usual * self.dice.uniform(0.0, 0.9))
        yield pid
        model.Session.rollback()

    def state(self, submission_id: str) -> str | None:
        model.Session.rollback()
        return model.Session.scalar(sa.select(Submission.state).where(Submission.id == submission_id))

    def finished(self, submission_id: str, number: int) -> None:
        """The sweep finishes it, as soon as the database has noticed that the other process is gone."""
        self.interrupted += self.state(submission_id) != "terbit"
        until(lambda: jobs.sweep() and self.state(submission_id) == "terbit", "the sweep did not finish it")
        assert self.seen() == (ROWS, number, number)
        self.old = number

    def agrees(self) -> None:
        """Once what is left is refreshed, the dashboard says what counting everything anew says."""
        touched.run_left()
        before = self._figures()
        call_action("satudata_completeness_refresh", everything=True)
        assert self._figures() == before
        cell = next(one for one in before["results"] if one["period"] == PERIOD)
        assert (cell["complete"], cell["valid"], cell["filled_values"]) == (True, True, 6)

    def _figures(self) -> dict:
        told = call_action("satudata_completeness_show", year=int(PERIOD))["city"]
        cells = call_action("satudata_cell_list", entry=self.entry_id, limit=100)
        return {"measures": told["measures"], "results": cells["results"]}


@pytest.fixture
def publication(entry, public):
    call_action("satudata_completeness_refresh", everything=True)
    return Publication(entry)


@contextmanager
def started(*command: str, log: Path, **environment: str) -> Iterator[subprocess.Popen]:
    """A process with everything that it starts, gone afterwards."""
    bin_ = str(Path(sys.executable).parent)
    env = {**os.environ, "LANG": "C.UTF-8", "PATH": f"{bin_}:{os.environ.get('PATH', '')}", **environment}
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def web(pytestconfig, tmp_path):
    """A gunicorn with two workers on the suite's site: its address, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", "4", "--timeout", "300"),
        *("--worker-tmp-dir", str(tmp_path), "--no-control-socket"),
        *("--pythonpath", str(ROOT / "config"), "wsgi:application"),
    )
    ini = str(Path(pytestconfig.option.ckan_ini).resolve())
    with started(*command, log=tmp_path / "web.log", CKAN_INI=ini) as process:
        yield f"http://127.0.0.1:{port}", process


@pytest.fixture
def worker(pytestconfig, tmp_path):
    """Return a function that starts a worker of the job queue, as it is served, and gives its process."""
    ini = str(Path(pytestconfig.option.ckan_ini).resolve())
    command = (str(Path(sys.executable).parent / "ckan"), "-c", ini, "jobs", "worker", queue.QUEUE)
    with started(*command, log=tmp_path / "worker.log") as process:
        yield process


def asked(address: str, token: str, submission_id: str) -> threading.Thread:
    """Ask the portal to publish, from a thread that may lose whoever would answer."""

    def ask() -> None:
        body = f'{{"id": "{submission_id}", "to": "terbit"}}'.encode()
        headers = {"Authorization": token, "Content-Type": "application/json"}
        call = urllib.request.Request(f"{address}/api/3/action/satudata_submission_transition", body, headers)
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                urllib.request.urlopen(call, timeout=PATIENCE).close()
            except urllib.error.URLError as problem:
                # Not there yet: the portal starts. Anything else is the answer, or its loss.
                if isinstance(problem.reason, ConnectionRefusedError):
                    time.sleep(0.2)
                    continue
            except OSError:
                pass
            return

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_web_process_killed_while_it_publishes(publication, web, cast):
    address, process = web
    token = factories.APIToken(user=cast.walidata)["token"]
    for number, where in enumerate(MOMENTS, start=3):
        submission_id, requests = publication.approved(number, asked=False), []
        with publication.being_read(number):
            ask = lambda one=submission_id, sent=requests: sent.append(asked(address, token, one))  # noqa: E731
            with publication.caught(where, ask, lambda: children(process.pid)) as pid:
                kill(pid)
                until(lambda pid=pid: pid not in children(process.pid), "it lives")
            requests[0].join()
            publication.finished(submission_id, number)
    assert publication.interrupted >= CERTAIN
    # The master has brought others up in their places.
    until(lambda: len(children(process.pid)) == WORKERS, "the master did not bring them back")
    publication.agrees()


def test_a_worker_killed_while_it_publishes(publication, worker):
    for number, where in enumerate(MOMENTS, start=3):
        submission_id = publication.approved(number, asked=True)
        with publication.being_read(number):
            ask = lambda one=submission_id: queue.enqueue(jobs.publish, one, f"Terbitkan {one}")  # noqa: E731
            # The worker gives each job a process of its own.
            with publication.caught(where, ask, lambda: children(worker.pid)) as pid:
                if number == LAST:
                    kill(worker.pid)
                    worker.wait(PATIENCE)
                kill(pid)
                until(lambda pid=pid: is_gone(pid), "it lives")
            publication.finished(submission_id, number)
    assert worker.returncode == -signal.SIGKILL
    assert publication.interrupted >= CERTAIN
    publication.agrees()
