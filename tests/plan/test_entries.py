"""One entry's way: proposed, edited, agreed on, in force, ended; and who may see and do what."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.plan.model import PlanEntry

from .city import act, day, errors, facts, this_year


class TestProposing:
    def test_an_opd_proposes_for_itself(self, city):
        entry = act("satudata_plan_entry_create", city.produsen, **facts())
        assert (entry["state"], entry["kode"], entry["opd_name"]) == ("usulan", "3.30.dinas-pasar.001", "dinas-pasar")
        assert (entry["berlaku_dari"], entry["kelas"]) == (f"{this_year() + 1}-01-01", "wajib")
        (event,) = act("satudata_plan_entry_history", city.produsen, id=entry["id"])["events"]
        assert (event["action"], event["to_state"], event["changes"]["judul"]) == (
            "usul", "usulan", [None, "Jumlah kios pasar"],
        )  # fmt: skip

    def test_codes_are_counted_on(self, city):
        assert city.propose()["kode"] == "3.30.dinas-pasar.001"
        assert city.propose()["kode"] == "3.30.dinas-pasar.002"
        assert city.propose(urusan="3.31")["kode"] == "3.31.dinas-pasar.001"
        assert city.propose(kode="PASAR-9")["kode"] == "PASAR-9"
        assert set(errors("satudata_plan_entry_create", city.produsen, **facts(kode="PASAR-9", similar_ok=True))) == {
            "kode"
        }

    def test_who_may_propose(self, city):
        for user in (city.produsen, city.pendukung, city.walidata, city.sysadmin):
            assert act("satudata_plan_entry_create", user, **facts(similar_ok=True))["state"] == "usulan"
        for user in (None, city.nobody, city.other, city.pembina):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_entry_create", user, **facts(similar_ok=True))

    def test_nobody_proposes_for_another_opd_however_its_name_is_written(self, city):
        for name in ("dinas-pasar", " dinas-pasar", "dinas-pasar\n"):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_entry_create", city.other, **facts(opd=name))

    def test_what_is_wrong_is_named_by_its_field_and_nothing_is_written(self, city):
        for change, field in [
            ({"judul": ""}, "judul"),
            ({"judul": "a\x00b"}, "judul"),
            ({"judul": "x" * 501}, "judul"),
            ({"judul": ["x"]}, "judul"),
            ({"urusan": "pasar"}, "urusan"),
            ({"frequency": "kadang-kadang"}, "frequency"),
            ({"deadline_days": "banyak"}, "deadline_days"),
            ({"deadline_days": -1}, "deadline_days"),
            ({"grace_days": 10**9}, "grace_days"),
            ({"kelas": "penting"}, "kelas"),
            ({"berlaku_dari": "kemarin"}, "berlaku_dari"),
            ({"berlaku_dari": "2027-01-01", "berlaku_sampai": "2026-12-31"}, "berlaku_sampai"),
            ({"level_wilayah": "planet"}, "level_wilayah"),
            ({"access": "rahasia"}, "access"),
            ({"access": "terbatas"}, "access_reason"),
            ({"kode": "a/b"}, "kode"),
            ({"kode": "usul"}, "kode"),
            ({"prioritas": [2027]}, "prioritas"),
            ({"expected_values": 4}, "expected_values"),
        ]:
            assert list(errors("satudata_plan_entry_create", city.produsen, **facts(**change))) == [field]
            assert act("satudata_plan_entry_list", city.walidata)["count"] == 0

    def test_an_unknown_opd_is_named(self, city):
        assert (
            "belum terdaftar"
            in errors("satudata_plan_entry_create", city.walidata, **facts(opd="dinas-lain"))["opd"][0]
        )

    def test_the_walidata_alone_says_what_is_prioritas(self, city):
        entry = act("satudata_plan_entry_create", city.walidata, **facts(prioritas="2026, 2027"))
        assert entry["prioritas"] == [2026, 2027]


class TestSimilar:
    def test_the_same_figure_is_shown_before_it_is_proposed_twice(self, city):
        kode = city.agree(judul="Banyaknya kios per pasar", opd="dinas-gizi")
        (sentence,) = errors("satudata_plan_entry_create", city.produsen, **facts(judul="Jumlah kios menurut pasar"))[
            "similar"
        ]
        assert kode in sentence
        assert "Dinas Gizi" in sentence
        assert city.propose(judul="Jumlah kios menurut pasar")["state"] == "usulan"

    def test_the_rows_come_best_first(self, city):
        city.agree(kode="P-1", judul="Jumlah kios pasar rakyat")
        city.agree(kode="P-2", judul="Kios pasar rakyat tahun 2024", opd="dinas-gizi")
        city.agree(kode="P-3", judul="Jumlah balita gizi buruk", opd="dinas-gizi")
        found = act("satudata_plan_entry_similar", city.produsen, judul="jumlah kios pasar rakyatt", opd="dinas-pasar")
        assert {one["kode"] for one in found["results"]} == {"P-1", "P-2"}
        assert {one["kode"]: one["same_opd"] for one in found["results"]} == {"P-1": True, "P-2": False}
        exact = act("satudata_plan_entry_similar", city.produsen, judul="kios pasar rakyat", exclude="P-1")["results"]
        assert [(one["kode"], one["same"], one["score"]) for one in exact] == [("P-2", True, 1)]

    def test_proposals_of_others_stay_hidden(self, city):
        city.propose(judul="Jumlah kios pasar")
        assert act("satudata_plan_entry_similar", city.other, judul="Jumlah kios pasar")["results"] == []
        assert len(act("satudata_plan_entry_similar", city.walidata, judul="Jumlah kios pasar")["results"]) == 1

    def test_a_new_title_is_compared_too(self, city):
        city.agree(judul="Jumlah kios pasar")
        entry = city.propose(judul="Luas pasar")
        assert set(errors("satudata_plan_entry_update", city.produsen, id=entry["id"], judul="Kios pasar")) == {
            "similar"
        }
        kept = act("satudata_plan_entry_update", city.produsen, id=entry["id"], judul="Kios pasar", similar_ok=True)
        assert kept["judul"] == "Kios pasar"
        assert act(
            "satudata_plan_entry_update", city.produsen, id=entry["id"], judul="Kios  pasar (baru)", similar_ok=True
        )


class TestSeeing:
    def test_a_proposal_is_seen_by_its_own_opd_the_walidata_and_the_pembina(self, city):
        entry = city.propose()
        for user in (city.produsen, city.pendukung, city.walidata, city.pembina, city.sysadmin):
            assert act("satudata_plan_entry_show", user, id=entry["kode"])["id"] == entry["id"]
            assert act("satudata_plan_entry_list", user, state="usulan")["count"] == 1
        for user in (None, city.nobody, city.other):
            with pytest.raises(tk.ObjectNotFound):
                act("satudata_plan_entry_show", user, id=entry["kode"])
            assert act("satudata_plan_entry_list", user)["count"] == 0

    def test_reasons_of_limited_access_are_not_public(self, city):
        kode = city.agree(access="tertutup", access_reason="Menyangkut nama pedagang")
        for user in (city.produsen, city.walidata, city.pembina):
            assert act("satudata_plan_entry_show", user, id=kode)["access_reason"] == "Menyangkut nama pedagang"
        for user in (None, city.other):
            assert act("satudata_plan_entry_show", user, id=kode)["access_reason"] == ""
            assert act("satudata_plan_entry_list", user)["results"][0]["access_reason"] == ""
        for user in (None, city.other, city.nobody):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_entry_history", user, id=kode)

    def test_the_list_is_narrowed(self, city):
        city.agree(kode="P-1", judul="Jumlah kios", prioritas=[2026], berlaku_sampai=f"{this_year() - 1}-12-31")
        city.agree(kode="P-2", judul="Luas pasar 100%", kelas="opsional", frequency="bulanan")
        kodes = lambda **filters: [  # noqa: E731
            one["kode"] for one in act("satudata_plan_entry_list", None, **filters)["results"]
        ]
        assert kodes(q="kios") == kodes(prioritas=2026) == kodes(kelas="wajib") == ["P-1"]
        assert kodes(tahun=this_year()) == kodes(frequency="bulanan") == kodes(q="100%") == ["P-2"]
        assert kodes(state="berlaku,berakhir", sort="judul") == ["P-1", "P-2"]
        assert kodes(opd="dinas-gizi") == kodes(q="kios luas") == kodes(access="tertutup") == []

    def test_a_filter_that_makes_no_sense_is_named(self, city):
        for filters in [{"state": "x"}, {"tahun": "dua"}, {"kelas": "x"}, {"sort": "x"}, {"q": "\x00"}]:
            assert list(errors("satudata_plan_entry_list", None, **filters)) == list(filters)

    def test_an_unknown_entry_is_not_found(self, city):
        for ref in ["tidak-ada", "\x00", ["x"], 7]:
            for action in ("show", "update", "terms_change", "transition", "history"):
                with pytest.raises(tk.ObjectNotFound):
                    act(f"satudata_plan_entry_{action}", city.walidata, id=ref)


class TestEditing:
    def test_an_opd_describes_its_own_proposal(self, city):
        entry = city.propose()
        changed = act(
            "satudata_plan_entry_update", city.produsen, id=entry["id"], dasar_hukum="Perwal 1", urusan="3.31"
        )
        assert (changed["dasar_hukum"], changed["urusan"], changed["judul"]) == ("Perwal 1", "3.31", entry["judul"])
        event = act("satudata_plan_entry_history", city.produsen, id=entry["id"])["events"][0]
        assert event["changes"] == {"dasar_hukum": ["", "Perwal 1"], "urusan": ["3.30", "3.31"]}

    def test_what_binds_it_is_the_walidatas(self, city):
        entry = city.propose()
        for field, value in [
            ("frequency", "bulanan"),
            ("kelas", "opsional"),
            ("prioritas", [2026]),
            ("deadline_days", 1),
        ]:
            assert list(errors("satudata_plan_entry_update", city.produsen, id=entry["id"], **{field: value})) == [
                field
            ]
            assert act("satudata_plan_entry_update", city.walidata, id=entry["id"], **{field: value})[field] == value

    def test_others_may_not(self, city):
        entry = city.propose()
        for user in (None, city.nobody, city.other, city.pembina):
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                act("satudata_plan_entry_update", user, id=entry["id"], judul="Lain")
        kode = city.agree()
        for user in (None, city.nobody, city.other, city.pembina, city.produsen, city.pendukung):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_entry_update", user, id=kode, judul="Lain")

    def test_what_closed_periods_lived_under_is_not_edited(self, city):
        kode = city.agree()
        for field, value in [
            ("frequency", "bulanan"),
            ("deadline_days", 1),
            ("grace_days", 1),
            ("kelas", "opsional"),
            ("opd", "dinas-gizi"),
            ("berlaku_dari", "2020-01-01"),
            ("berlaku_sampai", day(-30)),
        ]:
            assert list(errors("satudata_plan_entry_update", city.walidata, id=kode, **{field: value})) == [field]

    def test_the_walidata_edits_what_is_in_force(self, city):
        kode = city.agree()
        changed = act(
            "satudata_plan_entry_update", city.walidata, id=kode, judul="Jumlah kios sewa", prioritas=[2027],
            expected_values=12, berlaku_sampai=day(90),
        )  # fmt: skip
        assert (changed["judul"], changed["prioritas"], changed["berlaku_sampai"]) == (
            "Jumlah kios sewa",
            [2027],
            day(90),
        )
        cleared = act("satudata_plan_entry_update", city.walidata, id=kode, berlaku_sampai="", expected_values="")
        assert (cleared["berlaku_sampai"], cleared["expected_values"]) == (None, None)


class TestSteps:
    def test_an_entry_goes_its_whole_way(self, city):
        ref = city.propose()["id"]
        step = lambda to, **data: act("satudata_plan_entry_transition", city.walidata, id=ref, to=to, **data)  # noqa: E731
        assert step("disepakati", note="Forum 12 Januari")["state"] == "disepakati"
        in_force = step("berlaku", berlaku_dari=day(-10), berlaku_sampai=day(300))
        assert (in_force["state"], in_force["berlaku_dari"], in_force["berlaku_sampai"]) == (
            "berlaku",
            day(-10),
            day(300),
        )
        assert (ended := step("berakhir"))["state"] == "berakhir"
        assert ended["berlaku_sampai"] == day(0)
        told = [
            (one["from_state"], one["to_state"])
            for one in act("satudata_plan_entry_history", city.walidata, id=ref)["events"]
        ]
        assert told == [("berlaku", "berakhir"), ("disepakati", "berlaku"), ("usulan", "disepakati"), (None, "usulan")]

    def test_steps_out_of_order_are_refused(self, city):
        ref = city.propose()["id"]
        for to in ("berlaku", "berakhir", "usulan", "apa saja"):
            assert list(errors("satudata_plan_entry_transition", city.walidata, id=ref, to=to)) == ["to"]
        kode = city.agree()
        for to in ("usulan", "disepakati", "berlaku", "ditolak", "ditarik"):
            assert list(errors("satudata_plan_entry_transition", city.walidata, id=kode, to=to, note="x")) == ["to"]
        assert PlanEntry.by_kode(kode).state == "berlaku"

    def test_an_entry_does_not_end_in_the_past(self, city):
        kode = city.agree()
        assert list(
            errors("satudata_plan_entry_transition", city.walidata, id=kode, to="berakhir", berlaku_sampai=day(-9))
        ) == ["berlaku_sampai"]

    def test_the_steps_are_the_walidatas(self, city):
        ref = city.propose()["id"]
        for user in (None, city.nobody, city.other, city.pembina, city.produsen, city.pendukung):
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                act("satudata_plan_entry_transition", user, id=ref, to="disepakati")

    def test_an_opd_takes_its_proposal_back_and_the_walidata_refuses_one(self, city):
        for user, to in ((city.produsen, "ditarik"), (city.walidata, "ditolak")):
            ref = city.propose()["id"]
            assert list(errors("satudata_plan_entry_transition", user, id=ref, to=to)) == ["note"]
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                act("satudata_plan_entry_transition", city.other, id=ref, to="ditarik", note="x")
            gone = act("satudata_plan_entry_transition", user, id=ref, to=to, note="Sudah ada")
            assert gone["state"] == to
            with pytest.raises(tk.ObjectNotFound):
                act("satudata_plan_entry_show", city.walidata, id=ref)
            kept = act("satudata_plan_entry_history", city.produsen, id=ref)
            assert (kept["entry"], kept["events"][0]["action"], kept["events"][0]["note"]) == (None, to, "Sudah ada")
            with pytest.raises(tk.NotAuthorized):
                act("satudata_plan_entry_history", city.other, id=ref)

    def test_an_opd_does_not_refuse_its_own(self, city):
        ref = city.propose()["id"]
        with pytest.raises(tk.NotAuthorized):
            act("satudata_plan_entry_transition", city.produsen, id=ref, to="ditolak", note="x")

    def test_many_take_a_step_together_or_none(self, city):
        refs = [city.propose()["kode"] for _ in range(3)]
        done = act("satudata_plan_entry_transition", city.walidata, id=refs, to="disepakati")
        assert [one["state"] for one in done["results"]] == ["disepakati"] * 3
        late = city.propose()["kode"]
        assert list(errors("satudata_plan_entry_transition", city.walidata, id=[*refs, late], to="berlaku")) == [late]
        assert {PlanEntry.by_kode(kode).state for kode in refs} == {"disepakati"}
