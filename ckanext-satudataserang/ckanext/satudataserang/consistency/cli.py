"""Commands of sameness: `ckan satudata sameness …`."""

from __future__ import annotations

from datetime import datetime, timezone

import click

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.consistency import job, registry


@satudata.group()
def sameness() -> None:
    """Kesamaan angka yang terbit."""


@sameness.command()
def seed() -> None:
    """Isi aturan bawaan. Boleh berulang kali; yang diubah Walidata tidak ditimpa."""
    done = registry.seed(model.Session, datetime.now(timezone.utc))
    model.Session.commit()
    click.echo(tk._("aturan kesamaan: {n} dibuat atau diperbarui.").format(n=done))


@sameness.command()
def compare() -> None:
    """Bandingkan semua angka terbit sekarang, seperti setiap malam."""
    done = job.compare_all()
    click.echo(f"{done.pairs} pasang kolom, {done.comparisons} perbandingan, {done.changed} berubah.")
