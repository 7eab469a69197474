"""Loading files that COPY reads: whole tables and periods, over one connection and several."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from decimal import Decimal

import pytest
import sqlalchemy as sa

from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures import model as structures
from ckanext.satudataserang.core.tables.grid import CopyFile
from ckanext.satudataserang.submission import constraints, full_text, streams
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission.period_store import PeriodAddress, replace_period
from ckanext.satudataserang.submission.store import (
    AgreementError,
    CellValueError,
    Column,
    NarrowingError,
    PrimaryKeyError,
    replace_table,
)

COLUMNS = [Column("kode"), Column("n", "integer"), Column("nilai", "numeric")]
KEY = structures.Column("kode", "Kode", key=True, required=True)
STRUCTURE = structures.Structure(
    "uji",
    "Uji",
    columns=(
        KEY,
        structures.Column("n", "N", "integer", minimum=Decimal(0)),
        structures.Column("nilai", "Nilai", "numeric", decimals=2),
    ),
    rules=(structures.Rule("bagian", ("n",), "<=", "nilai"),),
)


@pytest.fixture
def copy_file(tmp_path):
    """Write lines of CSV as the checks dump them."""

    def write(lines, columns=("kode", "n", "nilai")):
        path = tmp_path / f"{time.monotonic_ns()}.csv"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return CopyFile(path, tuple(columns), len(lines))

    return write


@pytest.fixture
def in_parts(monkeypatch):
    """Every file is large enough for several connections."""
    monkeypatch.setattr(streams, "LARGE", 0)


@pytest.fixture
def later(monkeypatch):
    """Every table is large enough to get its full text after its rows."""
    monkeypatch.setattr(full_text, "AT_ONCE_ROWS", 0)


def read(datastore, resource_id, names="kode, n, nilai::text"):
    return datastore(f'SELECT {names} FROM "{resource_id}" ORDER BY _id')


def staged(datastore):
    return datastore("SELECT relname FROM pg_class WHERE relname LIKE '\\_satudata\\_%'")


@pytest.mark.parametrize("size", [0, streams.LARGE])
def test_rows_come_back_in_their_order(resource_id, datastore, copy_file, monkeypatch, size):
    monkeypatch.setattr(streams, "LARGE", size)
    lines = [f'"baris {n}\nlagi, ""{n}""",{n},{n}.5' for n in range(1, 301)]
    result = replace_table(resource_id, COLUMNS, copy_file([*lines, ",,"]))
    assert (result.rows, result.indexed) == (301, True)
    found = read(datastore, resource_id, "_id, kode, n, nilai::text")
    assert found[0] == (1, 'baris 1\nlagi, "1"', 1, "1.5")
    assert [row[0] for row in found] == list(range(1, 302))
    assert found[-1] == (301, None, None, None)
    assert staged(datastore) == []


@pytest.mark.parametrize("count", [2, 3, 7])
def test_parts_of_a_file_end_with_records(tmp_path, count):
    path = tmp_path / "a.csv"
    lines = [f'{n},"a\n""b"", \n{n}"\n' for n in range(50)] + ["x,y\n"] * 20
    path.write_text("".join(lines))
    pieces = streams.split(path, count)
    assert pieces[0].begin == 0
    assert pieces[-1].end == path.stat().st_size
    records = []
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        assert following is None or following.begin == piece.end
        assert piece.first == len(records) + 1
        with streams.Part(path, piece.begin, piece.end) as part:
            records += list(csv.reader(io.StringIO(part.read().decode(), newline="")))
    assert records == list(csv.reader(io.StringIO(path.read_text(), newline="")))


def test_an_empty_file_empties_the_table(resource_id, datastore, copy_file, in_parts):
    replace_table(resource_id, COLUMNS, copy_file(["a,1,2"]))
    assert replace_table(resource_id, COLUMNS, copy_file([])).rows == 0
    assert read(datastore, resource_id) == []


@pytest.mark.parametrize("where", [3, 280])
def test_a_value_that_does_not_fit_is_placed_and_changes_nothing(resource_id, datastore, copy_file, in_parts, where):
    replace_table(resource_id, COLUMNS, copy_file(["lama,1,1"]))
    lines = [f"a,{n},1" for n in range(1, 301)]
    lines[where - 1] = "a,banyak,1"
    with pytest.raises(CellValueError) as caught:
        replace_table(resource_id, COLUMNS, copy_file(lines))
    assert (caught.value.row, caught.value.column, caught.value.value) == (where, "n", "banyak")
    assert read(datastore, resource_id) == [("lama", 1, "1")]
    assert staged(datastore) == []


def test_a_file_of_other_columns_is_refused(resource_id, copy_file):
    with pytest.raises(ValueError, match="columns"):
        replace_table(resource_id, COLUMNS[:2], copy_file(["a,1,2"]))


