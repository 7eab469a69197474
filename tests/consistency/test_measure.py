"""Konsistensi: counted for both OPDs, shown with its parts, explained, and mended by an explanation."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from .conftest import NOW


@pytest.fixture
def evaluate():
    from ckanext.satudataserang.consistency.evaluate import evaluate

    return lambda: evaluate(model.Session, NOW)


def recompute(everything=True):
    call_action("satudata_completeness_refresh", everything=everything)


def shown(**narrowed):
    groups = call_action("satudata_completeness_show", year=2025, group_by="opd", **narrowed)["groups"]
    return {
        one["name"]: (one["measures"]["konsistensi"]["numerator"], one["measures"]["konsistensi"]["denominator"])
        for one in groups
    }


def test_a_conflict_counts_for_both_until_it_is_explained(counted, evaluate, two, make_opd):
    make_opd("lain", "Dinas Lain")
    counted(each=5000, city="61.0")
    evaluate()
    recompute()
    assert shown() == {"dukcapil": (0, 1), "bappeda": (0, 1), "lain": (0, 0)}
    city = call_action("satudata_completeness_show", year=2025)["city"]["measures"]["konsistensi"]
    assert (city["numerator"], city["denominator"]) == (0, 2)
    listed = call_action("satudata_cell_list", year=2025, measure="konsistensi", part="remainder")
    assert (listed["count"], listed["comparable"] - listed["consistent"]) == (2, 2)
    mends = call_action("satudata_completeness_mends", opd="bappeda", year=2025)
    [loss] = [one for one in mends["results"] if one["kind"] == "samakan"]
    assert (loss["comparable"], loss["consistent"], loss["doable"]) == (1, 0, True)
    assert loss["gain"] > 0
    [conflict] = call_action("satudata_conflict_list")["results"]
    context = {"user": "dina", "auth_user_obj": model.User.get("dina")}
    tk.get_action("satudata_conflict_explain")(context, {"id": conflict["id"], "explanation": "Proyeksi."})
    recompute()
    assert shown()["dukcapil"] == (0, 1)
    context = {"user": "wati", "auth_user_obj": model.User.get("wati")}
    tk.get_action("satudata_conflict_decide")(context, {"id": conflict["id"], "accept": True})
    recompute(everything=False)
    assert shown() == {"dukcapil": (1, 1), "bappeda": (1, 1), "lain": (0, 0)}
    after = call_action("satudata_completeness_show", year=2025, group_by="opd", opd="bappeda")["groups"][0]
    assert after["index"] == pytest.approx(loss["index"])


def test_what_cannot_be_compared_is_in_no_denominator(counted, evaluate):
    counted(city=None)
    evaluate()
    recompute()
    assert set(shown().values()) == {(0, 0)}


def test_a_part_of_the_cells_counted_anew_gives_what_all_of_them_give(counted, evaluate):
    from ckanext.satudataserang.completeness import touched

    counted(each=5000, city="61.0")
    recompute()
    evaluate()
    touched.refresh_touched(model.Session, NOW)
    model.Session.commit()
    part = shown()
    recompute()
    assert part == shown() == {"dukcapil": (0, 1), "bappeda": (0, 1)}


def test_figures_follow_the_comparison_that_follows_a_publication(counted):
    """The request refreshes before anything is compared; the job that compares refreshes what it found."""
    from ckanext.satudataserang.consistency import job

    recompute()
    counted(each=5000, city="61.0")
    recompute(everything=False)
    assert shown() == {"dukcapil": (0, 0), "bappeda": (0, 0)}
    job.run()
    assert shown() == {"dukcapil": (0, 1), "bappeda": (0, 1)}


def test_a_process_that_dies_after_comparing_leaves_a_note(counted, monkeypatch):
    from ckanext.satudataserang.completeness import touched
    from ckanext.satudataserang.consistency import evaluate, job

    counted(each=5000, city="61.0")
    recompute()

    class Died:
        def send(self, *_, **__):
            raise SystemExit

    monkeypatch.setattr(evaluate, "comparisons_changed", Died())
    with pytest.raises(SystemExit):
        job.compare_all()
    touched.run_left()
    assert shown() == {"dukcapil": (0, 1), "bappeda": (0, 1)}


def test_the_night_compares_before_it_counts(counted):
    from ckanext.satudataserang.completeness import touched

    counted(each=5000, city="61.0")
    touched.run_nightly()
    assert shown() == {"dukcapil": (0, 1), "bappeda": (0, 1)}
    # Shipped rules are there from the first night on.
    assert [one for one in call_action("satudata_consistency_rule_list") if one["bawaan"] and not one["otomatis"]]
