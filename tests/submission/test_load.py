"""From an upload to a table and its facts, through CKAN's own actions and the job."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.submission import (
    config,
    due,
    full_text,
    job,
    loading,
    passing,
    queue,
    requests,
    store,
    streams,
)
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import jobs as jobs_of_deliveries
from ckanext.satudataserang.submission.model import Load, Submission

from tests.core.checks.documents import document

from .samples import CSV

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context")


def state(resource):
    model.Session.expire_all()
    return model.Session.get(Load, resource["id"])


def run(resource):
    job.load(resource["id"])
    return state(resource)


def table(resource, **options):
    return tk.get_action("datastore_search")(
        {"ignore_auth": True}, {"resource_id": resource["id"], "sort": "_id", **options}
    )


def deliveries():
    query = sa.select(Submission).where(Submission.superseded_by.is_(None)).order_by(Submission.period)
    return list(model.Session.scalars(query))


def jobs():
    return [each["title"] for each in tk.get_action("job_list")({"ignore_auth": True}, {"queues": [queue.QUEUE]})]


def test_an_upload_becomes_a_table_with_a_preview(draft, upload):
    resource = upload(draft())
    assert state(resource).state == "antre"
    assert f"Muat {resource['id']}" in jobs()
    assert run(resource).state == "selesai"
    found = table(resource)
    assert [field["type"] for field in found["fields"]] == ["int", "text", "text", "int8", "int8"]
    first = found["records"][0]
    assert (first["kode_wilayah"], first["penduduk"]) == ("36.73.01", 10)
    assert table(resource, q="kasemen")["total"] == 1
    shown = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource["id"]})
    assert shown["datastore_active"] is True
    views = tk.get_action("resource_view_list")({"ignore_auth": True}, {"id": resource["id"]})
    assert "datatables_view" in [view["view_type"] for view in views]


def test_the_data_dictionary_keeps_the_titles(draft, upload):
    resource = upload(draft(), "Jumlah Penduduk (Jiwa);Tahun\n1;2015\n")
    run(resource)
    info = tk.get_action("datastore_info")({"ignore_auth": True}, {"id": resource["id"]})
    assert info["fields"][0]["id"] == "jumlah_penduduk_jiwa"
    assert info["fields"][0]["info"]["label"] == "Jumlah Penduduk (Jiwa)"


def test_without_a_plan_entry_it_is_outside_the_daftar_data(draft, upload):
    dataset = draft()
    run(upload(dataset))
    assert [(row.entry_id, row.dataset_id, row.period) for row in deliveries()] == [
        (None, dataset["id"], "2015"),
        (None, dataset["id"], "2016"),
    ]
    assert [(row.expected_values, row.filled_values, row.valid) for row in deliveries()] == [(2, 2, True), (1, 1, True)]


def test_a_delivery_for_its_plan_entry(draft, upload, entry, opd):
    run(upload(draft(daftar_data_kode="DD-1")))
    first = deliveries()[0]
    assert (first.entry_id, first.period, first.expected_values, first.filled_values) == (entry.id, "2015", 6, 2)
    assert (first.origin, first.state, first.created_by) == ("unggahan", "menunggu_pemeriksaan", opd[1]["id"])


def test_each_period_of_a_file_expects_what_was_agreed_for_it(draft, upload, entry, opd):
    walidata = factories.Sysadmin()
    context = {"user": walidata["name"], "ignore_auth": True}
    tk.get_action("satudata_plan_entry_update")(context, {"id": entry.id, "expected_values": 40})
    year = due.today().year
    run(upload(draft(daftar_data_kode="DD-1"), CSV.replace("2016", str(year))))
    assert [(row.period, row.expected_values) for row in deliveries()] == [("2015", 6), (str(year), 40)]


@pytest.mark.parametrize(("kode", "code"), [("DD-1", "kode-opd-lain"), ("XX", "kode-daftar-data")])
def test_a_foreign_or_unknown_code_fills_nothing_of_the_plan(draft, upload, entry, kode, code):
    entry.opd_id = factories.Organization()["id"]
    model.Session.commit()
    done = run(upload(draft(daftar_data_kode=kode)))
    assert code in done.totals
    assert {row.entry_id for row in deliveries()} == {None}


def test_a_file_with_rows_of_other_widths_is_not_taken_in(draft, upload):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    with pytest.raises(tk.ValidationError) as refused:
        upload(dataset, CSV + "36.73.03;Curug;2016;1;2\n36.73.04;Taktakan;2016;1;2\n", replaces=resource)
    assert "baris 5" in refused.value.error_dict["upload"][0].lower()
    assert state(resource).state == "selesai"
    assert table(resource)["total"] == 3


def test_a_failed_load_leaves_the_old_table_and_says_where(draft, upload, entry, opd):
    dataset = draft(daftar_data_kode="DD-1")
    resource = upload(dataset, "kecamatan;penduduk\nSerang;5\n", periode="2015")
    run(resource)
    upload(dataset, "kecamatan;penduduk\nSerang;0\nCurug;0\n", replaces=resource, periode="2015")
    done = run(resource)
    assert (done.state, "semua-nol" in done.totals) == ("gagal", True)
    assert table(resource)["total"] == 1
    (row,) = deliveries()
    assert (row.entry_id, row.period, row.state, row.valid) == (entry.id, "2015", "tidak_valid", False)
    assert "semua-nol" in row.reasons


def test_a_replaced_file_replaces_the_table_and_its_deliveries(draft, upload):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2015", "2014"), replaces=resource)
    run(resource)
    assert {row["tahun"] for row in table(resource)["records"]} == {2014, 2016}
    assert [(row.period, row.state) for row in deliveries()] == [
        ("2014", "terbit"),
        ("2015", "ditarik"),
        ("2016", "terbit"),
    ]


def test_changing_the_dataset_alone_loads_nothing(draft, upload, opd):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    context = {"user": opd[1]["name"]}
    tk.get_action("package_patch")(context, {"id": dataset["id"], "title": "Judul lain"})
    tk.get_action("resource_patch")({"user": opd[1]["name"]}, {"id": resource["id"], "description": "Baru"})
    assert state(resource).state == "selesai"


def test_an_edit_that_did_not_know_of_the_table_does_not_hide_it(draft, upload, opd):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    before = [row.id for row in deliveries()]
    resources = [{**resource, "datastore_active": False, "description": "Baru"}]
    tk.get_action("package_patch")({"user": opd[1]["name"]}, {"id": dataset["id"], "resources": resources})
    assert run(resource).state == "selesai"
    assert tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource["id"]})["datastore_active"] is True
    assert [row.id for row in deliveries()] == before


def test_naming_the_plan_entry_later_moves_the_deliveries(draft, upload, entry, opd):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    tk.get_action("package_patch")({"user": opd[1]["name"]}, {"id": dataset["id"], "daftar_data_kode": "DD-1"})
    assert state(resource).state == "antre"
    run(resource)
    standing = {(row.entry_id, row.period): row.state for row in deliveries()}
    assert standing == {
        (entry.id, "2015"): "menunggu_pemeriksaan",
        (entry.id, "2016"): "menunggu_pemeriksaan",
        (None, "2015"): "ditarik",
        (None, "2016"): "ditarik",
    }


@pytest.mark.parametrize("when", ["never", "before", "meanwhile"])
def test_a_known_file_is_only_counted_where_its_table_stands(draft, upload, opd, monkeypatch, when):
    dataset = draft()
    resource = upload(dataset)
    assert run(resource).rows == 3
    written, opened = [], loading.direct.opened
    monkeypatch.setattr(
        loading, "replace_table", lambda *args, **more: written.append(args[0]) or store.replace_table(*args, **more)
    )

    def drop():
        with seam.write_engine().begin() as connection:
            connection.execute(sa.text(f'DROP TABLE "{resource["id"]}"'))

    @contextmanager
    def checked(*args, **more):
        with opened(*args, **more) as found:
            if when == "meanwhile":
                drop()
            yield found

    monkeypatch.setattr(loading.direct, "opened", checked)
    if when == "before":
        drop()
    requests.note(dataset["id"], {resource["id"]: "lain"}, requested_by=opd[1]["id"], origin="unggahan")
    model.Session.commit()
    assert run(resource).rows == 3
    assert written == ([] if when == "never" else [resource["id"]])
    assert table(resource)["total"] == 3


@pytest.mark.parametrize("hindered", [True, False])
def test_an_old_file_that_comes_back_is_not_taken_for_what_was_written_meanwhile(draft, upload, monkeypatch, hindered):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2016", "2017"), replaces=resource)

    def written(*args, **more):
        monkeypatch.undo()
        outcome = store.replace_table(*args, **more)
        upload(dataset, CSV, replaces=resource)
        if hindered:
            raise KeyboardInterrupt
        return outcome

    monkeypatch.setattr(loading, "replace_table", written)
    with suppress(KeyboardInterrupt):
        run(resource)
    run(resource)
    assert state(resource).state == "selesai"
    assert {row["tahun"] for row in table(resource)["records"]} == {2015, 2016}


def test_loading_again_changes_no_facts(draft, upload, opd):
    resource = upload(draft())
    run(resource)
    before = [row.id for row in deliveries()]
    shown = tk.get_action("satudata_load_submit")({"user": opd[1]["name"]}, {"id": resource["id"]})
    assert shown["state"] == "antre"
    assert run(resource).state == "selesai"
    assert [row.id for row in deliveries()] == before


def test_a_deleted_resource_withdraws_what_it_delivered(draft, upload, opd):
    resource = upload(draft())
    run(resource)
    tk.get_action("resource_delete")({"user": opd[1]["name"]}, {"id": resource["id"]})
    job.load(resource["id"])
    assert state(resource) is None
    assert {row.state for row in deliveries()} == {"ditarik"}


def test_what_calls_itself_csv_and_is_none_is_refused(draft, upload):
    with pytest.raises(tk.ValidationError, match=r"rusak|bukan"):
        upload(draft(), b"PK\x03\x04\x14\x00\x06\x00" + b"\0" * 100)


def test_a_file_too_large_is_refused(draft, upload, monkeypatch):
    resource = upload(draft())
    monkeypatch.setitem(tk.config, config.MAX_SIZE_MB, 0)
    with pytest.raises(tk.ValidationError, match="lebih besar dari 0 MB"):
        upload(draft())
    assert "berkas-terlalu-besar" in run(resource).totals


def test_other_formats_are_left_alone(draft, upload):
    resource = upload(draft(), document("Laporan"), name="laporan.pdf", format="PDF")
    assert state(resource) is None


def test_zeros_alone_are_not_filled(draft, upload):
    run(upload(draft(), "tahun;nilai\n2015;0\n"))
    (row,) = deliveries()
    assert (row.valid, row.state, row.filled_values, row.zero_values) == (False, "tidak_valid", 0, 1)
    assert "semua-nol" in row.reasons


def test_formulas_and_markup_are_data(draft, upload):
    resource = upload(draft(), 'nama;n\n=HYPERLINK("http://x");1\n<script>alert(1)</script>;2\n')
    assert run(resource).state == "selesai"
    names = [row["nama"] for row in table(resource)["records"]]
    assert names == ['=HYPERLINK("http://x")', "<script>alert(1)</script>"]


def test_the_resources_own_period_counts(draft, upload):
    run(upload(draft(), "nama;n\na;1\n", periode="2015"))
    assert [row.period for row in deliveries()] == ["2015"]


def test_without_any_period_the_table_loads_but_does_not_count(draft, upload):
    done = run(upload(draft(), "nama;n\na;1\n"))
    assert (done.state, "tanpa-periode" in done.totals) == ("selesai", True)
    assert deliveries() == []


def test_without_redis_the_file_waits_and_is_found_again(draft, upload, monkeypatch):
    from redis.exceptions import ConnectionError as RedisConnectionError

    def away(*_args, **_kwargs):
        raise RedisConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("ckan.lib.jobs.connect_to_redis", away)
        patch.setattr("ckan.lib.jobs._queues", {})
        resource = upload(draft())
    assert state(resource).state == "antre"
    assert f"Muat {resource['id']}" not in jobs()
    assert queue.sweep() == [resource["id"]]
    assert f"Muat {resource['id']}" in jobs()


def test_nudging_twice_leaves_one_job(draft, upload):
    resource = upload(draft())
    queue.nudge([resource["id"]])
    queue.sweep()
    assert jobs().count(f"Muat {resource['id']}") == 1


WORKER = """
import csv, sys, time
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))
from ckanext.satudataserang.submission import job, loading
original = loading.replace_table

