"""Seeding: the OPDs of a region profile and its sample data, through the ordinary actions.

Running it twice changes nothing. What the profile does not say is left as people set it; what it says wins.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from werkzeug.datastructures import FileStorage

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.region import Opd, Region

__all__ = ["Outcome", "SeedError", "opd_dict", "seed_opd", "seed_sample_plan", "seed_samples"]

SAMPLE_SOURCE = "contoh"
#: What of an entry may have been agreed on otherwise since it was sown.
_AGREED = (
    "opd",
    "kelas",
    "frequency",
    "deadline_days",
    "grace_days",
    "berlaku_dari",
    "berlaku_sampai",
    "state",
    "expected_values",
    "structure_id",
)


class SeedError(Exception):
    """Seeding cannot go on; the message is an Indonesian sentence for the operator."""


@dataclass
class Outcome:
    """How many things were made, changed, and found as they should be."""

    created: int = 0
    updated: int = 0
    same: int = 0


def seed_opd(region: Region, user: str) -> Outcome:
    """Create or update the organization of every OPD of the profile; `user` must be a sysadmin."""
    outcome = Outcome()
    existing = set(tk.get_action("organization_list")(Context(user=user), {}))
    for opd in region.opd:
        _seed_one_opd(opd, opd.name in existing, user, outcome)
    return outcome


def _seed_one_opd(opd: Opd, exists: bool, user: str, outcome: Outcome) -> None:
    wanted = opd_dict(opd)
    try:
        if not exists:
            tk.get_action("organization_create")(Context(user=user), wanted)
            outcome.created += 1
            return
        current = tk.get_action("organization_show")(Context(user=user), {"id": opd.name})
        if all(current.get(key) == value for key, value in wanted.items()):
            outcome.same += 1
            return
        tk.get_action("organization_patch")(Context(user=user), {"id": current["id"], **wanted})
        outcome.updated += 1
    except tk.ValidationError as err:
        raise _refused(tk._("OPD {name}").format(name=opd.name), err) from err


def opd_dict(opd: Opd) -> dict[str, Any]:
    """The organization an OPD of the profile stands for; keys the profile leaves empty are not there."""
    facts = {
        "name": opd.name,
        "title": opd.title,
        "singkatan": opd.singkatan,
        "kode": opd.kode,
        "jenis": opd.jenis,
        "urusan": list(opd.urusan),
        "induk": opd.induk,
        "berlaku_dari": opd.berlaku_dari,
        "berlaku_sampai": opd.berlaku_sampai,
        "alamat": opd.alamat,
        "telepon": opd.telepon,
        "email": opd.email,
        "url": opd.url,
        "jabatan_penanggung_jawab": opd.jabatan_penanggung_jawab,
        "keyakinan": opd.keyakinan,
        "notes": opd.catatan,
    }
    return {key: value for key, value in facts.items() if value}


def seed_samples(region: Region, user: str) -> Outcome:
    """Create or update the profile's sample datasets, each with one file uploaded the ordinary way.

    A sample is a pair of files in the profile's `contoh` folder: `<name>.yaml` with the metadata and `<name>.csv`.
    """
    outcome = Outcome()
    if region.contoh is None or not region.contoh.is_dir():
        return outcome
    for path in sorted(region.contoh.glob("*.yaml")):
        _seed_sample(path, region, user, outcome)
    return outcome


def seed_sample_plan(region: Region, user: str) -> Outcome | None:
    """Put the profile's sample plan (`contoh/daftar_data.csv`) in force; None where there is none or no plan at all.

    The entries are marked by their source system `contoh`, so that every page can say so.
    """
    path = region.contoh / "daftar_data.csv" if region.contoh else None
    if path is None or not path.is_file() or not p.plugin_loaded("satudata_plan"):
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{**row, "state": "berlaku", "source_system": SAMPLE_SOURCE} for row in csv.DictReader(file)]
    entries = [_with_agreed_terms(row, user) for row in rows]
    try:
        done = tk.get_action("satudata_plan_import")(Context(user=user), {"entries": entries})
    except tk.ValidationError as err:
        raise _refused(tk._("Data contoh {name}").format(name=path.name), err) from err
    return Outcome(created=len(done["created"]), updated=len(done["changed"]), same=done["unchanged"])


def _with_agreed_terms(row: dict[str, Any], user: str) -> dict[str, Any]:
    """The row with what was agreed on its entry since: terms in force are not changed by sowing again."""
    try:
        entry = tk.get_action("satudata_plan_entry_show")(Context(user=user), {"id": row["kode"]})
    except tk.ObjectNotFound:
        return row
    return {**row, **{name: entry["opd_id" if name == "opd" else name] for name in _AGREED}}


def _seed_sample(path: Path, region: Region, user: str, outcome: Outcome) -> None:
    try:
        _save_sample(path, region, user, outcome)
    except tk.ValidationError as err:
        raise _refused(tk._("Data contoh {name}").format(name=path.name), err) from err


def _save_sample(path: Path, region: Region, user: str, outcome: Outcome) -> None:
    wanted: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    resource: dict[str, Any] = wanted.pop("berkas", {})
    wanted.update({"name": path.stem, "type": "dataset", "data_contoh": True, "kode_wilayah": region.kode})
    wanted.setdefault("state", "active")
    try:
        current = tk.get_action("package_show")(Context(user=user), {"id": path.stem})
    except tk.ObjectNotFound:
        current = tk.get_action("package_create")(Context(user=user), wanted)
        outcome.created += 1
    else:
        owner = (current.get("organization") or {}).get("name")
        if owner == wanted["owner_org"] and all(
            _same(current.get(key), value) for key, value in wanted.items() if key != "owner_org"
        ):
            outcome.same += 1
        else:
            current = tk.get_action("package_patch")(Context(user=user), {"id": current["id"], **wanted})
            outcome.updated += 1
    if not current.get("resources"):
        _upload(path.with_suffix(".csv"), current["id"], resource, user)


def _upload(path: Path, package_id: str, resource: dict[str, Any], user: str) -> None:
    with path.open("rb") as stream:
        upload = FileStorage(stream=stream, filename=path.name, content_type="text/csv")
        tk.get_action("resource_create")(
            Context(user=user),
            {"name": path.stem, "format": "CSV", **resource, "package_id": package_id, "url": path.name,
             "url_type": "upload", "upload": upload},
        )  # fmt: skip


def _same(current: Any, wanted: Any) -> bool:
    """Compare as the catalogue stores: texts, lists of texts, groups of texts."""
    if isinstance(wanted, dict):
        return isinstance(current, dict) and all(_same(current.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(current, list)
            and len(current) == len(wanted)
            and all(_same(have, want) for have, want in zip(current, wanted, strict=True))
        )
    return str(current).strip() == str(wanted).strip()


def _refused(what: str, err: tk.ValidationError) -> SeedError:
    msg = tk._("{what} ditolak: {reasons}").format(what=what, reasons=json.dumps(err.error_dict, ensure_ascii=False))
    return SeedError(msg)
