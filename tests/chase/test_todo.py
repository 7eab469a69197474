"""The to-do list: the same missing set as the dashboard's, for random cities, and the words of each item."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.chase.todo import GROUPS, todo
from ckanext.satudataserang.completeness.refresh import refresh

from tests.completeness import random_city

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "app")

NOW = datetime.now(timezone.utc)


def dashboard(opd, **filters):
    """All cells of an OPD as the dashboard lists them."""
    found = call_action("satudata_cell_list", opd=opd["name"], limit=1000, **filters)
    assert found["count"] == len(found["results"])
    return found["results"]


def every(opd, group, size=7):
    """All items of a group, page by page."""
    found, offset = [], 0
    while True:
        page = todo(model.Session, NOW, opd, group=group, limit=size, offset=offset)
        found += page["items"][group]
        offset += size
        if offset >= page["counts"][group]:
            assert len(found) == page["counts"][group]
            return found


@pytest.mark.parametrize("seed", range(4))
def test_every_group_is_what_the_dashboard_lists_in_its_states(seed):
    city = random_city.make(seed, 40)
    random_city.insert(model.Session, city)
    refresh(model.Session, NOW)
    for opd in city.opds[:-1]:
        cells = dashboard(opd)
        for group in ("terlambat", "dikembalikan", "segera", "menunggu"):
            shown = {(cell["entry_id"], cell["period"]) for cell in cells if cell["state"] in GROUPS[group]}
            listed = [(item["entry_id"], item["period"]) for item in every(opd["id"], group)]
            assert len(listed) == len(set(listed))
            assert set(listed) == shown, (opd["id"], group)


def test_the_missing_set_of_the_action_is_the_dashboards():
    city = random_city.make(9, 40)
    random_city.insert(model.Session, city)
    refresh(model.Session, NOW)
    some = 0
    for opd in city.opds[:-1]:
        missing = {(one["entry_id"], one["period"]) for one in dashboard(opd, state="terlewat")}
        mine = call_action("satudata_todo_list", opd=opd["name"], group="terlambat", limit=1000)
        (late,) = [one for one in mine["groups"] if one["name"] == "terlambat"]
        assert late["count"] == len(missing)
        assert {(one["entry_id"], one["period"]) for one in late["items"]} == missing
        some += late["count"]
    assert some > 20


@pytest.mark.parametrize("seed", range(3))
def test_the_count_per_class_is_of_the_newest_ended_period_of_each_entry(seed):
    city = random_city.make(seed, 40)
    random_city.insert(model.Session, city)
    refresh(model.Session, NOW)
    for opd in city.opds[:-1]:
        cells = dashboard(opd)
        rows = model.Session.execute(sa.text("SELECT entry_id, period, period_end FROM satudata_cell"))
        ends = {(row.entry_id, row.period): row.period_end for row in rows}
        newest = {}
        for cell in sorted(cells, key=lambda cell: (ends[cell["entry_id"], cell["period"]], cell["period"])):
            if ends[cell["entry_id"], cell["period"]] < NOW.date() and cell["state"] != "tidak_berlaku":
                newest[cell["entry_id"]] = cell["state"]
        found = todo(model.Session, NOW, opd["id"], limit=5)
        done = sum(state in GROUPS["selesai"] for state in newest.values())
        assert sum(total for _, total in found["classes"].values()) == len(newest)
        assert sum(done for done, _ in found["classes"].values()) == done
        assert found["counts"]["selesai"] == done


def test_an_item_says_why_and_has_one_button(town):
    found = call_action("satudata_todo_list", opd="dinas-b")
    items = [item for group in found["groups"] for item in group["items"]]
    assert [item["kode"] for item in items] == ["B3"]
    (item,) = items
    assert item["why"]
    assert item["button"] == "Isi"
    assert "/B3/2026" in item["url"]
    assert item["due"]


def test_the_note_of_a_return_stands_in_the_list(town):
    entry = town["A7"]
    facts = {
        "id": "s1",
        "entry": entry,
        "at": NOW,
        "dataset": None,
    }
    model.Session.execute(
        sa.text(
            "INSERT INTO satudata_submission (id, entry_id, period, origin, state, delivered_at, valid, nil, "
            "filled_values, zero_values, reasons, content_sha256, created_by, note, chain_id) VALUES "
            "(:id, :entry, '2026', 'unggahan', 'dikembalikan', :at, TRUE, FALSE, 1, 0, '{}', 'x', '', '', :id)"
        ),
        facts,
    )
    model.Session.execute(
        sa.text(
            "INSERT INTO satudata_submission_event (submission_id, at, actor_id, action, from_state, to_state, note, "
            "notes) VALUES (:id, :at, '', 'transition', 'menunggu_pemeriksaan', 'dikembalikan', "
            ":note, '[]')"
        ),
        {**facts, "note": "Angka kecamatan Curug\nbelum ada"},
    )
    model.Session.execute(
        sa.text(
            "UPDATE satudata_cell SET delivered = TRUE, returned = TRUE, counts_from = :at WHERE entry_id = :entry"
        ),
        facts,
    )
    model.Session.commit()
    found = call_action("satudata_todo_list", opd="dinas-a", group="dikembalikan")
    (item,) = next(one["items"] for one in found["groups"] if one["name"] == "dikembalikan")
    assert "Angka kecamatan Curug belum ada" in item["why"]
    assert item["button"] == "Perbaiki"


def test_one_statement_however_long_the_list(town):
    statements = []
    engine = model.ensure_engine()

    def heard(_connection, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", heard)
    try:
        todo(model.Session, NOW, model.Group.get("dinas-a").id, limit=1000)
    finally:
        sa.event.remove(engine, "before_cursor_execute", heard)
    assert sum("satudata_cell" in one for one in statements) == 1
