"""Replacing a period in the one table, and publishing through the catalogue."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import due, job, jobs, passing, publishing, queue, streams
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.period_store import DuplicateRowError, PeriodAddress, replace_period
from ckanext.satudataserang.submission.store import CellValueError, Column, replace_table

from .conftest import amend
from .samples import CSV, ROWS

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context", "kept")

COLUMNS = [Column("kecamatan"), Column("penduduk", "integer", label="Penduduk", unit="jiwa")]
YEARLY = Frequency.TAHUNAN


def put(resource_id, key, rows, columns=COLUMNS, frequency=YEARLY):
    return replace_period(resource_id, columns, rows, PeriodAddress(key, frequency)).rows


def read(datastore, resource_id, names="periode, kecamatan, penduduk"):
    return datastore(f'SELECT {names} FROM "{resource_id}" ORDER BY _id')


def test_a_period_is_replaced_and_the_others_stay(resource_id, datastore):
    assert put(resource_id, "2024", [["Serang", 1]]) == 1
    assert put(resource_id, "2025", [["Serang", 2], ["Kasemen", 3]]) == 2
    assert put(resource_id, "2024", [["Serang", 4], ["Curug", 5]]) == 2
    assert read(datastore, resource_id) == [
        ("2025", "Serang", 2),
        ("2025", "Kasemen", 3),
        ("2024", "Serang", 4),
        ("2024", "Curug", 5),
    ]
    assert put(resource_id, "2025", []) == 0
    with seam.write_engine().connect() as connection:
        stats = sa.text("SELECT stats ->> 'rows' FROM _table_stats WHERE resource_id = :id")
        assert connection.scalar(stats, {"id": resource_id}) == "2"
    assert datastore(f"SELECT count(*) FROM \"{resource_id}\" WHERE _full_text @@ to_tsquery('simple', 'curug')") == [
        (1,)
    ]


def test_new_columns_come_and_the_dictionary_stays(resource_id, datastore):
    put(resource_id, "2024", [["Serang", 1]])
    wider = [*COLUMNS, Column("luas", "numeric", label="Luas", unit="km2")]
    put(resource_id, "2025", [["Serang", 2, "1.5"]], wider)
    assert read(datastore, resource_id, "periode, penduduk, luas::text") == [("2024", 1, None), ("2025", 2, "1.5")]
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    assert comments["penduduk"]["_info"] == {"label": "Penduduk", "unit": "jiwa"}
    assert comments["luas"]["_info"] == {"label": "Luas", "unit": "km2"}
    put(resource_id, "2026", [["Serang", "2.5"]], [Column("kecamatan"), Column("penduduk", "numeric")])
    assert [str(row[0]) for row in read(datastore, resource_id, "penduduk")] == ["1", "2", "2.5"]


@pytest.mark.parametrize("standing", [["kode", "periode"], ["kode"], ["kode", "tahun"]])
def test_who_reads_does_not_wait_for_rows_with_new_columns(resource_id, datastore, standing):
    columns = [Column(name, "integer" if name == "tahun" else "text") for name in standing]
    replace_table(resource_id, columns, [["a", 2023 if "tahun" in standing else "2023"][: len(standing)]])

    def rows():
        with seam.write_engine().begin() as reader:
            reader.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            assert reader.exec_driver_sql(f'SELECT count(*) FROM "{resource_id}"').scalar() == 1
        yield ["b", 1]

    replace_period(
        resource_id, [Column("kode"), Column("baru", "integer")], rows(), PeriodAddress("2024", Frequency.TAHUNAN)
    )
    assert datastore(f'SELECT kode, baru FROM "{resource_id}" ORDER BY _id') == [("a", None), ("b", 1)]


def test_rows_that_say_their_period_take_the_place_of_rows_that_said_it_otherwise(resource_id, datastore):
    replace_table(resource_id, [Column("kode"), Column("tahun", "integer")], [["a", 2023], ["b", 2024]])
    address, columns = PeriodAddress("2024", Frequency.TAHUNAN), [Column("periode"), Column("kode")]
    for kode in "xy":
        replace_period(resource_id, columns, [["2024", kode]], address)
        assert datastore(f'SELECT kode, periode FROM "{resource_id}" ORDER BY _id') == [("a", "2023"), (kode, "2024")]


def test_an_imported_table_is_addressed_by_its_year_and_quarter(resource_id, datastore):
    columns = [
        Column("kode_wilayah"),
        Column("tahun", "integer"),
        Column("triwulan", "integer"),
        Column("nilai", "numeric"),
    ]
    rows = [["36.73.01", 2024, 3, 1], ["36.73.01", 2024, 4, 2], ["36.73.01", 2025, 3, 3]]
    replace_table(resource_id, columns, rows, primary_key=["kode_wilayah", "tahun", "triwulan"])
    told = [Column("kode_wilayah"), Column("nilai", "numeric")]
    put(resource_id, "2024-Q4", [["36.73.01", "9"], ["36.73.02", "8"]], told, Frequency.TRIWULANAN)
    found = datastore(f'SELECT tahun, triwulan, kode_wilayah, nilai::text FROM "{resource_id}" ORDER BY 1, 2, 3')
    assert found == [
        (2024, 3, "36.73.01", "1"),
        (2024, 4, "36.73.01", "9"),
        (2024, 4, "36.73.02", "8"),
        (2025, 3, "36.73.01", "3"),
    ]
    with pytest.raises(DuplicateRowError, match=r"36\.73\.01"):
        put(resource_id, "2024-Q4", [["36.73.01", "1"], ["36.73.01", "2"]], told, Frequency.TRIWULANAN)
    assert datastore(f'SELECT count(*) FROM "{resource_id}"') == [(4,)]


def test_a_table_that_cannot_say_the_period_learns_it(resource_id, datastore):
    replace_table(resource_id, [Column("tahun", "integer"), Column("nilai", "integer")], [[2024, 1], [2025, 2]])
    put(resource_id, "2025-Q1", [[3]], [Column("nilai", "integer")], Frequency.TRIWULANAN)
    assert read(datastore, resource_id, "periode, tahun, nilai") == [
        ("2024", 2024, 1),
        ("2025", 2025, 2),
        ("2025-Q1", None, 3),
    ]
    put(resource_id, "2025-Q1", [[4]], [Column("nilai", "integer")], Frequency.TRIWULANAN)
    assert [row[2] for row in read(datastore, resource_id, "periode, tahun, nilai")] == [1, 2, 4]


def test_static_data_have_one_period(resource_id, datastore):
    address = PeriodAddress("statis", Frequency.STATIS, date(2020, 1, 1))
    for number in (1, 2):
        replace_period(resource_id, COLUMNS, [["Serang", number]], address)
    assert read(datastore, resource_id) == [("statis", "Serang", 2)]


def test_a_value_that_does_not_fit_leaves_everything(resource_id, datastore):
    put(resource_id, "2025", [["Serang", 2]])
    with pytest.raises(CellValueError, match="penduduk"):
        put(resource_id, "2025", [["Serang", 1], ["Kasemen", "banyak"]])

    def broken():
        yield ["Serang", 1]
        message = "putus"
        raise OSError(message)

    with pytest.raises(OSError, match="putus"):
        put(resource_id, "2025", broken())
    assert read(datastore, resource_id) == [("2025", "Serang", 2)]


def test_readers_never_see_half_of_a_period(resource_id):
    rows = 3_000
    put(resource_id, "2025", [[f"K{n}", 0] for n in range(rows)])
    stop, seen = threading.Event(), set()

    def look():
        query = sa.text(f"SELECT count(*), min(penduduk), max(penduduk) FROM \"{resource_id}\" WHERE periode = '2025'")
        with seam.write_engine().connect() as connection:
            while not stop.is_set():
                seen.add(tuple(connection.execute(query).one()))
                connection.rollback()

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(1, 9):
            put(resource_id, "2025", [[f"K{n}", number] for n in range(rows)])
    finally:
        stop.set()
        reader.join()
    assert len(seen) > 1
    assert {(count, low == high) for count, low, high in seen} == {(rows, True)}


def approved(deliver, act, cast, **data):
    sent = deliver(**data)
    return act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")


def test_without_a_dataset_a_draft_is_made_and_what_is_missing_is_named(deliver, act, cast, entry):
    sent = approved(deliver, act, cast)
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert (done["state"], done["publish_asked_at"]) == ("disetujui", None)
    assert "metadatanya belum lengkap" in done["problem"]
    assert "Definisi" in done["problem"]
    again = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert again["problem"] == done["problem"]
    query = sa.select(sa.func.count()).where(model.Package.extras["daftar_data_kode"].astext == entry.kode)
    drafts = query.where(model.Package.state == "draft", model.Package.owner_org == cast.opd["id"])
    assert model.Session.scalar(drafts) == 1


@pytest.mark.parametrize("access", ["terbuka", "tertutup"])
def test_a_private_dataset_is_opened_with_what_is_published_in_it(deliver, act, cast, public, entry, access):
    amend(entry.id, access=access, access_reason="" if access == "terbuka" else "Rahasia jabatan")
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": cast.walidata, "satudata_impor_warisan": True},
        {"id": public["id"], "private": True},
    )
    sent = approved(deliver, act, cast)
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": public["id"]})
    opened = [event for event in done["events"] if event["action"] == "buka"]
    if access == "tertutup":
        # Agreed to be closed: what is published in it is for those who may.
        assert (done["state"], shown["private"], opened) == ("terbit", True, [])
        return
    assert (done["state"], shown["private"]) == ("terbit", False)
    (event,) = opened
    assert (event["from_state"], event["to_state"]) == ("disetujui", "disetujui")
    assert public["title"] in event["note"]
    found = tk.get_action("datastore_search")({"user": ""}, {"resource_id": done["resource_id"]})
    assert found["total"] == 2


def test_an_approved_delivery_may_be_published_by_a_job(deliver, act, cast, public, monkeypatch):
    sent = approved(deliver, act, cast)
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.delivery.at_once_mb", 0)
    asked = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert (asked["state"], asked["publish_asked_at"] is None, asked["next"]) == ("disetujui", False, [])
    with pytest.raises(tk.ValidationError, match="sedang diterbitkan"):
        act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    titles = [each["title"] for each in tk.get_action("job_list")({"ignore_auth": True}, {"queues": [queue.QUEUE]})]
    assert f"Terbitkan {sent['id']}" in titles
    jobs.publish(sent["id"])
    jobs.publish(sent["id"])
    model.Session.expire_all()
    row = model.Session.get(Submission, sent["id"])
    assert (row.state, row.dataset_id) == ("terbit", public["id"])
    assert tk.get_action("datastore_info")({"ignore_auth": True}, {"id": row.resource_id})["meta"]["count"] == 2


def test_what_keeps_stopping_is_given_up_with_a_sentence(deliver, act, cast, public, monkeypatch):
    sent = approved(deliver, act, cast)
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.delivery.at_once_mb", 0)
    act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    model.Session.execute(sa.update(Submission).values(attempts=publishing.MAX_ATTEMPTS))
    model.Session.commit()
    assert jobs.sweep() == (0, 0)
    model.Session.expire_all()
    row = model.Session.get(Submission, sent["id"])
    assert (row.publish_asked_at, row.state) == (None, "disetujui")
    assert "berkali-kali terhenti" in row.problem


def test_a_table_in_use_is_tried_again(deliver, act, cast, public, monkeypatch):
    first = approved(deliver, act, cast)
    done = act(cast.walidata, "submission_transition", id=first["id"], to="terbit")
    monkeypatch.setattr(streams, "LOCK_TIMEOUT", "200ms")
    second = approved(deliver, act, cast, rows=[{**ROWS[0], "luas": 1}], correction_reason="Luas menyusul")
    with seam.write_engine().connect() as reader:
        reader.execute(sa.text(f'SELECT count(*) FROM "{done["resource_id"]}"'))
        asked = act(cast.walidata, "submission_transition", id=second["id"], to="terbit")
        assert asked["state"] == "disetujui"
        assert "diulang sendiri" in asked["problem"]
        row = model.Session.get(Submission, second["id"])
        began = row.publish_asked_at
        for waited, wait in ((0, 5), (5, 5), (10, 10), (20, 20), (40, 40), (80, 60), (600, 60)):
            row.publish_asked_at, row.publish_retry_at = due.now() - timedelta(minutes=waited), None
            model.Session.commit()
            assert jobs.sweep() == (0, 0)
            model.Session.refresh(row)
            left = (row.publish_retry_at - due.now()).total_seconds() / 60
            assert wait - 1 < left <= wait + 1
            assert f"{row.publish_retry_at.astimezone(WIB):%d-%m-%Y %H:%M}" in row.problem
        # Nobody tries before the time has come.
        again = row.publish_retry_at
        assert jobs.sweep() == (0, 0)
        model.Session.refresh(row)
        assert (row.publish_retry_at, row.attempts) == (again, 0)
    # Nothing is in the way any more, but it is not yet time; only who asks has it done at once.
    assert jobs.sweep() == (0, 0)
    row.publish_asked_at = began
    model.Session.commit()
    assert jobs.sweep(at_once=True) == (0, 1)
    model.Session.refresh(row)
    assert (row.state, row.publish_retry_at, row.problem) == ("terbit", None, "")


def test_what_nobody_foresaw_waits_longer_each_time_and_ends(deliver, act, cast, public, monkeypatch):
    sent = approved(deliver, act, cast)
    reached = []

    def broken(*_said):
        reached.append(1)
        message = "gangguan"
        raise RuntimeError(message)

    monkeypatch.setattr(publishing.catalogued, "ready", broken)
    asked = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert "gangguan pada sistem" in asked["problem"]
    assert jobs.sweep() == (0, 0)
    assert len(reached) == 1
    row = model.Session.get(Submission, sent["id"], populate_existing=True)
    for attempt in range(2, publishing.MAX_ATTEMPTS + 2):
        row.publish_retry_at = due.now()
        model.Session.commit()
        assert jobs.sweep() == (0, 0)
        model.Session.refresh(row)
        assert len(reached) == min(attempt, publishing.MAX_ATTEMPTS)
    assert (row.publish_asked_at, row.publish_retry_at) == (None, None)
    assert "berkali-kali terhenti" in row.problem


def test_a_table_in_use_for_a_day_ends_with_a_sentence(deliver, act, cast, public, monkeypatch):
    first = approved(deliver, act, cast)
    done = act(cast.walidata, "submission_transition", id=first["id"], to="terbit")
    monkeypatch.setattr(streams, "LOCK_TIMEOUT", "50ms")
    second = approved(deliver, act, cast, rows=[{**ROWS[0], "luas": 1}], correction_reason="Luas menyusul")
    row = model.Session.get(Submission, second["id"])
    with seam.write_engine().connect() as reader:
        reader.execute(sa.text(f'SELECT count(*) FROM "{done["resource_id"]}"'))
        act(cast.walidata, "submission_transition", id=second["id"], to="terbit")
        for _again in range(publishing.MAX_ATTEMPTS + 1):
            row.publish_retry_at = None
            model.Session.commit()
            assert queue.sweep() == []
            model.Session.refresh(row)
            assert row.publish_retry_at is not None
        assert (row.state, row.attempts, row.publish_asked_at is None) == ("disetujui", 0, False)
        assert "satudata-load-sweep" in tk.get_job_queue(queue.QUEUE).scheduled_job_registry.get_job_ids()
        row.publish_asked_at -= passing.PATIENCE
        row.publish_retry_at = None
        model.Session.commit()
        queue.sweep()
    model.Session.refresh(row)
    assert (row.state, row.publish_asked_at) == ("disetujui", None)
    assert "24 jam" in row.problem


def test_direct_uploads_of_an_opd_wait_and_are_published_without_loading_again(draft, upload, act, cast, public):
    fields = {"package_id": public["id"]}
    resource = upload(public, **fields)
    job.load(resource["id"])
    rows = model.Session.scalars(sa.select(Submission).order_by(Submission.period)).all()
    assert [(row.period, row.state, row.file_sha256) for row in rows] == [
        ("2015", "menunggu_pemeriksaan", None),
        ("2016", "menunggu_pemeriksaan", None),
    ]
    done = act(cast.walidata, "submission_transition", id=rows[0].id, to="disetujui", publish=True)
    assert (done["state"], done["resource_id"]) == ("terbit", resource["id"])
    upload(public, CSV.replace("2016;12", "2016;13"), replaces=resource)
    job.load(resource["id"])
    found = model.Session.scalars(
        sa.select(Submission).where(Submission.superseded_by.is_(None)).order_by(Submission.period)
    ).all()
    assert [(row.period, row.state, row.chain_id) for row in found] == [
        ("2015", "terbit", rows[0].id),
        ("2016", "menunggu_pemeriksaan", rows[1].id),
    ]
    upload(public, "kode_wilayah;kecamatan;tahun;penduduk\n36.73.01;Serang;2015;11\n", replaces=resource)
    job.load(resource["id"])
    upload(public, CSV, replaces=resource)
    job.load(resource["id"])
    found = model.Session.scalars(
        sa.select(Submission).where(Submission.superseded_by.is_(None)).order_by(Submission.period, Submission.state)
    ).all()
    assert [(row.period, row.state) for row in found] == [
        ("2015", "terbit"),
        ("2016", "ditarik"),
        ("2016", "menunggu_pemeriksaan"),
    ]


def test_what_the_walidata_uploads_stands_at_once(upload, cast, public, opd):
    from ckanext.satudataserang.submission import requests

    resource = upload(public)
    walidata = model.User.get(cast.walidata).id
    requests.note_again(public["id"], resource["id"], requested_by=walidata, origin="unggahan")
    model.Session.commit()
    job.load(resource["id"])
    assert set(model.Session.scalars(sa.select(Submission.state))) == {"terbit"}


def test_the_table_of_a_dataset_with_a_file_begins_with_its_rows(upload, act, cast, deliver, public):
    resource = upload(public)
    job.load(resource["id"])
    info = {"label": "Penduduk", "notes": "Tengah tahun", "unit": "jiwa", "label_translated": {"en": "People"}}
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(seam.comment_sql(resource["id"], "penduduk", {"_info": info}))
    sent = approved(deliver, act, cast, period="2017")
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert done["resource_id"] != resource["id"]
    found = tk.get_action("datastore_search")(
        {"ignore_auth": True}, {"resource_id": done["resource_id"], "sort": "_id"}
    )
    assert [(row["tahun"], row["penduduk"]) for row in found["records"]] == [
        (2015, 10),
        (2015, 0),
        (2016, 12),
        (2017, 10),
        (2017, 20),
    ]
    # With what people wrote about its columns.
    told = {field["id"]: field.get("info") for field in found["fields"]}
    assert told["penduduk"] == info


def test_what_is_published_changes_by_approval_alone(deliver, act, cast, public):
    """Rows behind the Walidata's back are refused on CKAN's own actions too; the data dictionary stays the OPD's."""
    sent = deliver(submit=True)
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui", publish=True)
    table = model.Session.get(Submission, sent["id"]).resource_id
    by_hand = [
        ("datastore_upsert", {"resource_id": table, "records": [{"penduduk": 1}], "method": "insert", "force": True}),
        ("datastore_records_delete", {"resource_id": table, "filters": {"periode": "2025"}, "force": True}),
        ("datastore_delete", {"resource_id": table, "force": True}),
        ("datastore_create", {"resource_id": table, "records": [{"penduduk": 1}], "force": True}),
        ("resource_delete", {"id": table}),
    ]
    for name, data in by_hand:
        for user in (cast.produsen, cast.pendukung):
            with pytest.raises(tk.NotAuthorized, match="halaman Tugas"):
                tk.check_access(name, {"user": user}, dict(data))
        tk.check_access(name, {"user": cast.walidata}, dict(data))
    tk.check_access("datastore_create", {"user": cast.produsen}, {"resource_id": table, "fields": [], "force": True})


