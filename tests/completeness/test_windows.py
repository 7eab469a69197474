"""Figures over any window of months, at any moment: no job need run for the clock to be right."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness import behind, read, windows
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.windows import Window

from tests.completeness.contents import contents


@pytest.mark.usefixtures("with_plugins", "seeded_city")
class TestShow:
    def test_a_year_is_the_window_of_its_months(self):
        year = call_action("satudata_completeness_show", year=2016)
        months = call_action("satudata_completeness_show", dari="2016-01", sampai="2016-12")
        for answer in (year, months):
            assert answer.pop("generated_at")
        assert year == months
        assert year["window"] == {
            "year": 2016,
            "from": "2016-01-01",
            "to": "2016-12-31",
            "dari": "2016-01",
            "sampai": "2016-12",
        }

    def test_a_window_counts_the_periods_that_end_in_it(self):
        """Until September only the quarters of one entry end."""
        shown = call_action("satudata_completeness_show", dari="2016-01", sampai="2016-09")
        assert shown["window"]["year"] is None
        assert shown["city"]["obligations"] == 3
        assert shown["city"]["measures"]["ketepatan_waktu"] == {"numerator": 1, "denominator": 3, "rate": 1 / 3}
        listed = call_action("satudata_cell_list", dari="2016-01", sampai="2016-09", measure="ketepatan_waktu")
        assert listed["count"] == 3

    def test_the_trend_is_the_difference_to_the_window_before(self, seeded_city):
        shown = call_action("satudata_completeness_show", year=2016)
        before = call_action("satudata_completeness_show", year=2015)
        quarter = call_action("satudata_completeness_show", dari="2015-10", sampai="2016-09")
        for months, earlier in (("12", before), ("3", quarter)):
            pairs = [(shown["city"], earlier["city"])]
            theirs = {group["id"]: group for group in earlier["groups"]}
            pairs += [(group, theirs[group["id"]]) for group in shown["groups"]]
            for now, was in pairs:
                trend = now["trend"][months]
                if now["index"] is None or was["index"] is None:
                    assert trend["index"] is None
                else:
                    assert trend["index"] == pytest.approx(now["index"] - was["index"])
                for name, measure in now["measures"].items():
                    rates = (measure["rate"], was["measures"][name]["rate"])
                    expected = None if None in rates else pytest.approx(rates[0] - rates[1])
                    assert trend["measures"][name] == expected
        assert shown["city"]["trend"]["12"]["index"] not in (None, 0)

    def test_themes_add_up_to_the_city(self):
        shown = call_action("satudata_completeness_show", year=2016, group_by="tema")
        assert {group["id"] for group in shown["groups"]} == {"EDUC", "HEAL", "TRAN"}
        for name, measure in shown["city"]["measures"].items():
            for part in ("numerator", "denominator"):
                assert sum(group["measures"][name][part] for group in shown["groups"]) == measure[part]
        listed = call_action("satudata_cell_list", year=2016, tema="HEAL", measure="kelengkapan")["count"]
        assert listed == next(group["obligations"] for group in shown["groups"] if group["id"] == "HEAL")

    def test_groups_can_be_narrowed_to_a_theme(self):
        shown = call_action("satudata_completeness_show", year=2016, group_by="opd", tema="EDUC")
        assert [group["name"] for group in shown["groups"]] == ["disdik"]
        assert shown["groups"][0]["obligations"] == 5

    def test_a_history_by_month_adds_up_to_the_year(self, seeded_city):
        told = call_action("satudata_completeness_history", step="month", dari="2016-01", sampai="2016-12")
        assert told["months"] == [f"2016-{month:02d}" for month in range(1, 13)]
        dinkes = told["figures"][seeded_city.opds["dinkes"]]
        year = call_action("satudata_completeness_show", year=2016, opd="dinkes")["groups"][0]
        assert sum(figure["obligations"] for figure in dinkes.values()) == year["obligations"]
        assert told["samples"][seeded_city.opds["disdik"]] == {"2016-12": 1}

    def test_lateness_adds_up_to_the_obligations(self):
        told = call_action("satudata_completeness_lateness", year=2016)
        city = call_action("satudata_completeness_show", year=2016)["city"]
        on_time = {one["id"]: one["count"] for one in told["buckets"]}["tepat_waktu"]
        assert on_time == city["measures"]["ketepatan_waktu"]["numerator"]
        assert told["complete"] == city["measures"]["kelengkapan"]["numerator"]
        assert told["count"] == city["obligations"] == told["complete"] + told["missing"]

    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"dari": "2016-01"},
            {"sampai": "2016-01"},
            {"dari": "2016-02", "sampai": "2016-01"},
            {"dari": "2016-13", "sampai": "2016-14"},
            {"dari": "kapan", "sampai": "nanti"},
            {"year": 2016, "dari": "2016-01", "sampai": "2016-12"},
            {"dari": "1900-01", "sampai": "2200-12"},
            {"year": 12},
        ],
    )
    @pytest.mark.parametrize(
        "action", ["satudata_completeness_show", "satudata_completeness_lateness", "satudata_completeness_entry_list"]
    )
    def test_what_is_no_window_is_refused_in_a_sentence(self, action, asked):
        with pytest.raises(tk.ValidationError) as refused:
            call_action(action, **asked)
        assert all(str(sentence).endswith(".") for one in refused.value.error_dict.values() for sentence in one)

    def test_the_number_of_statements_does_not_depend_on_the_window_or_the_groups(self):
        def statements(**asked):
            seen = []
            listener = lambda *_args: seen.append(1)  # noqa: E731
            sa.event.listen(model.meta.engine, "before_cursor_execute", listener)
            try:
                call_action("satudata_completeness_show", **asked)
            finally:
                sa.event.remove(model.meta.engine, "before_cursor_execute", listener)
            return len(seen)

        for group_by in ("opd", "urusan", "entry", "tema"):
            one = statements(dari="2016-12", sampai="2016-12", group_by=group_by, limit=1)
            assert statements(dari="2010-01", sampai="2016-12", group_by=group_by) == one


@pytest.fixture
def monthly(with_plugins, clean_db, make_opd, make_entries, make_dataset):
    """An OPD with one entry due every month: 10 days after its end, no grace."""
    opd = make_opd("dinkes", "Dinas Kesehatan")
    entry = make_entries(
        {
            "kode": "KES-1",
            "judul": "Kunjungan",
            "opd": "dinkes",
            "frequency": "bulanan",
            "deadline_days": 10,
            "grace_days": 0,
            "berlaku_dari": "2026-01-01",
            "berlaku_sampai": "",
        }
    )["KES-1"]
    return entry, make_dataset("kes-1", opd, "KES-1")


#: September's figures are due at the end of Saturday 10 October 2026, so of Monday the 12th.
DUE = datetime(2026, 10, 12, 23, 59, 59, tzinfo=WIB)


def city(now, first=202601, last=202612):
    return read.described(windows.figures(model.Session, now, "city", {0: Window(first, last)}).get("", {}).get(0))


class TestMidnight:
    """One refresh in the evening; afterwards only the clock moves."""

    def test_a_cell_is_missed_with_the_first_second_after_its_deadline(self, monthly):
        refresh(model.Session, DUE - timedelta(hours=3))
        stored = contents()
        before, after = city(DUE), city(DUE + timedelta(seconds=1))
        assert after["obligations"] == before["obligations"] + 1
        assert after["states"]["terlewat"] == before["states"]["terlewat"] + 1
        for now, state in ((DUE, "segera_jatuh_tempo"), (DUE + timedelta(seconds=1), "terlewat")):
            _, cells = behind.cells(model.Session, now, {"period": "2026-09"}, limit=1, offset=0)
            assert cells[0]["state"] == state
        assert contents() == stored

    def test_only_outlived_months_are_counted_anew(self, monthly):
        """The other months' stored figures stand: spoiled on purpose, they show as they are."""
        refresh(model.Session, DUE - timedelta(hours=3))
        model.Session.execute(sa.text("UPDATE satudata_figure SET n_terlewat = 100 WHERE month = 202607"))
        model.Session.execute(sa.text("UPDATE satudata_figure SET n_terlewat = 100 WHERE month = 202609"))
        now = DUE + timedelta(seconds=1)
        assert city(now, 202607, 202607)["states"]["terlewat"] == 100
        assert city(now, 202609, 202609)["states"]["terlewat"] == 1
        model.Session.rollback()

    def test_figures_tell_when_they_were_counted(self, monthly):
        counted = DUE - timedelta(hours=3)
        refresh(model.Session, counted)
        year = [Window.of_year(2026)]
        assert windows.computed_at(model.Session, DUE, year) == counted
        now = DUE + timedelta(seconds=1)
        assert windows.computed_at(model.Session, now, year) == now
        assert windows.computed_at(model.Session, now, [Window(202601, 202606)]) == counted
        held = model.Session.scalar(sa.text("SELECT valid_until FROM satudata_stamp"))
        assert held == DUE + timedelta(seconds=1)

    def test_an_entry_counts_from_midnight_in_jakarta_on(self, monthly, make_entries):
        make_entries(
            {"kode": "KES-2", "judul": "Baru", "opd": "dinkes", "berlaku_dari": "2026-11-01", "berlaku_sampai": ""}
        )
        begins = datetime(2026, 11, 1, tzinfo=WIB)
        refresh(model.Session, begins - timedelta(days=1))
        eve, morning = city(begins - timedelta(seconds=1)), city(begins)
        assert eve["measures"]["ketersediaan"]["denominator"] == 1
        assert morning["measures"]["ketersediaan"]["denominator"] == 2

    def test_cells_are_ready_when_the_year_turns(self, monthly):
        refresh(model.Session, datetime(2026, 11, 20, tzinfo=WIB))
        in_march = city(datetime(2027, 3, 20, tzinfo=WIB), 202701, 202712)
        assert in_march["obligations"] == 2


