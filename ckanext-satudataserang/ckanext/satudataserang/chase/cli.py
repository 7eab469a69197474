"""Commands of the chase: `ckan satudata remind` and `ckan satudata mail …`."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.core.reminder_texts import one_line, period_name


@satudata.command(short_help="Kirim pengingat hari ini.")
@click.option("--dry-run", is_flag=True, help="Hanya tampilkan apa yang akan dikirim kepada siapa.")
def remind(dry_run: bool) -> None:
    """Kirim pengingat hari ini. Dijalankan dua kali, yang kedua tidak mengirim apa-apa."""
    done = _call("satudata_reminder_run", {"dry_run": dry_run})
    if not dry_run:
        click.echo(f"{done['sent']} surat terkirim, {done['failed']} gagal, {done['cancelled']} tidak jadi.")
        return
    for letter in done["letters"]:
        click.echo(f"{letter['recipient']} ({one_line(letter['name'])})")
        for item in letter["items"]:
            step = f"H{item['step']:+d}" if item["step"] else "H"
            title, period = one_line(item["judul"]), period_name(item["period"])
            click.echo(f"  {step:<5} {item['opd']}: {title}, {period}, tenggat {item['deadline']}")
    click.echo(f"{len(done['letters'])} surat akan dikirim. Tidak ada yang dikirim atau dicatat.")


@satudata.group(short_help="Surat pengingat yang tercatat.")
def mail() -> None:
    """Surat pengingat yang tercatat."""


@mail.command(short_help="Jumlah surat per keadaan, dan yang belum terkirim.")
def status() -> None:
    """Tampilkan jumlah surat per keadaan, dan surat yang gagal atau menunggu dengan sebabnya."""
    found = _call("satudata_mail_list", {"limit": 0})
    for state in ("antre", "terkirim", "gagal", "batal"):
        click.echo(f"{state:<9} {found['counts'].get(state, 0)}")
    for state in ("gagal", "antre"):
        for row in _call("satudata_mail_list", {"state": state, "limit": 20})["results"]:
            click.echo(f"{state:<9} {row['recipient']}  percobaan {row['attempts']}  {row['error']}")


@mail.command(short_help="Coba kirim lagi surat yang gagal atau menunggu.")
@click.option("--id", "mail_id", help="Hanya surat ini.")
def retry(mail_id: str | None) -> None:
    """Coba kirim lagi surat yang gagal atau menunggu, sekarang juga."""
    done = _call("satudata_mail_retry", {"wait": True, **({"id": mail_id} if mail_id else {})})
    if not done["retried"]:
        click.echo("Tidak ada surat yang gagal atau menunggu.")
        return
    click.echo(f"{done['sent']} surat terkirim, {done['failed']} gagal, {done['cancelled']} tidak jadi.")


def _call(action: str, parameters: dict[str, Any]) -> Any:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    try:
        return tk.get_action(action)({"user": user}, parameters)
    except tk.ValidationError as err:
        raise CommandRefusedError(" ".join(map(str, err.error_summary.values()))) from err
    except tk.ObjectNotFound as err:
        raise CommandRefusedError(str(err)) from err
