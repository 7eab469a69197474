"""Reading a delimited text file as it comes.

The file is read twice, row by row: once to check it and to decide the types from all values, once more to hand out
the values. Memory does not grow with the number of rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from ckanext.satudataserang.core import checks
from ckanext.satudataserang.core.findings import Finding, Findings, error, info

from .columns import column_ids
from .dialect import Dialect, detect_dialect, parse
from .encoding import Encoding, detect_encoding
from .types import ColumnProfile, ColumnType
from .values import NOTHING, number_text

_HEAD_BYTES = 4_096
_SAMPLE_CHARACTERS = 1 << 16


@dataclass(frozen=True)
class TableColumn:
    """A column: its name in the database, its title in the file, and the type all of its values have."""

    id: str
    title: str
    type: ColumnType


@dataclass
class Table:
    """A file that was read through once. Without errors in `findings` its rows can be had from `records`."""

    stream: BinaryIO
    findings: Findings
    encoding: str = ""
    dialect: Dialect = field(default_factory=lambda: Dialect(","))
    header_row: int = 0
    columns: Sequence[TableColumn] = ()
    rows: int = 0

    @property
    def usable(self) -> bool:
        """Whether the table may be loaded."""
        return not self.findings.has_errors and bool(self.columns)

    def records(self) -> Iterator[tuple[int, list[str | None]]]:
        """Hand out each row's number in the file and its values as the database reads them (None: no value)."""
        convert = [_converter(column.type) for column in self.columns]
        width = len(convert)
        with _text(self.stream, self.encoding) as text:
            for number, cells in _rows(text, self.dialect):
                if number > self.header_row and _has_content(cells):
                    yield (
                        number,
                        [function(cell.strip()) for function, cell in zip(convert, cells[:width], strict=True)],
                    )


def read_table(
    stream: BinaryIO, *, wanted: Mapping[str, str] | None = None, structure: Mapping[str, Any] | None = None
) -> Table:
    """Read and check a delimited text file; every problem is in the table's findings, none is raised.

    :param stream: the file, seekable; it stays open and must stay so as long as the table is used
    :param wanted: types a person chose, by column name
    :param structure: the agreed structure of the plan entry, handed to the checks
    """
    table = Table(stream, Findings())
    if not _check_file(table) or not _choose_encoding(table):
        return table
    try:
        _profile(table, wanted or {}, structure or {})
    except csv.Error as problem:
        table.findings.add(_broken_quotes(table.rows, problem))
    return table


def _check_file(table: Table) -> bool:
    table.stream.seek(0, io.SEEK_END)
    size = table.stream.tell()
    table.stream.seek(0)
    file = checks.TableFile(table.stream.read(_HEAD_BYTES), size)
    for check in checks.FILE_CHECKS:
        table.findings.extend(check(file))
    return not table.findings.has_errors


def _choose_encoding(table: Table) -> bool:
    encoding = detect_encoding(table.stream)
    if encoding.name is None:
        table.findings.add(_unreadable(encoding))
        return False
    if encoding.is_guess:
        name = {"cp1252": "Windows-1252"}.get(encoding.name, encoding.name)
        table.findings.add(
            info(
                "pengodean-ditebak",
                f"Berkas tidak disimpan sebagai UTF-8; dibaca sebagai {name}.",
                "Periksa huruf khusus di tabel. Lain kali simpan sebagai CSV UTF-8.",
            )
        )
    table.encoding = encoding.name
    return True


