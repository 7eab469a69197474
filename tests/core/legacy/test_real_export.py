"""The export of the city's former application, where it lies beside the checkout."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.legacy import TABLES, Office, Region, plan_import, read_aliases
from ckanext.satudataserang.core.units import UnitTable

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("SATUDATA_SHARED") or ROOT.parent / "shared")
FOLDER = SHARED / "data" / "sikondang"
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the export is not beside this checkout")


def rows(path):
    import csv

    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def plan():
    reference = SHARED / "reference"
    wilayah = WilayahTable.from_rows(
        {
            "kode": row["kode_kemendagri"],
            "kode_bps": row["kode_bps"],
            "level": row["level"],
            "nama": row["nama"],
            "induk": row["parent_kemendagri"],
            "ejaan_lain": row["ejaan_lain"],
        }
        for row in rows(reference / "wilayah.csv")
    )
    offices = tuple(
        Office(row["slug"], (row["nama"], row["singkatan"]), tuple(row["urusan"].split(";")))
        for row in rows(reference / "opd.csv")
    )
    urusan = {row["kode"]: (row["nama"],) for row in rows(ROOT / "schemas" / "kode" / "urusan.csv")}
    alias_file = ROOT / "config" / "daerah" / "kota-serang" / "sikondang_alias.yaml"
    aliases = read_aliases(yaml.safe_load(alias_file.read_text("utf-8")), [office.slug for office in offices])
    units = UnitTable.from_rows(yaml.safe_load((ROOT / "schemas" / "kode" / "satuan.yaml").read_text("utf-8")))
    files = {table: (FOLDER / f"{table}.csv").read_bytes() for table in TABLES}
    return plan_import(files, Region("36.73", wilayah, offices, urusan), aliases, units, NOW)


def test_every_value_is_accounted_for(plan):
    """Values read = lines of the file without its header."""
    lines = (FOLDER / "tb_simpatik.csv").read_bytes().count(b"\n") - 1
    assert plan.totals.read == lines
    assert plan.totals.balanced
    assert plan.totals.imported == sum(len(family.rows) for family in plan.families)


def test_fragments_become_families(plan):
    assert 200 < len(plan.families) < 240
    assert len({family.name for family in plan.families}) == len(plan.families)
    assert len({family.kode for family in plan.families}) == len(plan.families)
    assert max(len(family.name) for family in plan.families) <= 100


def test_known_faults_of_the_export_are_found(plan):
    counts = plan.findings_per_rule()
    assert counts["luapan-bilangan"] == 4
    assert counts["nol-belum-dipastikan"] > 10_000
    assert counts["karantina"] == 1
    assert counts["satuan-dilengkapi"] == 361
    assert all("2147483647" not in str(row.nilai) for family in plan.families for row in family.rows)


def test_offices_come_from_sources_and_urusan(plan):
    offices = {family.opd for family in plan.families}
    assert {"dinkes", "dp3akb", "dinsos", "distan", "dindikbud", "disnakertrans"} <= offices
    assert {family.opd for family in plan.families if family.urusan == "3.27"} == {"distan"}
