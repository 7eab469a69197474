"""The region profile: which city or regency this portal serves, its areas and its OPDs.

A profile is a YAML file (`config/daerah/<name>.yaml` in a checkout, part of the package once installed). It names other
files relative to itself. Everything is checked on loading; what is wrong is said in full, with the file and the place.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ckanext.satudataserang.catalogue import config, tables
from ckanext.satudataserang.core.codes import WilayahTable

__all__ = ["Opd", "Region", "RegionError", "get_region", "load_region"]

_PACKAGE = "ckanext.satudataserang.daerah"
_CERTAINTY = ("tinggi", "sedang", "rendah")


class RegionError(ValueError):
    """A profile that cannot be used; the message is an Indonesian sentence or list for the operator."""


@dataclass(frozen=True)
class Opd:
    """One OPD of the profile. `name` is its page address (slug); dates are ISO texts or empty."""

    name: str
    title: str
    singkatan: str
    jenis: str
    urusan: tuple[str, ...]
    keyakinan: str
    kode: str = ""
    catatan: str = ""
    induk: str = ""
    berlaku_dari: str = ""
    berlaku_sampai: str = ""
    alamat: str = ""
    telepon: str = ""
    email: str = ""
    url: str = ""
    jabatan_penanggung_jawab: str = ""


@dataclass(frozen=True)
class Region:
    """A region profile: `kode` is Kemendagri's, `jenis` is kota or kabupaten, `walidata` the slug of one of `opd`.

    `lisensi` is the licence under which the region gives data whose own records name none; empty where it has not said.
    """

    name: str
    kode: str
    nama: str
    jenis: str
    opd: tuple[Opd, ...]
    wilayah: WilayahTable
    walidata: str
    koordinator_forum: str
    pembina: str
    sikondang_alias: Path | None
    contoh: Path | None
    lisensi: str = ""

    def opd_by_name(self, name: str) -> Opd | None:
        """The OPD with this slug."""
        return next((opd for opd in self.opd if opd.name == name), None)


def get_region() -> Region:
    """The region this portal serves, from the configuration."""
    return load_region(config.daerah())


@lru_cache(maxsize=8)
def load_region(name_or_path: str) -> Region:
    """Load and check a profile.

    :param name_or_path: the name of a profile that comes with the project, or the path of a YAML file
    :raises RegionError: when the file is missing or anything in it is wrong
    """
    path = _find(name_or_path)
    profile = _read_yaml(path)
    problems: list[str] = []
    opd = tuple(_opd(row, place, problems) for place, row in enumerate(profile.get("opd") or [], start=1))
    wilayah = _wilayah(path, profile, problems)
    _check(profile, opd, wilayah, problems)
    if problems:
        msg = f"Profil daerah {path} belum dapat dipakai:\n- " + "\n- ".join(problems)
        raise RegionError(msg)
    return Region(
        name=path.stem,
        kode=profile["kode"],
        nama=profile["nama"],
        jenis=profile["jenis"],
        opd=opd,
        wilayah=wilayah or WilayahTable([]),
        walidata=profile["walidata"],
        koordinator_forum=profile.get("koordinator_forum") or "",
        pembina=profile.get("pembina") or "",
        sikondang_alias=_beside(path, profile.get("sikondang_alias")),
        contoh=_beside(path, profile.get("contoh")),
        lisensi=str(profile.get("lisensi") or ""),
    )


def _find(name_or_path: str) -> Path:
    if name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
        if not path.is_file():
            msg = f"Profil daerah {path} tidak ada. Periksa {config.DAERAH} pada berkas konfigurasi."
            raise RegionError(msg)
        return path.resolve()
    folder = Path(str(files(_PACKAGE)))
    path = folder / f"{name_or_path}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in folder.glob("*.yaml"))) or "-"
        msg = f'Profil daerah "{name_or_path}" tidak ada. Yang tersedia: {known}; atau tulis jalur berkas .yaml.'
        raise RegionError(msg)
    return path


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        profile = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        msg = f"Profil daerah {path} tidak terbaca sebagai YAML: {err}"
        raise RegionError(msg) from err
    if not isinstance(profile, dict):
        msg = f"Profil daerah {path} kosong atau bukan daftar kunci dan nilai."
        raise RegionError(msg)
    return profile


def _beside(path: Path, name: str | None) -> Path | None:
    return path.parent / name if name else None


def _opd(row: Any, place: int, problems: list[str]) -> Opd:
    where = f"opd ke-{place}"
    if not isinstance(row, Mapping):
        problems.append(f"{where}: bukan daftar kunci dan nilai.")
        return Opd("", "", "", "", (), "")
    name = str(row.get("nama") or "")
    where = f'{where} ("{name}")' if name else where
    problems.extend(f"{where}: {key} belum diisi." for key in ("nama", "judul", "jenis") if not row.get(key))
    urusan = tuple(str(kode) for kode in row.get("urusan") or ())
    problems.extend(f"{where}: urusan {kode} tidak dikenal." for kode in urusan if kode not in tables.urusan())
    certainty = str(row.get("keyakinan") or "tinggi")
    if certainty not in _CERTAINTY:
        problems.append(f"{where}: keyakinan {certainty!r} bukan salah satu dari {', '.join(_CERTAINTY)}.")
    return Opd(
        name=name,
        title=str(row.get("judul") or ""),
        singkatan=str(row.get("singkatan") or ""),
        jenis=str(row.get("jenis") or ""),
        urusan=urusan,
        keyakinan=certainty,
        **{key: _day(row.get(key), f"{where}: {key}", problems) for key in ("berlaku_dari", "berlaku_sampai")},
        **{key: str(row.get(key) or "") for key in _PLAIN_KEYS},
    )


_PLAIN_KEYS = ("kode", "catatan", "induk", "alamat", "telepon", "email", "url", "jabatan_penanggung_jawab")


def _day(value: Any, where: str, problems: list[str]) -> str:
    if value is None or value == "":
        return ""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        problems.append(f"{where} {value!r} bukan tanggal. Tulis seperti 2017-01-31.")
        return ""


def _wilayah(path: Path, profile: Mapping[str, Any], problems: list[str]) -> WilayahTable | None:
    table = _beside(path, profile.get("wilayah"))
    if table is None or not table.is_file():
        problems.append(f"wilayah: berkas {table or '(belum disebut)'} tidak ada.")
        return None
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            return WilayahTable.from_rows(csv.DictReader(lines))
    except (KeyError, ValueError) as err:
        detail = f"kolom {err} tidak ada" if isinstance(err, KeyError) else str(err)
        problems.append(f"wilayah ({table.name}): {detail}")
        return None


def _check(profile: Mapping[str, Any], opd: Sequence[Opd], wilayah: WilayahTable | None, problems: list[str]) -> None:
    problems.extend(f"{key}: belum diisi." for key in ("kode", "nama", "jenis", "walidata") if not profile.get(key))
    if profile.get("jenis") not in ("kota", "kabupaten"):
        problems.append('jenis: tulis "kota" atau "kabupaten".')
    if not isinstance(profile.get("kode"), str):
        problems.append('kode: tulis di antara tanda kutip, misalnya "36.73", agar titiknya tidak menjadi desimal.')
    elif wilayah is not None and wilayah.get(profile["kode"]) is None:
        problems.append(f"kode: {profile['kode']} tidak ada dalam tabel wilayah.")
    names = [one.name for one in opd]
    if not names:
        problems.append("opd: belum ada satu pun.")
    problems.extend(
        f'opd: "{name}" tertulis lebih dari sekali.' for name in sorted({n for n in names if names.count(n) > 1})
    )
    problems.extend(
        f'{key}: "{profile[key]}" bukan salah satu opd pada profil ini.'
        for key in ("walidata", "koordinator_forum")
        if profile.get(key) and profile[key] not in names
    )
    problems.extend(
        f'opd "{one.name}": induk "{one.induk}" bukan salah satu opd pada profil ini.'
        for one in opd
        if one.induk and one.induk not in names
    )
