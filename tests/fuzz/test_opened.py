"""Whatever bytes are handed in, the reader answers with a table or with findings; never with an exception.

`SATUDATA_FUZZ` is how many inputs are tried in all (`make fuzz`: 100,000). Every file that is drawn is tried as it is
and in nine changed forms: drawing takes longer than reading. What goes wrong is put into `var/fuzz`, one file for each
test; once mended, it is kept in `corpus/`.
"""

from __future__ import annotations

import csv
import faulthandler
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import duck
from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.tables import aside, aside_worker, biff, books, web_tables
from ckanext.satudataserang.core.tables.layout import Layout
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.opening import opened

TOTAL = int(os.environ.get("SATUDATA_FUZZ") or 600)
CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
SEEDS = {path.name: path.read_bytes() for path in CORPUS}
TEXTS = [content for name, content in SEEDS.items() if name.endswith(".csv")]
ARCHIVES = [content for content in SEEDS.values() if content.startswith(b"PK")]
BOOKS = [content for content in SEEDS.values() if content.startswith((b"PK", b"\xd0\xcf"))]
PAGES = [content for name, content in SEEDS.items() if name == "html.xls"]
FOUND = Path(__file__).parents[2] / "var" / "fuzz"
LIMITS = Limits(cells=100_000, unpacked_bytes=50 << 20, seconds=20)
PATIENCE = 60.0
#: In how many forms a file that was drawn is tried.
FORMS = 10
STRUCTURE = Structure(
    "uji",
    "Uji",
    columns=(
        Column("kecamatan", "Kecamatan", required=True, key=True, synonyms=("nama kecamatan",)),
        Column("jumlah", "Jumlah", "integer", required=True),
        Column("tahun", "Tahun", "integer"),
    ),
)
#: One that demands nothing.
LOOSE = Structure("bebas", "Bebas", columns=(Column("kecamatan", "Kecamatan"), Column("jumlah", "Jumlah", "integer")))
#: Loaded once, not in each process that reads a file.
LOADED = (biff, books, web_tables)
seen: Counter[str] = Counter()


