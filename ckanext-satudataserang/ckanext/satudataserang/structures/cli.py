"""Commands of the structures: `ckan satudata structure …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.catalogue.refusal import CommandRefusedError
from ckanext.satudataserang.core.structures import store as shipped
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.structures import seeding
from ckanext.satudataserang.structures.refusals import said

_SIZE = 1000


@satudata.group(name="structure", short_help="Struktur data baku.")
def structure() -> None:
    """Struktur data baku: daftar, isi, pengisian bawaan, dan saran penamaan."""


@structure.command(name="list")
@click.option("--opd", help="Hanya struktur yang dikelola OPD ini (nama atau singkatan).")
def list_(opd: str | None) -> None:
    """Daftar struktur: kode, versi yang berlaku, jumlah data yang memakainya, nama."""
    offset = 0
    while True:
        asked = {"limit": _SIZE, "offset": offset, "sort": "kode", **({"opd": opd} if opd else {})}
        found = _act("satudata_structure_list", asked)
        for one in found["results"]:
            click.echo("\t".join((one["kode"], str(one["current_version"] or "-"), str(one["entries"]), one["nama"])))
        offset += len(found["results"])
        if not found["results"] or offset >= found["count"]:
            return


@structure.command()
@click.argument("kode")
@click.option("--version", type=int, help="Nomor versi; bawaannya yang berlaku.")
def show(kode: str, version: int | None) -> None:
    """Cetak isi struktur KODE sebagai YAML, seperti berkas dalam schemas/struktur."""
    found = _act("satudata_structure_show", {"id": kode, **({"version": version} if version else {})})
    click.echo(yaml.safe_dump(found["content"], allow_unicode=True, sort_keys=False, width=120), nl=False)


@structure.command()
def seed() -> None:
    """Isi variabel dan struktur bawaan. Boleh berulang kali; yang diubah Walidata tidak ditimpa."""
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    try:
        outcomes = seeding.seed(Context(user=user))
    except StructureError as error:
        raise CommandRefusedError(_lines(error)) from error
    for kind, outcome in zip((tk._("variabel"), tk._("struktur")), outcomes, strict=True):
        template = tk._("{kind}: {created} dibuat, {updated} diperbarui, {proposed} diusulkan, {same} sudah sesuai.")
        counts = {name: getattr(outcome, name) for name in ("created", "updated", "proposed", "same")}
        click.echo(template.format(kind=kind, **counts))
        for line in outcome.skipped:
            click.echo(tk._("dilewati: {line}").format(line=line))


@structure.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def lint(file: Path) -> None:
    """Periksa FILE (YAML sebuah struktur): kesalahan, lalu saran penamaan. Berakhir 1 bila tidak dapat dipakai."""
    try:
        text = file.read_text(encoding="utf-8")
        plain = shipped.from_yaml(text)
    except UnicodeDecodeError as error:
        raise CommandRefusedError(tk._("Berkas ini bukan teks UTF-8.")) from error
    except StructureError as error:
        raise CommandRefusedError(_lines(error)) from error
    found = _act("satudata_structure_lint", {"content": plain})
    for one in found["advice"]:
        click.echo(f"{one['severity']}\t{one['place']}\t{one['text']} {one['advice']}")
    click.echo(tk._("{count} saran.").format(count=len(found["advice"])))


def _act(action: str, data: dict[str, Any]) -> Any:
    """Call an action as the operator. Raises CommandRefusedError with what is wrong."""
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    try:
        return tk.get_action(action)(Context(user=user), data)
    except tk.ValidationError as refused:
        errors: Any = refused.error_dict
        lines = [str(text) for name, texts in errors.items() if name != "places" for text in texts]
        raise CommandRefusedError("\n".join(lines)) from refused
    except tk.ObjectNotFound as missing:
        raise CommandRefusedError(str(missing.message or missing)) from missing


def _lines(error: StructureError) -> str:
    return "\n".join(f"{one.path}: {said(one)}" for one in error.problems)