def slow(resource_id, columns, file, **options):
    def dripping():
        for number, row in enumerate(csv.reader(file.path.open(encoding="utf-8"))):
            if number == 2:
                print("tengah", flush=True)
                time.sleep(60)
            yield row
    return original(resource_id, columns, dripping(), **options)

loading.replace_table = slow
with app._wsgi_app.test_request_context():
    job.load(sys.argv[2])
"""


def test_a_worker_killed_half_way_is_found_out_and_made_up_for(draft, upload, pytestconfig):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2016", "2017"), replaces=resource)
    command = [sys.executable, "-c", WORKER, pytestconfig.option.ckan_ini, resource["id"]]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert any(line.strip() == "tengah" for line in worker.stdout)
        assert state(resource).state == "memuat"
        # Alive, it is left alone.
        assert queue.sweep() == []
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert {row["tahun"] for row in table(resource)["records"]} == {2015, 2016}
    deadline = time.monotonic() + 20
    while not queue.sweep():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert run(resource).state == "selesai"
    assert {row["tahun"] for row in table(resource)["records"]} == {2015, 2017}


def test_a_load_that_keeps_killing_its_worker_is_given_up(draft, upload):
    resource = upload(draft())
    model.Session.execute(sa.update(Load).values(attempts=queue.MAX_ATTEMPTS))
    model.Session.commit()
    done = run(resource)
    assert (done.state, list(done.totals)) == ("gagal", ["pemuatan-terhenti"])


@contextmanager
def in_use(resource, monkeypatch):
    """A reader holds the resource's table in an open transaction; a load waits for it a moment only."""
    monkeypatch.setattr(streams, "LOCK_TIMEOUT", "100ms")
    with seam.write_engine().connect() as reader:
        reader.execute(sa.text(f'SELECT count(*) FROM "{resource["id"]}"'))
        yield


