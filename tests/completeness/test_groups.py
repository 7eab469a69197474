"""The groups of satudata_completeness_show: their figures equal the lists behind them, and all of them are counted."""

from __future__ import annotations

import pytest

from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "shared_urusan")


@pytest.fixture
def shared_urusan(with_plugins, clean_db, make_opd, make_entries, make_dataset, deliver, recompute):
    """Two OPDs that share an urusan; the one has another urusan as well."""
    opds = {name: make_opd(name, name.title()) for name in ("dinkes", "dinsos")}
    plan = [("K-1", "dinkes", "1.02"), ("K-2", "dinkes", "1.02"), ("K-3", "dinkes", "1.06"), ("S-1", "dinsos", "1.02")]
    entries = make_entries(
        *({"kode": kode, "judul": f"Data {kode}", "opd": opd, "urusan": urusan} for kode, opd, urusan in plan)
    )
    for kode, opd, facts in (
        ("K-1", "dinkes", {"filled_values": 6}),
        ("K-2", "dinkes", {"filled_values": 3}),
        ("S-1", "dinsos", {"valid": False, "filled_values": 6}),
    ):
        dataset = make_dataset(kode.lower(), opds[opd], kode, konsep="Contoh")
        deliver((entries[kode], dataset, "2016", "2017-02-01", facts))
    recompute()


LISTS = {
    "satudata_cell_list": ("kelengkapan", "ketepatan_waktu", "kelengkapan_isian", "validitas", "konsistensi"),
    "satudata_completeness_entry_list": ("ketersediaan", "kelengkapan_metadata"),
}
SUMS = {
    ("kelengkapan_isian", "numerator"): "filled_values",
    ("kelengkapan_isian", "denominator"): "expected_values",
    ("konsistensi", "numerator"): "consistent",
    ("konsistensi", "denominator"): "comparable",
    ("kelengkapan_metadata", "numerator"): "metadata_points",
    ("kelengkapan_metadata", "denominator"): "metadata_possible",
}


def test_urusan_of_an_opd_are_told_of_its_own_entries():
    obligations = {}
    for opd in ("dinkes", "dinsos"):
        for group in call_action("satudata_completeness_show", year=2016, group_by="urusan", opd=opd)["groups"]:
            obligations[opd, group["id"]] = group["obligations"]
            for action, measures in LISTS.items():
                for measure in measures:
                    for part in ("numerator", "denominator"):
                        of = {"year": 2016, "opd": opd, "urusan": group["id"], "measure": measure, "part": part}
                        listed = call_action(action, **of)[SUMS.get((measure, part), "count")]
                        assert group["measures"][measure][part] == listed, of
            for state, count in group["states"].items():
                of = {"year": 2016, "opd": opd, "urusan": group["id"], "state": state}
                assert call_action("satudata_cell_list", **of)["count"] == count
    assert obligations == {("dinkes", "1.02"): 2, ("dinkes", "1.06"): 1, ("dinsos", "1.02"): 1}


def test_urusan_of_the_city_are_told_of_all_entries():
    groups = call_action("satudata_completeness_show", year=2016, group_by="urusan")["groups"]
    assert {group["id"]: group["obligations"] for group in groups} == {"1.02": 3, "1.06": 1}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"group_by": "opd"}, 2),
        ({"group_by": "urusan"}, 2),
        ({"group_by": "tema"}, 2),
        ({"group_by": "tema", "opd": "dinsos"}, 1),
        ({"group_by": "opd", "urusan": "1.06"}, 1),
        ({"group_by": "urusan", "opd": "dinsos"}, 1),
        ({"group_by": "entry"}, 4),
        ({"group_by": "entry", "urusan": "1.02"}, 3),
        ({"group_by": "entry", "opd": "dinkes"}, 3),
    ],
)
def test_all_groups_are_counted_on_every_page(asked, count):
    pages = [
        call_action("satudata_completeness_show", year=2016, limit=1, offset=offset, **asked)
        for offset in range(count + 1)
    ]
    assert {page["count"] for page in pages} == {count}
    assert len({group["id"] for page in pages for group in page["groups"]}) == count
    assert pages[-1]["groups"] == []
