"""The release calendar on its page and as iCalendar: every deadline once, the same bytes until the plan changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.core.deadlines import deadline
from ckanext.satudataserang.core.periods import Frequency, periods_between
from ckanext.satudataserang.plan import calendar


def events(answer):
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.get_data()).walk("VEVENT"))


def test_an_opds_calendar_holds_each_of_its_deadlines_once(app, plan_city):
    found = events(app.get("/daftar-data/kalender/dinas-kesehatan.ics"))
    assert len({str(one["uid"]) for one in found}) == len(found)
    first, last = plan_city.today - timedelta(days=calendar.BACK), plan_city.today + timedelta(days=calendar.AHEAD)
    periods = periods_between(Frequency.TAHUNAN, date(2024, 1, 1), date(plan_city.year, 12, 31))
    due = {period.key: deadline(period.end, 15, 0, holidays()).due.date() for period in periods}
    assert {one.decoded("dtstart") for one in found} == {day for day in due.values() if first <= day <= last}
    one = found[0]
    assert str(one["summary"]).startswith("Tenggat Jumlah puskesmas, ")
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1)
    assert str(one["url"]).endswith("/daftar-data/KES-1")
    assert "Dinas Kesehatan" in str(one["description"])


def test_the_citys_calendar_has_one_event_for_each_day_and_no_proposals(app, plan_city):
    found = events(app.get("/daftar-data/kalender.ics"))
    days = [one.decoded("dtstart") for one in found]
    assert len(set(days)) == len(days)
    named = " ".join(str(one["description"]) for one in found)
    titles = ("Jumlah puskesmas", "Jumlah pasar", "=Omzet pasar", "kaki lima", "retribusi")
    assert [title for title in titles if title in named] == ["Jumlah puskesmas", "Jumlah pasar", "=Omzet pasar"]
    for opd in ("dinas-pasar", "dinas-kesehatan"):
        assert {one.decoded("dtstart") for one in events(app.get(f"/daftar-data/kalender/{opd}.ics"))} <= set(days)


def test_the_same_plan_is_the_same_calendar_and_need_not_be_sent_again(app, plan_city):
    first = app.get("/daftar-data/kalender/dinas-pasar.ics")
    calendar._keeping.clear()
    second = app.get("/daftar-data/kalender/dinas-pasar.ics")
    assert first.get_data() == second.get_data()
    tag = first.headers["ETag"]
    again = app.get("/daftar-data/kalender/dinas-pasar.ics", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert app.get("/daftar-data/kalender.ics").headers["ETag"] != tag


def test_a_change_keeps_the_uid_and_raises_the_sequence(app, plan_city):
    before = {str(one["uid"]): one for one in events(app.get("/daftar-data/kalender/dinas-kesehatan.ics"))}
    tag = app.get("/daftar-data/kalender/dinas-kesehatan.ics").headers["ETag"]
    call_action(
        "satudata_plan_entry_update",
        {"user": plan_city.names["walidata"]},
        id="KES-1",
        judul="Jumlah puskesmas keliling",
        similar_ok=True,
    )
    answer = app.get("/daftar-data/kalender/dinas-kesehatan.ics", headers={"If-None-Match": tag})
    after = {str(one["uid"]): one for one in events(answer)}
    assert set(after) == set(before)
    for uid, one in after.items():
        assert one["sequence"] > before[uid]["sequence"]
        assert "keliling" in str(one["summary"])


def test_a_month_lists_by_day_what_is_due(app, plan_city):
    page = BeautifulSoup(app.get(f"/daftar-data/kalender?bulan={plan_city.year}-01").body, "html.parser")
    days = {
        one.time["datetime"]: [row.get_text() for row in one.find_parent("section").select("li > a")]
        for one in page.select(".dd-day h2")
    }
    due = deadline(date(plan_city.year - 1, 12, 31), 15, 0, holidays()).due.date().isoformat()
    assert sorted(days[due]) == ["Jumlah pasar", "Jumlah puskesmas"]
    assert "=Omzet pasar harian" in page.select_one(".dd-routine").get_text()
    assert page.select_one("a[rel=prev]")["href"].endswith(f"bulan={plan_city.year - 1}-12")


def test_a_month_can_be_one_opds(app, plan_city):
    page = BeautifulSoup(
        app.get(f"/daftar-data/kalender?bulan={plan_city.year}-01&opd=dinas-kesehatan").body, "html.parser"
    )
    assert [row.get_text() for row in page.select(".dd-day li > a")] == ["Jumlah puskesmas"]
    assert page.h1.get_text(strip=True).startswith("1 data dijanjikan pada Januari")


@pytest.mark.parametrize("month", ["1945-01", "2200-12"])
def test_the_farthest_months_answer(app, plan_city, month):
    assert app.get(f"/daftar-data/kalender?bulan={month}").status_code == 200