def elapse(resource, **columns):
    model.Session.execute(sa.update(Load).where(Load.resource_id == resource["id"]).values(**columns))
    model.Session.commit()


def test_a_table_in_use_is_loaded_later_by_itself(draft, upload, monkeypatch):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2016", "2017"), replaces=resource)
    began = datetime.now(timezone.utc)
    with in_use(resource, monkeypatch):
        waiting = run(resource)
        assert (waiting.state, waiting.totals, waiting.attempts) == ("antre", {"tabel-sedang-dipakai": 1}, 0)
        assert waiting.retry_at - began >= timedelta(minutes=5)
        # Before its time nobody touches it, however often somebody looks.
        assert queue.sweep() == []
        assert run(resource).retry_at == waiting.retry_at
        # Something looks again.
        assert "satudata-load-sweep" in tk.get_job_queue(queue.QUEUE).scheduled_job_registry.get_job_ids()
        first = waiting.hindered_since
        elapse(resource, retry_at=began, hindered_since=first - timedelta(minutes=20))
        again = run(resource)
        assert again.retry_at - datetime.now(timezone.utc) > timedelta(minutes=19)
    assert {row["tahun"] for row in table(resource)["records"]} == {2015, 2016}
    elapse(resource, retry_at=began)
    assert queue.sweep() == [resource["id"]]
    done = run(resource)
    assert (done.state, done.retry_at, done.hindered_since, done.totals) == ("selesai", None, None, {})
    assert {row["tahun"] for row in table(resource)["records"]} == {2015, 2017}
    assert [(row.period, row.state) for row in deliveries()] == [
        ("2015", "terbit"),
        ("2016", "ditarik"),
        ("2017", "terbit"),
    ]