def test_what_the_structure_says_holds_in_the_database_too(resource_id, datastore, copy_file, in_parts):
    demanded = constraints.of_structure(STRUCTURE)
    replace_table(resource_id, COLUMNS, copy_file(["lama,1,1"]))
    lines = ["a,1,1", "b,-1,5.125", "c,9,8", "d,,", "e,2,3.100"]
    with pytest.raises(AgreementError) as caught:
        replace_table(resource_id, COLUMNS, copy_file(lines), demanded=demanded, primary_key=["kode"])
    assert [(one.code, one.columns, one.total, one.rows, one.values) for one in caught.value.violations] == [
        ("minimum", ("n",), 1, (2,), (("-1",),)),
        ("desimal", ("nilai",), 1, (2,), (("5.125",),)),
        ("aturan", ("n", "nilai"), 1, (3,), (("9", "8"),)),
    ]
    with pytest.raises(PrimaryKeyError) as broken:
        replace_table(resource_id, COLUMNS, copy_file(["a,1,1", ",2,2", "a,1,2"]), primary_key=["kode"])
    assert [one.rows for one in broken.value.duplicates] == [(1, 3)]
    assert [one.rows for one in broken.value.empty] == [(2,)]
    assert read(datastore, resource_id) == [("lama", 1, "1")]
    assert staged(datastore) == []


def test_code_lists_and_masked_columns():
    listed = structures.CodeList("jk", "Jenis kelamin", (structures.Code("L", "Laki-laki"),))
    structure = structures.Structure(
        "uji",
        "Uji",
        columns=(
            structures.Column("jk", "Jenis kelamin", key=True, code_list="jk"),
            structures.Column("nama", "Nama", required=True, personal=True),
        ),
        lists=(listed,),
    )
    assert [demand.code for demand in constraints.of_structure(structure).demands] == ["kode"]
    hidden = constraints.of_structure(structure, masked=["jk"])
    assert (hidden.key, hidden.demands) == ((), ())


@pytest.mark.parametrize("size", [0, streams.LARGE])
def test_a_period_is_replaced_by_a_file(resource_id, datastore, copy_file, monkeypatch, size):
    monkeypatch.setattr(streams, "LARGE", size)
    demanded = constraints.of_structure(STRUCTURE)

    def put(key, *lines):
        address = PeriodAddress(key, Frequency.TAHUNAN)
        return replace_period(resource_id, COLUMNS, copy_file(lines), address, demanded=demanded).rows

    assert put("2024", "a,1,1") == 1
    assert put("2025", "a,2,2", "b,3,3") == 2
    assert put("2024", "c,4,4") == 1
    names = "periode, kode, n"
    assert read(datastore, resource_id, names) == [("2025", "a", 2), ("2025", "b", 3), ("2024", "c", 4)]
    with pytest.raises(PrimaryKeyError) as caught:
        put("2025", "x,1,1", "x,2,2")
    assert [(one.rows, one.values) for one in caught.value.duplicates] == [((1, 2), ("2025", "x"))]
    assert len(read(datastore, resource_id)) == 3
    assert staged(datastore) == []


def test_a_good_part_of_a_table_takes_the_others_over(resource_id, datastore, copy_file, monkeypatch):
    from ckanext.satudataserang.submission import period_store

    monkeypatch.setattr(period_store, "_MANY", 2)
    address = PeriodAddress("2024", Frequency.TAHUNAN)
    replace_table(
        resource_id,
        [Column("kode", label="Kode"), Column("tahun", "integer"), Column("lama")],
        [["a", 2023, "x"], ["a", 2024, "y"]],
        primary_key=["kode", "tahun"],
    )
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f'ANALYZE "{resource_id}"')
        before = connection.exec_driver_sql(f"SELECT '\"{resource_id}\"'::regclass::oid").scalar()
    columns = [Column("kode"), Column("nilai", "numeric")]
    put = copy_file(["b,1", "c,2"], ("kode", "nilai"))
    assert replace_period(resource_id, columns, put, address).rows == 2
    assert datastore(f"SELECT '\"{resource_id}\"'::regclass::oid") != [(before,)]
    assert read(datastore, resource_id, "_id, kode, tahun, lama, nilai") == [
        (1, "a", 2023, "x", None),
        (2, "b", 2024, None, 1),
        (3, "c", 2024, None, 2),
    ]
    # The key of the table goes with it.
    with seam.write_engine().connect() as connection:
        definitions = connection.execute(
            sa.text("SELECT indexdef FROM pg_indexes WHERE tablename = :id AND indexdef LIKE '%UNIQUE%(kode, tahun)'"),
            {"id": resource_id},
        ).all()
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    assert len(definitions) == 1
    assert comments["kode"]["_info"] == {"label": "Kode"}