def share(part):
    return settings(
        max_examples=max(2, int(TOTAL * part / FORMS)),
        deadline=None,
        database=None,
        derandomize=TOTAL < 10_000,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def place():
    # Files of a moment stay in memory where there is room for them.
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def workers():
    """A copy of this process while it is small, which copies itself again for every file it is told of."""
    told, tell = os.pipe()
    heard, hear = os.pipe()
    server = os.fork()
    if not server:
        try:
            os.close(tell)
            os.close(heard)
            _serve(told, hear)
        finally:
            os._exit(0)
    os.close(told)
    os.close(hear)
    with os.fdopen(tell, "w", buffering=1) as orders, os.fdopen(heard) as answers:

        def run(command, **_options):
            orders.write(json.dumps(command[3:]) + "\n")
            return subprocess.CompletedProcess(command, int(answers.readline()))

        yield run
    os.waitpid(server, 0)


def _serve(told, hear):
    """Read one file after the other, each in a process of its own, and answer how each ended."""
    with os.fdopen(told) as orders, os.fdopen(hear, "w", buffering=1) as answers:
        for order in orders:
            child = os.fork()
            if not child:
                code = 1
                try:
                    faulthandler.disable()
                    silence = os.open(os.devnull, os.O_WRONLY)
                    os.dup2(silence, 2)
                    code = aside_worker.main(json.loads(order))
                finally:
                    os._exit(code)
            _child, status = os.waitpid(child, 0)
            answers.write(f"{os.waitstatus_to_exitcode(status)}\n")


@pytest.fixture
def at_hand(monkeypatch, workers):
    """The worker in a copy of a process that is there: starting an interpreter for each input would take days."""
    monkeypatch.setattr(aside.subprocess, "run", workers)


def here():
    """How much memory this process takes up by itself, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def laid_down(content, place):
    """The path of a file of this content, in a directory of its own."""
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as directory:
        path = Path(directory) / "berkas"
        path.write_bytes(content)
        yield path


def tried(content, place, *, structure=None, layout=None, limits=LIMITS):
    """Open and read through, and look that what came out is sound."""
    with laid_down(content, place) as path:
        directory = path.parent
        began = time.monotonic()
        limits = replace(limits, memory=here() + (400 << 20))
        grid = opened(path, "berkas", directory=directory, structure=structure, layout=layout, limits=limits)
        assert time.monotonic() - began < PATIENCE
        seen["usable" if grid.usable else "refused"] += 1
        for finding in grid.findings:
            assert finding.message, finding
            assert "{" not in finding.message or "{" in "".join(finding.params.values())
        assert Layout.from_dict(grid.layout.as_dict()) == grid.layout
        if not grid.usable:
            assert grid.findings.has_errors
            return
        rows = cells_of(grid)
        assert rows
        assert {len(row) for row in rows} == {len(grid.titles) + grid.numbered}
        assert all(grid.titles)
        if crc32(content) % 4:
            return
        again = opened(path, "berkas", directory=directory, structure=structure, layout=grid.layout, limits=limits)
        assert again.usable, list(again.findings)
        assert (again.titles, again.layout) == (grid.titles, grid.layout)
        # Once it is agreed that nothing stands under a table, its file may be left as it is.
        assert numbered(again) == numbered(grid)


def cells_of(grid):
    with grid.path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text, delimiter=grid.delimiter, strict=True))[grid.skip :]


def numbered(grid):
    """The rows of a grid, each after its number in the file; rows of blanks may stay in a file left as it is."""
    if grid.numbered:
        return cells_of(grid)
    rows = enumerate(cells_of(grid), start=grid.skip + 1)
    return [[str(number), *row] for number, row in rows if any(cell.strip() for cell in row)]


def forms_of(content, seed, change):
    """A file as it is, and changed in other ways each time."""
    random = Random(seed)
    yield content
    for _form in range(FORMS - 1):
        yield change(content, random)


def tried_in_forms(content, seed, place, change=None, **options):
    """Try all forms of a file."""
    for form in forms_of(content, seed, change or changed):
        with put_aside(form):
            tried(form, place, **options)


@contextmanager
def put_aside(form):
    """A form of a file that goes wrong is named, and put where it is found again; the last one is the smallest."""
    try:
        yield
    except Exception as problem:
        FOUND.mkdir(parents=True, exist_ok=True)
        path = FOUND / os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split()[0]
        path.write_bytes(form)
        raise AssertionError(f"{path}: {form!r}") from problem


PUT = [b'"', b"\r", b"\n", b"\r\n", b";", b",", b"\0", b"\xff", b"#REF!", b"<"]
KINDS = ["flip", "cut", "put", "double", "end"]


def mutated(seeds):
    """A good file with pieces flipped, cut out, put in, doubled."""
    change = st.tuples(
        st.sampled_from(KINDS),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 40),
        st.binary(max_size=8) | st.sampled_from(PUT),
    )
    return st.builds(with_changes, st.sampled_from(seeds), st.lists(change, min_size=1, max_size=6))


def changed(content, random):
    """The same by chance."""
    changes = [
        (random.choice(KINDS), random.random(), random.randint(1, 40), some_piece(random, PUT, 8))
        for _change in range(random.randint(1, 6))
    ]
    return with_changes(content, changes)


def some_piece(random, pieces, most):
    return random.choice(pieces) if random.random() < 0.5 else random.randbytes(random.randint(0, most))


def with_changes(content, changes):
    for kind, where, length, piece in changes:
        at = int(where * len(content))
        if kind == "flip" and content:
            content = content[:at] + bytes([content[at] ^ length]) + content[at + 1 :]
        elif kind == "cut":
            content = content[:at] + content[at + length :]
        elif kind == "put":
            content = content[:at] + piece + content[at:]
        elif kind == "double":
            content = content[: at + length] + content[at:]
        elif kind == "end":
            content = content[: max(at, 1)]
    return content


def repacked(content, changes):
    """A workbook of which a part was changed inside of its archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for number, name in enumerate(old.namelist()):
            body = old.read(name)
            for where, piece, length in changes.get(number % 9, ()):
                at = int(where * len(body))
                body = body[:at] + piece + body[at + length :]
            new.writestr(name, body)
    return out.getvalue()


PIECES = [b"<c", b"</c>", b'r="XFD9"', b"<f/>", b"<v>1</v>", b't="e"', b"&#0;", b"<row>", b'"', b"999999999", b"-1",
          b'table:number-rows-repeated="99999"', b'table:number-columns-repeated="9999"', b"<!DOCTYPE x>"]  # fmt: skip


def with_changed_parts(content, random):
    """A workbook of which some parts were changed by chance."""
    changes = {
        random.randrange(9): [
            (random.random(), some_piece(random, PIECES, 6), random.randint(0, 12))
            for _change in range(random.randint(0, 3))
        ]
        for _part in range(random.randint(1, 3))
    }
    return repacked(content, changes)


part_changes = st.dictionaries(
    st.integers(0, 8),
    st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True), st.sampled_from(PIECES) | st.binary(max_size=6), st.integers(0, 12)
        ),
        max_size=3,
    ),
    min_size=1,
    max_size=3,
)
cell = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-",
            "Jumlah",
            "Total",
            "Sumber: BPS",
            "2020",
            "2021",
            "Januari",
            "1.234",
            "1,5",
            "Rp 1.000",
            "Kecamatan",
            "Laki-laki",
            "(1)",
            "(2)",
            "#REF!",
            "36.73",
            "a\nb",
            'a"b',
            "sep=;",
            "# satudata entri=a",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.integers(-9999, 99999).map(str),
)


