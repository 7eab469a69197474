"""Terms over time: changed by the Walidata from a day on, carried over, moved with OPDs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.core.plan_terms import Step, Terms, moved
from ckanext.satudataserang.plan import entries, terms
from ckanext.satudataserang.plan.model import PlanEntry, PlanTerms
from ckanext.satudataserang.plan.signals import plan_changed
from ckanext.satudataserang.plan.sql import TERMS

from .city import act, day, errors, this_year

CHANGE = "satudata_plan_entry_terms_change"


def spans(kode):
    """The spans of an entry's terms: OPD, frequency, first and last day."""
    entry = "SELECT id FROM satudata_plan_entry WHERE kode = :kode"
    query = sa.text(f"SELECT t.* FROM ({TERMS}) t WHERE t.entry_id = ({entry}) ORDER BY dari")
    return [
        (row.opd_id, row.frequency, row.deadline_days, row.dari.isoformat(), row.sampai and row.sampai.isoformat())
        for row in model.Session.execute(query, {"kode": kode})
    ]


def held():
    """Everything that the plan says, to see that nothing changed."""
    tables = ("satudata_plan_entry", "satudata_plan_terms", "satudata_plan_event", "package", "member")
    model.Session.rollback()
    return [model.Session.execute(sa.text(f'SELECT * FROM "{name}" ORDER BY 1, 2')).all() for name in tables]


class TestChange:
    def test_a_change_holds_from_its_day_on(self, city):
        kode = city.agree()
        told = []
        with plan_changed.connected_to(lambda _sender, entry_ids: told.extend(entry_ids)):
            done = act(CHANGE, city.walidata, id=kode, effective_from=day(30), reason="Perwal 5", frequency="bulanan")
        assert told == [done["id"]]
        assert done["frequency"] == "bulanan"
        assert [(one["frequency"], one["reason"]) for one in done["terms"]] == [
            ("tahunan", ""),
            ("bulanan", "Perwal 5"),
        ]
        begins = f"{this_year() - 2}-01-01"
        assert spans(kode) == [
            (city.pasar["id"], "tahunan", 90, begins, day(29)),
            (city.pasar["id"], "bulanan", 90, day(30), None),
        ]
        assert act("satudata_plan_entry_show", None, id=kode)["terms"] == done["terms"]

    def test_a_change_that_is_pending_can_be_corrected(self, city):
        kode = city.agree()
        act(CHANGE, city.walidata, id=kode, effective_from=day(30), reason="Satu", deadline_days=30)
        done = act(CHANGE, city.walidata, id=kode, effective_from=day(30), reason="Dua", deadline_days=45)
        assert [(one["deadline_days"], one["reason"]) for one in done["terms"]] == [(90, ""), (45, "Dua")]
        assert list(errors(CHANGE, city.walidata, id=kode, effective_from=day(5), reason="x", kelas="opsional")) == [
            "effective_from"
        ]

    def test_what_is_wrong_is_named_and_nothing_changes(self, city):
        kode = city.agree()
        before = held()
        for change, field in [
            ({"effective_from": day(-1)}, "effective_from"),
            ({"effective_from": "besok"}, "effective_from"),
            ({"effective_from": ""}, "effective_from"),
            ({"reason": " "}, "reason"),
            ({"frequency": "kadang"}, "frequency"),
            ({"frequency": ""}, "frequency"),
            ({"deadline_days": "x"}, "deadline_days"),
            ({"deadline_days": 10**10}, "deadline_days"),
            ({"kelas": "x"}, "kelas"),
            ({"frequency": "tahunan"}, "effective_from"),
        ]:
            given_ = {"effective_from": day(1), "reason": "karena", "frequency": "bulanan", **change}
            assert list(errors(CHANGE, city.walidata, id=kode, **given_)) == [field]
            assert held() == before

    def test_beyond_the_end_or_after_it_nothing_changes(self, city):
        kode = city.agree(berlaku_sampai=day(20))
        given_ = {"id": kode, "reason": "karena", "frequency": "bulanan"}
        assert list(errors(CHANGE, city.walidata, effective_from=day(21), **given_)) == ["effective_from"]
        act("satudata_plan_entry_transition", city.walidata, id=kode, to="berakhir")
        assert list(errors(CHANGE, city.walidata, effective_from=day(0), **given_)) == ["id"]

    def test_what_is_not_in_force_yet_needs_no_history(self, city):
        for kode in (city.propose()["kode"], city.agree(berlaku_dari=day(40))):
            done = act(CHANGE, city.walidata, id=kode, effective_from=day(0), reason="karena", frequency="bulanan")
            assert (done["frequency"], done["terms"]) == ("bulanan", [])

    def test_terms_are_the_walidatas(self, city):
        kode = city.agree()
        for user in (None, city.nobody, city.other, city.pembina, city.produsen, city.pendukung):
            with pytest.raises(tk.NotAuthorized):
                act(CHANGE, user, id=kode, effective_from=day(1), reason="x", kelas="opsional")


