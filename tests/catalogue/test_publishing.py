"""A draft may be poor, a published dataset may not."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .datasets import complete_dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

LEGACY = {"satudata_impor_warisan": True}


def act(action, user, context=None, **data):
    """Call an action as a user, with authorization."""
    return tk.get_action(action)({"user": user["name"], "ignore_auth": False, **(context or {})}, data)


class TestSaving:
    def test_title_and_opd_are_enough_for_a_draft(self, opd, editor):
        draft = act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        assert draft["state"] == "draft"
        assert draft["name"] == "jumlah-penduduk"

    def test_title_and_opd_are_needed_even_for_a_draft(self, opd, editor):
        facts = {"title": "Jumlah penduduk", "owner_org": opd["id"], "state": "draft", "name": "x-y"}
        for missing in ("title", "owner_org"):
            with pytest.raises(tk.ValidationError) as refused:
                act("package_create", editor, **{**facts, missing: ""})
            assert list(refused.value.error_dict) == [missing]

    def test_a_second_dataset_of_the_same_title_gets_its_own_address(self, opd, editor):
        names = [
            act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")["name"]
            for _ in range(2)
        ]
        assert names == ["jumlah-penduduk", "jumlah-penduduk-2"]


class TestPublishing:
    def test_a_whole_dataset_is_published(self, opd, editor):
        dataset = act("package_create", editor, **complete_dataset(opd["id"]))
        assert dataset["state"] == "active"
        assert "metadata_warisan" not in dataset

    def test_a_poor_dataset_is_refused_with_everything_that_is_missing(self, opd, editor):
        with pytest.raises(tk.ValidationError) as refused:
            act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"])
        errors = refused.value.error_dict
        assert set(errors) == {
            "notes", "urusan", "konsep", "definisi", "klasifikasi_penyajian", "ukuran", "satuan", "frequency",
            "jadwal_rilis", "level_penyajian", "kode_wilayah", "kegiatan_judul", "kegiatan_cara_pengumpulan",
            "kegiatan_tujuan", "metode", "access_rights", "license_id", "contact", "state",
        }  # fmt: skip
        assert set(errors["contact"][0]) == {"name", "email"}
        assert errors["konsep"] == ['Konsep wajib sebelum terbit. Tulis gagasan yang diukur, misalnya "Penduduk".']
        assert "draf" in errors["state"][0]

    def test_each_field_of_the_sdi_set_is_needed(self, opd, editor):
        for field in ("notes", "konsep", "definisi", "satuan", "contact", "metode", "jadwal_rilis", "license_id"):
            with pytest.raises(tk.ValidationError) as refused:
                act("package_create", editor, **complete_dataset(opd["id"], **{field: None}))
            assert set(refused.value.error_dict) == {field, "state"}

    def test_filler_does_not_pass(self, opd, editor):
        for filler in ("-", "n/a", "tidak ada", "Jumlah penduduk menurut kecamatan"):
            with pytest.raises(tk.ValidationError) as refused:
                act("package_create", editor, **complete_dataset(opd["id"], definisi=filler))
            assert "belum mengatakan apa-apa" in refused.value.error_dict["definisi"][0]

    def test_wrong_and_missing_are_said_together(self, opd, editor):
        with pytest.raises(tk.ValidationError) as refused:
            act("package_create", editor, **complete_dataset(opd["id"], satuan="bakul", konsep=None))
        assert set(refused.value.error_dict) == {"satuan", "konsep", "state"}
        assert len(refused.value.error_dict["satuan"]) == 1

    def test_a_draft_is_published_when_it_is_whole(self, opd, editor):
        draft = act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        check = act("satudata_dataset_publish_check", editor, id=draft["id"])
        assert not check["ready"]
        with pytest.raises(tk.ValidationError):
            act("satudata_dataset_publish", editor, id=draft["id"])
        assert act("package_show", editor, id=draft["id"])["state"] == "draft"

        act("package_patch", editor, id=draft["id"], **complete_dataset(opd["id"], name=None))
        assert act("package_show", editor, id=draft["id"])["state"] == "draft"
        assert act("satudata_dataset_publish_check", editor, id=draft["id"]) == {"ready": True, "missing": []}
        assert act("satudata_dataset_publish", editor, id=draft["id"])["state"] == "active"

    def test_a_published_dataset_cannot_be_made_poor(self, opd, editor):
        dataset = act("package_create", editor, **complete_dataset(opd["id"]))
        with pytest.raises(tk.ValidationError) as refused:
            act("package_patch", editor, id=dataset["id"], konsep="")
        assert list(refused.value.error_dict) == ["konsep"]
        back = act("package_patch", editor, id=dataset["id"], konsep="", state="draft")
        assert back["state"] == "draft"

    def test_a_file_can_be_added_to_a_draft_and_to_a_published_dataset(self, opd, editor):
        draft = act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        act("resource_create", editor, package_id=draft["id"], url="https://contoh.go.id/a.csv", format="CSV")
        dataset = act("package_create", editor, **complete_dataset(opd["id"]))
        act("resource_create", editor, package_id=dataset["id"], url="https://contoh.go.id/a.csv", periode="2025-Q3")
        assert act("package_show", editor, id=dataset["id"])["resources"][0]["periode"] == "2025-Q3"

    def test_another_opd_may_neither_check_nor_publish(self, opd, editor):
        draft = act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        stranger = factories.User()
        for action in ("satudata_dataset_publish", "satudata_dataset_publish_check"):
            with pytest.raises(tk.NotAuthorized):
                act(action, stranger, id=draft["id"])


class TestLegacy:
    def poor(self, opd):
        return {"title": "Angka lama", "name": "angka-lama", "owner_org": opd["id"], "urusan": "1.02", "konsep": "Gizi"}

    def test_trusted_code_may_publish_poor_metadata_which_is_marked(self, opd):
        admin = factories.Sysadmin()
        dataset = act("package_create", admin, LEGACY, **self.poor(opd))
        assert dataset["state"] == "active"
        assert dataset["metadata_warisan"] is True

    def test_the_key_does_nothing_for_others(self, opd, editor):
        with pytest.raises(tk.ValidationError):
            act("package_create", editor, LEGACY, **self.poor(opd))

    def test_the_mark_cannot_be_typed(self, opd, editor):
        with pytest.raises(tk.ValidationError):
            act("package_create", editor, metadata_warisan=True, **self.poor(opd))
        dataset = act("package_create", editor, **complete_dataset(opd["id"], metadata_warisan=True))
        assert not dataset.get("metadata_warisan")

    def test_it_is_mended_step_by_step(self, opd, editor):
        admin = factories.Sysadmin()
        dataset = act("package_create", admin, LEGACY, **self.poor(opd))

        better = act("package_patch", editor, id=dataset["id"], satuan="orang")
        assert better["metadata_warisan"] is True
        with pytest.raises(tk.ValidationError) as refused:
            act("package_patch", editor, id=dataset["id"], konsep="-")
        assert list(refused.value.error_dict) == ["konsep"]

        whole = act("package_patch", editor, id=dataset["id"], **complete_dataset(opd["id"], name=None, title=None))
        assert whole["metadata_warisan"] is False
        with pytest.raises(tk.ValidationError):
            act("package_patch", editor, id=dataset["id"], satuan="")

    def test_a_file_can_be_added_by_the_opd(self, opd, editor):
        dataset = act("package_create", factories.Sysadmin(), LEGACY, **self.poor(opd))
        act("resource_create", editor, package_id=dataset["id"], url="https://contoh.go.id/a.csv")
        shown = act("package_show", editor, id=dataset["id"])
        assert len(shown["resources"]) == 1
        assert shown["metadata_warisan"] is True


def test_sample_mark_survives_an_edit_that_does_not_send_it(opd, editor):
    dataset = act("package_create", editor, **complete_dataset(opd["id"], data_contoh=True))
    assert dataset["data_contoh"] is True
    sent = {key: value for key, value in dataset.items() if key != "data_contoh"}
    assert act("package_update", editor, **sent)["data_contoh"] is True


def test_drafts_are_not_found_by_others(opd, editor):
    act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
    assert call_action("package_search", context={"user": "", "ignore_auth": False})["count"] == 0
