"""Names are taken apart at their brackets and no text is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.legacy.names import (
    best_spelling,
    bounded_slug,
    name_key,
    parse_name,
    tidy_name,
    with_hash,
)


@pytest.mark.parametrize(
    ("name", "family", "classes"),
    [
        ("Jumlah Dokter", "Jumlah Dokter", ()),
        ("Kepemilikan Rumah ( Milik  Sendiri )", "Kepemilikan Rumah", ("Milik Sendiri",)),
        ("Padi(Sawah)( Tadah Hujan)", "Padi", ("Sawah", "Tadah Hujan")),
        ("Tani ( Nilai Tukar ( % )) ( Penerimaan ( Rp ))", "Tani", ("Nilai Tukar (%)", "Penerimaan (Rp)")),
        ("( Aktif ) ( Laki - Laki )", "Aktif", ("Laki - Laki",)),
        ("Rumah () ( Layak )", "Rumah", ("Layak",)),
        ("Kawasan Banjir**", "Kawasan Banjir", ()),
        ("Penduduk ( Perempuan** )", "Penduduk", ("Perempuan",)),
        ("Usia ( <18 ) ( Tamat SD )", "Usia", ("<18", "Tamat SD")),
    ],
)
def test_a_name_is_its_family_and_its_top_level_brackets(name, family, classes):
    """Brackets inside brackets stay text."""
    parsed = parse_name(name)
    assert (parsed.family, parsed.classes, parsed.problems) == (family, classes, ())


@pytest.mark.parametrize(
    ("name", "classes", "problem"),
    [
        ("Status ( Diserahkan ) )", ("Diserahkan",), "kurung-tidak-seimbang"),
        ("Status ( Rencana ( Tahap", ("Rencana (Tahap)",), "kurung-tidak-seimbang"),
        ("Pengeluaran (Rp) 150000 - 199999", ("Rp", "150000 - 199999"), "teks-setelah-kurung"),
    ],
)
def test_odd_brackets_are_reported(name, classes, problem):
    """What could not be read cleanly has a problem and keeps its text."""
    parsed = parse_name(name)
    assert parsed.classes == classes
    assert parsed.problems == (problem,)


@given(st.text(alphabet="ab ()1*-", max_size=40))
def test_no_letter_of_a_name_is_lost(name):
    """Family and classes together hold every letter and digit, in their order."""
    parsed = parse_name(name)
    letters = re.sub(r"[^ab1]", "", name)
    assert re.sub(r"[^ab1]", "", "".join((parsed.family, *parsed.classes))) == letters


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing(text):
    """A tidied name is a fixed point."""
    once = tidy_name(text)
    assert tidy_name(once) == once
    assert name_key(once) == name_key(text)


def test_case_and_spaces_do_not_part_a_family():
    """Spellings that differ in case, spaces and stars have one key."""
    spellings = ["Tanaman Pangan", " tanaman  pangan ", "TANAMAN PANGAN**", "Tanaman\tPangan"]
    assert len({name_key(text) for text in spellings}) == 1


def test_the_most_frequent_spelling_is_shown():
    """Ties go to the first; the first letter is a capital."""
    assert best_spelling(["pangan", "Pangan", "pangan"]) == "Pangan"
    assert best_spelling(["Laki - Laki", "Laki - laki"]) == "Laki - Laki"


@given(st.text(max_size=300), st.text(min_size=1, max_size=5))
def test_slugs_are_legal_names_of_bounded_length(text, identity):
    """CKAN takes 2 to 100 characters of a-z, 0-9 and hyphens."""
    slug = bounded_slug(text, 100, identity)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", slug)


def test_long_names_stay_apart():
    """Two names that agree in their first hundred characters get different slugs."""
    start = "indikator " * 15
    assert bounded_slug(start, 100, "a") != bounded_slug(start, 100, "b")
    assert len(with_hash("x" * 200, 100, "a")) <= 100