class TestCarryOver:
    def years(self):
        return {"from_year": this_year(), "to_year": this_year() + 1}

    def test_what_ends_with_the_year_is_extended_once(self, city):
        end = f"{this_year()}-12-31"
        city.agree(kode="P-1", berlaku_sampai=end)
        city.agree(kode="P-2")
        city.agree(kode="P-3", berlaku_sampai=f"{this_year()}-06-30")
        city.agree(kode="P-4", berlaku_sampai=end, state="berakhir")
        before = held()
        preview = act("satudata_plan_carry_over", city.walidata, dry_run=True, **self.years())
        assert held() == before
        told = []
        with plan_changed.connected_to(lambda _sender, entry_ids: told.extend(entry_ids)):
            done = act("satudata_plan_carry_over", city.walidata, **self.years())
        assert done == preview
        assert ([one["kode"] for one in done["extended"]], done["continuing"], done["ended"]) == (["P-1"], 1, 2)
        assert PlanEntry.by_kode("P-1").berlaku_sampai == date(this_year() + 1, 12, 31)
        assert told == [PlanEntry.by_kode("P-1").id]
        after = held()
        assert act("satudata_plan_carry_over", city.walidata, **self.years())["extended"] == []
        assert held() == after

    def test_years_that_make_no_sense_are_named(self, city):
        for years, field in [
            ({"from_year": 2026, "to_year": 2026}, "to_year"),
            ({"from_year": 2026, "to_year": 2025}, "to_year"),
            ({"from_year": "x", "to_year": 2026}, "from_year"),
            ({"from_year": 2026, "to_year": 99999}, "to_year"),
            ({"from_year": 2026}, "to_year"),
        ]:
            assert list(errors("satudata_plan_carry_over", city.walidata, **years)) == [field]

    def test_it_is_the_walidatas(self, city):
        for user in (None, city.produsen, city.pendukung, city.pembina):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_carry_over", user, **self.years())


class TestOpds:
    def change(self, city, **data):
        given_ = {"kind": "merge", "from_opd": "dinas-pasar", "to_opd": "dinas-gizi", "effective": day(-30)}
        return act("satudata_opd_change", city.walidata, **{**given_, "reason": "Perda 3/2026", **data})

    def dataset(self, city, kode):
        return act(
            "package_create", city.produsen, title=f"Data {kode}", owner_org=city.pasar["id"], state="draft",
            daftar_data_kode=kode,
        )  # fmt: skip

    def test_a_merger_moves_what_is_current_with_its_history(self, city):
        city.agree(kode="P-1")
        city.agree(kode="P-2", berlaku_sampai=day(-60))
        proposal = city.propose(kode="P-3")
        served, other = self.dataset(city, "P-1"), self.dataset(city, "P-2")
        done = self.change(city)
        assert done == {"kind": "merge", "moved": ["P-1", "P-3"], "ended": [], "withdrawn": [], "datasets": 1}
        begins = f"{this_year() - 2}-01-01"
        assert spans("P-1") == [
            (city.pasar["id"], "tahunan", 90, begins, day(-31)),
            (city.gizi["id"], "tahunan", 90, day(-30), None),
        ]
        assert PlanEntry.by_kode("P-2").opd_id == city.pasar["id"]
        assert act("satudata_plan_entry_show", city.other, id=proposal["id"])["opd_name"] == "dinas-gizi"
        assert act("organization_show", city.sysadmin, id="dinas-pasar")["berlaku_sampai"] == day(-31)
        owners = {
            one: act("package_show", city.sysadmin, id=one)["organization"]["name"]
            for one in (served["id"], other["id"])
        }
        assert owners == {served["id"]: "dinas-gizi", other["id"]: "dinas-pasar"}
        found = act("package_search", city.other, include_drafts=True, fq="organization:dinas-gizi")
        assert [one["id"] for one in found["results"]] == [served["id"]]
        event = act("satudata_plan_entry_history", city.other, id="P-1")["events"][0]
        assert (event["action"], event["note"]) == ("merge", "Perda 3/2026")

    def test_a_split_moves_the_named_entries_only(self, city):
        for kode in ("P-1", "P-2"):
            city.agree(kode=kode)
        done = self.change(city, kind="split", entries=["P-2"])
        assert done["moved"] == ["P-2"]
        assert (PlanEntry.by_kode("P-1").opd_id, PlanEntry.by_kode("P-2").opd_id) == (city.pasar["id"], city.gizi["id"])
        assert not act("organization_show", city.sysadmin, id="dinas-pasar").get("berlaku_sampai")

    def test_a_pending_change_of_terms_moves_along(self, city):
        kode = city.agree()
        act(CHANGE, city.walidata, id=kode, effective_from=day(30), reason="Perwal", frequency="bulanan")
        self.change(city)
        assert [(opd, frequency) for opd, frequency, *_ in spans(kode)] == [
            (city.pasar["id"], "tahunan"), (city.gizi["id"], "tahunan"), (city.gizi["id"], "bulanan"),
        ]  # fmt: skip

    def test_a_new_name_changes_nothing_else(self, city):
        kode = city.agree()
        served = self.dataset(city, kode)
        done = self.change(city, kind="rename", to_opd=None, new_title="Dinas Perdagangan", new_name="dinas-dagang")
        assert (done["moved"], done["datasets"]) == ([], 0)
        entry = act("satudata_plan_entry_show", None, id=kode)
        assert (entry["opd_name"], entry["opd_title"], entry["terms"]) == ("dinas-dagang", "Dinas Perdagangan", [])
        found = act("package_search", city.produsen, include_drafts=True, fq="organization:dinas-dagang")
        assert [one["id"] for one in found["results"]] == [served["id"]]

    def test_a_closure_ends_what_is_in_force_and_takes_proposals_out(self, city):
        city.agree(kode="P-1")
        city.propose(kode="P-2")
        done = self.change(city, kind="close", to_opd=None)
        assert (done["ended"], done["withdrawn"], done["moved"]) == (["P-1"], ["P-2"], [])
        entry = PlanEntry.by_kode("P-1")
        assert (entry.state, entry.berlaku_sampai.isoformat()) == ("berakhir", day(-31))
        assert PlanEntry.by_kode("P-2") is None
        assert act("organization_show", city.sysadmin, id="dinas-pasar")["berlaku_sampai"] == day(-31)

    def test_what_is_wrong_is_named_and_nothing_changes(self, city):
        city.agree(kode="P-1")
        before = held()
        given_ = {"kind": "merge", "from_opd": "dinas-pasar", "to_opd": "dinas-gizi", "effective": day(-30)}
        for data, field in [
            ({"kind": "hapus"}, "kind"),
            ({"from_opd": "dinas-lain"}, "from_opd"),
            ({"from_opd": "a\x00"}, "from_opd"),
            ({"to_opd": "dinas-lain"}, "to_opd"),
            ({"to_opd": "dinas-pasar"}, "to_opd"),
            ({"to_opd": None}, "to_opd"),
            ({"effective": day(1)}, "effective"),
            ({"effective": "kemarin"}, "effective"),
            ({"reason": ""}, "reason"),
            ({"kind": "split"}, "entries"),
            ({"kind": "split", "entries": ["P-1", "X-1"]}, "entries"),
            ({"kind": "split", "entries": {"a": 1}}, "entries"),
            ({"kind": "rename", "to_opd": None}, "new_title"),
            ({"kind": "rename", "to_opd": None, "new_name": "Nama Salah!"}, "name"),
            ({"kind": "rename", "to_opd": None, "new_name": "dinas-gizi"}, "name"),
            ({"kind": "close"}, "to_opd"),
            ({"kind": "close", "to_opd": None, "effective": "2000-01-01"}, "effective"),
        ]:
            assert list(errors("satudata_opd_change", city.walidata, **{**given_, "reason": "Perda", **data})) == [
                field
            ]
            assert held() == before

    def test_a_preview_writes_nothing(self, city):
        city.agree(kode="P-1")
        before = held()
        assert self.change(city, dry_run=True)["moved"] == ["P-1"]
        assert held() == before

    def test_it_is_the_walidatas(self, city):
        for user in (None, city.produsen, city.pendukung, city.pembina):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_opd_change", user, kind="close", from_opd="dinas-pasar", effective=day(0), reason="x")


