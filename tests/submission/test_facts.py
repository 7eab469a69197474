"""Recording deliveries: superseding, leaving equal ones alone, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.submission.facts import Counts, SubmissionRow, record_submissions, withdrawals
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.signals import submissions_changed

from .conftest import amend

pytestmark = pytest.mark.usefixtures("clean_facts")

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=timezone.utc)
ROW = SubmissionRow(
    period="2025",
    dataset_id="d1",
    delivered_at=NOW,
    content_sha256="a",
    entry_id="e1",
    resource_id="r1",
    expected_values=10,
    filled_values=8,
    zero_values=1,
    reasons=("nol-belum-dipastikan",),
)


def standing():
    query = sa.select(Submission).where(Submission.superseded_by.is_(None))
    return {(row.entry_id or row.dataset_id, row.period): row for row in model.Session.scalars(query)}


def test_a_new_delivery_supersedes_and_the_old_one_stays_in_the_table():
    assert record_submissions([ROW]) == Counts(added=1)
    first = standing()["e1", "2025"].id
    assert record_submissions([replace(ROW, content_sha256="b", filled_values=10)]) == Counts(added=1, superseded=1)
    assert standing()["e1", "2025"].filled_values == 10
    old = model.Session.get(Submission, first)
    assert (old.superseded_by, old.filled_values) == (standing()["e1", "2025"].id, 8)


def test_an_equal_delivery_writes_nothing():
    record_submissions([ROW])
    before = standing()["e1", "2025"].id
    later = replace(ROW, delivered_at=NOW.replace(month=4), created_by="lain")
    assert record_submissions([later]) == Counts(unchanged=1)
    assert standing()["e1", "2025"].id == before


def test_equal_content_with_other_facts_is_a_new_delivery():
    record_submissions([ROW])
    assert record_submissions([replace(ROW, zero_values=0, filled_values=9)]).superseded == 1


def test_content_may_go_back_to_what_it_was():
    for content in ("a", "b", "a"):
        record_submissions([replace(ROW, content_sha256=content)])
    assert standing()["e1", "2025"].content_sha256 == "a"
    assert model.Session.query(Submission).count() == 3


def test_datasets_outside_the_plan_do_not_meet():
    outside = replace(ROW, entry_id=None)
    record_submissions([ROW, outside, replace(outside, dataset_id="d2")])
    assert set(standing()) == {("e1", "2025"), ("d1", "2025"), ("d2", "2025")}
    assert record_submissions([replace(outside, content_sha256="b")]) == Counts(added=1, superseded=1)


def test_two_rows_for_one_cell_are_refused():
    with pytest.raises(ValueError, match="same entry and period"):
        record_submissions([ROW, replace(ROW, content_sha256="b")])


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        record_submissions([replace(ROW, delivered_at=NOW.replace(tzinfo=None))])


def test_a_period_that_vanished_is_withdrawn_once():
    record_submissions([ROW, replace(ROW, period="2024")])
    gone = withdrawals(["r1"], [ROW], now=NOW, created_by="u")
    assert [(row.period, row.state, row.valid, row.filled_values) for row in gone] == [("2024", "ditarik", False, 0)]
    record_submissions(gone)
    assert withdrawals(["r1"], [ROW], now=NOW, created_by="u") == []


def test_the_signal_names_entries_and_outside_datasets():
    heard = []

    def listen(_sender, **kwargs):
        heard.append(kwargs)

    with submissions_changed.connected_to(listen):
        record_submissions([ROW, replace(ROW, entry_id=None, dataset_id="d2")])
        record_submissions([ROW])
    assert heard == [{"entry_ids": ["e1"], "dataset_ids": ["d2"]}]


def test_a_thousand_deliveries_take_a_handful_of_statements():
    rows = [replace(ROW, entry_id=f"e{i}") for i in range(1000)]
    statements = []
    engine = model.meta.engine

    def count(_conn, _cursor, statement, *_args):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        record_submissions(rows)
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    assert len(statements) <= 5
    assert len(standing()) == 1000


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("period", "year"),
    [
        ("2025", 2025),
        ("2025-Q4", 2025),
        ("2025-12", 2025),
        ("2025-12-31", 2025),
        ("2021-2025", 2025),
        # Its Monday lies in 2024, its Sunday in 2025.
        ("2025-W01", 2025),
        ("statis-2025", 2025),
        ("statis", 2015),
    ],
)
def test_what_is_data_prioritas_in_the_year_of_its_period_is_marked_so(entry, period, year):
    for agreed, wanted in (([year], True), ([year - 1, year + 1], False)):
        amend(entry.id, prioritas=agreed)
        record_submissions([replace(ROW, entry_id=entry.id, period=period, content_sha256=str(agreed))])
        standing = sa.select(Submission.prioritas).where(Submission.superseded_by.is_(None))
        assert model.Session.scalars(standing).all() == [wanted]
