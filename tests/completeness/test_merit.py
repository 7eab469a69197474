"""What looks like a delivery and is none raises no figure: an empty dataset, a part in time that is made whole late."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

WHOLE, PART = {"filled_values": 6}, {"filled_values": 5}
IN_TIME, LATE, LATER = "2017-02-01", "2017-09-01", "2017-10-01"


@pytest.fixture
def place(make_opd, make_entries, make_dataset):
    """An entry, and an empty dataset that is published and names it."""
    opd = make_opd("dinkes", "Dinas Kesehatan")
    entry_id = make_entries({"kode": "KES-1", "judul": "Puskesmas", "opd": "dinkes"})["KES-1"]
    return entry_id, make_dataset("kes-1", opd, "KES-1", konsep="Kesehatan")


def measures():
    call_action("satudata_completeness_refresh", everything=True)
    told = call_action("satudata_completeness_show", year=2016)["city"]["measures"]
    return {name: one["numerator"] for name, one in told.items()}


class TestAnEmptyDataset:
    def test_earns_nothing_and_the_page_says_why(self, place, app):
        assert (measures()["ketersediaan"], measures()["kelengkapan_metadata"]) == (0, 0)
        told = call_action("satudata_completeness_mends", opd="dinkes", year=2016)["results"]
        assert "terbitkan" in {one["kind"] for one in told}
        assert "dataset kosong yang hanya menyebut kodenya belum dihitung" in app.get("/kelengkapan/dinkes?tahun=2016")

    @pytest.mark.parametrize(
        ("facts", "counts"),
        [
            (WHOLE, 1),
            (PART, 1),
            ({"nil": True, "expected_values": None}, 1),
            ({"valid": False, "filled_values": 6}, 0),
            ({"state": "menunggu_pemeriksaan", "filled_values": 6}, 0),
            ({"state": "ditarik", "valid": False}, 0),
        ],
    )
    def test_counts_once_a_valid_delivery_stands(self, place, deliver, facts, counts):
        deliver((*place, "2016", IN_TIME, facts))
        assert measures()["ketersediaan"] == counts
        assert (measures()["kelengkapan_metadata"] > 0) == bool(counts)

    def test_a_delivery_brings_what_its_mend_promised(self, place, deliver):
        call_action("satudata_completeness_refresh", everything=True)
        told = call_action("satudata_completeness_mends", opd="dinkes", year=2016)["results"]
        promised = next(one for one in told if one["kind"] == "kirim" and one["period"] == "2016")
        deliver((*place, "2016", "2026-11-01", WHOLE))
        measures()
        index = call_action("satudata_completeness_show", opd="dinkes", year=2016)["groups"][0]["index"]
        assert index == pytest.approx(promised["index"])

    @pytest.mark.parametrize(
        ("resource", "rows", "counts"),
        [
            ({"url_type": "upload", "size": 5_000}, None, 1),
            ({"url_type": "upload", "size": 0}, None, 0),
            ({"url_type": "upload", "size": 5_000}, 12, 1),
            ({"url_type": "upload", "size": 5_000}, 0, 0),
            ({"url_type": "datastore", "size": None}, None, 0),
            ({"url_type": None, "size": None}, None, 0),
        ],
    )
    def test_a_file_with_something_in_it_counts_and_a_link_does_not(self, place, resource, rows, counts):
        made = model.Resource(package_id=place[1], url="https://contoh.example/data.csv", **resource)
        model.Session.add(made)
        model.Session.flush()
        if rows is not None:
            model.Session.execute(
                sa.text(
                    "INSERT INTO satudata_load (resource_id, dataset_id, state, fingerprint, requested_at, "
                    "requested_by, attempts, findings, totals, rows) "
                    "VALUES (:id, :dataset, 'selesai', 'x', now(), '', 1, '[]', '{}', :rows)"
                ),
                {"id": made.id, "dataset": place[1], "rows": rows},
            )
        model.Session.commit()
        assert measures()["ketersediaan"] == counts


class TestTheMomentThatCounts:
    def test_a_part_in_time_made_whole_late_is_late(self, place, deliver):
        deliver((*place, "2016", IN_TIME, PART))
        assert measures()["ketepatan_waktu"] == 0
        deliver((*place, "2016", LATE, WHOLE))
        assert (measures()["kelengkapan"], measures()["ketepatan_waktu"]) == (1, 0)
        cell = call_action("satudata_cell_list", year=2016)["results"][0]
        assert cell["state"] == "terlambat"
        assert cell["first_valid_at"].startswith("2017-08-31T17")
        assert cell["first_delivered_at"].startswith("2017-01-31T17")

    def test_the_whole_in_time_and_corrected_late_is_in_time(self, place, deliver):
        deliver((*place, "2016", IN_TIME, WHOLE))
        deliver((*place, "2016", LATE, {"filled_values": 6, "zero_values": 1}))
        assert measures()["ketepatan_waktu"] == 1

    def test_a_correction_that_loses_values_and_is_mended_keeps_the_first_whole_moment(self, place, deliver):
        for day, facts in ((IN_TIME, WHOLE), (LATE, PART)):
            deliver((*place, "2016", day, facts))
        assert (measures()["kelengkapan"], measures()["ketepatan_waktu"]) == (0, 0)
        deliver((*place, "2016", LATER, WHOLE))
        assert measures()["ketepatan_waktu"] == 1

    def test_the_page_of_the_cell_says_so(self, place, deliver, app):
        factories.Sysadmin()
        deliver((*place, "2016", IN_TIME, PART))
        deliver((*place, "2016", LATE, WHOLE))
        measures()
        told = call_action("satudata_completeness_mends", opd="dinkes", year=2016)["results"]
        assert [one["kind"] for one in told if one["period"] == "2016"] == ["terlambat"]
        assert "kiriman lengkap pertamanya datang" in app.get("/kelengkapan/dinkes/mengapa?tahun=2016")
