"""Drafts from example tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.structures.guess import Example, guess, unique_in
from ckanext.satudataserang.core.structures.parse import as_dict, structure

from .samples import areas, shipped, units

KECAMATAN = ("Serang", "Kec. Kasemen", "Walantaka", "CURUG", "Cipocok Jaya", "Taktakan")
ROWS = [
    (str(number), str(year), kecamatan, sex, str(1_000 + number * 7 % 13), "12,5")
    for number, (year, kecamatan, sex) in enumerate(
        (year, kecamatan, sex) for year in (2023, 2024) for kecamatan in KECAMATAN for sex in ("Laki-laki", "P")
    )
]
TITLES = ("No", "Tahun", "Kecamatan", "JENIS KELAMIN", "Jumlah Penduduk (jiwa)", "Persentase (%)")
KINDS = ("integer", "integer", "text", "text", "integer", "numeric")


def examples(titles=TITLES, kinds=KINDS, rows=ROWS):
    found = []
    for index, (title, kind) in enumerate(zip(titles, kinds, strict=True)):
        values = Counter(row[index] for row in rows)
        numbers = [Decimal(one.replace(",", ".")) for one in values] if kind in ("integer", "numeric") else []
        found.append(
            Example(title, kind, values, len(rows), minimum=min(numbers, default=None),
                    maximum=max(numbers, default=None), decimals=1 if kind == "numeric" else 0)
        )  # fmt: skip
    return found


def draft(found=None, unique=True):
    return guess(
        found or examples(),
        unique=unique_in(TITLES, ROWS) if unique else None,
        lists=shipped().lists.values(),
        areas=areas(),
        units=units(),
        kode="penduduk",
        nama="Penduduk",
    )


def test_what_can_be_guessed():
    guessed = draft()
    found = guessed.structure
    assert [column.id for column in found.columns][:2] == ["kode_wilayah", "jenis_kelamin"]
    assert found.column("kode_wilayah").code_list == "wilayah:kecamatan"
    assert found.column("jenis_kelamin").code_list == "jenis-kelamin"
    assert found.key == ("kode_wilayah", "jenis_kelamin")
    assert found.expected == found.key
    people = found.column("jumlah_penduduk")
    assert (people.satuan, people.ukuran, people.minimum) == ("orang", "Jumlah", 0)
    assert people.label == "Jumlah Penduduk"
    assert people.synonyms == ("Jumlah Penduduk (jiwa)",)
    share = found.column("persentase")
    assert (share.satuan, share.type, share.decimals, share.maximum) == ("persen", "numeric", 1, 100)
    assert structure(as_dict(found)) == found


def test_what_is_to_be_confirmed_is_told():
    notes = {note.code: note for note in draft().notes}
    assert notes["periode"].sure
    assert "Tahun" in notes["periode"].message
    assert not notes["kunci"].sure
    assert "Kecamatan, JENIS KELAMIN" in notes["kunci"].message


def test_the_key_without_the_rows():
    assert draft(unique=False).structure.key == ("kode_wilayah", "jenis_kelamin")


def test_codes_and_names_of_one_area_are_one_column():
    rows = [(code, name) for code, name in (("36.73.01", "Serang"), ("36.73.02", "Kasemen"), ("36.73.04", "Curug"))]
    found = examples(("Kode", "Nama Kecamatan"), ("text", "text"), rows)
    guessed = guess(found, lists=(), areas=areas())
    assert [column.id for column in guessed.structure.columns] == ["kode_wilayah"]
    assert "wilayah-ganda" in {note.code for note in guessed.notes}


def test_classes_that_nobody_knows_become_a_list():
    rows = [(kind, str(number)) for number, kind in enumerate(("Baik", "Rusak", "Baik", "Total", "Rusak", "Baik"))]
    guessed = guess(examples(("Kondisi", "Panjang (km)"), ("text", "integer"), rows), units=units())
    (codes,) = guessed.structure.lists
    assert [code.code for code in codes.codes] == ["Baik", "Rusak"]
    assert guessed.structure.column("panjang").satuan == "kilometer"


def test_a_column_of_one_unit_is_the_unit_of_the_measure():
    rows = [("2024", name, str(number), "TON") for number, name in enumerate(("Serang", "Kasemen", "Curug"))]
    titles, kinds = ("Tahun", "Kecamatan", "Sampah", "Satuan"), ("integer", "text", "integer", "text")
    guessed = guess(examples(titles, kinds, rows), units=units())
    assert [column.id for column in guessed.structure.columns] == ["kecamatan", "sampah"]
    assert guessed.structure.column("sampah").satuan == "ton"


def test_numbers_of_rows_are_no_key():
    notes = [note for note in draft().notes if note.code == "nomor-urut"]
    assert [note.params["title"] for note in notes] == ["No"]


def test_names_are_no_classes():
    rows = [(f"Sekolah {number}", "1") for number in range(40)]
    guessed = guess(examples(("Nama Sekolah", "Siswa"), ("text", "integer"), rows))
    assert guessed.structure.lists == ()
    assert guessed.structure.key == ("nama_sekolah",)


def test_personal_data_is_marked():
    rows = [("3673010101010001", "0812"), ("3673010101010002", "0813")]
    found = guess(examples(("NIK", "No. HP"), ("text", "text"), rows)).structure
    assert all(column.personal for column in found.columns)


def test_what_is_about_persons_becomes_no_list_of_codes():
    rows = [("3673010101010001", "1"), ("3673010101010002", "2")] * 20
    (one, other) = examples(("Pengenal", "Jumlah"), ("text", "integer"), rows)
    assert guess([one, other]).structure.lists
    found = guess([replace(one, personal=True), other]).structure
    assert (found.lists, found.column("pengenal").personal) == ((), True)


_CELL = st.text(max_size=12)
_TITLE = st.text(max_size=70)


@settings(deadline=None)
@given(st.lists(_TITLE, min_size=1, max_size=6).flatmap(
    lambda titles: st.tuples(
        st.just(titles),
        st.lists(st.sampled_from(("text", "integer", "numeric", "date", "timestamp", "boolean")),
                 min_size=len(titles), max_size=len(titles)),
        st.lists(st.lists(_CELL, min_size=len(titles), max_size=len(titles)), max_size=6),
    )
))  # fmt: skip
def test_any_table_gives_a_draft_that_can_be_read(table):
    titles, kinds, rows = table
    found = [
        Example(title, kind, Counter(row[index] for row in rows), len(rows), sum(not row[index] for row in rows))
        for index, (title, kind) in enumerate(zip(titles, kinds, strict=True))
    ]
    guessed = guess(found, lists=shipped().lists.values(), areas=areas(), units=units(), kode="contoh", nama="Contoh")
    assert all(note.message for note in guessed.notes)
    if guessed.structure.columns:
        assert structure(as_dict(guessed.structure)) == guessed.structure
