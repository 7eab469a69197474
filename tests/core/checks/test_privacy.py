"""Personal data are found, counted, never repeated; numbers that only look alike are left alone."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import privacy, profiles
from ckanext.satudataserang.core.checks.beside import personal_beside

from .tables import checked

NIK, NIP = "3673014101900001", "198001012005011001"
DATABASE = duckdb.connect(":memory:")


@pytest.mark.parametrize("counted", [8_000, -1], ids=["text by text", "cell by cell"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NIK, "nik"),
        ("NIK 3673 0141 0190 0001 a.n. Fulan", "nik"),
        ("36.73.01.410190.0001", "nik"),
        (NIP, "nip"),
        ("NIP. 19800101 200501 1 001", "nip"),
        ("0812-3456-7890", "telepon"),
        ("+62 812 3456 7890", "telepon"),
        ("hubungi fulan@example.com", "email"),
    ],
)
def test_found_and_never_repeated(monkeypatch, counted, text, kind):
    monkeypatch.setattr(profiles, "_FEW_IN_SAMPLE", counted)
    table = checked(["nama", "isi"], [["a", "x"], ["b", text], ["c", text]])
    (found,) = table.personal
    assert (found.kind, found.count, found.row, found.column_id) == (kind, 2, 3, "isi")
    (finding,) = [one for one in table.findings if one.code.startswith("data-pribadi-")]
    assert privacy.kind_of_code(finding.code) == kind
    assert table.findings.totals[finding.code] == 2
    assert text not in str(finding.as_dict())
    assert finding.severity.value == "warning"


@pytest.mark.parametrize(
    "values",
    [
        [str(1_000_000_000_000_000 + n * 7_919_000_311) for n in range(200)],
        ["5.1.02.01.01.0024", "5.2.02.05.01.0005", "1.01.02.2.01.0012"],
        ["20604611", "69786543", "60714921"],
        ["36.73.01.1001", "36.73.06.1005"],
        ["0254-200123", "(0254) 7932511", "021 5551234"],
        ["dinas@serangkota.go.id", "kantor@sawahluhur.desa.id"],
        ["2025-01-01", "1998-12-31 10:00"],
        ["Kepala keluarga", "Camat membina desa"],
    ],
)
@pytest.mark.parametrize("counted", [8_000, -1])
def test_false_alarms(monkeypatch, counted, values):
    monkeypatch.setattr(profiles, "_FEW_IN_SAMPLE", counted)
    table = checked(["uraian", "anggaran"], [["baris", value] for value in values])
    assert list(table.personal) == []


def test_the_block_of_signatures_under_the_table():
    rows = [[f"Kec {n}", str(n)] for n in range(20)]
    table = checked(
        ["kecamatan", "jumlah"], [*rows, ["Kepala Dinas Sosial", ""], ["Drs. Fulan", ""], [f"NIP. {NIP}", ""]]
    )
    kinds = {one.kind for one in table.personal}
    assert kinds == {"nip", "nama_ttd"}
    assert {one.row for one in table.findings if one.code == "data-pribadi-nama-ttd"} == {22, 24}


@pytest.mark.parametrize("title", [NIK, "fulan@example.com", f"NIP. {NIP}"])
def test_a_title_is_no_place_for_a_person(title):
    """It becomes the name of a column, which nobody masks."""
    table = checked(["kecamatan", title, "jumlah"], [["Serang", "1", "2"], ["Kasemen", "3", "4"]])
    (finding,) = [one for one in table.findings if one.code == privacy.JUDUL.code]
    assert finding.severity.value == "error"
    assert (finding.row, finding.params["number"]) == (1, "2")
    assert title not in str(finding.as_dict())
    folder = table.grid.path.parent
    assert [one.row for one in personal_beside(table.grid.path, table.grid, folder)] == [1]


def test_the_title_of_an_office_is_a_title():
    table = checked(["Kepala Dinas", "Camat", "dinas@serangkota.go.id"], [["1", "2", "3"], ["4", "5", "6"]])
    assert privacy.JUDUL.code not in table.findings.codes()
    assert personal_beside(table.grid.path, table.grid, table.grid.path.parent) == []


texts = st.text("0123456789 .-@abN\u00e9", max_size=30)
parts = st.sampled_from([NIK, NIP, "0812 3456 7890", "a.b@example.co.id", "x", " ", ",", "36.73"])


@settings(deadline=None)
@given(texts | st.lists(parts, max_size=5).map("".join), st.sampled_from([*privacy.KINDS, "nama"]))
def test_masks_are_the_same_in_both_places(text, kind):
    (masked,) = DATABASE.execute(f"SELECT {privacy.masked_sql('x', kind)} FROM (SELECT ? AS x)", [text]).fetchone()
    if text:
        assert masked == privacy.mask(text, kind)


def test_masks_leave_nothing_personal():
    assert privacy.mask(f"NIK {NIK}, {NIK}", "nik") == f"NIK {'*' * 16}, {'*' * 16}"
    assert privacy.mask("a@b.co dan c@d.id", "email") == "***@*** dan ***@***"
    assert privacy.mask("Fulan bin Fulan", "nama_ttd") == "***"


def test_a_dump_can_be_masked(tmp_path):
    from .tables import check, grid

    table = check(grid(["nama", "nik", "n"], [["a", NIK, "1"], ["b", "", "2"]], tmp_path), directory=tmp_path)
    copy = table.dump(tmp_path, masked={"nik": "nik", "nama": "nama", "n": "nama"})
    assert copy.path.read_text().splitlines() == [f"***,{'*' * 16},", "***,,"]
    table.close()


def test_of_a_block_of_signatures_only_its_rows_are_masked(tmp_path):
    from .tables import check, grid

    rows = [[f"Kec {n}", str(n), "BPS"] for n in range(20)]
    block = [["Kepala Dinas Sosial", "", ""], ["Drs. Fulan", "", "x"], [f"NIP. {NIP}", "", ""]]
    table = check(grid(["kecamatan", "jumlah", "sumber"], [*rows, *block], tmp_path), directory=tmp_path)
    for kind in ("nama_ttd", "nip+nama_ttd"):
        lines = table.dump(tmp_path, masked={"kecamatan": kind}).path.read_text().splitlines()
        assert lines[:20] == [",".join(row) for row in rows]
        assert lines[20:] == ["***,,", "***,,***", "***,,"]
    table.close()
