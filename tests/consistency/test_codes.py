"""The shipped rule that tables of all kecamatan hold the same ones, with the shipped structures that it speaks of."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.consistency import registry
from ckanext.satudataserang.consistency.evaluate import evaluate
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import seeding

from .conftest import DISTRICTS, NOW

PEOPLE = (("kode_wilayah", "text"), ("jenis_kelamin", "text"), ("jumlah_penduduk", "integer"))
SCHOOLS = (("kode_wilayah", "text"), ("jenjang", "text"), ("sekolah", "integer"))
RULE = "kode-kecamatan"


@pytest.fixture
def listed(two, publish):
    """Return a function that publishes people and schools of these kecamatan, by the shipped structures."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    seeding.seed({"user": site_user["name"], "ignore_auth": True})
    registry.seed(model.Session, NOW)
    PlanEntry.by_kode("DUK-1").structure_id = "penduduk-kecamatan-jenis-kelamin"
    PlanEntry.by_kode("BPS-1").structure_id = "satuan-pendidikan-kecamatan"
    model.Session.commit()

    def make(people=tuple(DISTRICTS), schools=tuple(DISTRICTS), period="2025"):
        rows = [(code, sex, 10) for code in people for sex in ("L", "P")]
        publish(two.datasets["DUK-1"], "DUK-1", period, PEOPLE, rows)
        publish(two.datasets["BPS-1"], "BPS-1", period, SCHOOLS, [(code, "SD", 3) for code in schools])
        evaluate(model.Session, NOW, None)

    return make


def found(table="satudata_comparison"):
    rows = model.Session.execute(sa.text(f"SELECT * FROM {table} WHERE rule = :rule"), {"rule": RULE})
    return [dict(row) for row in rows.mappings()]


def test_the_same_kecamatan_agree(listed):
    listed()
    [one] = found()
    assert (one["kind"], one["state"], one["left_value"], one["right_value"]) == ("kode", "sama", 6, 6)
    assert found("satudata_conflict") == []


def test_a_kecamatan_that_one_side_lacks_is_named(listed, two):
    listed(schools=DISTRICTS[:4])
    [one] = found()
    assert (one["state"], one["difference"], one["unit"]) == ("beda", 2, "kode")
    detail = one["detail"]
    assert sorted([detail["hanya_kiri"], detail["hanya_kanan"]]) == [[], DISTRICTS[4:]]
    [conflict] = found("satudata_conflict")
    assert {conflict["left_entry"], conflict["right_entry"]} == set(two.entries.values())
    listed()
    [conflict] = found("satudata_conflict")
    assert conflict["state"] == "selesai"


def test_a_side_without_the_period_is_no_difference(listed, publish, two):
    listed()
    publish(two.datasets["DUK-1"], "DUK-1", "2024", PEOPLE, [("36.73.01", "L", 1)])
    evaluate(model.Session, NOW, None)
    states = {one["period"]: one["state"] for one in found()}
    assert states["2025"] == "sama"
    assert states.get("2024") in (None, "tak_terbanding")
    assert found("satudata_conflict") == []


def test_codes_are_not_summed(listed):
    assert registry.find(RULE).kind == "kode"
    assert registry.find("variabel:kecamatan") is None
