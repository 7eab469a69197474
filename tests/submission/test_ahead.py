"""A large file that goes into its table while it is still being checked."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from functools import partial

import pytest

from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures import model as structures
from ckanext.satudataserang.core.tables import opening
from ckanext.satudataserang.submission import ahead, full_text, loading, period_store, reading, staging, streams
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission.agreed import columns
from ckanext.satudataserang.submission.period_store import PeriodAddress, replace_period
from ckanext.satudataserang.submission.store import Column, replace_table

STRUCTURE = structures.Structure(
    "uji",
    "Uji",
    columns=(
        structures.Column("kode", "Kode", key=True, required=True),
        structures.Column("n", "N", "integer", minimum=Decimal(0)),
        structures.Column("nilai", "Nilai", "numeric", decimals=2),
    ),
)
TITLES = "Kode,N,Nilai"


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch):
    monkeypatch.setattr(streams, "LARGE", 0)
    monkeypatch.setattr(opening, "ASSUMED_FROM", 0)


@pytest.fixture
def copies(monkeypatch):
    """The tables that a whole file was copied into."""
    made, copy_whole = [], streams.copy_whole
    monkeypatch.setattr(streams, "copy_whole", lambda *args: (made.append(args[1]), copy_whole(*args))[1])
    return made


@pytest.fixture
def load(tmp_path, resource_id):
    """Check a file and load it where nothing stands against it; returns the codes of what was found."""

    def run(text, structure=STRUCTURE):
        path = tmp_path / "kiriman.csv"
        path.write_text(text, encoding="utf-8", newline="")
        with (
            ahead.early() as early,
            reading.opened(
                path,
                path.name,
                Wishes(structure=structure),
                begin=partial(loading.begin, early),
            ) as found,
        ):
            if found.table.usable:
                assert loading.write(resource_id, found, early) == found.table.rows
            return sorted({one.code for one in found.table.findings})

    return run


def stored(datastore, resource_id):
    return datastore(f'SELECT _id, kode, n, nilai::text FROM "{resource_id}" ORDER BY _id')


def left(datastore):
    return datastore("SELECT relname FROM pg_class WHERE relname LIKE '\\_satudata\\_%'")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [0, full_text.AT_ONCE_ROWS])
def test_the_table_is_the_one_that_came_ahead(load, resource_id, datastore, copies, monkeypatch, end, size):
    monkeypatch.setattr(full_text, "AT_ONCE_ROWS", size)
    lines = [f"K{n},{n},{n}.5" for n in range(300)]
    assert load(end.join([TITLES, *lines, "K300,,", ""])) == []
    assert len(copies) == 1
    found = stored(datastore, resource_id)
    assert found == [*((n + 1, f"K{n}", n, f"{n}.5") for n in range(300)), (301, "K300", None, None)]
    assert full_text.complete(resource_id) is (size == 0)
    assert stored(datastore, resource_id) == found
    assert left(datastore) == []
    # Rows that come later have numbers of their own, and none has another's.
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO \"{resource_id}\" (kode) VALUES ('baru')")
    assert stored(datastore, resource_id)[-1] == (302, "baru", None, None)
    assert datastore(
        "SELECT count(*) FROM pg_index WHERE indrelid = CAST(:name AS regclass) AND indisprimary",
        name=f'"{resource_id}"',
    ) == [(1,)]


def test_what_turns_out_to_be_wrong_leaves_nothing(load, resource_id, datastore):
    assert load(f"{TITLES}\nlama,1,1.5\n") == []
    for odd in ("a,1,1.5\na,2,2.5\n", "a,-1,1.5\n", "a,satu,1.5\n", ",1,1.5\n", "a,1,2.1255\n"):
        assert load(f"{TITLES}\n{odd}") != []
        assert stored(datastore, resource_id) == [(1, "lama", 1, "1.5")]
        assert left(datastore) == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f'{TITLES}\n"a",1,2.5\n', [(1, "a", 1, "2.5")]),
        (f'{TITLES}\na,"",2.5\n', [(1, "a", None, "2.5")]),
        (f"{TITLES}\na,1,2.5\n\nb,2,3.5\n", [(1, "a", 1, "2.5"), (2, "b", 2, "3.5")]),
        (f"{TITLES}\na,1,2.5\nJumlah,1,2.5\n", [(1, "a", 1, "2.5")]),
        (f"{TITLES}\na,1.000,\n", None),
        ("N,Kode,Nilai\n1,a,2.5\n", [(1, "a", 1, "2.5")]),
        ("Kode;N;Nilai\na;1;2,5\n", [(1, "a", 1, "2.5")]),
    ],
)
def test_what_does_not_lie_as_it_is_stored_goes_the_long_way(load, resource_id, datastore, text, rows):
    load(text)
    if rows is not None:
        assert stored(datastore, resource_id) == rows
    assert left(datastore) == []


def test_names_that_are_written_once_are_stored_in_every_row(load, resource_id, datastore):
    grouped = structures.Structure(
        "uji",
        "Uji",
        columns=(
            structures.Column("kode", "Kode", key=True, required=True),
            structures.Column("rincian", "Rincian", key=True, required=True),
            structures.Column("n", "N", "integer"),
        ),
    )
    assert load("Kode,Rincian,N\na,x,1\n,y,2\nb,x,3\n,y,4\n", grouped) == ["nama-kelompok-diisi"]
    found = datastore(f'SELECT kode, rincian, n FROM "{resource_id}" ORDER BY _id')
    assert found == [("a", "x", 1), ("a", "y", 2), ("b", "x", 3), ("b", "y", 4)]
    assert left(datastore) == []


def test_personal_columns_are_never_sent_ahead(load, resource_id, datastore, monkeypatch):
    sent = []
    monkeypatch.setattr(ahead.Ahead, "_send", lambda *args: sent.append(args))
    personal = structures.Structure(
        "uji",
        "Uji",
        columns=(
            structures.Column("kode", "Kode", key=True),
            structures.Column("n", "N", "integer"),
            structures.Column("nilai", "Nilai", personal=True),
        ),
    )
    load(f"{TITLES}\na,1,rahasia\n", personal)
    assert sent == []
    assert stored(datastore, resource_id) == [(1, "a", 1, "***")]


TERMINATED = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND starts_with(query, 'COPY "_satudata_') AND state = 'active'
"""


