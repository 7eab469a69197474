"""Points for metadata: each rule pays once, and a placeholder earns nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.core.metadata import possible, rules_from_table, score

FULL = {
    "title": "Jumlah Penduduk Menurut Kecamatan",
    "notes": "Jumlah penduduk yang tercatat pada akhir tahun, dirinci menurut kecamatan.",
    "konsep": "Penduduk",
    "definisi": "Orang yang berdomisili di wilayah selama enam bulan atau lebih.",
    "klasifikasi_penyajian": '["wilayah"]',
    "ukuran": "Jumlah",
    "satuan": "orang",
    "urusan": "2.12",
    "level_penyajian": "kecamatan",
    "kode_wilayah": "36.73",
    "jadwal_rilis": "Setiap Maret",
    "dasar_hukum": "Perpres 39/2019",
    "metode": "Kompilasi produk administrasi",
    "tags": ["penduduk"],
    "theme": '["http://publications.europa.eu/resource/authority/data-theme/SOCI"]',
    "spatial_coverage": '[{"uri": "http://x.id/id/wilayah/36.73"}]',
    "temporal_coverage": '[{"start": "2012-01-01", "end": "2016-12-31"}]',
    "file_answers": ["r1"],
    "file_url": ["http://x.id/a.csv"],
    "formats": ["csv"],
    "best_format": "csv",
    "mimetypes": ["text/csv"],
    "sizes": ["120"],
    "owner_org": "opd-1",
    "license_id": "cc-by",
    "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    "contact": '[{"name": "Bidang Data", "email": "data@kota.example"}]',
    "metadata_created": "2025-01-01",
    "metadata_modified": "2025-01-02",
}


def test_the_shipped_table_gives_405_points_to_the_law_and_405_to_mqa():
    rules = metadata_rules()
    assert possible([rule for rule in rules if rule.mqa]) == 405
    assert possible([rule for rule in rules if not rule.mqa]) == 405


def test_a_full_description_earns_everything():
    result = score(FULL, metadata_rules())
    assert (result.lost, result.points) == ((), 810)


@pytest.mark.parametrize("rule", metadata_rules(), ids=lambda rule: rule.id)
def test_each_rule_is_lost_when_its_field_says_nothing(rule):
    fields = rule.argument if rule.check == "all_present" else [rule.field]
    for empty in (None, "", "-", "n/a", [], "[]"):
        result = score({**FULL, fields[0]: empty}, metadata_rules())
        assert rule.id in result.lost
        assert result.points < result.possible


def test_no_licence_named_is_no_licence():
    assert {"mqa.licence", "mqa.rights", "mqa.licence_vocabulary"} <= set(
        score({**FULL, "license_id": "notspecified"}, metadata_rules()).lost
    )


@given(
    st.dictionaries(st.sampled_from(sorted(FULL)), st.one_of(st.none(), st.text(), st.lists(st.text()).map(json.dumps)))
)
def test_points_stay_within_what_is_possible(dataset):
    result = score(dataset, metadata_rules())
    assert 0 <= result.points <= result.possible


@given(st.sets(st.sampled_from(sorted(FULL))), st.sampled_from(sorted(FULL)))
def test_filling_a_field_never_costs_points(known, more):
    before = {key: FULL[key] for key in known}
    assert score(before, metadata_rules()).points <= score({**before, more: FULL[more]}, metadata_rules()).points


@pytest.mark.parametrize("row", [{"check": "unknown"}, {"id": "b"}])
def test_a_faulty_table_is_refused(row):
    good = {"id": "a", "field": "title", "points": 1, "check": "present", "title": "Judul"}
    table = [good, {**good, **row}] if "check" in row else [good, good]
    with pytest.raises(ValueError, match="metadata_points"):
        rules_from_table(table)
