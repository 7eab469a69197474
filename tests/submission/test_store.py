"""Replacing a DataStore table: all of it or nothing, and as CKAN's own actions expect it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import full_text, staging, streams
from ckanext.satudataserang.submission.period_store import PeriodAddress, replace_period
from ckanext.satudataserang.submission.store import (
    CellValueError,
    Column,
    PrimaryKeyError,
    TableBusyError,
    replace_table,
)

COLUMNS = [
    Column("kode_wilayah", label="Kode wilayah", label_en="Area code"),
    Column("tahun", "integer"),
    Column("nilai", "numeric", label="Nilai", notes="Jumlah penduduk", unit="jiwa"),
    Column("tanggal", "date"),
    Column("sah", "boolean"),
]
ROWS = [
    ["36.73.01", 2015, Decimal("12.50"), date(2015, 12, 31), True],
    ["36.73.02", 2016, "2147483648000", "2016-12-31", False],
    ["", None, None, None, None],
]


def test_values_come_back_as_they_went_in(resource_id, datastore):
    result = replace_table(resource_id, COLUMNS, ROWS)
    assert result.rows == 3
    assert datastore(f'SELECT _id, kode_wilayah, tahun, nilai, tanggal, sah FROM "{resource_id}" ORDER BY _id') == [
        (1, "36.73.01", 2015, Decimal("12.50"), date(2015, 12, 31), True),
        (2, "36.73.02", 2016, Decimal("2147483648000"), date(2016, 12, 31), False),
        (3, None, None, None, None, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a\tb",
        "a\nb",
        "a\r\nb",
        "\\N",
        "\\.",
        "\\",
        'kutip "ganda"',
        "=1+1",
        "<script>alert(1)</script>",
        "% %s :x",
        "é🙂",
    ],
)
def test_any_text_survives(resource_id, datastore, text):
    replace_table(resource_id, [Column("teks")], [[text]])
    assert datastore(f'SELECT teks FROM "{resource_id}"') == [(text,)]


@pytest.mark.usefixtures("with_plugins")
def test_datastore_actions_work_on_the_table(resource_id):
    from ckanext.datastore.backend import DatastoreBackend

    replace_table(resource_id, COLUMNS, ROWS[:2], primary_key=["kode_wilayah", "tahun"])
    backend = DatastoreBackend.get_active_backend()
    found = backend.search(
        {},
        {
            "resource_id": resource_id,
            "q": "36.73.02",
            "plain": True,
            "limit": 10,
            "offset": 0,
            "records_format": "objects",
            "include_total": True,
            "filters": {},
            "total_estimation_threshold": 0,
            "include_next_page": False,
        },
    )
    assert [record["tahun"] for record in found["records"]] == [2016]
    fields = {field["id"]: field for field in backend.resource_fields(resource_id)["fields"]}
    assert fields["nilai"]["info"] == {"label": "Nilai", "notes": "Jumlah penduduk", "unit": "jiwa"}
    assert fields["kode_wilayah"]["info"]["label_translated"] == {"id": "Kode wilayah", "en": "Area code"}
    # The DataStore knows the key: a second row of the same key replaces the first, and full text follows.
    backend.upsert(
        {},
        {
            "resource_id": resource_id,
            "method": "upsert",
            "include_records": False,
            "records": [{"kode_wilayah": "36.73.02", "tahun": 2016, "nilai": 7}],
        },
    )
    assert backend.resource_fields(resource_id)["meta"]["count"] == 2


def test_full_text_holds_text_columns_only(resource_id, datastore):
    replace_table(resource_id, COLUMNS, ROWS[:1])
    ((vector,),) = datastore(f'SELECT _full_text::text FROM "{resource_id}"')
    assert "36.73.01" in vector
    assert "12.50" not in vector


def test_row_count_is_cached(resource_id):
    replace_table(resource_id, COLUMNS, ROWS)
    replace_table(resource_id, COLUMNS, ROWS[:1])
    with seam.write_engine().connect() as connection:
        query = sa.text("SELECT stats ->> 'rows' FROM _table_stats WHERE resource_id = :id")
        assert connection.execute(query, {"id": resource_id}).scalar() == "1"


def test_replacing_keeps_aliases_dictionary_and_leaves_nothing_behind(resource_id, datastore):
    alias = f"alias-{resource_id[:8]}"
    replace_table(resource_id, COLUMNS, ROWS)
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f'CREATE VIEW "{alias}" AS SELECT * FROM "{resource_id}"')
        connection.exec_driver_sql(
            seam.comment_sql(resource_id, "nilai", {"_info": {"label": "Diedit"}, "plugin_lain": {"x": 1}})
        )
    replace_table(resource_id, COLUMNS[:3], [["36.73.03", 2017, 1]])
    assert datastore(f'SELECT tahun FROM "{alias}"') == [(2017,)]
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    assert comments["nilai"] == {
        "_info": {"label": "Diedit", "notes": "Jumlah penduduk", "unit": "jiwa"},
        "plugin_lain": {"x": 1},
    }
    assert datastore("SELECT relname FROM pg_class WHERE relname LIKE '\\_satudata\\_%'") == []


def test_dictionary_can_be_set_again(resource_id):
    replace_table(resource_id, [Column("a", label="lama")], [])
    replace_table(resource_id, [Column("a", label="baru")], [], keep_dictionary=False)
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    assert comments["a"]["_info"] == {"label": "baru"}


def test_broken_key_names_its_rows_and_leaves_the_old_table(resource_id, datastore):
    replace_table(resource_id, COLUMNS, ROWS[:2])
    with pytest.raises(PrimaryKeyError) as caught:
        replace_table(
            resource_id,
            [Column("a"), Column("b", "integer")],
            [["x", 1], ["y", 2], ["x", 1], [None, 4]],
            primary_key=["a", "b"],
        )
    assert [violation.rows for violation in caught.value.duplicates] == [(1, 3)]
    assert [violation.rows for violation in caught.value.empty] == [(4,)]
    assert datastore(f'SELECT count(*) FROM "{resource_id}"') == [(2,)]


def test_wrong_value_names_row_and_column(resource_id):
    with pytest.raises(CellValueError) as caught:
        replace_table(resource_id, [Column("teks"), Column("n", "numeric")], [["a", 1], ["b", "bukan angka"]])
    assert (caught.value.row, caught.value.column, caught.value.value) == (2, "n", "bukan angka")


def test_error_in_the_source_is_passed_on_and_nothing_is_written(resource_id, datastore):
    def rows():
        yield ["a"]
        message = "berkas terputus"
        raise OSError(message)

    with pytest.raises(OSError, match="berkas terputus"):
        replace_table(resource_id, [Column("a")], rows())
    assert datastore("SELECT 1 FROM pg_class WHERE relname = :id", id=resource_id) == []


def test_readers_see_the_old_or_the_new_table_whole(resource_id, datastore):
    old, new = [[i, "lama"] for i in range(500)], [[i, "baru"] for i in range(900)]
    columns = [Column("n", "integer"), Column("versi")]
    replace_table(resource_id, columns, old)
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add(tuple(datastore(f'SELECT min(versi), max(versi), count(*) FROM "{resource_id}"')[0]))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for version in (new, old, new, old):
            replace_table(resource_id, columns, version)
    finally:
        stop.set()
        reader.join()
    assert seen <= {("lama", "lama", 500), ("baru", "baru", 900)}
    assert len(seen) == 2


LOADER = """
import sys, time
from ckan.cli import load_config
from ckan.config.middleware import make_app
config = load_config(sys.argv[1])
config["ckan.plugins"] = "datastore"
make_app(config)
from ckanext.satudataserang.submission.store import Column, replace_table

