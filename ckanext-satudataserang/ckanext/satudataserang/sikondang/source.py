"""Where an import takes its input from: the export's folder, and the region this portal serves."""

from __future__ import annotations

from pathlib import Path

import yaml

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.catalogue.region import Region as Profile
from ckanext.satudataserang.core.legacy import TABLES, AliasError, Aliases, Office, Region, read_aliases


def read_folder(folder: Path) -> dict[str, bytes]:
    """The bytes of the export's tables that are there, by table name; what is missing is the plan's to say."""
    paths = {table: folder / f"{table}.csv" for table in TABLES}
    return {table: path.read_bytes() for table, path in paths.items() if path.is_file()}


def legacy_region(profile: Profile) -> Region:
    """The region profile as the import wants it."""
    return Region(
        city=profile.kode,
        wilayah=profile.wilayah,
        offices=tuple(Office(opd.name, (opd.title, opd.singkatan), opd.urusan) for opd in profile.opd),
        urusan={kode: (urusan.nama, *urusan.ejaan_lain) for kode, urusan in tables.urusan().items()},
    )


def legacy_aliases(profile: Profile) -> Aliases:
    """The region's alias table; empty where the profile names none. Raises AliasError."""
    path = profile.sikondang_alias
    if path is None:
        return Aliases()
    if not path.is_file():
        message = tk._("Berkas alias {path} tidak ada. Perbaiki “sikondang_alias” pada profil daerah.")
        raise AliasError(message.format(path=path))
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = tk._("Berkas alias {path} tidak terbaca sebagai YAML: {error}")
        raise AliasError(message.format(path=path, error=error)) from error
    return read_aliases(content, [opd.name for opd in profile.opd])