@pytest.mark.parametrize("value", ["3673014101900001", 3673014101900001, "hubungi 0812-3456-7890", "a@example.com"])
def test_rows_about_persons_are_not_written_past_the_check_of_files(cast, value):
    data = {"resource": {}, "records": [{"penduduk": 1}, {"catatan": value}], "force": True}
    for name in ("datastore_create", "datastore_upsert"):
        for user in (cast.produsen, cast.pendukung):
            with pytest.raises(tk.NotAuthorized, match="data pribadi"):
                tk.check_access(name, {"user": user}, dict(data))


def test_the_table_of_an_agreed_entry_is_not_dropped_by_writing_its_dataset_without_it(deliver, act, cast, public):
    sent = deliver(submit=True)
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui", publish=True)
    table = model.Session.get(Submission, sent["id"]).resource_id
    whole = tk.get_action("package_show")({"ignore_auth": True}, {"id": public["id"]})
    without = {**whole, "resources": []}
    for user in (cast.produsen, cast.pendukung):
        for name, data in (
            ("package_update", without),
            ("package_update", {key: value for key, value in whole.items() if key != "resources"}),
            ("package_patch", {"id": public["id"], "resources": []}),
        ):
            with pytest.raises(tk.NotAuthorized, match="halaman Tugas"):
                tk.get_action(name)({"user": user, "satudata_impor_warisan": True}, dict(data))
    # What keeps the table is the OPD's to write, as far as CKAN lets it; the Walidata may take the table out.
    with suppress(tk.ValidationError):
        tk.get_action("package_update")({"user": cast.produsen}, dict(whole))
    kept = tk.get_action("package_show")({"ignore_auth": True}, {"id": public["id"]})
    assert [one["id"] for one in kept["resources"]] == [table]
    with suppress(tk.ValidationError):
        tk.get_action("package_update")({"user": cast.walidata}, dict(without))
