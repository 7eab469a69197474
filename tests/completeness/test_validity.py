"""What the validity of an OPD does to what it owes."""

from __future__ import annotations

import pytest

from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")


@pytest.mark.parametrize(
    ("validity", "months"),
    [
        ({"berlaku_dari": "2015", "berlaku_sampai": "2016-02"}, 14),
        ({"berlaku_dari": "2015-11", "berlaku_sampai": "2015"}, 2),
        ({"berlaku_dari": "2016-10-01", "berlaku_sampai": ""}, 3),
    ],
)
def test_an_opd_may_name_a_year_or_a_month_alone(make_opd, make_entries, recompute, validity, months):
    make_opd("upt", "UPT Contoh", **validity)
    entry = make_entries({"kode": "UPT-1", "judul": "Kunjungan", "opd": "upt", "frequency": "bulanan"})["UPT-1"]

    recompute()

    assert call_action("satudata_cell_list", entry=entry)["count"] == months
    assert call_action("satudata_completeness_show", year=2016)["groups"][0]["name"] == "upt"
