"""The city's page is kept while its figures hold, and not a moment longer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.completeness import health, rendered, views
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.completeness.touched import refresh_touched

PAGE = "/kelengkapan?tahun=2016"
#: Every answer carries a token of its own, signed with the second in which it was made.
_TOKEN = re.compile(r"<meta name=\"_csrf_token\"[^>]*>")


@pytest.fixture
def made(monkeypatch, seeded_city):
    """How often the page's body was made."""
    calls = []
    make = views._city_body
    monkeypatch.setattr(views, "_city_body", lambda: calls.append(1) or make())
    rendered._kept.clear()
    yield calls
    rendered._kept.clear()
    model.Session.rollback()


def test_a_page_is_made_once_while_nothing_changes(app, made):
    first, second = (_TOKEN.sub("", app.get(PAGE).body) for _ in range(2))
    assert first == second
    assert len(made) == 1


def test_each_address_and_language_has_a_page_of_its_own(app, made):
    pages = {
        _TOKEN.sub("", app.get(path).body) for path in (PAGE, "/kelengkapan?tahun=2015", "/en/kelengkapan?tahun=2016")
    }
    assert len(pages) == len(made) == 3


def test_a_refresh_makes_it_anew(app, made):
    app.get(PAGE)
    refresh(model.Session, datetime.now(timezone.utc))
    model.Session.commit()
    app.get(PAGE)
    assert len(made) == 2


def test_a_refresh_that_fails_is_said_on_a_page_that_was_kept(app, made):
    app.get(PAGE)

    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        health.run(model.Session, "perubahan", fail)
    try:
        assert "tidak berhasil" in app.get(PAGE).body
        app.get(PAGE)
        assert len(made) == 2
    finally:
        model.Session.execute(sa.text("DELETE FROM satudata_run WHERE NOT ok"))
        model.Session.commit()
    assert "tidak berhasil" not in app.get(PAGE).body


def test_nothing_is_kept_past_the_moment_until_which_the_figures_hold(app, made):
    past = datetime.now(timezone.utc) - timedelta(seconds=1)
    kept = model.Session.execute(sa.text("SELECT valid_until FROM satudata_stamp")).scalar_one()
    try:
        model.Session.execute(sa.text("UPDATE satudata_stamp SET valid_until = :past"), {"past": past})
        model.Session.commit()
        app.get(PAGE)
        app.get(PAGE)
        assert len(made) == 2
    finally:
        model.Session.execute(sa.text("UPDATE satudata_stamp SET valid_until = :kept"), {"kept": kept})
        model.Session.commit()


def test_a_refused_address_is_not_kept(app, made):
    for _ in range(2):
        app.get("/kelengkapan?tahun=abc", status=400)
    assert len(made) == 2


def test_hostile_addresses_cannot_fill_the_memory(app, made, monkeypatch):
    monkeypatch.setattr(rendered, "_MOST", 3)
    for number in range(6):
        app.get(f"{PAGE}&apa={number}")
    assert len(rendered._kept) == 3


def test_a_new_opd_is_noted_for_a_refresh_and_so_appears(app, made):
    """It owes nothing yet, but the page lists every OPD."""
    before = app.get(PAGE).body
    opd = factories.Organization(name="arsip", title="Dinas Arsip Baru")["id"]
    noted = model.Session.scalars(sa.text("SELECT ref FROM satudata_touched WHERE kind = 'opd'")).all()
    assert opd in noted
    refresh_touched(model.Session, datetime.now(timezone.utc))
    model.Session.commit()
    assert "Dinas Arsip Baru" not in before
    assert "Dinas Arsip Baru" in app.get(PAGE).body