def _profile(table: Table, wanted: Mapping[str, str], structure: Mapping[str, Any]) -> None:
    with _text(table.stream, table.encoding) as text:
        table.dialect = detect_dialect(text.read(_SAMPLE_CHARACTERS))
    with _text(table.stream, table.encoding) as text:
        rows = _rows(text, table.dialect)
        header = _find_header(rows, structure)
        table.header_row = header.row
        for check in checks.HEADER_CHECKS:
            table.findings.extend(check(header))
        if table.findings.has_errors and header.width > checks.limits.MAX_COLUMNS:
            return
        profiles = [
            ColumnProfile(name, title.strip())
            for name, title in zip(column_ids(header.titles), header.titles, strict=True)
        ]
        _read_through(table, rows, header, profiles)
    columns = []
    for profile in profiles:
        decided = profile.decide(wanted.get(profile.id, ""))
        table.findings.extend(profile.findings(decided, wanted.get(profile.id, "")))
        columns.append(TableColumn(profile.id, profile.title, decided))
    table.columns = columns
    summary = checks.TableSummary(header, table.rows, [profile.values for profile in profiles])
    for table_check in checks.TABLE_CHECKS:
        table.findings.extend(table_check(summary))


def _read_through(
    table: Table,
    rows: Iterator[tuple[int, list[str]]],
    header: checks.Header,
    profiles: Sequence[ColumnProfile],
) -> None:
    rules = [make(header) for make in checks.ROW_CHECKS]
    for number, cells in rows:
        if not _has_content(cells):
            continue
        table.rows += 1
        for rule in rules:
            if finding := rule(number, cells):
                table.findings.add(finding)
        for profile, cell in zip(profiles, cells, strict=False):
            profile.see(number, cell.strip())


def _find_header(rows: Iterator[tuple[int, list[str]]], structure: Mapping[str, Any]) -> checks.Header:
    """Take the first row with content as the titles. Tables that begin with a heading of their own come here later."""
    for number, cells in rows:
        if _has_content(cells):
            titles = list(cells)
            while not titles[-1].strip():
                titles.pop()
            return checks.Header(titles, number, structure)
    return checks.Header((), 0, structure)


def _rows(text: io.TextIOWrapper, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Number rows as a spreadsheet does: a line break inside quotes begins no new row, an empty line is one."""
    rows = enumerate(parse(text, dialect.delimiter), start=1)
    if dialect.declared:
        next(rows, None)
    return rows


def _has_content(cells: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)


@contextmanager
def _text(stream: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open the stream as text from its start, and leave it open afterwards."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _converter(column: ColumnType) -> Callable[[str], str | None]:
    if column.name == "text":
        return lambda cell: cell or None
    if column.name in ("integer", "numeric"):
        decimal = column.decimal
        return lambda cell: None if _is_nothing(cell) else number_text(cell, decimal)
    return lambda cell: None if _is_nothing(cell) else cell


def _is_nothing(cell: str) -> bool:
    return not cell or cell in NOTHING or cell.casefold() in NOTHING


def _unreadable(encoding: Encoding) -> Finding:
    if encoding.damaged_line:
        return error(
            "pengodean-rusak",
            f"Berkas UTF-8 ini rusak: baris {encoding.damaged_line} berisi byte yang bukan UTF-8.",
            "Buka berkasnya, perbaiki huruf aneh di baris itu, lalu simpan lagi sebagai CSV UTF-8.",
            row=encoding.damaged_line,
        )
    return error(
        "pengodean-tidak-dikenal",
        "Huruf dalam berkas tidak dapat dibaca: pengodeannya tidak dikenali.",
        "Buka berkasnya, lalu simpan sebagai CSV UTF-8.",
    )


def _broken_quotes(rows: int, problem: csv.Error) -> Finding:
    if "field larger" in str(problem):
        sentence = "Ada sel yang sangat panjang; biasanya karena tanda kutip ganda pembuka tidak ditutup."
    else:
        sentence = "Tanda kutip ganda tidak berpasangan."
    return error(
        "kutip-rusak",
        f"{sentence} Letaknya pada baris data ke-{rows + 1} atau sesudahnya; baris berikutnya tidak dapat dibaca.",
        "Tutup tanda kutipnya. Tanda kutip di dalam isi ditulis dua kali.",
    )
