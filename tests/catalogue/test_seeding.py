"""Seeding OPDs and sample data, for two different regions with the same code."""

from __future__ import annotations

from pathlib import Path

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue.region import load_region
from ckanext.satudataserang.catalogue.seeding import Outcome, opd_dict, seed_opd, seed_samples

KABUPATEN = Path(__file__).parent / "data" / "kabupaten-lebak.yaml"

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def admin():
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


@pytest.mark.parametrize("profile", ["kota-serang", str(KABUPATEN)])
def test_opds_of_any_region(profile, admin):
    region = load_region(profile)
    assert seed_opd(region, admin) == Outcome(created=len(region.opd))
    assert set(call_action("organization_list")) == {opd.name for opd in region.opd}
    for opd in region.opd:
        shown = call_action("organization_show", id=opd.name)
        assert {key: shown.get(key) for key in opd_dict(opd)} == opd_dict(opd)
    assert seed_opd(region, admin) == Outcome(same=len(region.opd))


def test_what_the_profile_says_wins_and_the_rest_stays(admin):
    region = load_region(str(KABUPATEN))
    seed_opd(region, admin)
    call_action("organization_patch", {"user": admin}, id="dinkes", title="Dinkes", telepon="0252 000000")
    assert seed_opd(region, admin) == Outcome(updated=1, same=len(region.opd) - 1)
    dinkes = call_action("organization_show", id="dinkes")
    assert (dinkes["title"], dinkes["telepon"]) == ("Dinas Kesehatan", "0252 000000")


def test_the_command(cli):
    from ckan.cli.cli import ckan

    done = cli.invoke(ckan, ["satudata", "seed", "--profile", str(KABUPATEN), "--no-sample"])
    assert done.exit_code == 0, done.output
    assert "OPD: 5 dibuat, 0 diperbarui, 0 sudah sesuai." in done.output
    assert "data contoh" not in done.output


def test_the_command_with_an_unknown_profile(cli):
    from ckan.cli.cli import ckan

    done = cli.invoke(ckan, ["satudata", "seed", "--profile", "kota-atlantis"])
    assert done.exit_code == 1
    assert "tidak ada" in done.output
    assert call_action("organization_list") == []


def test_sample_data_is_whole_marked_and_seeded_once(admin):
    """Every sample passes the publish rule by itself, says it is one, and carries its file."""
    region = load_region("kota-serang")
    seed_opd(region, admin)
    names = {path.stem for path in region.contoh.glob("*.yaml")}
    assert len(names) == 8
    assert seed_samples(region, admin) == Outcome(created=8)
    assert seed_samples(region, admin) == Outcome(same=8)
    assert set(call_action("package_list")) == names
    for name in names:
        dataset = call_action("package_show", id=name)
        assert dataset["state"] == "active"
        assert dataset["data_contoh"] is True
        assert not dataset.get("metadata_warisan")
        assert dataset["title"].endswith("(data contoh)")
        (resource,) = dataset["resources"]
        assert (resource["format"], resource["url_type"]) == ("CSV", "upload")
    found = call_action("package_search", fq='urusan:"2.12"')
    assert [dataset["name"] for dataset in found["results"]] == ["contoh-penduduk-kecamatan"]


def test_a_changed_sample_is_brought_back(admin):
    region = load_region("kota-serang")
    seed_opd(region, admin)
    seed_samples(region, admin)
    call_action("package_patch", {"user": admin}, id="contoh-produksi-padi", konsep="Beras")
    assert seed_samples(region, admin) == Outcome(updated=1, same=7)
    assert call_action("package_show", id="contoh-produksi-padi")["konsep"] == "Produksi padi"