BEGINS = date(2024, 1, 1)
steps = st.lists(
    st.tuples(st.integers(0, 900), st.sampled_from(["bulanan", "tahunan"])), max_size=4, unique_by=lambda x: x[0]
)
moves = st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["dinas-pasar", "dinas-gizi"])), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=3), moves)
def test_moving_many_in_sql_is_moving_each_by_the_rule(city, histories, moves):
    """The set-based statements and the pure rule give the same history for every entry."""
    first = Terms(city.pasar["id"], "tahunan", 90, 14, "wajib")
    expected, ids = {}, []
    model.Session.execute(sa.delete(PlanTerms))
    model.Session.execute(sa.delete(PlanEntry))
    model.Session.commit()
    for number, offsets in enumerate(histories):
        kode = city.agree(kode=f"P-{number}", berlaku_dari=BEGINS.isoformat())
        entry = PlanEntry.by_kode(kode)
        history = [
            Step(BEGINS + timedelta(days=after), Terms(**{**vars(first), "frequency": frequency}))
            for after, frequency in sorted([(0, "tahunan"), *((after + 1, each) for after, each in offsets)])
        ]
        history = history if offsets else []
        ids.append(entry.id)
        expected[entry.id] = (history, history[-1].terms if history else first)
        if history:
            entry.frequency = history[-1].terms.frequency
            terms.write({"user": city.walidata}, {entry.id: history}, {})
    model.Session.commit()
    for after, name in moves:
        opd, since = entries.opd(name).id, BEGINS + timedelta(days=after)
        terms.move({"user": city.walidata}, ids, opd, since, "Perda")
        for id_, (history, newest) in expected.items():
            expected[id_] = (moved(history, BEGINS, newest, opd, since), Terms(**{**vars(newest), "opd_id": opd}))
    found = terms.histories(ids)
    for id_, (history, newest) in expected.items():
        assert found.get(id_, []) == history
        assert terms.newest(model.Session.get(PlanEntry, id_)) == newest