@st.composite
def delimited(draw):
    """Text files as people make them, and as nobody would."""
    width = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(cell, min_size=1, max_size=width), max_size=12))
    steady = draw(st.booleans())
    if steady:
        rows = [row + [""] * (width - len(row)) for row in rows]
    out = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|:")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        quoting=quoting,
    ).writerows(rows)
    text = draw(st.sampled_from(["", "", "\n", "sep=;\r\n", ";;;\r\n", "Judul\n\n"])) + out.getvalue()
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]))
    return text.encode(encoding, "replace")


@st.composite
def tidy(draw):
    """Text files that mostly need no rewriting."""
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=12))
    out = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(out, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=end, quoting=quoting).writerows(
        [[f"Judul {number}" for number in range(width)], *rows]
    )
    return out.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))


seeds = st.integers(0, (1 << 32) - 1)


@share(0.2)
@given(st.binary(max_size=600), seeds)
def test_any_bytes(place, content, seed):
    tried_in_forms(content, seed, place)


@share(0.3)
@given(delimited(), seeds, st.booleans())
def test_delimited_text(place, content, seed, agreed):
    tried_in_forms(content, seed, place, structure=STRUCTURE if agreed else None)


@share(0.22)
@given(mutated(TEXTS), seeds, st.booleans())
def test_changed_text_files(place, content, seed, agreed):
    tried_in_forms(content, seed, place, structure=STRUCTURE if agreed else None)


@share(0.12)
@given(content=mutated(BOOKS), seed=seeds)
def test_changed_workbooks(place, at_hand, content, seed):
    tried_in_forms(content, seed, place)


@share(0.1)
@given(content=st.builds(repacked, st.sampled_from(ARCHIVES), part_changes), seed=seeds)
def test_workbooks_with_changed_parts(place, at_hand, content, seed):
    tried_in_forms(content, seed, place, with_changed_parts)


@share(0.04)
@given(content=mutated(PAGES), seed=seeds)
def test_changed_web_pages(place, at_hand, content, seed):
    tried_in_forms(content, seed, place)


@share(0.002)
@given(content=mutated(BOOKS + PAGES), seed=seeds)
def test_changed_workbooks_in_their_own_process(place, content, seed):
    tried_in_forms(content, seed, place)


@share(0.02)
@given(delimited() | tidy() | mutated(TEXTS), seeds, st.sampled_from([None, STRUCTURE, LOOSE]))
def test_what_is_checked(place, content, seed, structure):
    """What can be read can be checked: a table or errors come out."""
    for form in forms_of(content, seed, changed):
        with put_aside(form):
            checked(form, place, structure)


def checked(content, place, structure):
    with laid_down(content, place) as path:
        directory = path.parent
        grid = opened(path, "berkas", directory=directory, structure=structure, limits=LIMITS)
        table = check(grid, Wishes(structure=structure), directory=directory)
        try:
            assert table.usable != table.findings.has_errors, list(table.findings)
            assert bool(table.rows) or not table.usable
        finally:
            table.close()


@share(0.02)
@given(content=tidy() | mutated(TEXTS), seed=seeds)
def test_the_columnar_engine_sees_the_same(place, content, seed):
    """A file left as it is gives DuckDB the rows that a full reading gives."""
    for form in forms_of(content, seed, changed):
        with put_aside(form):
            seen_the_same(form, place)


def seen_the_same(content, place):
    with laid_down(content, place) as path:
        grid = opened(path, "berkas", directory=path.parent, limits=LIMITS)
        if not grid.usable or grid.numbered:
            return
        # Rows of blanks may stay in a file that is left as it is; whoever scans it leaves them out.
        mine = [row for row in scanned(grid) if any(cell.strip() for cell in row)]
        whole = opened(path, "berkas", directory=path.parent, limits=LIMITS, thorough=True)
        assert whole.usable == bool(mine), list(whole.findings)
        if mine:
            assert (whole.titles, whole.layout) == (grid.titles, grid.layout)
            assert mine == [row[1:] for row in scanned(whole)]


def scanned(grid):
    columns = [(f"c{number}", "VARCHAR") for number in range(len(grid.titles) + grid.numbered)]
    with duckdb.connect() as engine:
        found = engine.execute(f"FROM {duck.scan(grid.path, columns, grid.delimiter, grid.skip)}").fetchall()
    return [tuple(value or "" for value in row) for row in found]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_was_kept(place, path):
    tried(path.read_bytes(), place)
    tried(path.read_bytes(), place, structure=STRUCTURE)
    seen_the_same(path.read_bytes(), place)
    for structure in (None, STRUCTURE, LOOSE):
        checked(path.read_bytes(), place, structure)
