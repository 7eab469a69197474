"""Commands `ckan satudata load …`."""

from __future__ import annotations

import click
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.submission import queue
from ckanext.satudataserang.submission.model import LOAD_STATES, Load


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
    waiting = queue.sweep()
    click.echo(f"{len(waiting)} berkas diantrekan." if waiting else "Tidak ada pemuatan yang tertunda.")