class TestWhatMoves:
    def test_a_change_of_frequency_leaves_closed_periods_alone(self, monthly, recompute):
        entry, _ = monthly
        _terms(entry, ("2026-01-01", "bulanan", 10), ("2026-07-01", "triwulanan", 30))
        recompute()
        listed = call_action("satudata_cell_list", entry=entry, year=2026)["results"]
        months = [f"2026-{month:02d}" for month in range(1, 7)]
        assert [cell["period"] for cell in listed] == [*months, "2026-Q3", "2026-Q4"]

    def test_an_entry_that_moves_is_owed_by_each_opd_in_its_time(self, monthly, make_opd, recompute):
        entry, _ = monthly
        other = make_opd("dinsos", "Dinas Sosial")
        _terms(entry, ("2026-01-01", "bulanan", 10), ("2026-04-01", "bulanan", 10))
        model.Session.execute(
            sa.text("UPDATE satudata_plan_terms SET opd_id = :opd WHERE effective_from = '2026-04-01'"), {"opd": other}
        )
        model.Session.execute(sa.text("UPDATE satudata_plan_entry SET opd_id = :opd"), {"opd": other})
        model.Session.commit()
        recompute()
        for opd, months in (("dinkes", {1, 2, 3}), ("dinsos", set(range(4, 13)))):
            cells = call_action("satudata_cell_list", opd=opd, year=2026)["results"]
            assert {int(cell["period"][-2:]) for cell in cells} == months
            # The entry counts once, for the OPD it is with last; its cells count where they were due.
            entries = call_action("satudata_completeness_entry_list", opd=opd, year=2026)
            assert entries["count"] == (opd == "dinsos")
            shown = call_action("satudata_completeness_show", year=2026, opd=opd)["groups"][0]
            assert shown["measures"]["ketersediaan"]["denominator"] == (opd == "dinsos")
            assert call_action("satudata_completeness_show", year=2026, opd=opd, group_by="entry")["count"] == 1

    def test_more_time_and_exemptions_are_honoured(self, monthly):
        entry, _ = monthly
        model.Session.execute(
            sa.text(
                "INSERT INTO satudata_extension (id, entry_id, period, until, reason, granted_by, granted_at) "
                "VALUES ('x', :entry, '2026-09', '2026-10-20', 'banjir', '', now())"
            ),
            {"entry": entry},
        )
        model.Session.execute(
            sa.text(
                "INSERT INTO satudata_exemption (id, entry_id, berlaku_dari, berlaku_sampai, reason, state, "
                "requested_by, requested_at) VALUES ('e', :entry, '2026-03-01', '2026-04-30', 'tutup', 'disetujui', "
                "'', now())"
            ),
            {"entry": entry},
        )
        refresh(model.Session, DUE)
        last = datetime(2026, 10, 20, 23, 59, 59, tzinfo=WIB)
        assert city(last)["obligations"] == 6
        assert city(last + timedelta(seconds=1))["obligations"] == 7
        _, cells = behind.cells(model.Session, last, {"state": "tidak_berlaku"}, limit=10, offset=0)
        assert {cell["period"] for cell in cells} == {"2026-03", "2026-04"}

    def test_a_returned_delivery_that_is_accepted_in_the_end_came_when_it_first_came(self, monthly):
        entry, dataset = monthly
        first, second = DUE - timedelta(days=2), DUE + timedelta(days=5)
        _deliver(entry, dataset, "a", first, "dikembalikan", superseded_by="b", chain="a")
        _deliver(entry, dataset, "b", second, "menunggu_pemeriksaan", chain="a")
        refresh(model.Session, second)
        assert _state(second) == "menunggu_pemeriksaan"
        model.Session.execute(sa.text("UPDATE satudata_submission SET state = 'terbit' WHERE id = 'b'"))
        refresh(model.Session, second, entry_ids=[entry])
        assert _state(second) == "tepat_waktu"
        model.Session.execute(sa.text("UPDATE satudata_submission SET valid = FALSE WHERE id = 'a'"))
        refresh(model.Session, second, entry_ids=[entry])
        assert _state(second) == "terlambat"

    def test_a_waiting_delivery_needs_no_public_dataset_and_a_draft_is_none(self, monthly):
        entry, _ = monthly
        _deliver(entry, None, "a", DUE - timedelta(days=2), "draf")
        refresh(model.Session, DUE)
        assert _state(DUE) == "segera_jatuh_tempo"
        model.Session.execute(sa.text("UPDATE satudata_submission SET state = 'disetujui'"))
        refresh(model.Session, DUE, entry_ids=[entry])
        assert _state(DUE) == "menunggu_pemeriksaan"

    def test_a_failed_correction_leaves_the_publication_standing(self, monthly):
        entry, dataset = monthly
        _deliver(entry, dataset, "a", DUE - timedelta(days=2), "terbit")
        _deliver(entry, dataset, "b", DUE - timedelta(days=1), "tidak_valid", valid=False)
        refresh(model.Session, DUE)
        assert _state(DUE) == "tepat_waktu"
        measures = city(DUE, 202609, 202609)["measures"]
        assert measures["kelengkapan"]["numerator"] == 1
        assert measures["validitas"] == {"numerator": 0, "denominator": 1, "rate": 0}

    def test_static_data_are_confirmed_each_year(self, with_plugins, clean_db, make_opd, make_entries, make_dataset):
        opd = make_opd("dinkes", "Dinas Kesehatan")
        entry = make_entries(
            {"kode": "KES-S", "judul": "Batas wilayah", "opd": "dinkes", "frequency": "statis", "grace_days": 0}
        )["KES-S"]
        dataset = make_dataset("kes-s", opd, "KES-S")
        when = datetime(2016, 1, 20, tzinfo=timezone.utc)
        _deliver(entry, dataset, "a", when, "terbit", period="statis-2015", confirms=True)
        _deliver(entry, dataset, "b", when, "terbit", period="statis", confirms=True)
        refresh(model.Session, DUE)
        _, cells = behind.cells(model.Session, DUE, {}, limit=10, offset=0)
        assert {cell["period"]: cell["state"] for cell in cells} == {
            "statis": "tidak_valid",
            "statis-2015": "tepat_waktu",
            "statis-2016": "terlewat",
        }
        confirmed = next(cell for cell in cells if cell["period"] == "statis-2015")
        assert (confirmed["filled_values"], confirmed["expected_values"], confirmed["complete"]) == (0, 0, True)


