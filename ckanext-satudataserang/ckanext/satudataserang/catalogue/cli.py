"""The command group `satudata` and the commands of the catalogue.

There is one group for all capabilities. Another capability adds its commands in its own `cli.py`:

    from ckanext.satudataserang.catalogue.cli import satudata

    @satudata.command()
    def recompute() -> None: ...

and makes sure that module is imported: its plugin's `IClick.get_commands` imports it and returns an empty list, since
the group itself is registered here.
"""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import config, matrix, region, seeding
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


@satudata.command(short_help="Cetak tabel hak akses (docs/hak_akses.md).")
def permissions() -> None:
    """Cetak siapa boleh melakukan apa, dari tabel yang dipakai portal ini sendiri."""
    click.echo(matrix.document(), nl=False)


@satudata.group(short_help="Peran Walidata dan Pembina.")
def role() -> None:
    """Beri, cabut, dan daftar peran Satu Data yang berlaku untuk seluruh daerah."""


@role.command("add", short_help="Beri peran: walidata atau pembina.")
@click.argument("role_name", metavar="PERAN")
@click.argument("user", metavar="PENGGUNA")
def add_role(role_name: str, user: str) -> None:
    """Beri PENGGUNA sebuah PERAN: walidata atau pembina."""
    _grant("satudata_grant_create", role_name, user)
    click.echo(tk._("{user} kini {role}.").format(user=user, role=role_name))


@role.command("remove", short_help="Cabut peran.")
@click.argument("role_name", metavar="PERAN")
@click.argument("user", metavar="PENGGUNA")
def remove_role(role_name: str, user: str) -> None:
    """Cabut PERAN dari PENGGUNA."""
    _grant("satudata_grant_delete", role_name, user)
    click.echo(tk._("{user} bukan lagi {role}.").format(user=user, role=role_name))


@role.command("list", short_help="Daftar pemegang peran.")
@click.argument("role_name", metavar="[PERAN]", required=False)
def list_roles(role_name: str | None) -> None:
    """Daftar pemegang peran, semuanya atau satu PERAN."""
    for one in _act("satudata_grant_list", {"role": role_name} if role_name else {}):
        click.echo("\t".join((one["role"], one["user"], one["fullname"], one["granted_at"])))


def _grant(action: str, role_name: str, user: str) -> None:
    _act(action, {"role": role_name, "user": user})


def _act(action: str, data: dict[str, Any]) -> Any:
    """Call an action as the operator. Raises CommandRefusedError with what is wrong."""
    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    try:
        return tk.get_action(action)(Context(user=name), data)
    except tk.ValidationError as error:
        message = "; ".join(str(text) for texts in error.error_dict.values() for text in texts)  # pyright: ignore
        raise CommandRefusedError(message) from error
    except tk.ObjectNotFound as error:
        raise CommandRefusedError(str(error.message or error)) from error
