"""Personal data are found, counted, never repeated; numbers that only look alike are left alone."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import privacy, profiles
from ckanext.satudataserang.core.checks.beside import personal_beside
from ckanext.satudataserang.core.checks.offices import is_office
from ckanext.satudataserang.core.checks.persons import has_sql
from ckanext.satudataserang.core.checks.plainly import plainly, plainly_sql
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.structures.model import Column

from .tables import check, checked, grid, structure

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
        ("3673\u00a00141\u00a00190\u00a00001", "nik"),
        ("367301\u200b4101\ufeff90\u00ad0001", "nik"),
        ("\uff13\uff16\uff17\uff13\uff10\uff11\uff14\uff11\uff10\uff11\uff19\uff10\uff10\uff10\uff10\uff11", "nik"),
        ("\u0663\u0666\u06673014101900001", "nik"),
        ("NIP\uff1a 19800101\u2009200501\u202f1\u3000001", "nip"),
        ("0812\u20113456\u22127890", "telepon"),
        ("\uff0b62\u00a0812 3456 7890", "telepon"),
        ("fulan\uff20example\uff0ecom", "email"),
        ("\U0001d41f\U0001d42e\U0001d425an@example.\uff43om", "email"),
        ("f\u0443lan@example.com", "email"),
        ("fulan@\u0435x\u03b1mple.\u0441om", "email"),
        ("jos\u00e9@example.com", "email"),
        ("fulan\ufe6bexample\u3002com", "email"),
        ("dinas@serangkota.g\u043e.id", "email"),
        ("".join(chr(0x1D7CE + int(digit)) for digit in NIK), "nik"),
        ("".join(chr(0x06F0 + int(digit)) for digit in NIK), "nik"),
        ("".join(f"{digit}\u0332" for digit in NIK), "nik"),
        ("3\ufe0f\u20e3673014101900001", "nik"),
        ("budi.santoso@serangkota.go.id", "email"),
        ("dinkes.budi@serangkota.go.id", "email"),
        ("Kantor: dinas@serangkota.go.id, Budi: budi@serangkota.go.id", "email"),
        ("dinas@serangkota.go.id.example.com", "email"),
        ("dinas@serangkota.go.id@example.com", "email"),
        (f"{'a' * 130}.dinas@serangkota.go.id", "email"),
        ("Telp. (0254) 200123 / 0812 3456 7890", "telepon"),
        ("Kelurahan (0254) 200123, kelurahan@serangkota.go.id, " + NIK, "nik"),
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
        [
            "Jl. Raya 1, telp. (0254) 200123, surel kelurahan@serangkota.go.id.",
            "kelurahan.sawah-luhur@serangkota.go.id;kec_curug@serangkota.go.id,puskesmas2@dinkes.serangkota.go.id",
            "Hubungi HUMAS@SerangKota.go.id atau ppid.diskominfo@serangkota.go.id (+62 254 200123)",
            "(0254) 200 123 s.d. 125",
        ],
        ["2025-01-01", "1998-12-31 10:00"],
        ["Kepala keluarga", "Camat membina desa"],
        [
            "Tahun 2024\u20132025\u00a0(semester\u00a02)",
            "S\u00e9rang \u2013 1.234,56 m\u00b2",
            "dinas\uff20serangkota.go.id",
        ],
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


texts = st.text("0123456789 .-@abN\u00e9\u00a0\u200b\uff11\uff10\uff20\uff41\u2013\u0663", max_size=30)
parts = st.sampled_from(
    [
        NIK,
        NIP,
        NIK.replace("0", "\uff10"),
        "3673\u00a00141 0190\u200b0001",
        "\u00e9",
        "0812 3456 7890",
        "a.b@example.co.id",
        "x",
        " ",
        ",",
        "36.73",
    ]
)


@settings(deadline=None)
@given(texts | st.lists(parts, max_size=5).map("".join), st.sampled_from([*privacy.KINDS, "nama"]))
def test_masks_are_the_same_in_both_places(text, kind):
    (masked,) = DATABASE.execute(f"SELECT {privacy.masked_sql('x', kind)} FROM (SELECT ? AS x)", [text]).fetchone()
    if text:
        assert masked == privacy.mask(text, kind)


@settings(deadline=None)
@given(texts | st.text(max_size=20) | st.lists(parts, max_size=5).map("".join))
def test_texts_look_the_same_in_both_places(text):
    looks = f"{plainly_sql('x')}, {privacy.may_hold_sql('x')}"
    ((plain, may_hold),) = DATABASE.execute(f"SELECT {looks} FROM (SELECT ? AS x)", [text]).fetchall()
    assert plain == plainly(text)
    assert may_hold or not privacy.kinds_in(text)


addresses = st.lists(
    st.sampled_from(
        ["dinas", "kelurahan.serang", "budi", "info", ".", "@", "@serangkota.go.id", "@x.desa.id", ".com", " ", ",",
         "-", "\u0435", "\uff20", "\u00e9", "x" * 62, "\u3002", "go.id", "\u0301"]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(addresses | texts | st.lists(parts, max_size=5).map("".join))
def test_addresses_are_the_same_in_both_places(text):
    has = has_sql("email", plainly_sql("x"))
    ((found,),) = DATABASE.execute(f"SELECT {has} FROM (SELECT ? AS x)", [text]).fetchall()
    assert found == ("email" in privacy.kinds_in(text))


@pytest.mark.parametrize(
    ("local", "office"),
    [
        ("kelurahan", True),
        ("kelurahanserang", True),
        ("kec.cipocok.jaya", True),
        ("dinas.kesehatan", True),
        ("dinkopukmperindag", True),
        ("diskominfokotaserang", True),
        ("humas.setda", True),
        ("sdn1", True),
        ("camat", True),
        ("budi", False),
        ("budi.dinkes", False),
        ("dinkes-budi", False),
        ("desak", False),
        ("kelana", False),
        ("dinda", False),
        ("", False),
        ("dinas+budi", False),
    ],
)
def test_what_names_an_office(local, office):
    assert is_office(f"{local}@serangkota.go.id") is office
    assert not is_office(f"{local}@gmail.com")


def test_texts_without_anything_personal_stay_as_they_were_written():
    for kind in ("nik", "nip", "telepon", "email"):
        assert privacy.mask("Tahun\u00a02024 \uff08\uff11\uff09", kind) == "Tahun\u00a02024 \uff08\uff11\uff09"
    assert privacy.mask("NIK\u00a03673\u00a00141\u00a00190\u00a00001", "nik") == f"NIK {'*' * 16}"


LONG = [("nik", NIK), ("nip", NIP), ("nik", "Rp 3.673.014.101.900.001"), ("nik", "-3673014101900001")]


@pytest.mark.parametrize("counted", [8_000, -1], ids=["text by text", "cell by cell"])
@pytest.mark.parametrize("type_", ["integer", "numeric"])
@pytest.mark.parametrize(("kind", "text"), LONG)
def test_numbers_of_persons_in_a_column_of_numbers(monkeypatch, tmp_path, counted, type_, kind, text):
    """Stored as numbers they are read by nobody as such, and by everybody as what they are."""
    monkeypatch.setattr(profiles, "_FEW_IN_SAMPLE", counted)
    agreed = structure(Column("n", "N", "integer", key=True), Column("jumlah", "Jumlah", type_))
    rows = [[str(n), str(n * 37)] for n in range(50)] + [["99", text]]
    table = check(grid(["N", "Jumlah"], rows, tmp_path), Wishes(structure=agreed), directory=tmp_path)
    (found,) = table.personal
    assert (found.column_id, found.kind, found.count, found.row) == ("jumlah", kind, 1, 52)
    lines = table.dump(tmp_path, masked={"jumlah": kind}).path.read_text().splitlines()
    assert lines[-1] == "99,"
    table.close()


@pytest.mark.parametrize("text", ["hubungi 0812 3456 7890", "a.b@example.com", NIK + " (dua orang)"])
def test_what_is_no_number_in_a_column_of_numbers_is_looked_through(text):
    """A file on a dataset is public as it is, whatever becomes of its table."""
    agreed = structure(Column("n", "N", "integer", key=True), Column("jumlah", "Jumlah", "integer"))
    table = checked(["N", "Jumlah"], [["1", "2"], ["3", text]], structure=agreed)
    assert [one.column_id for one in table.personal] == ["jumlah"]


def test_large_amounts_are_no_persons():
    agreed = structure(Column("n", "N", "integer", key=True), Column("rp", "Rp", "integer"))
    amounts = [str(1_000_000_000_000_000 + n * 7_919_000_311) for n in range(200)]
    for rows in (amounts, ["6281234567890", "81234567890"], ["Rp 628.123.456.789", "Rp 6281234567890"]):
        table = checked(["N", "Rp"], [[str(n), text] for n, text in enumerate(rows)], structure=agreed)
        assert list(table.personal) == []


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