def _terms(entry, *terms):
    for effective, frequency, days in terms:
        model.Session.execute(
            sa.text(
                "INSERT INTO satudata_plan_terms (entry_id, effective_from, opd_id, frequency, deadline_days, "
                "grace_days, kelas, reason, changed_by, changed_at) SELECT id, CAST(:effective AS date), opd_id, "
                ":frequency, :days, 0, kelas, '', '', now() FROM satudata_plan_entry WHERE id = :entry"
            ),
            {"entry": entry, "effective": effective, "frequency": frequency, "days": days},
        )
    model.Session.commit()


def _deliver(
    entry, dataset, id_, at, state, *, period="2026-09", superseded_by=None, chain=None, valid=True, confirms=False
):
    from ckanext.satudataserang.submission.model import Submission

    model.Session.add(
        Submission(
            id=id_,
            entry_id=entry,
            period=period,
            dataset_id=dataset,
            origin="unggahan",
            state=state,
            delivered_at=at,
            valid=valid,
            nil=False,
            confirms=confirms,
            expected_values=None if confirms else 6,
            filled_values=0 if confirms else 6,
            zero_values=0,
            reasons=[],
            content_sha256=id_,
            superseded_by=superseded_by,
            chain_id=chain,
            created_by="",
            note="",
        )
    )
    model.Session.flush()


def _state(now):
    _, cells = behind.cells(model.Session, now, {"period": "2026-09"}, limit=1, offset=0)
    return cells[0]["state"]
