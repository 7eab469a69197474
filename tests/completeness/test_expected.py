"""A new number of compulsory values moves no figure of a period that was over before."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.plan.model import PlanEntry, PlanEvent
from ckanext.satudataserang.submission import due

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "with_request_context")


@pytest.fixture
def entry(make_opd, make_entries, make_dataset, deliver):
    """An entry that delivered 2014 and not 2015."""
    opd = make_opd("dinkes", "Dinas Kesehatan")
    entry_id = make_entries({"kode": "KES-1", "judul": "Puskesmas", "opd": "dinkes", "berlaku_sampai": None})["KES-1"]
    dataset = make_dataset("kes-1", opd, "KES-1")
    deliver((entry_id, dataset, "2014", "2015-02-01", {"filled_values": 6}))
    return entry_id


def figures(entry_id):
    call_action("satudata_completeness_refresh", everything=True)
    rows = model.Session.execute(
        sa.text(
            "SELECT period, expected_values, filled_values, complete FROM satudata_cell WHERE entry_id = :id "
            "AND year <= extract(year FROM now()) ORDER BY period"
        ),
        {"id": entry_id},
    )
    return {row.period: tuple(row)[1:] for row in rows}


def test_a_new_number_leaves_what_was_over_and_rules_what_is_not(entry):
    before = figures(entry)
    year = str(date.today().year)  # noqa: DTZ011
    assert (before["2014"], before["2015"]) == ((6, 6, True), (6, 0, False))
    call_action("satudata_plan_entry_update", id=entry, expected_values=40)
    after = figures(entry)
    assert after[year][0] == 40
    assert {period: facts for period, facts in after.items() if period != year} == {
        period: facts for period, facts in before.items() if period != year
    }
    call_action("satudata_plan_entry_update", id=entry, expected_values=2)
    again = figures(entry)
    assert (again["2014"], again["2015"], again[year][0]) == (before["2014"], before["2015"], 2)
    row = model.Session.get(PlanEntry, entry)
    assert [due.due_of(row, period).expected_values for period in ("2014", "2015", year)] == [6, 6, 2]


def test_each_period_has_the_number_of_its_last_day(entry):
    """Changes of 2016 and 2019, told in the past: 6, then 10, then 40."""
    call_action("satudata_plan_entry_update", id=entry, expected_values=10)
    call_action("satudata_plan_entry_update", id=entry, expected_values=40)
    events = model.Session.scalars(
        sa.select(PlanEvent).where(PlanEvent.entry_id == entry, PlanEvent.action == "ubah").order_by(PlanEvent.id)
    ).all()
    for event, year in zip(events, (2016, 2019), strict=True):
        event.at = datetime(year, 5, 1, tzinfo=timezone.utc)
    model.Session.commit()
    found = figures(entry)
    assert [found[str(year)][0] for year in range(2014, 2021)] == [6, 6, 10, 10, 10, 40, 40]
