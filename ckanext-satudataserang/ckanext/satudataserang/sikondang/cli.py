"""The command `ckan satudata sikondang import`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.legacy import (
    AliasError,
    Family,
    ImportPlan,
    ImportRefusedError,
    plan_import,
    report_csv,
)
from ckanext.satudataserang.sikondang import importer, source


@satudata.group()
def sikondang() -> None:
    """Data aplikasi lama SIKONDANG."""


@sikondang.command("import", short_help="Ambil ekspor SIKONDANG.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hanya periksa dan laporkan; tidak menulis apa pun ke portal.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Tulis semua temuan ke berkas CSV ini.")
def import_(folder: Path, dry_run: bool, report: Path | None) -> None:
    """Ambil empat tabel ekspor SIKONDANG dari FOLDER. Boleh diulang: yang sudah benar tidak disentuh."""
    now = datetime.now(timezone.utc)
    plan = _planned(folder, now)
    if not dry_run:
        _check_offices(plan)
    plan = replace(plan, findings=(*plan.findings, *importer.left_to_offices(plan, get_region())))
    if report:
        _write_report(plan, report)
    outcome = None if dry_run else _carried_out(plan, now)
    _tell_sum(plan)
    if outcome:
        _tell_outcome(outcome)
    else:
        click.echo(tk._("Percobaan saja: tidak ada yang ditulis ke portal."))
    _tell_findings(plan, report)


def _planned(folder: Path, now: datetime) -> ImportPlan:
    if not folder.is_dir():
        message = tk._("Folder {folder} tidak ada. Periksa letak ekspor SIKONDANG.")
        raise CommandRefusedError(message.format(folder=folder))
    profile = get_region()
    try:
        files = source.read_folder(folder)
        region, aliases = source.legacy_region(profile), source.legacy_aliases(profile)
        return plan_import(files, region, aliases, tables.units(), now)
    except ImportRefusedError as error:
        raise CommandRefusedError(tk._(error.template).format(**error.values)) from error
    except AliasError as error:
        raise CommandRefusedError(str(error)) from error
    except OSError as error:
        message = tk._("Berkas {file} tidak dapat dibaca: {reason}.")
        raise CommandRefusedError(message.format(file=error.filename, reason=error.strerror)) from error


def _check_offices(plan: ImportPlan) -> None:
    """Before the report is written: a refused import leaves nothing behind."""
    try:
        importer.check_offices(plan)
    except importer.ImportStopError as error:
        raise CommandRefusedError(str(error)) from error


def _write_report(plan: ImportPlan, report: Path) -> None:
    """Before anything else is written, so that a full disk or a wrong folder is found first."""
    try:
        report.write_text(report_csv(plan.findings), encoding="utf-8", newline="")
    except OSError as error:
        message = tk._("Laporan {file} tidak dapat ditulis: {reason}. Pilih letak lain dengan --report.")
        raise CommandRefusedError(message.format(file=report, reason=error.strerror)) from error


def _carried_out(plan: ImportPlan, now: datetime) -> importer.Outcome:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    total = sum(_weight(family) for family in plan.families)
    try:
        with click.progressbar(length=total, label=tk._("Mengambil nilai"), width=30) as bar:
            return importer.carry_out(plan, get_region(), user, now, lambda family: bar.update(_weight(family)))
    except importer.ImportStopError as error:
        raise CommandRefusedError(str(error)) from error


def _weight(family: Family) -> int:
    """Making a dataset takes about as long as writing a few hundred rows."""
    return 300 + len(family.rows)


def _tell_sum(plan: ImportPlan) -> None:
    totals = plan.totals
    message = tk._(
        "Nilai dibaca {read} = diambil {imported} + digabung {collapsed} + ditinggalkan {left_out} "
        "+ dikarantina {quarantined}."
    )
    click.echo(
        message.format(
            read=_number(totals.read),
            imported=_number(totals.imported),
            collapsed=_number(totals.collapsed),
            left_out=_number(totals.left_out),
            quarantined=_number(totals.quarantined),
        )
    )


def _tell_outcome(outcome: importer.Outcome) -> None:
    counts = tk._("{what}: {created} dibuat, {changed} diperbarui, {unchanged} sudah sesuai.")
    for what, found in ((tk._("Dataset"), outcome.datasets), (tk._("Entri Daftar Data"), outcome.entries)):
        click.echo(
            counts.format(
                what=what,
                created=_number(found["created"]),
                changed=_number(found["changed"]),
                unchanged=_number(found["unchanged"]),
            )
        )
    if left := outcome.datasets["skipped"]:
        message = tk._("Dilewati: {count} dataset, karena OPD sudah mengirim sendiri periodenya.")
        click.echo(message.format(count=_number(left)))
    message = tk._("Tabel ditulis: {tables}. Kiriman: {added} dicatat, {unchanged} sudah sesuai.")
    click.echo(
        message.format(
            tables=_number(outcome.tables_written),
            added=_number(outcome.deliveries_added),
            unchanged=_number(outcome.deliveries_unchanged),
        )
    )
    if outcome.cells is not None:
        click.echo(tk._("Kelengkapan dihitung ulang: {cells} sel berubah.").format(cells=_number(outcome.cells)))


def _tell_findings(plan: ImportPlan, report: Path | None) -> None:
    click.echo(tk._("Temuan: {count}.").format(count=_number(len(plan.findings))))
    for rule, count in plan.findings_per_rule().items():
        click.echo(f"  {_number(count):>8}  {rule}")
    if report:
        click.echo(tk._("Laporan lengkap: {file}").format(file=report))
    elif plan.findings:
        click.echo(tk._("Tambahkan --report BERKAS.csv untuk melihat baris, nilai, dan sarannya."))


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
