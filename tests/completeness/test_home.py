"""The home page tells the figure that the dashboard shows first, and says when sample data is counted in it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ENTRY = {"judul": "Puskesmas", "opd": "dinkes", "berlaku_sampai": "2015-12-31"}


def tile(app):
    return BeautifulSoup(app.get("/").body, "html.parser").select_one(".satudata-figures a[href*=kelengkapan]")


def test_the_tile_is_of_the_year_the_dashboard_shows_first(app, make_opd, make_entries, recompute):
    make_opd("dinkes", "Dinas Kesehatan")
    make_entries({"kode": "KES-1", **ENTRY}, {"kode": "KES-2", **ENTRY})
    recompute()

    shown = tile(app)

    assert shown["href"] == "/kelengkapan?tahun=2015"
    assert " ".join(shown.text.split()) == "0 dari 2 kewajiban data 2015 lengkap"
    assert "2015" in BeautifulSoup(app.get("/kelengkapan").body, "html.parser").h1.text


def test_the_tile_names_sample_data_of_its_year(app, make_opd, make_entries, recompute):
    make_opd("dinkes", "Dinas Kesehatan")
    make_entries({"kode": "KES-1", **ENTRY}, {"kode": "KES-2", **ENTRY, "source_system": "contoh"})
    recompute()
    assert tile(app).select_one(".satudata-sample").text == "data contoh"

    make_entries({"kode": "KES-3", **ENTRY, "berlaku_sampai": "2016-12-31"})
    recompute()
    assert tile(app)["href"] == "/kelengkapan?tahun=2016"
    assert tile(app).select_one(".satudata-sample") is None