def test_a_table_that_could_not_come_ahead_is_made_by_the_load(load, resource_id, datastore, copies):
    lines = [f"K{n},{n},1.5" for n in range(200_000)]
    killed, over = [], threading.Event()

    def kill():
        with seam.write_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not killed and not over.is_set():
                killed.extend(connection.exec_driver_sql(TERMINATED).scalars())
                time.sleep(0.002)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        assert load("\n".join([TITLES, *lines])) == []
    finally:
        over.set()
        killer.join()
    assert killed
    assert len(copies) == 1
    assert datastore(f'SELECT count(*), min(_id), max(_id), sum(n) FROM "{resource_id}"') == [
        (200_000, 1, 200_000, sum(range(200_000)))
    ]
    assert left(datastore) == []


FIRST = [Column("kode"), Column("n", "integer")]
TABLES = {
    "none": None,
    "periode": ([Column("periode"), *FIRST], [["2023", "a", 1]]),
    "tahun": ([*FIRST, Column("tahun", "integer")], [["a", 1, 2023]]),
    "tahun first": ([Column("tahun", "integer"), Column("kode")], [[2023, "a"]]),
    "no period": (FIRST, [["a", 1]]),
    "text": ([Column("periode"), Column("kode"), Column("n"), Column("lain")], [["2023", "a", "1", "x"]]),
}


@pytest.mark.parametrize("standing", TABLES)
@pytest.mark.parametrize("given", [["kode", "n", "nilai"], ["kode", "n"]])
def test_what_a_period_will_be_filled_with_is_known_before(resource_id, datastore, monkeypatch, standing, given):
    if table := TABLES[standing]:
        replace_table(resource_id, *table)
    period, mine = PeriodAddress("2024", Frequency.TAHUNAN), columns(STRUCTURE, given)
    known = period_store.filling(resource_id, mine, period)
    asked, fill = [], staging.fill
    monkeypatch.setattr(
        staging, "fill", lambda cursor, what, *args, **more: asked.append(what) or fill(cursor, what, *args, **more)
    )
    before = datastore(f'SELECT count(*) FROM "{resource_id}"') if table else []
    replace_period(resource_id, mine, [["b", 7, "1.5"][: len(given)]], period)
    assert [known.is_same(what) for what in asked] == [True]
    assert not before or datastore(f'SELECT count(*) FROM "{resource_id}"') == [(before[0][0] + 1,)]