def agreed(kind):
    return [Column("kode"), Column("n", kind, label="Jumlah", notes="Dari struktur", agreed=True, more={"ukuran": "x"})]


def test_types_and_dictionary_are_the_structures(resource_id, datastore, copy_file):
    address = [PeriodAddress(key, Frequency.TAHUNAN) for key in ("2023", "2024", "2025")]
    replace_period(resource_id, [Column("kode"), Column("n", label="N lama")], [["a", "7"]], address[0])
    file = copy_file(["b,8"], ("kode", "n"))
    replace_period(resource_id, agreed("integer"), file, address[1])
    assert read(datastore, resource_id, "periode, n") == [("2023", 7), ("2024", 8)]
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    assert comments["n"]["_info"] == {"label": "Jumlah", "notes": "Dari struktur", "ukuran": "x"}
    replace_period(resource_id, agreed("numeric"), copy_file(["c,1.5"], ("kode", "n")), address[2])
    assert read(datastore, resource_id, "periode, n::text") == [("2023", "7"), ("2024", "8"), ("2025", "1.5")]
    with pytest.raises(NarrowingError) as caught:
        replace_period(resource_id, agreed("integer"), copy_file(["d,9"], ("kode", "n")), address[0])
    problem = caught.value
    assert (problem.column, problem.standing, problem.wanted) == ("Jumlah", "numeric", "integer")
    assert (problem.total, problem.values) == (1, ["1.5"])
    assert len(read(datastore, resource_id, "n")) == 3
    # What is in the way goes with its own period.
    replace_period(resource_id, agreed("integer"), copy_file(["d,9"], ("kode", "n")), address[2])
    assert datastore(f'SELECT pg_typeof(n)::text, sum(n) FROM "{resource_id}" GROUP BY 1') == [("bigint", 24)]


@pytest.mark.usefixtures("later")
def test_full_text_of_texts_that_come_again_and_again_is_the_same(resource_id, datastore, copy_file):
    ids = ("text", "document", "kode", "kosong")
    columns = [*(Column(name) for name in ids), Column("n", "integer")]
    lines = [f"{('Kota Serang', '')[n % 2]},Kelompok {n % 3},K-{n},,{n}" for n in range(200)]
    replace_table(resource_id, columns, copy_file(lines, (*ids, "n")))
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f'ANALYZE "{resource_id}"')
        assert full_text._repeated(connection.connection.cursor(), resource_id, list(ids)) == ["text", "document"]
    assert full_text.complete(resource_id)
    other = f"strip(_full_text) IS DISTINCT FROM strip({full_text.document_sql(ids)})"
    assert datastore(f'SELECT count(*), count(*) FILTER (WHERE {other}), sum(n) FROM "{resource_id}"') == [
        (200, 0, sum(range(200)))
    ]


@pytest.mark.usefixtures("with_plugins", "later", "in_parts")
def test_a_large_table_is_found_in_before_and_after_its_full_text(resource_id, datastore, copy_file):
    from ckanext.datastore.backend import DatastoreBackend

    lines = ["penduduk Serang,1,1", "Kasemen,2,2"]
    assert not replace_table(resource_id, COLUMNS, copy_file(lines), primary_key=["kode"]).indexed

    def search(**fields):
        data = {
            "resource_id": resource_id,
            "plain": True,
            "limit": 10,
            "offset": 0,
            "records_format": "objects",
            "include_total": True,
            "filters": {},
            "total_estimation_threshold": 0,
            "include_next_page": False,
            **fields,
        }
        found = DatastoreBackend.get_active_backend().search({}, data)
        return [row["n"] for row in found["records"]], found["total"], round(found["records"][0].get("rank", 0), 4)

    early = [search(q="serang"), search(full_text="serang", q={"kode": "penduduk"}), search(q="Serang", sort="n")]
    assert [one[:2] for one in early] == [([1], 1)] * 3
    assert resource_id in full_text.waiting()
    # What is delivered meanwhile is found, too.
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f"COMMENT ON TABLE \"{resource_id}\" IS 'tanda'")
        connection.exec_driver_sql(seam.comment_sql(resource_id, "n", {"_info": {"label": "N"}}))
    assert full_text.complete(resource_id)
    assert not full_text.complete(resource_id)
    assert resource_id not in full_text.waiting()
    late = [search(q="serang"), search(full_text="serang", q={"kode": "penduduk"}), search(q="Serang", sort="n")]
    assert late == early
    assert read(datastore, resource_id) == [("penduduk Serang", 1, "1"), ("Kasemen", 2, "2")]
    assert datastore("SELECT obj_description(CAST(:name AS regclass), 'pg_class')", name=f'"{resource_id}"') == [
        ("tanda",)
    ]
    backend = DatastoreBackend.get_active_backend()
    assert {field["id"]: field for field in backend.resource_fields(resource_id)["fields"]}["n"]["info"] == {
        "label": "N"
    }
    # The key stands, and single rows go on from the last number.
    backend.upsert(
        {},
        {
            "resource_id": resource_id,
            "method": "upsert",
            "include_records": False,
            "records": [{"kode": "Kasemen", "n": 5}, {"kode": "Curug", "n": 6}],
        },
    )
    assert read(datastore, resource_id, "_id > 2, kode, n")[1:] == [(False, "Kasemen", 5), (True, "Curug", 6)]