def planned_sweep():
    """The next look at what is left, which is taken away; None where nobody looks again."""
    jobs_to_come = tk.get_job_queue(queue.QUEUE).scheduled_job_registry
    if "satudata-load-sweep" not in jobs_to_come.get_job_ids():
        return None
    planned = tk.job_from_id("satudata-load-sweep")
    jobs_to_come.remove(planned, delete_job=True)
    return planned


def test_a_table_in_use_gets_its_full_text_by_itself(draft, upload, monkeypatch):
    monkeypatch.setattr(full_text, "AT_ONCE_ROWS", 0)
    resource = upload(draft())
    assert run(resource).state == "selesai"
    # What is looked through there may be as large as any load.
    assert planned_sweep().timeout == config.timeout()
    with in_use(resource, monkeypatch):
        assert queue.sweep() == []
        assert full_text.waiting() == [resource["id"]]
        assert planned_sweep() is not None
    assert queue.sweep() == []
    assert full_text.waiting() == []
    assert planned_sweep() is None


def test_what_cannot_be_done_keeps_no_load_waiting(draft, upload, deliver, monkeypatch):
    monkeypatch.setitem(tk.config, config.AT_ONCE_MB, 0)
    sent = deliver()
    resource = upload(draft())
    planned_sweep()

    def broken(*_said):
        message = "gangguan"
        raise RuntimeError(message)

    monkeypatch.setattr(jobs_of_deliveries.lifecycle, "check", broken)
    with seam.write_engine().begin() as connection:
        connection.execute(sa.text("CREATE TABLE asing (a text, _full_text tsvector)"))
    try:
        assert queue.sweep() == [resource["id"]]
    finally:
        with seam.write_engine().begin() as connection:
            connection.execute(sa.text("DROP TABLE asing"))
    assert planned_sweep() is not None
    monkeypatch.undo()
    assert queue.sweep() == [resource["id"]]
    assert model.Session.get(Submission, sent["id"], populate_existing=True).state == "menunggu_pemeriksaan"


