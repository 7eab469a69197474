"""What a page promises for a mend is what the portal counts once the mend is really done."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from ckan import model
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

YEAR = {"opd": "dinkes", "year": 2016}


def lost(kind, kode=None, period=None):
    found = call_action("satudata_completeness_mends", **YEAR, limit=1000)["results"]
    return next(
        one for one in found if one["kind"] == kind and kode in (None, one["kode"]) and period in (None, one["period"])
    )


def index():
    return call_action("satudata_completeness_show", **YEAR)["groups"][0]["index"]


def test_index_and_losses_are_those_of_the_page(app):
    found = call_action("satudata_completeness_mends", **YEAR, limit=1000)
    assert found["index"] == pytest.approx(index())
    assert found["count"] == len(found["results"])
    gains = [one["gain"] for one in found["results"]]
    assert gains == sorted(gains, reverse=True)
    assert [one["gain"] for one in found["best"]] == [one["gain"] for one in found["results"] if one["doable"]][:3]
    measures = call_action("satudata_completeness_show", **YEAR)["groups"][0]["measures"]
    cells = {(one["kode"], one["period"]): one for one in found["results"] if one["period"]}
    incomplete = measures["kelengkapan"]["denominator"] - measures["kelengkapan"]["numerator"]
    assert sum(one["kind"] in ("kirim", "perbaiki", "lengkapi", "tunggu") for one in cells.values()) >= incomplete
    unpublished = measures["ketersediaan"]["denominator"] - measures["ketersediaan"]["numerator"]
    assert sum(one["kind"] == "terbitkan" for one in found["results"]) == unpublished
    assert cells["KES-2", "2016"]["kind"] == "lengkapi"
    assert cells["KES-3", "2016"]["kind"] == "perbaiki"
    assert cells["KES-T", "2016-Q3"]["kind"] == "kirim"
    assert found["results"][-1]["gain"] >= 0


def test_a_delivery_brings_what_was_promised(deliver, recompute, seeded_city):
    promised = lost("kirim", "KES-T", "2016-Q3")
    deliver(
        (seeded_city.entries["KES-T"], seeded_city.datasets["KES-T"], "2016-Q3", "2026-11-01", {"filled_values": 6})
    )
    recompute()
    assert index() == pytest.approx(promised["index"])


def test_a_mended_delivery_brings_what_was_promised(deliver, recompute, seeded_city):
    promised = lost("perbaiki", "KES-3", "2016")
    deliver((seeded_city.entries["KES-3"], seeded_city.datasets["KES-3"], "2016", "2026-11-01", {"filled_values": 6}))
    recompute()
    assert index() == pytest.approx(promised["index"])


def test_a_described_dataset_brings_what_was_promised(recompute, seeded_city):
    promised = lost("terangkan", "KES-1")
    promised = next(
        one
        for one in call_action("satudata_completeness_mends", **YEAR, limit=1000)["results"]
        if one["kind"] == "terangkan" and one["kode"] == "KES-1" and one["field"] == "satuan"
    )
    dataset = model.Package.get(seeded_city.datasets["KES-1"])
    dataset.extras = {**dataset.extras, "satuan": "orang"}
    model.Session.commit()
    recompute()
    assert index() == pytest.approx(promised["index"])


def test_a_published_dataset_brings_at_least_what_was_promised(make_dataset, deliver, recompute, seeded_city):
    promised = lost("terbitkan", "KES-5")
    assert promised["at_least"]
    made = make_dataset("kes-5", seeded_city.opds["dinkes"], "KES-5", konsep="Kesehatan")
    deliver((seeded_city.entries["KES-5"], made, "2015", "2016-02-01", {"filled_values": 6}))
    recompute()
    assert index() >= promised["index"]


def test_page_says_why_and_what_to_do_for_every_loss(app):
    page = BeautifulSoup(app.get("/kelengkapan/dinkes?tahun=2016").body, "html.parser")
    mends = page.select(".sk-mends > li")
    assert len(mends) == 3
    assert all(one.select_one("a.btn")["href"] for one in mends)
    assert "Bila semuanya dikerjakan" in page.select_one("[aria-labelledby=perbaiki]").text
    rows = page.select(".sk-losses tbody tr")
    assert len(rows) == 12
    found = call_action("satudata_completeness_mends", **YEAR, limit=1000)
    more = next(link for link in page.select("a") if "/mengapa" in link.get("href", ""))
    assert str(found["count"]) in more.text
    every = BeautifulSoup(app.get(more["href"]).body, "html.parser").select(".sk-losses tbody tr")
    assert len(every) == min(found["count"], 50)
    for row in (*rows, *every):
        assert len(row.select("td")[0].text) > 30
        assert row.select("td")[-1].a["href"]


def test_an_office_that_owes_nothing_has_nothing_to_mend(app):
    found = call_action("satudata_completeness_mends", opd="kosong", year=2016)
    assert (found["count"], found["best"], found["index"], found["after"]) == (0, [], None, None)
    assert app.get("/kelengkapan/kosong?tahun=2016").status_code == 200
    assert app.get("/kelengkapan/kosong/mengapa?tahun=2016").status_code == 200
