"""Commands of the reports: `ckan satudata evidence` and `ckan satudata report`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import pdf
from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.core.windows import Window

_YEAR = click.IntRange(1900, 2200)
_FILE = click.Path(dir_okay=False, path_type=Path)


@satudata.command(short_help="Buat berkas bukti dukung EPSS.")
@click.argument("tahun", type=_YEAR)
@click.argument("file", metavar="BERKAS", type=_FILE)
def evidence(tahun: int, file: Path) -> None:
    """Tulis bukti dukung EPSS satu TAHUN ke BERKAS (zip)."""
    from ckanext.satudataserang.completeness.evidence.action import TARGET  # noqa: PLC0415

    def write(target: BinaryIO) -> Any:
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
        context: Any = {"user": user["name"], TARGET: target}
        return tk.get_action("satudata_evidence_bundle")(context, {"year": tahun})

    made = _written(file, write)
    rows = sum(one["rows"] or 0 for one in made["files"] if one["path"].endswith(".csv"))
    click.echo(
        tk._("Selesai: {file}, {count} berkas, {rows} baris, keadaan per {day}.").format(
            file=file, count=len(made["files"]), rows=rows, day=made["as_of"]
        )
    )


@satudata.command(short_help="Buat rapor OPD atau ringkasan kota sebagai PDF.")
@click.argument("tahun", type=_YEAR)
@click.argument("file", metavar="BERKAS", type=_FILE)
@click.option("--opd", default="", help="Nama OPD; tanpa ini, semua OPD satu halaman masing-masing.")
@click.option("--city", is_flag=True, help="Ringkasan seluruh kota.")
def report(tahun: int, file: Path, opd: str, city: bool) -> None:
    """Tulis rapor satu TAHUN ke BERKAS (PDF)."""
    from ckanext.satudataserang.completeness.reports import city as city_report  # noqa: PLC0415
    from ckanext.satudataserang.completeness.reports import opd as opd_report  # noqa: PLC0415

    window = Window.of_year(tahun)
    try:
        if city:
            content = city_report.summary(window)[1]
        else:
            content = (opd_report.report(opd, window) if opd else opd_report.reports(window))[1]
    except pdf.PdfError as err:
        raise CommandRefusedError(str(err)) from err
    except tk.ObjectNotFound as err:
        raise CommandRefusedError(str(err.message or "")) from err
    _written(file, lambda target: target.write(content))
    click.echo(tk._("Selesai: {file}.").format(file=file))


def _written(file: Path, write: Callable[[BinaryIO], Any]) -> Any:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as target:
            part = Path(target.name)
            try:
                made = write(target)  # type: ignore[arg-type]
                target.flush()
                os.fsync(target.fileno())
                part.chmod(0o644)
                part.replace(file)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as err:
        message = tk._("Berkas {file} tidak dapat ditulis: {reason}.").format(file=file, reason=err.strerror or err)
        raise CommandRefusedError(message) from err
    return made