def test_after_a_day_a_person_is_asked(draft, upload, monkeypatch):
    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2016", "2017"), replaces=resource)
    with in_use(resource, monkeypatch):
        run(resource)
        day = passing.PATIENCE
        elapse(resource, retry_at=None, hindered_since=datetime.now(timezone.utc) - day)
        done = run(resource)
        assert (done.state, done.totals) == ("gagal", {"tabel-sedang-dipakai": 1})
        assert "24 jam" in done.findings[0]["message"]
        assert "Muat ulang" in done.findings[0]["advice"]
    asked = tk.get_action("satudata_load_submit")({"ignore_auth": True, "user": ""}, {"id": resource["id"]})
    assert (asked["state"], asked["retry_at"]) == ("antre", None)
    assert run(resource).state == "selesai"


def test_a_person_need_not_wait_for_the_next_time(draft, upload, monkeypatch, cli):
    from ckan.cli.cli import ckan

    dataset = draft()
    resource = upload(dataset)
    run(resource)
    upload(dataset, CSV.replace("2016", "2017"), replaces=resource)
    with in_use(resource, monkeypatch):
        assert run(resource).retry_at is not None
    assert "1 berkas diantrekan" in cli.invoke(ckan, ["satudata", "load", "retry"]).output
    assert run(resource).state == "selesai"


def test_a_database_that_went_away_is_no_fault_of_the_file(draft, upload, monkeypatch):
    resource = upload(draft())
    original = loading.replace_table

    def cut_off(*args, **options):
        with seam.write_engine().begin() as connection:
            pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
            with seam.write_engine().connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            return original(*args, connection=connection, **options)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "replace_table", cut_off)
        waiting = run(resource)
    assert (waiting.state, waiting.totals, waiting.rows) == ("antre", {"layanan-terganggu": 1}, None)
    elapse(resource, retry_at=datetime.now(timezone.utc))
    assert run(resource).state == "selesai"


def test_waits_grow_and_end():
    began = datetime(2026, 1, 1, tzinfo=timezone.utc)
    now, waits = began, []
    while again := passing.next_try(began, now):
        waits.append((again - now) // timedelta(minutes=1))
        now = again
    assert waits[:5] == [5, 5, 10, 20, 40]
    assert set(waits[5:]) == {60}
    assert timedelta(hours=24) <= now - began < timedelta(hours=25)


def test_who_may_see_and_reload(draft, upload):
    resource = upload(draft())
    stranger = factories.User()
    for action in ("satudata_load_show", "satudata_load_submit"):
        with pytest.raises(tk.NotAuthorized):
            tk.check_access(action, {"user": stranger["name"]}, {"id": resource["id"]})
    with pytest.raises(tk.NotAuthorized):
        tk.check_access("satudata_load_submit", {"user": ""}, {"id": resource["id"]})


def test_the_file_of_a_deleted_dataset_is_not_there_to_be_loaded(draft, upload):
    dataset = draft()
    resource = upload(dataset)
    site = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    tk.get_action("package_delete")(dict(site), {"id": dataset["id"]})
    with pytest.raises(tk.ObjectNotFound):
        tk.get_action("satudata_load_submit")(dict(site), {"id": resource["id"]})


def test_the_command_line_tells_and_retries(cli, draft, upload):
    resource = upload(draft())
    from ckan.cli.cli import ckan

    assert "antre    1" in cli.invoke(ckan, ["satudata", "load", "status"]).output
    assert "1 berkas diantrekan" in cli.invoke(ckan, ["satudata", "load", "retry"]).output
    run(resource)
    assert "Tidak ada" in cli.invoke(ckan, ["satudata", "load", "retry"]).output
