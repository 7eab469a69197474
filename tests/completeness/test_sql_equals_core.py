"""The set-based statements give what the rules of `core` say, for random cities, at any moment after the refresh."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.completeness import behind, read, windows
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.completeness.themes import theme_of
from ckanext.satudataserang.core.cells import state
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.lateness import days_late, distribution
from ckanext.satudataserang.core.measures import MEASURES, measure
from ckanext.satudataserang.core.metadata import possible
from ckanext.satudataserang.core.windows import Window, month_of

from tests.completeness import random_city
from tests.completeness.contents import contents

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)
LATER = [NOW, NOW + timedelta(days=33), NOW + timedelta(days=400)]
WINDOWS = [
    *(Window.of_year(year) for year in range(2020, 2028)),
    Window(202607, 202612),
    Window(202411, 202502),
    Window(202306, 202306),
]
SCOPES = {
    "city": lambda _entry, _opd_id: "",
    "opd": lambda _entry, opd_id: opd_id,
    "urusan": lambda entry, _opd_id: entry["urusan"],
    "tema": lambda entry, _opd_id: theme_of(entry["urusan"]),
    "entry": lambda entry, _opd_id: entry["id"],
}


@pytest.fixture(params=range(5))
def city(request):
    made = random_city.make(request.param)
    random_city.insert(model.Session, made)
    refresh(model.Session, NOW)
    yield made
    model.Session.rollback()


def cells_of(city):
    return {
        (entry["id"], period.key): (entry, span, period, random_city.facts_of(entry, span, period, city, NOW))
        for entry in city.entries
        for span, period in random_city.owed(entry, city)
    }


def test_every_cell_has_the_state_that_core_derives(city):
    cells = cells_of(city)
    assert len(cells) > 50
    for later in LATER:
        _, rows = behind.cells(model.Session, later, {}, limit=100_000, offset=0)
        assert {(row["entry_id"], row["period"]): (row["state"], row["days_late"]) for row in rows} == {
            key: (state(facts, later).value, days_late(facts)) for key, (_, _, _, facts) in cells.items()
        }
        assert {(row["entry_id"], row["period"]): (row["opd_id"], row["kelas"]) for row in rows} == {
            key: (span.opd_id, span.kelas) for key, (_, span, _, _) in cells.items()
        }


def test_the_random_cities_hold_every_kind_of_cell():
    """So that what the other tests compare is worth comparing."""
    found: dict[str, int] = {}
    for seed in range(5):
        made = random_city.make(seed, entries=60)
        for _, _, period, facts in cells_of(made).values():
            kinds = [state(facts, NOW).value, *(["konfirmasi"] if period.key.startswith("statis-") else [])]
            if facts.complete and facts.pending:
                kinds.append("koreksi menunggu")
            if facts.complete and not facts.valid:
                kinds.append("koreksi tidak valid")
            for kind in kinds:
                found[kind] = found.get(kind, 0) + 1
    assert min(found.values()) >= 3, found
    assert len(found) == 13, found


def test_every_figure_is_what_core_measures(city):
    """Also long after the refresh: a stored figure is never made false by time."""
    cells = cells_of(city)
    points = dict(model.Session.execute(sa.text("SELECT dataset_id, points FROM satudata_metadata_score")).all())
    top = possible(metadata_rules())
    for later in LATER:
        today = later.astimezone(WIB).date()
        for scope, key in SCOPES.items():
            found = windows.figures(model.Session, later, scope, dict(enumerate(WINDOWS)))
            for number, window in enumerate(WINDOWS):
                entries, facts = {}, {}
                for entry in city.entries:
                    if span := random_city.in_force(entry, city, window.start, window.end, today):
                        told = random_city.entry_facts(entry, city, points, top, NOW)
                        entries.setdefault(key(entry, span.opd_id), []).append(told)
                for entry, span, period, cell in cells.values():
                    if window.start <= period.end <= window.end:
                        facts.setdefault(key(entry, span.opd_id), []).append(cell)
                for member in {*entries, *facts, *found}:
                    expected = measure(entries.get(member, []), facts.get(member, []), later)
                    described = read.described(found.get(member, {}).get(number))
                    got = {
                        name: (described["measures"][name]["numerator"], described["measures"][name]["denominator"])
                        for name in MEASURES
                    }
                    assert got == {name: (ratio.numerator, ratio.denominator) for name, ratio in expected.items()}
                    counted = described["measures"]["kelengkapan"]
                    assert sum(described["states"].values()) == counted["denominator"]


def test_lateness_is_what_core_distributes(city):
    cells = cells_of(city)
    for later in LATER:
        for window in WINDOWS:
            for opd in (None, "opd-0"):
                facts = [
                    cell
                    for _, span, period, cell in cells.values()
                    if window.start <= period.end <= window.end and opd in (None, span.opd_id)
                ]
                assert behind.lateness(model.Session, later, window, {"opd": opd}) == distribution(facts, later)


CHANGES = {
    "deliveries turn invalid": "UPDATE satudata_submission SET valid = NOT valid WHERE entry_id = ANY(:some)",
    "deliveries are gone": "DELETE FROM satudata_submission WHERE entry_id = ANY(:some) AND superseded_by IS NOT NULL",
    "exemptions are revoked": "UPDATE satudata_exemption SET state = 'dicabut' WHERE entry_id = ANY(:some)",
    "more time is granted": "UPDATE satudata_extension SET until = until + 60, revoked_at = NULL "
    "WHERE entry_id = ANY(:some)",
    "terms are forgotten": "DELETE FROM satudata_plan_terms WHERE entry_id = ANY(:some)",
    "entries begin later": "UPDATE satudata_plan_entry SET berlaku_dari = berlaku_dari + 40, "
    "berlaku_sampai = berlaku_sampai + 40 WHERE id = ANY(:some)",
    "entries get another urusan": "UPDATE satudata_plan_entry SET urusan = '1.06' WHERE id = ANY(:some)",
    "entries move": "UPDATE satudata_plan_entry SET opd_id = 'opd-0' WHERE id = ANY(:some)",
    "entries are withdrawn": "UPDATE satudata_plan_entry SET state = 'usulan' WHERE id = ANY(:some)",
    "nothing": "SELECT 1",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("later", LATER)
def test_refreshing_what_was_touched_gives_what_refreshing_all_gives(change, later):
    made = random_city.make(7)
    # What is handed in has come already: no delivery waits in the table for its moment.
    made.submissions = [one for one in made.submissions if one["delivered_at"] <= NOW]
    random_city.insert(model.Session, made)
    refresh(model.Session, NOW)
    some = random.Random(change).sample([entry["id"] for entry in made.entries], 8)
    model.Session.execute(sa.text(CHANGES[change]), {"some": some} if ":some" in CHANGES[change] else {})
    done = refresh(model.Session, later, entry_ids=some)
    assert done.everything == (later.astimezone(WIB).year > NOW.year)
    touched = contents()
    refresh(model.Session, later)
    assert contents() == touched
    model.Session.rollback()


def test_refreshing_touched_datasets_gives_what_refreshing_all_gives(city):
    some = [dataset["id"] for dataset in city.datasets][::3]
    model.Session.execute(
        sa.text("UPDATE package SET private = NOT private, title = title || ' baru' WHERE id = ANY(:ids)"),
        {"ids": some},
    )
    refresh(model.Session, NOW, dataset_ids=some)
    touched = contents()
    refresh(model.Session, NOW)
    assert contents() == touched


def test_refreshing_twice_changes_nothing(city):
    first = contents()
    assert refresh(model.Session, NOW).cells == 0
    assert contents() == first


def test_every_month_adds_up_to_every_window(city):
    """Cell measures of a window are the sums of its months, for every scope."""
    for scope in SCOPES:
        months = Window(202501, 202612).months()
        by_month = windows.figures(model.Session, NOW, scope, {month: Window(month, month) for month in months})
        whole = windows.figures(model.Session, NOW, scope, {0: Window(202501, 202612)})
        for member, figures in whole.items():
            for column in ("kelengkapan_den", "ketepatan_waktu_num", "kelengkapan_isian_num", "n_terlewat"):
                summed = sum(one.get(column, 0) for one in by_month.get(member, {}).values())
                assert summed == figures[0].get(column, 0)


def test_months_are_those_of_the_last_day(city):
    rows = model.Session.execute(sa.text("SELECT period_end, month FROM satudata_cell")).all()
    assert rows
    assert all(month_of(end) == month for end, month in rows)
