"""Commands of completeness: `ckan satudata completeness …`."""

from __future__ import annotations

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.cli import satudata


@satudata.group()
def completeness() -> None:
    """Menghitung kelengkapan."""


@completeness.command()
@click.option("--touched", is_flag=True, help="Hanya yang berubah sejak perhitungan terakhir.")
def recompute(touched: bool) -> None:
    """Hitung ulang semua sel dan angka dari rencana, kiriman, dan dataset."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    done = tk.get_action("satudata_completeness_refresh")({"user": user["name"]}, {"everything": not touched})
    click.echo(f"Selesai: {done['cells']} sel berubah.")
