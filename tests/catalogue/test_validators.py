"""What the fields of a dataset accept, what they store, and what they say when they refuse."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from .datasets import ANNUAL, PUBLIC, complete_dataset
from .test_publishing import act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

THEME = "http://publications.europa.eu/resource/authority/data-theme/"


@pytest.fixture
def save(opd, editor):
    """Save a whole dataset with some changes, over and over the same one."""
    made = {}

    def saved(**changes):
        data = complete_dataset(opd["id"], **changes)
        if made:
            return act("package_update", editor, **{**data, "id": made["id"]})
        made.update(act("package_create", editor, **data))
        return made

    return saved


def refusal(save, field, value, **others):
    with pytest.raises(tk.ValidationError) as refused:
        save(**{field: value}, **others)
    assert list(refused.value.error_dict) == [field]
    (message,) = refused.value.error_dict[field]
    return message


def test_codes_are_stored_in_one_spelling(save):
    dataset = save(
        satuan="KK", kode_wilayah="Kec. Kasemen", urusan="Pertanian", frequency="tahunan", access_rights="terbuka",
        ukuran="Jumlah", license_id="CC-BY-4.0", metode="Wawancara",
    )  # fmt: skip
    assert dataset["satuan"] == "kepala keluarga"
    assert dataset["kode_wilayah"] == "36.73.02"
    assert dataset["urusan"] == "3.27"
    assert dataset["frequency"] == ANNUAL
    assert dataset["access_rights"] == PUBLIC
    assert (dataset["ukuran"], dataset["license_id"], dataset["metode"]) == ("jumlah", "cc-by", ["wawancara"])


def test_bps_codes_are_mapped_by_the_table(save):
    assert save(kode_wilayah="3673010")["kode_wilayah"] == "36.73.04"


def test_what_can_be_derived_is_not_asked_twice(save):
    dataset = save()
    assert dataset["theme"] == [THEME + "SOCI"]
    assert dataset["spatial_coverage"] == [
        {"uri": f"{tk.config['ckan.site_url']}/wilayah/36.73", "text": "Kota Serang"}
    ]
    moved = save(kode_wilayah="36.73.02", theme=[THEME + "REGI", THEME + "SOCI"])
    assert moved["spatial_coverage"][0]["text"] == "Kasemen"
    assert moved["theme"] == [THEME + "REGI", THEME + "SOCI"]
    own = save(spatial_coverage=[{"uri": "https://sws.geonames.org/1627549/", "bbox": "{}"}])
    assert own["spatial_coverage"][0]["uri"] == "https://sws.geonames.org/1627549/"


def test_refusals_say_what_is_wrong_and_what_to_do(save):
    save()
    assert refusal(save, "satuan", "bakul").startswith('Satuan "bakul" belum ada dalam daftar satuan baku. Pilih')
    ambiguous = refusal(save, "kode_wilayah", "Serang")
    assert "36.73 Kota Serang; 36.73.01 Kecamatan Serang; 36.73.01.1001 Kelurahan Serang" in ambiguous
    assert "36.73" in refusal(save, "kode_wilayah", "Kab. Serang")
    assert '"9.99" bukan pilihan untuk Bidang urusan.' in refusal(save, "urusan", "9.99")
    assert "Tahunan" in refusal(save, "frequency", "kadang-kadang")
    assert "Creative Commons" in refusal(save, "license_id", "rahasia")
    assert '"2o26" bukan tahun' in refusal(save, "prioritas_tahun", ["2025", "2o26"])
    assert "bukan tanggal" in refusal(save, "issued", "31/3/2026")
    assert "bukan tanggal" in refusal(save, "issued", "2026-02-30")


def test_dates_may_be_years_or_months(save):
    for given in ("2026", "2026-03", "2026-03-31"):
        assert save(issued=given)["issued"] == given
    span = [{"start": "2012", "end": "2025-12-31"}]
    assert save(temporal_coverage=span)["temporal_coverage"] == span


@pytest.mark.parametrize("given", ["²", "2" * 5000, "26"])
def test_what_looks_like_a_number_is_refused_with_a_sentence(save, given):
    assert "bukan tahun" in refusal(save, "prioritas_tahun", given)


def test_years_of_priority_are_sorted_numbers(save):
    assert save(prioritas_tahun="2026\n2024\n2026")["prioritas_tahun"] == [2024, 2026]


def test_an_email_is_one_address(save):
    with pytest.raises(tk.ValidationError) as refused:
        save(contact=[{"name": "Subbagian Program", "email": "dinas di contoh"}])
    assert "bukan alamat surel" in refused.value.error_dict["contact"][0]["email"][0]


class TestConditions:
    def test_a_field_whose_condition_does_not_hold_is_dropped(self, save):
        dataset = save(akses_alasan="tidak perlu", metode_lainnya="x", kegiatan_rancangan_sampel="satu_tahap")
        assert not {"akses_alasan", "metode_lainnya", "kegiatan_rancangan_sampel"} & set(dataset)

    def test_a_condition_that_holds_asks_for_the_field(self, save):
        save()
        restricted = PUBLIC.replace("PUBLIC", "RESTRICTED")
        with pytest.raises(tk.ValidationError) as refused:
            save(access_rights=restricted)
        assert list(refused.value.error_dict) == ["akses_alasan"]
        kept = save(access_rights=restricted, akses_alasan="UU 14/2008 Pasal 17 huruf h: data pribadi.")
        assert kept["akses_alasan"].startswith("UU 14/2008")

    def test_the_long_path_is_for_surveys(self, save):
        save()
        with pytest.raises(tk.ValidationError) as refused:
            save(kegiatan_cara_pengumpulan="survei")
        assert set(refused.value.error_dict) == {"kegiatan_rancangan_sampel", "kegiatan_pemilihan_sampel"}
        survey = save(
            kegiatan_cara_pengumpulan="survei",
            kegiatan_rancangan_sampel="satu_tahap",
            kegiatan_pemilihan_sampel="nonprobabilitas",
            kegiatan_metode_probabilitas="klaster",
            kegiatan_metode_nonprobabilitas="kuota",
        )
        assert survey["kegiatan_metode_nonprobabilitas"] == "kuota"
        assert "kegiatan_metode_probabilitas" not in survey

    def test_enumerators_are_not_fewer_than_supervisors(self, save):
        counts = {"metode": ["wawancara"], "kegiatan_jumlah_supervisor": "5"}
        assert "kurang dari 5" in refusal(save, "kegiatan_jumlah_enumerator", "4", **counts)
        assert save(kegiatan_jumlah_enumerator="12", **counts)["kegiatan_jumlah_enumerator"] == "12"


def test_an_organization_cannot_end_before_it_begins(opd):
    sysadmin = {"ignore_auth": True, "user": ""}
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("organization_patch")(
            sysadmin, {"id": opd["id"], "berlaku_dari": "2020-01-01", "berlaku_sampai": "2019-12-31"}
        )
    assert "mendahului" in refused.value.error_dict["berlaku_sampai"][0]


def test_a_resource_period_is_a_period(save, editor):
    dataset = save()
    link = {"package_id": dataset["id"], "url": "https://contoh.go.id/a.csv"}
    with pytest.raises(tk.ValidationError) as refused:
        act("resource_create", editor, **link, periode="tahun lalu")
    assert "bukan periode" in refused.value.error_dict["periode"][0]
