"""Putting the bundle together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import region
from ckanext.satudataserang.completeness.evidence import tables
from ckanext.satudataserang.completeness.evidence.archive import Archive
from ckanext.satudataserang.completeness.evidence.indicators import Indicator, indicators
from ckanext.satudataserang.completeness.evidence.readme import readme
from ckanext.satudataserang.core.deadlines import WIB

_FETCHED = 1000


def filename(year: int) -> str:
    """The name of the bundle of a year."""
    return f"bukti-epss-{year}.zip"


def write(target: BinaryIO, year: int, now: datetime, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Write the bundle of a year as of `now` and return its manifest.

    :param target: an open binary file; the zip is written to it in one go
    :param shown: the measures of the year, as satudata_completeness_show gives them
    """
    day = now.astimezone(WIB).date()
    held: dict[str, tuple[str, int]] = {}
    with TemporaryDirectory(prefix="satudata-bukti-") as folder:
        archive = Archive(target, Path(folder), day)
        # All tables are read as of one moment, whatever is being written meanwhile.
        with _snapshot() as connection:
            for table in tables.tables():
                columns, rows = _read(connection, table, year, now)
                held[table.name] = (table.about(), archive.table(table.name, columns, rows))
        for name, about, columns, rows in (
            ("ukuran", tk._("ukuran seluruh kota dan tiap OPD"), tables.MEASURES, tables.measures(shown)),
            ("definisi", tk._("arti, bobot, dan rumus tiap ukuran"), tables.DEFINITIONS, tables.definitions()),
            ("kanal", tk._("lewat apa data sampai kepada pemakai"), tables.CHANNELS, tables.channels()),
        ):
            held[name] = (about, archive.table(name, columns, rows))
        archive.table("indikator", _INDICATOR, _indicator_rows(indicators(), held))
        archive.text("README.txt", readme(year, day, held))
        return archive.close(_about(year, day, shown, held))


_INDICATOR = ("kode", "nama", "berkas", "jumlah_baris", "keyakinan", "catatan")


def _indicator_rows(
    claimed: Iterable[Indicator], held: Mapping[str, tuple[str, int]]
) -> Iterator[tuple[str, str, list[str], int, str, str]]:
    for one in claimed:
        rows = sum(held[name][1] for name in one.tables)
        yield (one.kode, one.nama, [f"data/{name}.csv" for name in one.tables], rows, one.certainty, one.note)


def _about(year: int, day: date, shown: Mapping[str, Any], held: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    return {
        "title": tk._("Bukti dukung EPSS"),
        "place": region.get_region().nama,
        "year": year,
        "as_of": day.isoformat(),
        "rule_version": shown["rule_version"],
        "totals": {
            **{name: rows for name, (_about, rows) in held.items()},
            "index": shown["city"]["index"],
            "measures": shown["city"]["measures"],
        },
        "indicators": [one.kode for one in indicators()],
    }


def _snapshot() -> sa.Connection:
    engine = model.Session.get_bind()
    assert isinstance(engine, sa.Engine)  # noqa: S101
    return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _read(
    connection: sa.Connection, table: tables.Table, year: int, now: datetime
) -> tuple[list[str], Iterator[list[Any]]]:
    parameters = {
        "year": year,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
        "now": now,
    }
    statement = sa.text(table.statement)
    bound = {name: value for name, value in parameters.items() if name in statement._bindparams}
    found = connection.execution_options(stream_results=True, max_row_buffer=_FETCHED).execute(statement, bound)
    columns = list(found.keys())

    def rows() -> Iterator[list[Any]]:
        for row in found:
            read = dict(zip(columns, row, strict=True))
            yield [*row, *(tell(read) for tell in table.told.values())]

    return [*columns, *table.told], rows()