def rows():
    for i in range(400_000):
        if i == 200_000:
            print("tengah", flush=True)
            time.sleep(60)
        yield [i, "baru"]

replace_table(sys.argv[2], [Column("n", "integer"), Column("versi")], rows())
"""


def test_another_load_of_the_table_is_waited_for_a_while(resource_id, datastore, monkeypatch):
    replace_table(resource_id, COLUMNS, ROWS)
    monkeypatch.setattr(streams, "LOCK_TIMEOUT", "100ms")
    loads = [
        lambda: replace_table(resource_id, COLUMNS, []),
        lambda: replace_period(resource_id, COLUMNS, [], PeriodAddress("2015")),
        lambda: full_text.complete(resource_id),
    ]
    with seam.write_engine().connect() as other, staging.load(resource_id, (), other):
        for load in loads:
            with pytest.raises(TableBusyError):
                load()
    assert datastore(f'SELECT count(*) FROM "{resource_id}"') == [(3,)]
    replace_table(resource_id, COLUMNS, ROWS[:1])
    assert datastore(f'SELECT count(*) FROM "{resource_id}"') == [(1,)]


def test_a_killed_load_leaves_the_old_table_whole(resource_id, datastore, pytestconfig):
    columns = [Column("n", "integer"), Column("versi")]
    replace_table(resource_id, columns, [[i, "lama"] for i in range(300)])
    ini = pytestconfig.getoption("ckan_ini") or os.environ["CKAN_INI"]
    process = subprocess.Popen([sys.executable, "-c", LOADER, str(ini), resource_id], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "tengah"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert datastore(f'SELECT min(versi), max(versi), count(*) FROM "{resource_id}"') == [("lama", "lama", 300)]
    # The next load does not wait for the dead one and leaves no staging table.
    deadline = time.monotonic() + 30
    replace_table(resource_id, columns, [[1, "baru"]])
    assert time.monotonic() < deadline
    assert datastore(f'SELECT versi FROM "{resource_id}"') == [("baru",)]
    assert datastore("SELECT relname FROM pg_class WHERE relname LIKE '\\_satudata\\_%'") == []


def test_a_small_table_takes_milliseconds(resource_id):
    columns = [Column("kode"), Column("tahun", "integer"), Column("nilai", "numeric")]
    rows = [[f"36.73.0{i % 6}", 2010 + i // 6, i] for i in range(60)]
    replace_table(resource_id, columns, rows, primary_key=["kode", "tahun"])
    seconds = min(replace_table(resource_id, columns, rows, primary_key=["kode", "tahun"]).seconds for _ in range(5))
    assert seconds < 0.25
