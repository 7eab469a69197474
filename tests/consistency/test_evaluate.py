"""What is published twice is found, compared honestly, and followed from conflict to agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from ckan import model

from .conftest import CITY_COLUMNS, DISTRICT_COLUMNS, DISTRICTS, NOW, people


@pytest.fixture
def evaluate():
    from ckanext.satudataserang.consistency.evaluate import evaluate

    return lambda entries=None, now=NOW: evaluate(model.Session, now, entries)


def comparisons():
    rows = model.Session.execute(sa.text("SELECT * FROM satudata_comparison ORDER BY period, area, classes")).mappings()
    return [dict(row) for row in rows]


def conflicts():
    return [
        dict(row) for row in model.Session.execute(sa.text("SELECT * FROM satudata_conflict ORDER BY id")).mappings()
    ]


def history():
    return [
        tuple(row)
        for row in model.Session.execute(
            sa.text("SELECT action, from_state, to_state FROM satudata_conflict_event ORDER BY id")
        )
    ]


def test_figures_in_other_units_and_of_finer_areas_are_the_same(counted, evaluate):
    counted(each=5001, city="60.0")
    done = evaluate()
    [one] = comparisons()
    assert (one["state"], one["reason"], one["period"], one["area"]) == ("sama", "", "2025", "36.73")
    assert {one["left_value"], one["right_value"]} == {60012, 60}
    assert done.comparisons == 1
    assert conflicts() == []


def test_a_difference_is_a_conflict_that_ends_when_the_figures_agree(counted, evaluate, two):
    counted(each=5000, city="61.0")
    evaluate()
    [conflict] = conflicts()
    assert (conflict["state"], abs(conflict["difference"]), conflict["unit"]) == ("terbuka", 1000, "orang")
    assert {conflict["left_entry"], conflict["right_entry"]} == set(two.entries.values())
    # Evaluating again changes nothing.
    assert evaluate().changed == 0
    assert history() == [("dibuka", None, "terbuka")]
    counted(each=5000, city="60.0")
    evaluate([two.entries["BPS-1"]])
    [conflict] = conflicts()
    assert conflict["state"] == "selesai"
    counted(each=5000, city="63.0")
    evaluate([two.entries["DUK-1"]])
    [conflict] = conflicts()
    assert (conflict["state"], abs(conflict["difference"])) == ("terbuka", 3000)
    assert history() == [
        ("dibuka", None, "terbuka"),
        ("selesai", "terbuka", "selesai"),
        ("dibuka_kembali", "selesai", "terbuka"),
    ]


def test_what_was_explained_stays_until_the_figures_change(counted, evaluate):
    counted(each=5000, city="61.0")
    evaluate()
    model.Session.execute(sa.text("UPDATE satudata_conflict SET state = 'dijelaskan', explanation = 'Beda tanggal'"))
    model.Session.commit()
    evaluate()
    assert conflicts()[0]["state"] == "dijelaskan"
    counted(each=5000, city="62.0")
    evaluate(now=NOW + timedelta(days=1))
    [conflict] = conflicts()
    assert (conflict["state"], conflict["explanation"]) == ("terbuka", "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"city": None}, "none"),
        ({"districts": tuple(DISTRICTS[:5]), "city": "99.9"}, "bagian-kurang"),
        ({"each": None, "city": "99.9"}, "nilai-kosong"),
    ],
)
def test_no_false_alarm_where_something_is_missing(counted, evaluate, given, reason):
    counted(**given)
    evaluate()
    assert [one["reason"] for one in comparisons()] == ([] if reason == "none" else [reason])
    assert {one["state"] for one in comparisons()} <= {"tak_terbanding"}
    assert conflicts() == []


def test_another_period_is_no_other_figure(counted, evaluate, publish, two):
    counted(city=None, period="2025")
    publish(two.datasets["BPS-1"], "BPS-1", "2024", CITY_COLUMNS, [("99.9",)])
    evaluate()
    assert {(one["period"], one["state"]) for one in comparisons()} == {
        ("2024", "tak_terbanding"),
        ("2025", "tak_terbanding"),
    }
    assert {one["reason"] for one in comparisons()} == {"tanpa-kiri", "tanpa-kanan"}


def test_another_cut_off_day_is_no_conflict(counted, evaluate, publish, two):
    counted(city=None)
    columns = (*CITY_COLUMNS, ("per_tanggal", "date"))
    publish(two.datasets["BPS-1"], "BPS-1", "2025", columns, [("99.9", "2025-06-30")])
    evaluate()
    [one] = comparisons()
    assert (one["state"], one["reason"]) == ("tak_terbanding", "tanggal-beda")
    publish(two.datasets["BPS-1"], "BPS-1", "2025", columns, [("99.9", "2025-12-31")])
    evaluate()
    assert comparisons()[0]["state"] == "beda"


def test_doubled_rows_are_not_summed(counted, evaluate, publish, two):
    counted(city="60.0")
    rows = [(code, sex, 5000) for code in DISTRICTS for sex in ("L", "P")]
    publish(two.datasets["DUK-1"], "DUK-1", "2025", DISTRICT_COLUMNS, [*rows, rows[0]])
    evaluate()
    assert comparisons()[0]["reason"] == "baris-ganda"


def test_what_is_withdrawn_is_compared_no_more(counted, evaluate):
    counted(each=5000, city="61.0")
    evaluate()
    model.Session.execute(sa.text("UPDATE satudata_submission SET state = 'ditarik' WHERE resource_id IS NOT NULL"))
    model.Session.commit()
    evaluate()
    assert comparisons() == []
    assert conflicts()[0]["state"] == "selesai"


def test_a_closed_dataset_is_compared_as_any_other(counted, evaluate, two):
    counted(each=5000, city="61.0")
    model.Session.execute(sa.text("UPDATE package SET private = TRUE WHERE id = :id"), {"id": two.datasets["BPS-1"]})
    model.Session.commit()
    evaluate()
    assert conflicts()[0]["state"] == "terbuka"


def test_touched_entries_alone_are_looked_at(counted, evaluate, two, make_structure, make_variable):
    from ckanext.satudataserang.plan.model import PlanEntry

    counted(each=5000, city="60.0")
    assert evaluate(["lain"]).pairs == 0
    assert evaluate([two.entries["DUK-1"]]).pairs == 1
    make_variable("lain_uji", "Lain")
    PlanEntry.by_kode("BPS-1").structure_id = make_structure("lain", [people("lain_uji")])
    model.Session.commit()
    assert evaluate([two.entries["BPS-1"]]).changed == 1
    assert comparisons() == []


def test_publishing_notes_what_is_to_be_compared(counted, two):
    from ckanext.satudataserang.consistency import job

    counted(each=5000, city="61.0")
    assert job.compare_noted().comparisons == 1
    assert job.compare_noted() is None
    assert conflicts()[0]["state"] == "terbuka"
