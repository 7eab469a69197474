"""Commands of the Daftar Data: `ckan satudata plan …`."""

from __future__ import annotations

from pathlib import Path

import click

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.core import plan_columns, sheets
from ckanext.satudataserang.core.plan_files import PlanFileError
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.files import incoming

_SIZE = 1000
_SHOWN = 50


@satudata.group(name="plan")
def plan() -> None:
    """Daftar Data: impor, ekspor, dan teruskan ke tahun berikutnya."""


@plan.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hanya tampilkan bedanya; tidak ada yang disimpan.")
@click.option("--effective-from", help="Hari mulai berlaku bagi ketentuan yang berubah, misalnya 2027-01-01.")
@click.option("--reason", help="Alasan perubahan ketentuan.")
def import_(file: Path, dry_run: bool, effective_from: str | None, reason: str | None) -> None:
    """Masukkan berkas CSV atau .xlsx ke Daftar Data; semua atau tidak sama sekali."""
    common = {key: value for key, value in (("effective_from", effective_from), ("reason", reason)) if value}
    try:
        found = incoming.compared(file.read_bytes(), _context(), dry_run=dry_run, **common)
    except PlanFileError as problem:
        raise CommandRefusedError(str(problem)) from problem
    if found.problems:
        lines = [
            tk._("Baris {row}, kolom {column}: {message}").format(row=one.row, column=one.column, message=one.message)
            for one in found.problems
        ]
        head = tk._("Tidak ada yang disimpan: {count} hal perlu diperbaiki.").format(count=len(lines))
        raise CommandRefusedError("\n".join([head, *lines[:_SHOWN]]))
    for note in found.notes[:_SHOWN]:
        click.echo(tk._("Baris {row}: {message}").format(row=note.row, message=note.message))
    outcome = found.outcome or {}
    if dry_run:
        for kind, word in (("new", tk._("baru")), ("changed", tk._("berubah")), ("gone", tk._("tidak ada di berkas"))):
            for one in outcome[kind][:_SHOWN]:
                click.echo(f"{word}: {one['kode']} {one['judul']}")
    template = tk._("{new} baru, {changed} berubah, {same} tetap, {gone} tidak ada di berkas.")
    said = template.format(
        new=len(outcome["new"]),
        changed=len(outcome["changed"]),
        same=outcome["unchanged"],
        gone=len(outcome["gone"]),
    )
    click.echo(tk._("Pratinjau: {said}").format(said=said) if dry_run else tk._("Tersimpan: {said}").format(said=said))


@plan.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--national", is_flag=True, help="Bentuk Data Prioritas nasional (DDP), bukan bentuk sendiri.")
def export(file: Path, national: bool) -> None:
    """Tulis seluruh Daftar Data ke berkas .csv atau .xlsx."""
    rows = _every()
    if national:
        year = entries.today().year
        sheet = sheets.Sheet(
            "Data Prioritas", plan_columns.national_columns(year), plan_columns.national_rows(rows, year)
        )
    else:
        named = ({**row, "opd": row["opd_name"]} for row in rows)
        sheet = sheets.Sheet("Daftar Data", plan_columns.OWN_COLUMNS, plan_columns.own_rows(named))
    if file.suffix.lower() == ".xlsx":
        file.write_bytes(sheets.workbook([sheet]))
    elif file.suffix.lower() == ".csv":
        file.write_text("".join(sheets.csv_lines(sheet)), encoding="utf-8", newline="")
    else:
        raise CommandRefusedError(tk._("Nama berkas harus berakhiran .csv atau .xlsx."))
    click.echo(tk._("{count} data ditulis ke {file}.").format(count=len(rows), file=file))


@plan.command(name="carry-over")
@click.argument("from_year", type=int)
@click.argument("to_year", type=int)
@click.option("--dry-run", is_flag=True, help="Hanya tampilkan yang akan diteruskan.")
def carry_over(from_year: int, to_year: int, dry_run: bool) -> None:
    """Teruskan data yang berlaku sampai akhir FROM_YEAR menjadi sampai akhir TO_YEAR."""
    try:
        done = tk.get_action("satudata_plan_carry_over")(
            _context(), {"from_year": from_year, "to_year": to_year, "dry_run": dry_run}
        )
    except tk.ValidationError as refused:
        raise CommandRefusedError(" ".join(map(str, refused.error_summary.values()))) from refused
    for one in done["extended"][:_SHOWN]:
        click.echo(f"{one['kode']} {one['judul']}")
    template = tk._("{count} data akan diteruskan.") if dry_run else tk._("{count} data diteruskan.")
    click.echo(template.format(count=len(done["extended"])))


def _every() -> list[dict[str, object]]:
    """Every entry, also what is only proposed."""
    found: list[dict[str, object]] = []
    while True:
        page = tk.get_action("satudata_plan_entry_list")(_context(), {"limit": _SIZE, "offset": len(found)})
        found.extend(page["results"])
        if not page["results"] or len(found) >= page["count"]:
            return found


def _context() -> Context:
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})
    return Context(user=user["name"])
