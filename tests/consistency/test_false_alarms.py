"""Nobody is accused for nothing: tables as OPDs really keep them, and whatever in them could look like a difference."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from .conftest import CITY_COLUMNS, DISTRICT_COLUMNS, DISTRICTS, LISTS, NOW, SEX, area, people

CROPS = {"padi": ("Gogo", "Sawah"), "palawija": ("Jagung", "Kedelai")}
SEXES = {
    "id": "sex",
    "label": "Jenis kelamin",
    "codes": [
        {"code": "L", "label": "Laki-laki", "synonyms": ["Pria"]},
        {"code": "P", "label": "Perempuan", "synonyms": ["Wanita"]},
    ],
}


@pytest.fixture
def evaluate():
    from ckanext.satudataserang.consistency.evaluate import evaluate

    return lambda: evaluate(model.Session, NOW)


@pytest.fixture
def use(two, make_structure):
    """Return a function that gives an entry another structure."""
    from ckanext.satudataserang.plan.model import PlanEntry

    def make(kode, columns, lists=(), expected=()):
        PlanEntry.by_kode(kode).structure_id = make_structure(f"{kode.lower()}-lain", columns, lists, expected)
        model.Session.commit()

    return make


@pytest.fixture
def keep():
    """Return a function that keeps a rule of the Walidata."""
    from ckanext.satudataserang.consistency import registry

    def make(**rule):
        row = registry.RuleRow(kode=rule["kode"], content={}, version=0, active=True, shipped="", created=NOW)
        model.Session.add(row)
        registry.keep(model.Session, row, rule, NOW, "", "uji")
        model.Session.commit()

    return make


def found():
    rows = model.Session.execute(sa.text("SELECT state, reason FROM satudata_comparison ORDER BY 1, 2"))
    return {(row.state, row.reason) for row in rows}


def conflicts():
    return model.Session.scalar(sa.text("SELECT count(*) FROM satudata_conflict"))


def everybody(value, sexes=("L", "P"), codes=tuple(DISTRICTS)):
    return [(code, sex, value) for code in codes for sex in sexes]


def test_a_month_is_no_year(counted, evaluate, publish, two):
    counted(city=None, period="2025")
    publish(two.datasets["BPS-1"], "BPS-1", "2025-12", CITY_COLUMNS, [("99.9",)])
    evaluate()
    assert found() == {("tak_terbanding", "tanpa-kiri"), ("tak_terbanding", "tanpa-kanan")}
    assert conflicts() == 0


def test_areas_in_the_codes_of_bps_are_the_same_areas(counted, evaluate, publish, two, use):
    from ckanext.satudataserang.catalogue.region import get_region

    wilayah = get_region().wilayah
    statistical = [wilayah.get(code).bps for code in DISTRICTS]
    assert all(statistical)
    counted(city=None)
    use("BPS-1", [area("kecamatan"), people(satuan="orang")], (), ["kode_wilayah"])
    columns = (("kode_wilayah", "text"), ("jumlah", "numeric"))
    publish(two.datasets["BPS-1"], "BPS-1", "2025", columns, [(code, 10000) for code in statistical])
    evaluate()
    assert found() == {("sama", "")}
    rows = [(code, 10000 + (number == 0)) for number, code in enumerate(statistical)]
    publish(two.datasets["BPS-1"], "BPS-1", "2025", columns, rows)
    evaluate()
    assert conflicts() == 1


def test_a_name_that_two_areas_bear_is_not_guessed(counted, evaluate, publish, two, use, keep):
    """Without a level “Kasemen” is a kecamatan and a kelurahan, and “Serang” the city and a kecamatan."""
    counted(city=None)
    use("BPS-1", [{"id": "wilayah", "label": "Wilayah", "type": "text", "key": True}, people(satuan="orang")])
    from ckanext.satudataserang.catalogue.region import get_region

    names = [get_region().wilayah.get(code).name for code in DISTRICTS]
    columns = (("wilayah", "text"), ("jumlah", "numeric"))
    publish(two.datasets["BPS-1"], "BPS-1", "2025", columns, [(name, 7) for name in names])
    evaluate()
    assert {state for state, _ in found()} <= {"tak_terbanding"}
    assert conflicts() == 0


@pytest.mark.parametrize("spelled", [("Laki-laki", "Perempuan"), ("Pria", "Wanita"), (" l ", "p")])
def test_totals_in_the_rows_are_not_summed_however_classes_are_spelled(counted, evaluate, publish, two, use, spelled):
    counted(city="60.0")
    use("DUK-1", [area("kecamatan"), SEX, people(satuan="orang")], [SEXES], ["kode_wilayah", "jenis_kelamin"])
    rows = everybody(5000, spelled)
    rows += everybody(10000, ("Laki-laki/Perempuan",)) + everybody(30000, spelled, ("Kota Serang",))
    publish(two.datasets["DUK-1"], "DUK-1", "2025", DISTRICT_COLUMNS, rows)
    evaluate()
    assert found() == {("sama", "")}


def test_classes_that_need_not_all_be_there_are_not_taken_for_the_whole(counted, evaluate, publish, two, use):
    counted(city="99.9")
    use("DUK-1", [area("kecamatan"), SEX, people(satuan="orang")], LISTS, ["kode_wilayah"])
    publish(two.datasets["DUK-1"], "DUK-1", "2025", DISTRICT_COLUMNS, everybody(5000, ("L",)))
    evaluate()
    assert found() == {("tak_terbanding", "bagian-tidak-jelas")}


@pytest.mark.parametrize("measure", ["Harga", "Rata-rata", "Indeks"])
def test_what_does_not_add_up_is_not_added(counted, evaluate, two, use, measure):
    counted(city="0.9")
    column = people(satuan="orang", ukuran=measure)
    use("DUK-1", [area("kecamatan"), SEX, column], LISTS, ["kode_wilayah", "jenis_kelamin"])
    evaluate()
    assert found() == {("tak_terbanding", "tidak-dapat-dijumlah")}


@pytest.mark.parametrize(("value", "outcome"), [(None, ("tak_terbanding", "nilai-kosong")), ("0", ("beda", ""))])
def test_nothing_is_not_none(counted, evaluate, publish, two, value, outcome):
    counted(city=None)
    publish(two.datasets["BPS-1"], "BPS-1", "2025", CITY_COLUMNS, [(value,)])
    evaluate()
    assert found() == {outcome}


def test_a_share_is_the_same_as_percent_and_as_ratio(evaluate, publish, two, use, make_variable):
    make_variable("bagian_uji", "Bagian", "persen", ukuran="Persentase")
    for kode, unit, value in (("DUK-1", "persen", "12.5"), ("BPS-1", "rasio", "0.125")):
        use(kode, [people("bagian_uji", satuan=unit)])
        publish(two.datasets[kode], kode, "2025", CITY_COLUMNS, [(value,)])
    evaluate()
    assert found() == {("sama", "")}
    publish(two.datasets["BPS-1"], "BPS-1", "2025", CITY_COLUMNS, [("0.25",)])
    evaluate()
    assert found() == {("beda", "")}


@pytest.fixture
def crops(two, use, publish, make_variable):
    make_variable("luas_uji", "Luas panen", "hektare", ukuran="Luas")
    for kode, (name, kinds) in zip(("DUK-1", "BPS-1"), CROPS.items(), strict=True):
        codes = {"id": name, "label": name, "codes": [{"code": one, "label": one} for one in kinds]}
        plant = {"id": "tanaman", "label": "Tanaman", "type": "text", "key": True, "required": True, "code_list": name}
        use(kode, [plant, people("luas_uji", satuan="hektare")], [codes], ["tanaman"])
        rows = [(one, 10 * len(one)) for one in kinds]
        publish(two.datasets[kode], kode, "2025", (("tanaman", "text"), ("jumlah", "numeric")), rows)


def test_rice_is_not_maize(crops, evaluate, keep):
    side = {"variabel": "luas_uji"}
    rule = {"kode": "luas-uji", "nama": "Luas", "jenis": "sama", "kiri": side, "kanan": side, "kelas": ["semua"]}
    keep(**rule)
    evaluate()
    assert found() == set()
    assert conflicts() == 0


def test_a_rule_about_a_variable_stands_in_place_of_its_own(counted, evaluate, keep, two):
    from ckanext.satudataserang.consistency import registry

    counted(each=5000, city="61.0")
    side = {"variabel": "penduduk_uji"}
    rule = {"kode": "penduduk-uji", "nama": "Penduduk", "jenis": "sama", "kiri": side, "kanan": side}
    keep(**rule, toleransi={"relatif": "0.05"})
    evaluate()
    assert found() == {("sama", "")}
    row = model.Session.get(registry.RuleRow, "penduduk-uji")
    registry.keep(model.Session, row, {**rule, "aktif": False}, NOW, "", "mati")
    model.Session.commit()
    evaluate()
    assert found() == set()


def test_shipped_rules_know_what_must_not_be_summed():
    from ckanext.satudataserang.consistency import registry
    from ckanext.satudataserang.core.consistency import parse

    rules = [parse.rule(one) for one in registry.shipped()["aturan"]]
    apart = {registry.about_itself(rule) for rule in rules if rule.classes}
    assert {"luas_panen", "produksi_pertanian", "harga_eceran", "realisasi_daerah", "peserta_didik"} <= apart
