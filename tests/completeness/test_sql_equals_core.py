"""The set-based statements give what the rules of `core` say, for random cities, at any moment after the refresh."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.completeness import read
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.core.cells import state
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.measures import MEASURES, measure
from ckanext.satudataserang.core.metadata import possible

from tests.completeness import random_city
from tests.completeness.contents import contents

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)
LATER = [NOW, NOW + timedelta(days=33), NOW + timedelta(days=400)]
SCOPES = {
    "city": lambda _entry: "",
    "opd": lambda entry: entry["opd_id"],
    "urusan": lambda entry: entry["urusan"],
    "entry": lambda entry: entry["id"],
}


@pytest.fixture(params=range(5))
def city(request):
    made = random_city.make(request.param)
    random_city.insert(model.Session, made)
    refresh(model.Session, NOW)
    yield made
    model.Session.rollback()


def cells_of(city):
    opds = {opd["id"]: opd for opd in city.opds}
    return {
        (entry["id"], period.key): (entry, period, random_city.facts_of(entry, period, city, NOW))
        for entry in city.entries
        for period in random_city.expected_periods(entry, opds[entry["opd_id"]])
    }


def test_every_cell_has_the_state_that_core_derives(city):
    cells = cells_of(city)
    for later in LATER:
        _, rows = read.cells(model.Session, later, {}, limit=100_000, offset=0)
        assert {(row["entry_id"], row["period"]): row["state"] for row in rows} == {
            key: state(facts, later).value for key, (_, _, facts) in cells.items()
        }


def test_every_figure_is_what_core_measures(city):
    """Also long after the refresh: a stored figure is never made false by time."""
    cells = cells_of(city)
    opds = {opd["id"]: opd for opd in city.opds}
    points = dict(model.Session.execute(sa.text("SELECT dataset_id, points FROM satudata_metadata_score")).all())
    top = possible(metadata_rules())
    for later in LATER:
        today = later.astimezone(WIB).date()
        for year in range(2020, 2028):
            in_force = {
                entry["id"]
                for entry in city.entries
                if (day := random_city.in_force_from(entry, opds[entry["opd_id"]], year)) and day <= today
            }
            for scope, key in SCOPES.items():
                figures = {row["scope_id"]: row for row in read.figures(model.Session, later, scope, year, year)}
                for scope_id in {key(entry) for entry in city.entries}:
                    members = {entry["id"]: entry for entry in city.entries if key(entry) == scope_id}
                    expected = measure(
                        [
                            random_city.entry_facts(entry, city, points, top)
                            for id_, entry in members.items()
                            if id_ in in_force
                        ],
                        [
                            facts
                            for entry, period, facts in cells.values()
                            if entry["id"] in members and period.end.year == year
                        ],
                        later,
                    )
                    described = read.described(figures.get(scope_id))
                    got = {
                        name: (described["measures"][name]["numerator"], described["measures"][name]["denominator"])
                        for name in MEASURES
                    }
                    assert got == {name: (ratio.numerator, ratio.denominator) for name, ratio in expected.items()}
                    counted = described["measures"]["kelengkapan"]
                    assert sum(described["states"].values()) == counted["denominator"]


def test_refreshing_what_was_touched_gives_what_refreshing_all_gives(city):
    some = [entry["id"] for entry in city.entries][::3]
    for entry_id in some:
        model.Session.execute(
            sa.text("UPDATE satudata_submission SET valid = NOT valid WHERE entry_id = :id"), {"id": entry_id}
        )
    refresh(model.Session, NOW, entry_ids=some)
    touched = contents()
    refresh(model.Session, NOW)
    assert contents() == touched


def test_refreshing_twice_changes_nothing(city):
    first = contents()
    assert refresh(model.Session, NOW).cells == 0
    assert contents() == first
