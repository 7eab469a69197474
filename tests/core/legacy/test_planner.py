"""What the import makes of an export: families, cleaning, cells, OPDs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from ckanext.satudataserang.core.legacy import AliasError, ImportRefusedError, read_aliases
from ckanext.satudataserang.core.legacy.numbers import JAKARTA

from .export import ALIASES, planned, rules

HOUSES = {
    "1": ("1", "Kepemilikan Rumah ( Sewa )"),
    "2": ("1", "kepemilikan  rumah (Milik Sendiri)"),
    "3": ("1", "Kepemilikan Rumah"),
    "4": ("2", "Kepemilikan Rumah ( Sewa )"),
}


def only(plan):
    (family,) = plan.families
    return family


class TestFamilies:
    def test_names_before_the_bracket_make_a_family_within_one_bidang(self):
        """Case and spaces do not count; the same name in another bidang is another family."""
        plan = planned([{}], HOUSES)
        assert [(f.bidang, f.title, len(f.indicators)) for f in plan.families] == [
            ("Kesehatan", "Kepemilikan Rumah", 3),
            ("Pertanian dan Kebun", "Kepemilikan Rumah", 1),
        ]
        assert len({f.kode for f in plan.families}) == len({f.name for f in plan.families}) == 2

    def test_an_indicator_without_bracket_keeps_the_key_unique(self):
        """It takes a class no other indicator of the family has."""
        names = {"1": ("1", "Guru"), "2": ("1", "Guru ( Jumlah )"), "3": ("1", "Guru ( PNS ) ( Laki )")}
        family = only(planned([{"jenis_data": key} for key in names], names))
        assert family.depth == 2
        assert len(set(family.classes)) == 3
        assert len({row.rincian for row in family.rows}) == 3
        assert all(part for row in family.rows for part in row.rincian)

    def test_the_same_class_in_two_spellings_is_one(self):
        """Two indicators that say the same are reported and their values are duplicates."""
        names = {"1": ("1", "Guru ( Laki - Laki )"), "2": ("1", "Guru ( laki-laki )"), "3": ("1", "Guru ( Perempuan )")}
        plan = planned([{"jenis_data": "1"}, {"jenis_data": "2"}, {"jenis_data": "3", "jumlah": "7"}], names)
        family = only(plan)
        assert family.classes == (("Laki - Laki",), ("Perempuan",))
        assert "rincian-kembar" in rules(plan, about="2")
        assert (plan.totals.imported, plan.totals.collapsed) == (2, 1)

    def test_expected_values_are_areas_times_classes(self):
        """A kecamatan makes it a table by kecamatan; a family with values of the city alone is not."""
        names = {**HOUSES, "5": ("2", "Panen")}
        plan = planned([{"jenis_data": "1"}, {"jenis_data": "5", "wilayah": "3"}], names)
        by_title = {(f.bidang, f.title): f for f in plan.families}
        houses, harvest = by_title["Kesehatan", "Kepemilikan Rumah"], by_title["Pertanian dan Kebun", "Panen"]
        assert (houses.level, houses.expected_values) == ("kecamatan", 2 * 3)
        assert (harvest.level, harvest.expected_values) == ("kota", 1)

    def test_a_family_without_values_is_planned_without_rows(self):
        names = {"1": ("1", "Dokter"), "2": ("1", "Bidan ( Desa )")}
        empty = next(f for f in planned([{}], names).families if f.title == "Bidan")
        assert (empty.rows, empty.cells, empty.level, empty.expected_values) == ((), (), "kota", 1)

    def test_the_plan_of_another_export_has_the_same_codes(self):
        """Codes and dataset names depend on the names alone, not on ids, order or values."""
        one = planned([{}], HOUSES)
        other = planned(
            [{"tahun": "2014", "jenis_data": "12"}],
            {"12": ("1", "Kepemilikan Rumah ( Kontrak )"), "9": ("2", "KEPEMILIKAN RUMAH")},
        )
        assert [(f.kode, f.name) for f in one.families] == [(f.kode, f.name) for f in other.families]

    def test_hostile_names_are_quarantined_with_their_values(self):
        names = {"1": ("1", "HACKED BY x"), "2": ("1", "Dokter")}
        plan = planned([{"jenis_data": "1"}, {"jenis_data": "2"}], names)
        assert [f.title for f in plan.families] == ["Dokter"]
        assert (plan.totals.imported, plan.totals.quarantined) == (1, 1)
        assert "karantina-acuan" in rules(plan)


class TestFrequency:
    def test_one_quarter_a_year_is_yearly(self):
        """Which quarter it was does not matter."""
        family = only(planned([{"tahun": "2015", "triwulan": "3"}, {"tahun": "2016", "triwulan": "4"}]))
        assert family.frequency == "tahunan"
        assert {row.triwulan for row in family.rows} == {None}
        assert [cell.period for cell in family.cells] == ["2015", "2016"]

    def test_several_quarters_of_an_indicator_in_one_year_are_quarterly(self):
        """Then the quarter is part of the key, and each quarter is a cell of its own."""
        plan = planned([{"triwulan": str(quarter)} for quarter in (1, 2, 3, 4)])
        family = only(plan)
        assert family.frequency == "triwulanan"
        assert [cell.period for cell in family.cells] == ["2016-Q1", "2016-Q2", "2016-Q3", "2016-Q4"]
        assert plan.totals.imported == 4

    def test_different_indicators_in_different_quarters_are_yearly(self):
        names = {"1": ("1", "Guru ( PNS )"), "2": ("1", "Guru ( Honorer )")}
        plan = planned([{"triwulan": "3"}, {"jenis_data": "2", "triwulan": "4"}], names)
        assert only(plan).frequency == "tahunan"
        assert "triwulan-diabaikan" in rules(plan)

    def test_a_lone_other_quarter_is_pointed_out(self):
        """One record in another quarter makes the family quarterly; the report says which record it was."""
        many = [{"tahun": str(year), "wilayah": area} for year in range(2008, 2017) for area in "12"]
        plan = planned([*many, {"tahun": "2016", "triwulan": "3"}])
        assert only(plan).frequency == "triwulanan"
        assert rules(plan, about=str(len(many) + 1)).count("triwulan-jarang") == 1

    def test_a_region_may_ask_for_more_than_a_lone_quarter(self):
        """Then the family stays yearly, the quarters are ignored in the open, and real quarters still count."""
        strict = replace(ALIASES, quarter_share=0.1)
        many = [{"tahun": str(year), "wilayah": area} for year in range(2008, 2017) for area in "12"]
        plan = planned([*many, {"tahun": "2016", "triwulan": "3"}], aliases=strict)
        assert only(plan).frequency == "tahunan"
        assert plan.totals.collapsed == 1
        assert rules(plan).count("triwulan-diabaikan") == 1
        quarterly = planned([{"triwulan": str(quarter)} for quarter in (1, 2, 3, 4)], aliases=strict)
        assert only(quarterly).frequency == "triwulanan"


class TestCleaning:
    def test_a_plain_value_is_imported(self):
        row = only(planned([{"jumlah": "12.5", "ket": " sesuai  laporan "}])).rows[0]
        assert (row.kode_wilayah, row.nama_wilayah, row.tahun) == ("99.71.01", "Contoh", 2016)
        assert (row.nilai, row.satuan, row.sumber, row.catatan) == (
            Decimal("12.5"),
            "orang",
            "Dinkes",
            "sesuai laporan",
        )

    @pytest.mark.parametrize(
        ("unit", "stored", "rule"),
        [
            ("orang", "orang", None),
            ("ORANG", "orang", "satuan-dibakukan"),
            ("jiwa", "orang", "satuan-dibakukan"),
            ("Rumah Tang", "rumah tangga", "satuan-dilengkapi"),
            ("KIT", "KIT", "satuan-tidak-dikenal"),
            ("", "", "satuan-tidak-dikenal"),
        ],
    )
    def test_units_are_mapped_completed_or_kept_and_flagged(self, unit, stored, rule):
        plan = planned([{"satuan": unit}])
        row = only(plan).rows[0]
        assert row.satuan == stored
        assert [r for r in rules(plan) if r.startswith("satuan")] == ([rule] if rule else [])
        assert ("satuan belum dikenal" in row.catatan) == (rule == "satuan-tidak-dikenal")

    def test_identical_duplicates_collapse(self):
        """Also when only the spelling of the unit differs."""
        plan = planned([{}, {"satuan": "Orang"}, {}])
        assert (plan.totals.imported, plan.totals.collapsed) == (1, 2)
        assert rules(plan).count("duplikat-sama") == 2
        assert only(plan).cells[0].valid

    def test_contradicting_duplicates_are_left_out_and_make_the_cell_invalid(self):
        """Both values stand in the finding of each record."""
        plan = planned([{"jumlah": "5"}, {"jumlah": "6"}, {"wilayah": "2"}])
        cell = only(plan).cells[0]
        assert (plan.totals.imported, plan.totals.left_out) == (1, 2)
        assert (cell.invalid, cell.valid, cell.filled) == (1, False, 1)
        told = [item.old for item in plan.findings if item.rule == "duplikat-bertentangan"]
        assert len(told) == 2
        assert all("5 orang" in text and "6 orang" in text for text in told)

    def test_the_same_number_in_another_unit_contradicts(self):
        """5 ton are not 5 kg; zero is zero in any unit; an unknown unit decides nothing."""
        assert planned([{"satuan": "ton"}, {"satuan": "kg"}]).totals.left_out == 2
        zeros = planned([{"satuan": "ton", "jumlah": "0"}, {"satuan": "kg", "jumlah": "0"}])
        assert (zeros.totals.collapsed, "duplikat-beda-satuan" in rules(zeros)) == (1, True)
        unknown = planned([{"satuan": "KIT"}, {"satuan": "ton"}])
        assert (unknown.totals.collapsed, only(unknown).rows[0].satuan) == (1, "ton")

    @pytest.mark.parametrize(
        "number",
        ["2147483647", "-2147483648", "4294967295", "9223372036854775807", "18446744073709551615", "1" * 40],
    )
    def test_limits_of_integers_are_overflow(self, number):
        plan = planned([{"jumlah": number}, {"wilayah": "2"}])
        assert (plan.totals.left_out, only(plan).cells[0].valid) == (1, False)
        assert rules(plan, about="1") == ["luapan-bilangan"]

    def test_numbers_beyond_32_bits_are_fine(self):
        assert only(planned([{"jumlah": "2147483648"}])).rows[0].nilai == Decimal(2147483648)

    @pytest.mark.parametrize("text", ["banyak", "1,5", "1.234.567", "1e9", "NaN", "٣"])
    def test_what_is_no_number_is_left_out_and_makes_the_cell_invalid(self, text):
        plan = planned([{"jumlah": text}])
        assert (plan.totals.left_out, only(plan).cells[0].invalid) == (1, 1)
        assert rules(plan) == ["bukan-angka"]

    def test_nothing_is_left_out_but_is_no_fault(self):
        plan = planned([{"jumlah": ""}, {"wilayah": "2"}])
        cell = only(plan).cells[0]
        assert (plan.totals.left_out, cell.invalid, cell.filled, cell.valid) == (1, 0, 1, True)

    def test_a_negative_value_is_kept_and_flagged(self):
        plan = planned([{"jumlah": "-3"}])
        assert only(plan).rows[0].nilai == -3
        assert rules(plan) == ["nilai-negatif"]

    def test_zero_is_imported_but_does_not_count_as_filled(self):
        plan = planned([{"jumlah": "0"}, {"jumlah": "4", "wilayah": "2"}])
        family = only(plan)
        assert family.rows[0].catatan == "nol belum dipastikan"
        assert (family.cells[0].filled, family.cells[0].zeros) == (1, 1)
        assert not only(planned([{"jumlah": "0"}])).cells[0].valid

    @pytest.mark.parametrize("column", ["sumber_data", "ket", "satuan", "jumlah", "tahun", "created_date"])
    def test_hostile_text_in_any_column_quarantines_the_record(self, column):
        plan = planned([{column: "<script>alert(1)</script>"}, {}])
        assert (plan.totals.quarantined, plan.totals.imported) == (1, 1)
        assert rules(plan, about="1") == ["karantina"]

    def test_a_value_of_the_city_in_a_table_by_kecamatan_is_kept_but_not_expected(self):
        family = only(planned([{}, {"wilayah": "3", "jumlah": "9"}]))
        assert len(family.rows) == 2
        assert (family.cells[0].expected, family.cells[0].filled) == (2, 1)

    def test_units_that_differ_within_a_class_are_pointed_out(self):
        assert "satuan-beragam" in rules(planned([{}, {"wilayah": "2", "satuan": "ton"}]))


class TestDates:
    def test_the_latest_date_is_the_delivery_in_jakarta_time(self):
        dates = [
            {"created_date": "2018-07-23 11:29:39", "updated_date": "2018-08-01 00:00:00"},
            {"wilayah": "2", "created_date": "2018-07-30"},
        ]
        cell = only(planned(dates)).cells[0]
        assert cell.delivered_at == datetime(2018, 8, 1, tzinfo=JAKARTA)

    @pytest.mark.parametrize("text", ["0000-00-00 00:00:00", "kemarin", "2018-02-30", "2031-01-01 00:00:00"])
    def test_unreadable_and_future_dates_are_ignored(self, text):
        plan = planned([{"created_date": text}])
        assert only(plan).cells[0].delivered_at is None
        assert rules(plan) == ["tanggal-tidak-terbaca"]


class TestOffices:
    def test_a_source_name_decides(self):
        assert only(planned([{"sumber_data": "Dinkes  kota contoh"}])).opd == "dinkes"

    def test_most_rows_decide_and_the_others_are_reported(self):
        plan = planned([{}, {"wilayah": "2"}, {"tahun": "2015", "sumber_data": "pertanian"}])
        assert only(plan).opd == "dinkes"
        (item,) = [item for item in plan.findings if item.rule == "opd-beberapa-sumber"]
        assert "distan: 1" in item.old

    def test_the_urusan_decides_where_no_source_is_named(self):
        """Of several OPDs with that urusan, the one that the bidang's other records name."""
        names = {"1": ("1", "Dokter"), "2": ("1", "Bidan")}
        plan = planned([{"sumber_data": "."}, {"jenis_data": "2", "sumber_data": "Rumah Sakit"}], names)
        assert {f.title: f.opd for f in plan.families} == {"Dokter": "rsud", "Bidan": "rsud"}
        assert "sumber-kosong" in rules(plan, about="1")
        assert "opd-beberapa-pemegang" in rules(plan)

    def test_a_source_that_is_no_office_of_the_region_is_reported(self):
        plan = planned([{"sumber_data": "Kecamatan"}, {"wilayah": "2", "sumber_data": "Entah"}])
        assert only(plan).opd == "dinkes"
        assert {"sumber-bukan-opd", "sumber-tidak-dikenal"} <= set(rules(plan))

    def test_an_office_outside_its_urusan_is_pointed_out(self):
        plan = planned([{"sumber_data": "Distan"}])
        assert only(plan).opd == "distan"
        assert "opd-di-luar-urusan" in rules(plan)

    def test_a_fallback_takes_what_no_office_claims(self):
        values = [{"sumber_data": "."}]
        with pytest.raises(ImportRefusedError):
            planned(values, bidang={"1": "Perdagangan"})
        plan = planned(values, aliases=replace(ALIASES, fallback="distan"), bidang={"1": "Perdagangan"})
        assert only(plan).opd == "distan"
        assert "opd-cadangan" in rules(plan)


