"""Sample data is named also where only other years than the one asked for hold it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

NOTICE = "Peta dari tahun ke tahun memuat data contoh (2014, 2015, 2016)"


def open_page(app, address):
    return BeautifulSoup(app.get(address).body, "html.parser")


@pytest.mark.parametrize("address", ["/kelengkapan", "/kelengkapan/disdik"])
def test_years_without_samples_say_that_others_have_some(app, address):
    """The only sample entry, of disdik, ends with 2016."""
    page = open_page(app, f"{address}?tahun=2020")
    assert NOTICE in page.select_one(".sk-notice").text
    assert "pada halaman ini adalah data contoh" not in page.text


def test_only_what_holds_samples_is_named(app):
    assert NOTICE in open_page(app, "/kelengkapan?tahun=2020&urusan=1.01").select_one(".sk-notice").text
    for address in ("/kelengkapan?tahun=2020&urusan=1.02", "/kelengkapan/dinkes?tahun=2020"):
        page = open_page(app, address)
        assert page.select(".sk-heat tbody tr")
        assert page.select_one(".sk-notice") is None
        assert page.select(".sk-heat .sk-sample") == []


def test_rows_and_columns_of_the_heatmap_are_labelled(app, make_entries, recompute):
    make_entries({"kode": "HUB-2", "judul": "Halte", "opd": "dishub", "source_system": "contoh"})
    make_entries({"kode": "HUB-3", "judul": "Rambu", "opd": "dishub", "berlaku_dari": "2013-01-01"})
    recompute()
    heat = open_page(app, "/kelengkapan?tahun=2020").select_one(".sk-heat")
    columns = {head.contents[0].strip(): head.select_one(".sk-sample") for head in heat.select("thead th")[1:]}
    assert {year: label is not None for year, label in columns.items()} == {
        "2013": False,
        "2014": True,
        "2015": True,
        "2016": True,
    }
    rows = {row.a["href"].split("/")[-1]: row.select_one("th .sk-sample") for row in heat.select("tbody tr")}
    assert {opd: label is not None for opd, label in rows.items()} == {"dinkes": False, "disdik": True, "dishub": True}


def test_samples_are_counted_by_year_and_member(seeded_city):
    disdik = seeded_city.opds["disdik"]
    history = call_action("satudata_completeness_history", scope="opd")
    assert history["samples"] == {disdik: {2014: 1, 2015: 1, 2016: 1}}
    other = call_action("satudata_completeness_history", scope="opd", scope_id=seeded_city.opds["dinkes"])
    assert other["samples"] == {}
    found = call_action("satudata_completeness_options")
    assert found["default_year"] == 2016
    assert {one["year"]: one["samples"] for one in found["years"] if one["samples"]} == {2014: 1, 2015: 1, 2016: 1}
