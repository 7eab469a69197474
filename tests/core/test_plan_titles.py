"""Titles that say the same are found whatever their dress; titles of different figures are not."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.plan_titles import ALIKE, TitleIndex, similarity, title_of

WORDS = ["penduduk", "pasar", "sekolah", "guru", "jalan", "irigasi", "puskesmas", "dokter", "kebakaran", "sampah"]
PLACES = ["Kota Serang"]
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True).map(" ".join)
any_text = st.text(alphabet=string.ascii_letters + string.digits + " -/()", max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jumlah penduduk menurut kecamatan", "Banyaknya Penduduk per Kecamatan"),
        ("Jumlah penduduk menurut kecamatan", "PENDUDUK MENURUT KECAMATAN DI KOTA SERANG TAHUN 2024"),
        ("Persentase balita gizi buruk", "Prosentase Balita Gizi Buruk (2023)"),
        ("Jumlah murid SD", "Data jumlah siswa SD"),
        ("Data Jumlah Apotik", "Jumlah apotek"),
    ],
)
def test_the_same_figure_in_another_dress_is_the_same(one, other):
    assert similarity(title_of(one, PLACES), title_of(other, PLACES)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jumlah puskesmas pembantu", "Jumlah puskesmas pembatu"),
        ("Jumlah guru sekolah dasar negeri", "Jumlah guru sekolah dasar negri"),
        ("Panjang jalan kota menurut kondisi permukaan", "Panjang jalan menurut kondisi dan permukaan jalan kota"),
    ],
)
def test_a_slip_of_the_pen_is_alike(one, other):
    assert similarity(title_of(one, PLACES), title_of(other, PLACES)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jumlah pasar", "Jumlah sekolah"),
        ("Jumlah penduduk usia 0-5 tahun", "Jumlah penduduk usia 6-12 tahun"),
        ("Jumlah guru", "Persentase guru bersertifikat"),
        ("Jumlah penduduk laki-laki", "Jumlah penduduk perempuan"),
        ("Produksi padi", "Luas panen padi"),
        ("Jumlah sekolah dasar negeri", "Jumlah sekolah dasar swasta"),
        ("Produksi ikan", "Produksi iklan"),
        ("Jumlah SD", "Jumlah SMP"),
    ],
)
def test_other_figures_are_not_alike(one, other):
    assert similarity(title_of(one, PLACES), title_of(other, PLACES)) < ALIKE


@given(any_text, any_text)
def test_likeness_is_between_0_and_1_and_the_same_both_ways(one, other):
    first, second = title_of(one, PLACES), title_of(other, PLACES)
    score = similarity(first, second)
    assert 0 <= score <= 1
    assert score == similarity(second, first)
    assert (score == 1) == (first.words == second.words)


@given(titles, st.permutations(["tahun 2024", "di Kota Serang", "menurut", "Jumlah"]))
def test_places_periods_and_joining_words_make_no_difference(title, dress):
    dressed = f"{dress[0]} {title.upper()}, {dress[1]} {dress[2]}"
    assert similarity(title_of(title, PLACES), title_of(dressed, PLACES)) == 1


@given(st.lists(titles, max_size=25), titles)
def test_the_index_finds_what_comparing_with_each_finds(known, asked):
    title = title_of(asked)
    index = TitleIndex((number, title_of(one)) for number, one in enumerate(known))
    expected = {
        number for number, one in enumerate(known)
        if title_of(one).words & title.words and similarity(title_of(one), title) >= ALIKE
    }  # fmt: skip
    found = index.like(title)
    assert {match.key for match in found} == expected
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


def test_a_title_of_nothing_but_common_words_keeps_them():
    assert title_of("Jumlah").words == {"jumlah"}
    assert similarity(title_of("Jumlah"), title_of("Jumlah")) == 1
    assert title_of("").words == frozenset()


def test_a_whole_plan_is_compared_quickly():
    """2,600 titles of few words, so that each meets many others."""
    things = [f"{one} {two} {three}" for one in WORDS for two in WORDS for three in string.ascii_lowercase[:26]]
    index = TitleIndex((number, title_of(text)) for number, text in enumerate(things))
    started = time.monotonic()
    for text in things[:100]:
        index.like(title_of(text))
    assert time.monotonic() - started < 10
