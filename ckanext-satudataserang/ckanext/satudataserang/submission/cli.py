"""Commands `ckan satudata load …`, `ckan satudata check` and `ckan satudata submission …`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.core.lifecycle import STATES
from ckanext.satudataserang.core.tables.grid import Layout
from ckanext.satudataserang.submission import jobs, queue
from ckanext.satudataserang.submission.model import LOAD_STATES, Load

_SEVERITIES = ("error", "warning", "info")
_SEVERITY_WORDS = ("Galat", "Peringatan", "Catatan")
_SHOWN = 10


@satudata.group(short_help="Pemuatan berkas unggahan ke DataStore.")
def load() -> None:
    """Pemuatan berkas unggahan ke DataStore."""


@load.command(short_help="Jumlah berkas per keadaan, dan yang gagal.")
def status() -> None:
    """Tampilkan jumlah berkas per keadaan, dan berkas yang gagal dimuat."""
    counts = dict(model.Session.execute(sa.select(Load.state, sa.func.count()).group_by(Load.state)).tuples().all())
    for state in LOAD_STATES:
        click.echo(f"{state:<8} {counts.get(state, 0)}")
    failed = model.Session.scalars(sa.select(Load).where(Load.state == "gagal").order_by(Load.finished_at))
    for row in failed:
        first = next((finding["message"] for finding in row.findings if finding["severity"] == "error"), "")
        click.echo(f"gagal    {row.resource_id}  {first}")


@load.command(short_help="Antrekan lagi pemuatan yang tertunda atau terhenti.")
def retry() -> None:
    """Antrekan lagi pemuatan yang menunggu, dan yang pekerjanya mati di tengah jalan."""
    waiting = queue.sweep(at_once=True)
    click.echo(f"{len(waiting)} berkas diantrekan." if waiting else "Tidak ada pemuatan yang tertunda.")


@satudata.group(short_help="Kiriman data: lihat, kirim, pindahkan.")
def submission() -> None:
    """Kiriman data. Berlaku aturan yang sama dengan halaman dan API."""


@satudata.command(short_help="Periksa satu berkas seperti kiriman; tidak ada yang disimpan.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--entry", required=True, help="Kode Daftar Data.")
@click.option("--period", required=True, help="Periode, misalnya 2025-Q3.")
@click.option("--structure", help="Kode struktur lain untuk diperiksa; bawaannya struktur entri itu.")
@click.option("--sheet", default="", help="Lembar buku kerja yang dibaca.")
@click.option("--json", "as_json", is_flag=True, help="Tulis hasilnya sebagai JSON.")
def check(file: Path, entry: str, period: str, structure: str | None, sheet: str, *, as_json: bool) -> None:
    """Periksa satu berkas seperti kiriman untuk satu periode. Selesai dengan status 1 bila ada galat.

    Aturannya sama dengan halaman kiriman dan API. Tidak ada yang disimpan, dan tidak perlu akun.
    """
    layout = Layout("xlsx", sheet=sheet, header=(0, 0), first=0).as_dict() if sheet else None
    told = {"entry": entry, "period": period, "structure": structure, "layout": layout}
    with file.open("rb") as stream:
        found = _act(None, "satudata_submission_check", **told, upload=FileStorage(stream, filename=file.name))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _echo_check(found)
    if not found["valid"]:
        raise click.exceptions.Exit(1)


_user = click.option("--user", help="Nama akun yang bertindak; bawaannya akun sistem.")


@submission.command("list", short_help="Kiriman yang belum diganti, yang terlama dahulu.")
@_user
@click.option("--opd", help="Nama OPD.")
@click.option("--entry", help="Kode Daftar Data.")
@click.option("--period", help="Periode, misalnya 2025-Q3.")
@click.option("--state", type=click.Choice(STATES), help="Hanya yang berstatus ini.")
@click.option("--waiting", is_flag=True, help="Hanya yang menunggu Walidata atau Pembina.")
@click.option("--limit", default=100, show_default=True)
def list_(user: str | None, limit: int, *, waiting: bool, **filters: str | None) -> None:
    """Tampilkan kiriman yang belum diganti kiriman lain."""
    given = {key: value for key, value in filters.items() if value}
    found = _act(user, "satudata_submission_list", waiting=waiting, limit=limit, **given)
    for row in found["results"]:
        click.echo(
            f"{row['id']}  {row['state']:<20} {row['entry']['kode']:<16} {row['period']:<10} {row['delivered_at'][:16]}"
        )
    click.echo(tk._("{shown} dari {count} kiriman.").format(shown=len(found["results"]), count=found["count"]))


@submission.command(short_help="Satu kiriman dengan temuan dan riwayatnya.")
@_user
@click.argument("submission_id")
def show(user: str | None, submission_id: str) -> None:
    """Tampilkan satu kiriman dengan temuan dan riwayatnya."""
    _echo(_act(user, "satudata_submission_show", id=submission_id))


@submission.command(short_help="Kirim satu berkas, atau pernyataan nihil.")
@_user
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--entry", required=True, help="Kode Daftar Data.")
@click.option("--period", required=True, help="Periode, misalnya 2025-Q3.")
@click.option("--nil", is_flag=True, help="Tidak ada data pada periode ini (perlu --note).")
@click.option("--confirms", is_flag=True, help="Data statis masih berlaku.")
@click.option("--note", default="", help="Keterangan untuk Walidata.")
@click.option("--reason", default="", help="Alasan koreksi bila periodenya sudah terbit.")
@click.option("--draft", is_flag=True, help="Simpan sebagai draf, jangan kirim.")
def create(
    user: str | None,
    file: Path | None,
    entry: str,
    period: str,
    note: str,
    reason: str,
    *,
    nil: bool,
    confirms: bool,
    draft: bool,
) -> None:
    """Kirim satu berkas untuk satu periode."""
    told: dict[str, Any] = {
        "entry": entry,
        "period": period,
        "note": note,
        "correction_reason": reason,
        "submit": not draft,
        "nil": nil,
        "confirms": confirms,
    }
    if file is None:
        _echo(_act(user, "satudata_submission_create", **told))
        return
    with file.open("rb") as stream:
        _echo(_act(user, "satudata_submission_create", **told, upload=FileStorage(stream, filename=file.name)))


@submission.command(short_help="Pindahkan kiriman ke status lain.")
@_user
@click.argument("submission_id")
@click.argument("state", type=click.Choice(STATES))
@click.option("--note", default="", help="Catatan; wajib bila dikembalikan.")
def move(user: str | None, submission_id: str, state: str, note: str) -> None:
    """Pindahkan kiriman ke status lain: diajukan, disetujui, dikembalikan, terbit."""
    _echo(_act(user, "satudata_submission_transition", id=submission_id, to=state, note=note))


@submission.command(short_help="Kerjakan pemeriksaan dan penerbitan yang tertinggal.")
def sweep() -> None:
    """Kerjakan pemeriksaan dan penerbitan yang tertinggal, misalnya karena pekerja mati."""
    checked, published = jobs.sweep(at_once=True)
    click.echo(tk._("{checked} diperiksa, {published} terbit.").format(checked=checked, published=published))


@submission.command(short_help="Hapus berkas yang tidak dirujuk kiriman mana pun.")
def prune() -> None:
    """Hapus berkas kiriman yang sudah dua hari tidak dirujuk kiriman mana pun."""
    click.echo(tk._("{count} berkas dihapus.").format(count=jobs.prune()))


def _echo_check(found: dict[str, Any]) -> None:
    """The findings by rule, errors first; of each rule the first ones."""
    against = found["structure"] or tk._("tabel yang berlaku")
    message = tk._("{rows} baris, {filled} dari {expected} nilai wajib terisi; diperiksa terhadap {against}.")
    click.echo(
        message.format(
            rows=found["rows"],
            filled=found["filled_values"],
            expected=found["expected_values"] or "-",
            against=against,
        )
    )
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for one in found["findings"]:
        groups.setdefault((_SEVERITIES.index(one["severity"]), one["code"]), []).append(one)
    for (severity, code), findings in sorted(groups.items()):
        click.echo(f"\n{tk._(_SEVERITY_WORDS[severity])}: {code} ({found['totals'][code]})")
        for one in findings[:_SHOWN]:
            click.echo(f"  - {one['message']}")
        if len(findings) > _SHOWN or found["totals"][code] > len(findings):
            click.echo("  - …")
        if advice := findings[0]["advice"]:
            click.echo(f"  → {advice}")
    click.echo("")
    click.echo(tk._("Berkas ini dapat dikirim.") if found["valid"] else tk._("Berkas ini belum dapat dikirim."))


def _act(user: str | None, name: str, **data: Any) -> Any:
    """Call an action as the API does. Refusals become one sentence and exit status 1."""
    if user and model.User.get(user) is None:
        raise CommandRefusedError(tk._("Akun “{user}” tidak dikenal.").format(user=user))
    name_of = user or tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    try:
        return tk.get_action(name)(Context(user=name_of), data)
    except tk.ValidationError as error:
        raise CommandRefusedError("\n".join(map(str, error.error_summary.values()))) from error
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        raise CommandRefusedError(str(error)) from error


def _echo(found: dict[str, Any]) -> None:
    for key in ("id", "state", "period", "delivered_at", "file_name", "file_sha256", "problem", "note"):
        if found.get(key):
            click.echo(f"{key:<14}{found[key]}")
    for finding in found["findings"]:
        click.echo(f"  [{finding['severity']}] {finding['message']} {finding['advice']}")
    for event in found["events"]:
        click.echo(f"  {event['at'][:16]}  {event['actor']}: {event['action']} -> {event['to_state']} {event['note']}")
