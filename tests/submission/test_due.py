"""Which periods an entry has, at what cost, and who learns that an entry is there."""

from __future__ import annotations

from datetime import date

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests import factories

from ckanext.satudataserang.core import periods
from ckanext.satudataserang.submission import due

from .conftest import amend

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "with_request_context")

FAR = {
    "harian": "2200-01-01",
    "mingguan": "2199-W40",
    "bulanan": "2200-01",
    "triwulanan": "2200-Q3",
    "tahunan": "2200",
}


@pytest.mark.parametrize("frequency", FAR)
def test_a_period_far_away_costs_no_more_than_todays(entry, monkeypatch, frequency):
    amend(entry.id, frequency=frequency)
    made = []
    counted = periods.periods_between

    def between(*arguments):
        found = counted(*arguments)
        made.append(len(found))
        return found

    monkeypatch.setattr(due.periods, "periods_between", between)
    found = due.due_of(due.entry_of(entry.kode), FAR[frequency], future=True)
    assert found.period.key == FAR[frequency]
    assert max(made) < 1_000
    with pytest.raises(tk.ValidationError, match="belum dimulai"):
        due.due_of(due.entry_of(entry.kode), FAR[frequency])


def test_a_wrong_period_far_away_names_one_that_is_there(entry):
    amend(entry.id, frequency="bulanan", berlaku_sampai=date(2190, 12, 31))
    with pytest.raises(tk.ValidationError, match="Contoh: 2190-0"):
        due.due_of(due.entry_of(entry.kode), "2190-07-01", future=True)


@pytest.mark.parametrize("period", ["2025", "2200", "x"])
def test_what_is_only_proposed_reads_as_if_it_were_not_there(entry, cast, act, period):
    amend(entry.id, state="usulan")
    for user in (None, cast.stranger):
        for name in (
            "submission_history",
            "template_show",
            *(("submission_form", "submission_create") if user else ()),
        ):
            with pytest.raises(tk.ObjectNotFound) as there:
                act(user, name, entry=entry.kode, period=period, rows=[])
            with pytest.raises(tk.ObjectNotFound) as unknown:
                act(user, name, entry="XX-9", period=period, rows=[])
            assert str(there.value.message).replace(entry.kode, "XX-9") == str(unknown.value.message)
    for user in (cast.produsen, cast.walidata, cast.pembina):
        with pytest.raises(tk.ValidationError, match=r"belum berlaku"):
            act(user, "submission_history", entry=entry.kode, period=period)


def test_the_pages_of_a_proposal_answer_as_those_of_an_unknown_kode(app, entry, cast):
    amend(entry.id, state="usulan")
    token = factories.APIToken(user=cast.stranger)["token"]
    for headers in ({}, {"Authorization": token}):
        for page in ("riwayat/{}/2025", "kirim/{}/2025", "kirim/{}/2025/templat.csv", "pengecualian/{}/2025"):
            answers = [
                app.get(f"/{page.format(kode)}", headers=headers, follow_redirects=False, expect_errors=True)
                for kode in (entry.kode, "XX-9")
            ]
            there, unknown = ((one.status_code, one.headers.get("Location"), one.body) for one in answers)
            assert there[0] == unknown[0], page
            assert (there[1] or "").replace(entry.kode, "XX-9") == (unknown[1] or "")
            assert there[2].count("tidak ditemukan") == unknown[2].count("tidak ditemukan")