class TestNames:
    def test_a_bidang_is_matched_by_alias_name_or_likeness(self):
        plan = planned([{}], {"1": ("1", "A"), "2": ("2", "B")}, bidang={"1": "KESEHATAN", "2": "Pertaniaan"})
        assert [f.urusan for f in plan.families] == ["1.02", "3.27"]
        assert rules(plan).count("urusan-mirip") == 1

    def test_areas_are_matched_through_their_spellings(self):
        plan = planned(
            [{}, {"wilayah": "2"}, {"wilayah": "3"}], areas={"1": "Kec. Contoh", "2": "JAMBUAIR", "3": "kota contoh"}
        )
        assert {row.kode_wilayah for row in only(plan).rows} == {"99.71.01", "99.71.02", "99.71"}

    def test_the_bidang_of_the_indicator_wins(self):
        names = {"1": ("1", "Dokter"), "2": ("2", "Padi")}
        plan = planned([{"jenis_data": "2", "bidang_urusan": "1"}], names)
        assert next(f for f in plan.families if f.rows).bidang == "Pertanian dan Kebun"
        assert "bidang-berbeda" in rules(plan)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"opd": {"tidak-ada": ["X"]}},
        {"opd": {"dinkes": "X"}},
        {"opd_cadangan": "tidak-ada"},
        {"wilayah": ["x"]},
        {"bagian_triwulan": 2},
        {"kemiripan_bidang": "tinggi"},
    ],
)
def test_a_faulty_alias_file_is_refused(content):
    with pytest.raises(AliasError):
        read_aliases(content, ("dinkes",))
