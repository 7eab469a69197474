"""The command group `satudata` and the commands of the catalogue.

There is one group for all capabilities. Another capability adds its commands in its own `cli.py`:

    from ckanext.satudataserang.catalogue.cli import satudata

    @satudata.command()
    def recompute() -> None: ...

and makes sure that module is imported: its plugin's `IClick.get_commands` imports it and returns an empty list, since
the group itself is registered here.
"""

from __future__ import annotations

import click

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import config, region, seeding
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError

__all__ = ["satudata"]


@click.group(short_help="Perintah Satu Data.")
def satudata() -> None:
    """Perintah Satu Data."""


@satudata.command(short_help="Isi OPD dari profil daerah, dan data contoh.")
@click.option("--profile", help="Nama profil daerah atau jalur berkas .yaml; bawaannya dari konfigurasi.")
@click.option("--sample/--no-sample", default=None, help="Ikutkan data contoh; bawaannya dari konfigurasi.")
def seed(profile: str | None, sample: bool | None) -> None:
    """Isi OPD dari profil daerah, dan data contoh. Boleh dijalankan berulang kali."""
    try:
        place = region.load_region(profile) if profile else region.get_region()
    except region.RegionError as err:
        raise CommandRefusedError(str(err)) from err
    sample = config.contoh() if sample is None else sample
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    try:
        for kind, outcome in (
            ("OPD", seeding.seed_opd(place, user)),
            ("Daftar Data contoh", seeding.seed_sample_plan(place, user) if sample else None),
            ("data contoh", seeding.seed_samples(place, user) if sample else None),
        ):
            if outcome is not None:
                click.echo(
                    tk._("{kind}: {created} dibuat, {updated} diperbarui, {same} sudah sesuai.").format(
                        kind=kind, created=outcome.created, updated=outcome.updated, same=outcome.same
                    )
                )
    except seeding.SeedError as err:
        raise CommandRefusedError(str(err)) from err
