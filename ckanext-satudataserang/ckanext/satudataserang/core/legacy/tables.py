"""The four tables of a legacy export, read strictly.

What makes the whole export unusable (a missing table or column, another encoding, a broken row) is refused
with the file, the row and the column, as `ImportRefusedError`. Rows are numbered by their line: the header is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

TABLES: dict[str, tuple[str, ...]] = {
    "tb_bidang_urusan": ("id", "nama_bidang"),
    "tb_jenis_data": ("id", "jenis_data", "id_bidang", "id_parent", "deskripsi", "file"),
    "tb_wilayah": ("id", "nama_wilayah"),
    "tb_simpatik": (
        "id_simpatik",
        "bidang_urusan",
        "jenis_data",
        "tahun",
        "triwulan",
        "wilayah",
        "jumlah",
        "satuan",
        "sumber_data",
        "ket",
        "created_date",
        "updated_date",
    ),
}


class ImportRefusedError(ValueError):
    """The export cannot be imported at all.

    `template` is an Indonesian sentence with named places, `values` fills them, so that a caller can translate it.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


@dataclass(frozen=True)
class SourceRow:
    """One record of a table: the table, the line of the file it starts on and its cells by column."""

    table: str
    line: int
    cells: Mapping[str, str]

    @property
    def row_id(self) -> str:
        """The record's own key, or its row number where it has none."""
        key = self.cells[TABLES[self.table][0]].strip()
        return key or f"baris {self.line}"

    def refused(self, template: str, column: str, **values: object) -> ImportRefusedError:
        """The refusal of the whole import because of one cell of this row."""
        return ImportRefusedError(
            template, file=f"{self.table}.csv", row=self.line, column=column, value=self.cells[column].strip(), **values
        )


MISSING_TABLE = "Berkas {file} tidak ada di folder ekspor. Lengkapi keempat berkas ekspor, lalu ulangi."
EMPTY_TABLE = "Berkas {file} kosong: tidak ada baris data di bawah judul kolom. Ekspor ulang tabel itu, lalu ulangi."
WRONG_ENCODING = (
    "Berkas {file} baris {row} kolom {column}: teks bukan UTF-8. Simpan ulang berkas sebagai UTF-8, lalu ulangi."
)
MISSING_COLUMN = "Berkas {file} baris 1: kolom {column} tidak ada. Ekspor ulang tabel dengan judul kolom aslinya."
DOUBLE_COLUMN = "Berkas {file} baris 1: kolom {column} muncul lebih dari sekali. Ekspor ulang tabel itu."
RAGGED_ROW = (
    "Berkas {file} baris {row} kolom {column}: jumlah kolom {found}, seharusnya {expected}. "
    "Periksa tanda kutip dan pemisah kolom pada baris itu."
)
BROKEN_CSV = "Berkas {file} baris {row} kolom {column}: bentuk CSV rusak. Periksa tanda kutip pada baris itu."


def read_tables(files: Mapping[str, bytes]) -> dict[str, list[SourceRow]]:
    """The rows of the four tables; `files` holds their bytes by table name. Raises ImportRefusedError."""
    for table in TABLES:
        if table not in files:
            raise ImportRefusedError(MISSING_TABLE, file=f"{table}.csv")
    return {table: _read_table(table, files[table]) for table in TABLES}


def _read_table(table: str, content: bytes) -> list[SourceRow]:
    file = f"{table}.csv"
    text = _decode(file, content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise ImportRefusedError(EMPTY_TABLE, file=file)
        _check_header(table, header)
        rows = _read_rows(table, header, reader)
    except csv.Error as error:
        raise ImportRefusedError(BROKEN_CSV, file=file, row=reader.line_num, column=1) from error
    if not rows:
        raise ImportRefusedError(EMPTY_TABLE, file=file)
    return rows


def _decode(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = error.start
        raise _wrong_encoding(file, content[:place]) from error
    if "\x00" in text:
        raise _wrong_encoding(file, content[: content.index(b"\x00")])
    return text


def _wrong_encoding(file: str, before: bytes) -> ImportRefusedError:
    line_start = before.rfind(b"\n") + 1
    # A comma inside quotes ends no column.
    cells = next(csv.reader([before[line_start:].decode("latin-1")]), [])
    column = max(len(cells), 1)
    return ImportRefusedError(WRONG_ENCODING, file=file, row=before.count(b"\n") + 1, column=column)


def _check_header(table: str, header: list[str]) -> None:
    for column in TABLES[table]:
        if column not in header:
            raise ImportRefusedError(MISSING_COLUMN, file=f"{table}.csv", column=column)
        if header.count(column) > 1:
            raise ImportRefusedError(DOUBLE_COLUMN, file=f"{table}.csv", column=column)


class _Reader(Protocol):
    """What csv.reader() returns; its own type has no public name."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def _read_rows(table: str, header: list[str], reader: _Reader) -> list[SourceRow]:
    rows: list[SourceRow] = []
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                column = header[min(len(cells), len(header) - 1)]
                raise ImportRefusedError(
                    RAGGED_ROW,
                    file=f"{table}.csv",
                    row=line,
                    column=column,
                    found=len(cells),
                    expected=len(header),
                )
            rows.append(SourceRow(table, line, dict(zip(header, cells, strict=True))))
        line = reader.line_num + 1
    return rows
