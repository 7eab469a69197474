"""The table of a resource keeps to the filters of its address, says so, and lets them be lifted."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from .conftest import act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def table(app, make_dataset):
    """Return a function that opens the table's page with a query and gives its soup."""
    dataset = make_dataset()
    made = act(
        "datastore_create",
        resource={"package_id": dataset["id"], "name": "Tabel", "format": "CSV"},
        fields=[
            {"id": "nama_wilayah", "type": "text", "info": {"label": "Kecamatan"}},
            {"id": "tahun", "type": "int4"},
            {"id": "triwulan", "type": "text"},
        ],
        records=[
            {"nama_wilayah": f"Kecamatan {number:02d}", "tahun": year, "triwulan": str(quarter)}
            for year in (2015, 2016, 2017)
            for quarter in (1, 2)
            for number in range(1, 31)
        ],
    )
    address = f"/dataset/{dataset['name']}/resource/{made['resource_id']}"

    def read(**query):
        return BeautifulSoup(app.get(address, query_string=query, status=200).body, "html.parser")

    return read


def total(page):
    return page.select_one("#tabel .satudata-pager span").text.split(" · ")[1]


def years(page):
    return {row.select("td")[1].text for row in page.select("#tabel tbody tr")}


def chips(page):
    return {" ".join(link.text.split()): link["href"] for link in page.select("#tabel .satudata-applied a")}


def asked(address):
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def test_only_the_rows_that_pass_are_shown(table):
    page = table(filters="tahun:2016")
    assert total(page) == "60 baris"
    assert years(page) == {"2016"}
    assert total(table(filters="tahun:2016|triwulan:2")) == "30 baris"
    assert total(table(filters="tahun:2016|tahun:2017")) == "120 baris"
    assert total(table()) == "180 baris"


def test_filters_are_named_and_each_can_be_lifted(table):
    assert chips(table()) == {}
    shown = chips(table(filters="tahun:2016|nama_wilayah:Kecamatan 07|tahun:2017", urut="-tahun", hal="1"))
    assert list(shown) == ["Lepas saringan Kecamatan: Kecamatan 07 ✕", "Lepas saringan tahun: 2016, 2017 ✕"]
    of_year = shown["Lepas saringan tahun: 2016, 2017 ✕"]
    assert asked(of_year) == {"filters": "nama_wilayah:Kecamatan 07", "urut": "-tahun"}
    (last,) = chips(table(**asked(of_year))).values()
    assert asked(last) == {"urut": "-tahun"}
    assert total(table(**asked(last))) == "180 baris"


def test_filters_stay_while_one_pages_sorts_and_searches(table):
    page = table(filters="tahun:2016")
    links = page.select("#tabel thead a, #tabel .satudata-pager a")
    assert len(links) == 4
    assert {asked(link["href"])["filters"] for link in links} == {"tahun:2016"}
    assert years(table(filters="tahun:2016", hal="3")) == {"2016"}
    form = {field["name"]: field["value"] for field in page.select("#tabel form input")}
    assert form["filters"] == "tahun:2016"
    assert total(table(**{**form, "cari": "07"})) == "2 baris"


def test_nothing_that_passes_is_said(table):
    page = table(filters="tahun:1999")
    assert "Tidak ada baris yang lolos saringan ini" in page.select_one("#tabel .satudata-empty").text
    assert len(chips(page)) == 1


@pytest.mark.parametrize(
    "senseless",
    ["tidak_ada:1", "tahun", "tahun:", "tahun:abc", "tahun:99999999999999999999", ":", "|||", '"tahun":2016', "_id:1"],
)
def test_what_makes_no_sense_is_left_aside(table, senseless):
    page = table(filters=senseless)
    assert total(page) == "180 baris"
    assert chips(page) == {}


def test_hostile_filters_are_no_fault(table):
    page = table(filters="nama_wilayah:<script>alert(1)</script>' OR 1=1 --\0")
    assert page.select("#tabel script") == []
    assert page.select("#tabel tbody tr") == []