@pytest.mark.usefixtures("later", "in_parts")
def test_readers_see_the_old_or_the_new_rows_whole(resource_id, datastore, copy_file):
    columns = [Column("kode"), Column("n", "integer")]
    files = [
        copy_file([f"lama,{n}" for n in range(500)], ("kode", "n")),
        copy_file([f"baru,{n}" for n in range(900)], ("kode", "n")),
    ]
    replace_table(resource_id, columns, files[0])
    seen, stop = set(), threading.Event()

    def look():
        while not stop.is_set():
            seen.add(tuple(datastore(f'SELECT min(kode), max(kode), count(*) FROM "{resource_id}"')[0]))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for file in [files[1], files[0]] * 3:
            replace_table(resource_id, columns, file)
            full_text.complete(resource_id)
    finally:
        stop.set()
        reader.join()
    assert seen == {("lama", "lama", 500), ("baru", "baru", 900)}
    assert staged(datastore) == []


@pytest.mark.usefixtures("in_parts", "later")
def test_who_reads_a_table_nobody_wants_holds_no_load_up(resource_id, datastore, copy_file, monkeypatch):
    monkeypatch.setattr(streams, "LOCK_TIMEOUT", "200ms")
    columns, file = [Column("kode"), Column("n", "integer")], copy_file(["a,1"] * 10, ("kode", "n"))
    with seam.write_engine().connect() as reader:
        with streams.scratch() as place:
            place.create("_satudata_dibaca", "_id integer")
            # As a backup does, which reads every table until its end.
            reader.exec_driver_sql("SELECT * FROM _satudata_dibaca")
        assert replace_table(resource_id, columns, file).rows == 10
        assert full_text.complete(resource_id)
        assert staged(datastore) == [("_satudata_dibaca",)]
    replace_table(resource_id, columns, file)
    assert staged(datastore) == []
    # What comes after on the same connections waits as it did.
    with ExitStack() as stack:
        others = [stack.enter_context(seam.write_engine().connect()) for _one in range(5)]
        assert {one.exec_driver_sql("SHOW lock_timeout").scalar() for one in others} == {"0"}


LOADER = """
import sys, time
from pathlib import Path
from ckan.cli import load_config
from ckan.config.middleware import make_app
config = load_config(sys.argv[1])
config["ckan.plugins"] = "datastore"
make_app(config)
from ckanext.satudataserang.core.tables.grid import CopyFile
from ckanext.satudataserang.submission import full_text, staging, store, streams
from ckanext.satudataserang.submission.store import Column, replace_table

def stop(*args, **kwargs):
    print("tengah", flush=True)
    time.sleep(60)

streams.LARGE = full_text.AT_ONCE_ROWS = 0
if sys.argv[4] == "muat":
    staging.number = stop
    file = CopyFile(Path(sys.argv[3]), ("kode", "n"), 500)
    replace_table(sys.argv[2], [Column("kode"), Column("n", "integer")], file)
else:
    staging.swap = stop
    full_text.complete(sys.argv[2])
"""


@pytest.mark.parametrize("moment", ["muat", "cari"])
@pytest.mark.usefixtures("later", "in_parts")
def test_a_killed_load_leaves_the_old_rows_and_nothing_else(resource_id, datastore, copy_file, pytestconfig, moment):
    columns, file = [Column("kode"), Column("n", "integer")], copy_file(["baru,1"] * 500, ("kode", "n"))
    replace_table(resource_id, columns, copy_file(["lama,1"] * 300, ("kode", "n")))
    ini = pytestconfig.getoption("ckan_ini") or os.environ["CKAN_INI"]
    command = [sys.executable, "-c", LOADER, str(ini), resource_id, str(file.path), moment]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert any(line.strip() == "tengah" for line in process.stdout)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert datastore(f'SELECT min(kode), max(kode), count(*) FROM "{resource_id}"') == [("lama", "lama", 300)]
    assert full_text.waiting() == [resource_id]
    deadline = time.monotonic() + 30
    assert full_text.complete(resource_id)
    replace_table(resource_id, columns, file)
    assert time.monotonic() < deadline
    assert datastore(f'SELECT min(kode), count(*) FROM "{resource_id}"') == [("baru", 500)]
    assert staged(datastore) == []
