"""Commands of completeness: `ckan satudata completeness …`."""

from __future__ import annotations

import json
from typing import Any

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.cli import satudata


@satudata.group()
def completeness() -> None:
    """Menghitung kelengkapan."""


@completeness.command()
@click.option("--touched", is_flag=True, help="Hanya yang berubah sejak perhitungan terakhir.")
@click.option(
    "--accept", is_flag=True, help="Terima jumlah sel yang berkurang banyak, agar surat pengingat boleh dikirim."
)
def recompute(touched: bool, accept: bool) -> None:
    """Hitung ulang semua sel dan angka dari rencana, kiriman, dan dataset."""
    done = _act("satudata_completeness_refresh", everything=not touched, accept=accept)
    click.echo(f"Selesai: {done['cells']} sel berubah.")


@satudata.group()
def snapshot() -> None:
    """Potret bulanan: angka yang dibekukan pada akhir bulan."""


@snapshot.command()
@click.argument("month", metavar="TAHUN-BULAN")
def make(month: str) -> None:
    """Bekukan satu bulan yang sudah berakhir, misalnya 2026-10."""
    made = _act("satudata_snapshot_create", month=month)
    click.echo(f"Bulan {made['month']} dibekukan: {made['cells']} sel, SHA-256 {made['sha256']}.")


@snapshot.command()
@click.argument("month", metavar="TAHUN-BULAN")
def verify(month: str) -> None:
    """Hitung ulang satu potret dari data yang dibekukan dan bandingkan setiap bitanya."""
    found = _act("satudata_snapshot_verify", month=month)
    if not found["ok"]:
        raise click.ClickException(" ".join([f"Potret {found['month']} rusak.", *found["problems"]]))
    click.echo(f"Potret {found['month']} utuh: hitungan ulang memberi bita yang sama (SHA-256 {found['sha256']}).")


@snapshot.command()
@click.argument("month", metavar="TAHUN-BULAN")
def show(month: str) -> None:
    """Tampilkan satu potret dan hitungannya menurut aturan sekarang, sebagai JSON."""
    click.echo(json.dumps(_act("satudata_snapshot_show", month=month), indent=2, ensure_ascii=False))


def _act(name: str, **parameters: Any) -> Any:
    """Call an action as the portal itself; what it refuses is said in one sentence."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    try:
        return tk.get_action(name)({"user": user["name"]}, parameters)
    except tk.ValidationError as refused:
        raise click.ClickException(" ".join(map(str, refused.error_summary.values()))) from refused
    except tk.ObjectNotFound as missing:
        raise click.ClickException(str(missing.message)) from missing
