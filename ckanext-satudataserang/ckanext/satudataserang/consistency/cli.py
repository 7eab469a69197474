"""Commands of sameness: `ckan satudata sameness …`."""

from __future__ import annotations

import click

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.consistency import job


@satudata.group()
def sameness() -> None:
    """Kesamaan angka yang terbit."""


@sameness.command()
def compare() -> None:
    """Bandingkan semua angka terbit sekarang, seperti setiap malam."""
    done = job.compare_all()
    click.echo(f"{done.pairs} pasang kolom, {done.comparisons} perbandingan, {done.changed} berubah.")
