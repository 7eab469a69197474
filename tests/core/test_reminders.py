"""Reminders: steps of a cell, one digest per person, and texts that hostile titles cannot bend."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core import reminder_texts as texts
from ckanext.satudataserang.core.reminders import (
    CATCH_UP_DAYS,
    Audience,
    Difference,
    Owed,
    Person,
    deadlines_of_interest,
    digests,
    is_address,
    next_attempt,
    parse_steps,
    step_on,
    with_differences,
)

STEPS = parse_steps("-14:opd -3:opd 0:opd 7:kepala 14:walidata,sekda")
TODAY = date(2026, 11, 21)
ANI, BUDI = Person("ani@contoh.go.id", "Ani"), Person("Budi@Contoh.go.id", "Budi")
HEAD, WALIDATA, SEKDA = Person("kepala@x.id", "Kepala"), Person("w@x.id", "Walidata"), Person("s@x.id", "Sekda")
RECIPIENTS = {
    (Audience.OPD, "a"): [ANI, BUDI],
    (Audience.OPD, "b"): [BUDI],
    (Audience.KEPALA, "a"): [HEAD],
    (Audience.WALIDATA, ""): [WALIDATA],
    (Audience.SEKDA, ""): [SEKDA],
}


def owed(days, opd="a", kode="K1", **changes):
    """A cell whose deadline lies so many days from today."""
    facts = {
        "entry_id": f"{opd}-{kode}",
        "kode": kode,
        "judul": f"Data {kode}",
        "period": "2026-Q3",
        "opd_id": opd,
        "opd_name": opd,
        "opd_title": f"Dinas {opd.upper()}",
        "deadline": TODAY + timedelta(days=days),
        "state": "segera_jatuh_tempo" if days >= 0 else "terlewat",
        **changes,
    }
    return Owed(**facts)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (15, None),
        (14, -14),
        (8, -14),
        (7, None),
        (4, None),
        (3, -3),
        (1, -3),
        (0, 0),
        (-6, 0),
        (-7, 7),
        (-13, 7),
        (-14, 14),
        (-20, 14),
        (-21, None),
        (-3000, None),
    ],
)
def test_the_step_of_a_deadline_so_many_days_ahead(days, step):
    found = step_on(TODAY, TODAY + timedelta(days=days), STEPS)
    assert (found.day if found else None) == step


@given(st.integers(-400, 400), st.lists(st.integers(-60, 60), unique=True, max_size=6))
def test_only_deadlines_of_interest_have_a_step(days, chosen):
    steps = parse_steps(" ".join(f"{day}:opd" for day in chosen))
    deadline = TODAY + timedelta(days=days)
    span = deadlines_of_interest(TODAY, steps)
    step = step_on(TODAY, deadline, steps)
    if step:
        assert span
        assert span[0] <= deadline <= span[1]
        assert 0 <= (TODAY - deadline).days - step.day < CATCH_UP_DAYS


@given(st.integers(-30, 30))
def test_a_step_is_never_passed_over_when_a_run_is_made_every_day(start):
    """From any first day on, every later step of the list comes on exactly its day."""
    deadline = TODAY
    for day in range(start, 31):
        for step in STEPS:
            if step.day == day:
                assert step_on(deadline + timedelta(days=day), deadline, STEPS) == step


@pytest.mark.parametrize("text", ["7", "7:", "tujuh:opd", "7:camat", "7:opd 7:kepala", "9999:opd", "7:opd,,sekda"])
def test_steps_that_cannot_be_read_are_named(text):
    with pytest.raises(ValueError, match="Langkah pengingat"):
        parse_steps(text)


def test_one_digest_per_person_with_all_their_lines():
    found = digests(TODAY, [owed(14), owed(3, kode="K2"), owed(0, opd="b")], STEPS, RECIPIENTS)
    assert {digest.person: [line.owed.kode for line in digest.lines] for digest in found} == {
        ANI: ["K2", "K1"],
        BUDI: ["K1", "K2", "K1"],
    }


def test_who_is_told_at_which_step():
    def told(days, opd="a"):
        return {digest.person.name for digest in digests(TODAY, [owed(days, opd)], STEPS, RECIPIENTS)}

    assert told(14) == told(3) == told(0) == {"Ani", "Budi"}
    assert told(-7) == {"Kepala"}
    assert told(-7, "b") == {"Budi"}, "no head on record: the OPD's own people"
    assert told(-14) == {"Walidata", "Sekda"}
    assert told(-21) == told(15) == set()


def test_what_was_told_is_never_told_again():
    first = digests(TODAY, [owed(3), owed(0, kode="K2")], STEPS, RECIPIENTS)
    told = frozenset(
        (line.step, line.owed.entry_id, line.owed.period, digest.person.key)
        for digest in first
        for line in digest.lines
    )
    assert digests(TODAY, [owed(3), owed(0, kode="K2")], STEPS, RECIPIENTS, told) == []
    later = digests(TODAY, [owed(3), owed(-7, kode="K2")], STEPS, RECIPIENTS, told)
    assert [(digest.person, [line.step for line in digest.lines]) for digest in later] == [(HEAD, [7])]


def test_two_accounts_with_one_address_are_one_person():
    people = {(Audience.OPD, "a"): [BUDI, Person("budi@contoh.go.id", "Budi lagi")]}
    (found,) = digests(TODAY, [owed(0)], STEPS, people)
    assert len(found.lines) == 1


def frame(**changes):
    facts = {
        "today": TODAY,
        "address": lambda line: f"https://x.id/kirim/{line.owed.kode}/{quote(line.owed.period)}",
        "home": "https://x.id/tugas",
        "signature": "Walidata",
        "others": {},
        **changes,
    }
    return texts.Frame(**facts)


def test_a_letter_names_every_cell_with_its_link():
    (found,) = digests(TODAY, [owed(0), owed(3, kode="K2")], STEPS, {(Audience.OPD, "a"): [ANI]})
    letter = texts.compose(found, frame(others={"a": 4, "b": 9}))
    assert letter.subject == "Pengingat: 2 data Dinas A ditunggu"
    for part in (letter.text, letter.html):
        for said in (
            "Data K1, triwulan III 2026",
            "Data K2",
            "https://x.id/kirim/K2/2026-Q3",
            "Yth. Ani",
            "4 data lain",
        ):
            assert said in part
    assert letter.text.index("JATUH TEMPO HARI INI") < letter.text.index("SEGERA JATUH TEMPO")


def test_a_report_to_the_overseers_counts_opds():
    lines = [owed(-14), owed(-15, opd="b")]
    found = next(one for one in digests(TODAY, lines, STEPS, RECIPIENTS) if one.person == SEKDA)
    letter = texts.compose(found, frame())
    assert letter.subject == "Laporan Satu Data: 2 data dari 2 OPD lewat tenggat"
    assert "nihil" not in letter.text


SINCE = datetime(2026, 11, 20, tzinfo=timezone.utc)


def unequal(number=1, **changes):
    facts = {
        "conflict_id": f"k{number}",
        "opened_at": SINCE,
        "opd_ids": frozenset({"a", "b"}),
        "what": f"Penduduk, tahun 2025, Kecamatan {number}",
        "left": "Dinas A: 10 jiwa (Data A)",
        "right": "Dinas B: 12 jiwa (Data B)",
        "apart": "2 jiwa",
        "address": f"https://x.id/kesamaan/k{number}",
        **changes,
    }
    return Difference(**facts)


def test_a_difference_goes_to_the_people_of_both_sides_with_what_they_owe():
    cells = digests(TODAY, [owed(0), owed(-7), owed(-14)], STEPS, RECIPIENTS)
    found = {one.person: one for one in with_differences(cells, [unequal()], RECIPIENTS)}
    assert {person: len(one.differences) for person, one in found.items()} == {
        ANI: 1,
        BUDI: 1,
        HEAD: 0,
        WALIDATA: 0,
        SEKDA: 0,
    }
    assert [line.owed.kode for line in found[ANI].lines] == ["K1"]
    letter = texts.compose(found[ANI], frame())
    for part in (letter.text, letter.html):
        for said in (
            "Dinas A: 10 jiwa (Data A); Dinas B: 12 jiwa (Data B); selisih 2 jiwa.",
            "kesamaan/k1",
            "Kecamatan 1",
        ):
            assert said in part
    assert "berbeda" not in texts.compose(found[HEAD], frame()).text


def test_a_difference_alone_is_a_letter_once():
    (found,) = with_differences([], [unequal(opd_ids=frozenset("b"))], RECIPIENTS)
    assert (found.person, found.lines) == (BUDI, ())
    letter = texts.compose(found, frame())
    assert letter.subject == "Pengingat: 1 angka berbeda dengan data lain"
    assert "https://x.id/kesamaan/k1" in letter.text
    assert not any(word in letter.text for word in ("nihil", "tenggat", "lewat"))
    told = frozenset({("k1", SINCE, BUDI.key), ("k1", SINCE, ANI.key)})
    assert with_differences([], [unequal()], RECIPIENTS, told) == []
    again = with_differences([], [unequal(opened_at=SINCE + timedelta(days=1))], RECIPIENTS, told)
    assert [one.person for one in again] == [ANI, BUDI]
    # Who gets a letter anyway is reminded of what is still open.
    cells = digests(TODAY, [owed(0)], STEPS, RECIPIENTS)
    assert [len(one.differences) for one in with_differences(cells, [unequal()], RECIPIENTS, told)] == [1, 1]


def test_many_differences_are_counted():
    (found,) = with_differences([], [unequal(n, opd_ids=frozenset("b")) for n in range(14)], RECIPIENTS)
    letter = texts.compose(found, frame())
    assert letter.text.count("Periksa: https") == 10
    assert "Masih ada 4 angka lain yang berbeda" in letter.text


HOSTILE = "Judul\r\nBcc: musuh@x.id\n\n<script>alert(1)</script>\u2028\u202e\x00"


def test_hostile_titles_stay_on_one_line_and_are_escaped():
    lines = [owed(0, judul=HOSTILE, opd_title=HOSTILE, period="2026\r\nX: y")]
    (found,) = digests(TODAY, lines, STEPS, {(Audience.OPD, "a"): [Person("a@x.id", HOSTILE)]})
    (found,) = with_differences([found], [unequal(what=HOSTILE, left=HOSTILE)], {(Audience.OPD, "a"): [found.person]})
    letter = texts.compose(found, frame(signature=HOSTILE))
    assert letter.subject.isprintable()
    assert not any(line.startswith(("Bcc:", "X:")) for line in letter.text.splitlines())
    assert "<script" not in letter.html
    assert "\u202e" not in letter.text + letter.html


@given(st.text(max_size=400), st.integers(1, 200))
def test_one_line_is_one_printable_line(text, longest):
    line = texts.one_line(text, longest)
    assert len(line) <= longest
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@b.id", True),
        ("kepala.dinas+x@serangkota.go.id", True),
        ("a@b.id\nBcc: c@d.id", False),
        ("A <a@b.id>", False),
        ("a@b.id,c@d.id", False),
        ("a@b", False),
        ("", False),
        ("a" * 250 + "@b.id", False),
    ],
)
def test_addresses(text, good):
    assert is_address(text) is good


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("2026", "tahun 2026"),
        ("2026-S2", "semester II 2026"),
        ("2026-Q3", "triwulan III 2026"),
        ("2026-07", "Juli 2026"),
        ("2026-W05", "minggu 5 2026"),
        ("2026-07-21", "21 Juli 2026"),
        ("2021-2025", "tahun 2021–2025"),
        ("statis", "data tetap"),
        ("statis-2026", "kepastian tahun 2026"),
        ("entah", "entah"),
    ],
)
def test_periods_in_words(key, said):
    assert texts.period_name(key) == said


def test_attempts_wait_longer_each_time_but_never_over_a_day():
    waits = [next_attempt(n) for n in range(1, 9)]
    assert waits[0] == timedelta(minutes=15)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)


def test_messenger_text_is_short_and_says_what_to_do():
    lines = [(f"Data {n}", "2026-10", TODAY - timedelta(days=n)) for n in range(1, 15)]
    text = texts.messenger("Dinas A", lines, TODAY, "https://x.id/tugas", "Walidata")
    assert "14 data" in text
    assert "dan 4 data lain" in text
    assert "https://x.id/tugas" in text
    assert "tidak ada data yang ditunggu" in texts.messenger("Dinas A", [], TODAY, "https://x.id/tugas", "Walidata")
