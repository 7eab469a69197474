"""The texts of reminders: subject, plain text and HTML of a digest, and a short text for a messenger. Plain Indonesian.

They are letters, not pages: written in one language whoever's job writes them. Titles and names come from people, so
each is brought to one line before it stands in a text or a header, and is escaped in HTML.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from .periods import PeriodError, parse_period
from .reminders import Audience, Difference, Digest, Line

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_ROMAN = ("I", "II", "III", "IV")
_LONGEST_SUBJECT = 150
_LONGEST_TITLE = 200
#: More lines than these make a letter nobody reads; the rest is counted and stands behind the link.
MOST_LINES = 40
MOST_DIFFERENCES = 10
_MESSENGER_LINES = 10
_MONTH_KEY, _DAY_KEY = 7, 10
_OVERSEERS = (Audience.WALIDATA, Audience.SEKDA)
_WHERE_TO_MEND = ("dikembalikan", "tidak_valid")


@dataclass(frozen=True)
class Letter:
    """A digest as it is sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Frame:
    """What a digest needs beside its lines.

    `address` gives the absolute address behind a line, `home` is the page with everything, `others` the number of
    further late cells by OPD that the digest does not name.
    """

    today: date
    address: Callable[[Line], str]
    home: str
    signature: str
    others: Mapping[str, int]


@dataclass(frozen=True)
class _Item:
    """One thing of a letter: what it is, what is said of it, and the button behind which it is done."""

    what: str
    about: str
    button: str
    address: str


_UNEQUAL = "Angka yang berbeda dengan data lain"


def one_line(text: str, longest: int = _LONGEST_TITLE) -> str:
    """A text on one line without control or direction characters, cut with an ellipsis where it is too long."""
    visible = (" " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign for sign in text)
    line = " ".join("".join(visible).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def day_name(day: date) -> str:
    """A day: 21 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def period_name(key: str) -> str:
    """A period: "tahun 2026", "triwulan III 2026", "Juli 2026"; a key that names none is given back."""
    if key.startswith("statis"):
        return f"kepastian tahun {one_line(key[7:])}" if key.startswith("statis-") else "data tetap"
    try:
        start = parse_period(key).start
    except PeriodError:
        return one_line(key)
    if len(key) == _MONTH_KEY and key[5] in "QS":
        return f"{'triwulan' if key[5] == 'Q' else 'semester'} {_ROMAN[int(key[6]) - 1]} {key[:4]}"
    if "W" in key:
        return f"minggu {int(key[-2:])} {key[:4]}"
    month = f"{_MONTHS[start.month - 1]} {start.year}"
    return {_MONTH_KEY: month, _DAY_KEY: day_name(start)}.get(len(key), f"tahun {key.replace('-', '–')}")


def due_words(deadline: date, today: date) -> str:
    """When something is or was due, seen from today."""
    late = (today - deadline).days
    if late > 0:
        return f"tenggat {day_name(deadline)}, lewat {late} hari"
    if late == 0:
        return "tenggat hari ini pukul 23.59 WIB"
    return f"tenggat {day_name(deadline)}, {-late} hari lagi"


def compose(digest: Digest, frame: Frame) -> Letter:
    """The digest as a letter."""
    shown = digest.lines[:MOST_LINES]
    opening = [f"Yth. {one_line(digest.person.name)},", _opening(digest, frame.today)]
    closing = _closing(digest, len(digest.lines) - len(shown), frame)
    sections = [
        (head, [_Item(*_about(line, frame.today), _button(line), frame.address(line)) for line in lines])
        for head, lines in _sections(shown, frame.today)
    ]
    if digest.differences:
        sections.append((_UNEQUAL, [_unequal(one) for one in digest.differences[:MOST_DIFFERENCES]]))
    return Letter(
        subject=subject(digest, frame.today),
        text=_plain(opening, sections, closing, frame),
        html=_html(opening, sections, closing, frame),
    )


def _unequal(one: Difference) -> _Item:
    figures = f"{one_line(one.left)}; {one_line(one.right)}; selisih {one_line(one.apart)}."
    return _Item(one_line(one.what), figures, "Periksa", one.address)


def subject(digest: Digest, today: date) -> str:
    """The subject: how many, whose, and whether it is late."""
    late = sum(line.owed.deadline < today for line in digest.lines)
    if not digest.lines:
        return f"Pengingat: {len(digest.differences)} angka berbeda dengan data lain"
    if _oversees(digest):
        return one_line(f"Laporan Satu Data: {late} data {_whose(digest)} lewat tenggat", _LONGEST_SUBJECT)
    count = len(digest.lines)
    if count == 1:
        owed = digest.lines[0].owed
        when = due_words(owed.deadline, today).split(",")[0]
        return one_line(f"Pengingat: {one_line(owed.judul, 60)}, {period_name(owed.period)} ({when})", _LONGEST_SUBJECT)
    lateness = f", {late} lewat tenggat" if late else ""
    return one_line(f"Pengingat: {count} data {_whose(digest)} ditunggu{lateness}", _LONGEST_SUBJECT)


def messenger(
    opd: str,
    lines: Sequence[tuple[str, str, date]],
    today: date,
    home: str,
    signature: str,
    *,
    total: int | None = None,
) -> str:
    """A short text to paste into a messenger: what is still awaited of one OPD.

    :param lines: title, period key and deadline of each cell, in the order in which they are to be named.
    :param total: how many cells there are where `lines` are not all of them.
    """
    count = len(lines) if total is None else total
    if not lines:
        return (
            f"Yth. Bapak/Ibu {one_line(opd)}, tidak ada data yang ditunggu saat ini. "
            f"Terima kasih sudah tepat waktu.\n{one_line(signature)}"
        )
    shown = [
        f"{number}. {one_line(title)} ({period_name(period)}), {due_words(deadline, today)}"
        for number, (title, period, deadline) in enumerate(lines[:_MESSENGER_LINES], start=1)
    ]
    more = count - len(shown)
    if more:
        shown.append(f"… dan {more} data lain.")
    return "\n".join(
        (
            f"Yth. Bapak/Ibu {one_line(opd)}, masih ada {count} data yang kami tunggu:",
            *shown,
            f"Mohon diisi lewat {home}",
            "Bila memang tidak ada datanya, cukup nyatakan nihil di sana. Bila ada kendala, kabari kami. Terima kasih.",
            one_line(signature),
        )
    )


def _oversees(digest: Digest) -> bool:
    return bool(digest.lines) and all(line.audience in _OVERSEERS for line in digest.lines)


def _whose(digest: Digest) -> str:
    opds = {line.owed.opd_id: line.owed.opd_title for line in digest.lines}
    return one_line(next(iter(opds.values())), 70) if len(opds) == 1 else f"dari {len(opds)} OPD"


def _opening(digest: Digest, today: date) -> str:
    count, whose = len(digest.lines), _whose(digest)
    if not digest.lines:
        return (
            "Ada angka OPD Anda yang berbeda dengan angka data lain, padahal seharusnya sama. "
            "Periksa angkanya; bila keduanya benar, tulis penjelasannya:"
        )
    if _oversees(digest):
        return f"{count} data {whose} sudah lama lewat tenggat dan belum kami terima. Rinciannya:"
    if any(line.audience is Audience.KEPALA for line in digest.lines):
        return (
            f"{count} data {whose} belum kami terima padahal tenggatnya sudah lewat. "
            "Mohon bantuan Bapak/Ibu agar segera dikirim:"
        )
    late = sum(line.owed.deadline < today for line in digest.lines)
    if late == count:
        return f"{count} data {whose} belum kami terima. Masih dapat dikirim sekarang:"
    return f"Ada {count} data {whose} yang kami tunggu. Tiap tautan langsung membuka isiannya:"


def _sections(lines: Sequence[Line], today: date) -> list[tuple[str, list[Line]]]:
    """Lines under headings: to be mended, late, today, still to come."""
    heads: dict[str, list[Line]] = {
        "Perlu diperbaiki": [],
        "Sudah lewat tenggat": [],
        "Jatuh tempo hari ini": [],
        "Segera jatuh tempo": [],
    }
    mend, late, now, soon = heads.values()
    for line in lines:
        if line.owed.state in _WHERE_TO_MEND:
            mend.append(line)
        else:
            (late if line.owed.deadline < today else now if line.owed.deadline == today else soon).append(line)
    return [(head, found) for head, found in heads.items() if found]


def _closing(digest: Digest, unnamed: int, frame: Frame) -> list[str]:
    others = unnamed + sum(frame.others.get(opd, 0) for opd in {line.owed.opd_id for line in digest.lines})
    said = [f"Selain itu masih ada {others} data lain yang terlambat."] if others else []
    unnamed_too = len(digest.differences) - MOST_DIFFERENCES
    if unnamed_too > 0:
        said.append(f"Masih ada {unnamed_too} angka lain yang berbeda; semuanya ada di halaman tugas Anda.")
    if digest.lines and not _oversees(digest):
        said.append("Bila memang tidak ada datanya, nyatakan nihil di halaman yang sama.")
        said.append("Bila datanya sudah dikirim, abaikan surat ini. Terima kasih.")
    return said


def _about(line: Line, today: date) -> tuple[str, str]:
    owed = line.owed
    what = f"{one_line(owed.judul)}, {period_name(owed.period)}"
    return what, f"{one_line(owed.opd_title)}; {due_words(owed.deadline, today)}."


def _button(line: Line) -> str:
    if line.audience in _OVERSEERS:
        return "Lihat"
    return "Perbaiki" if line.owed.state in _WHERE_TO_MEND else "Isi"


def _plain(
    opening: Sequence[str], sections: Sequence[tuple[str, list[_Item]]], closing: Sequence[str], frame: Frame
) -> str:
    parts = [opening[0], "", opening[1]]
    for head, items in sections:
        parts += ["", head.upper()]
        for item in items:
            parts += [f"- {item.what}", f"  {item.about}", f"  {item.button}: {item.address}"]
    parts += ["", *closing, f"Semuanya: {frame.home}", "", "Hormat kami,", one_line(frame.signature)]
    return "\n".join([*parts, "", "-- ", "Surat ini dikirim otomatis oleh portal Satu Data.", ""])


_LINK = "display:inline-block;padding:10px 16px;border-radius:6px;background:#0b5c6b;color:#ffffff;text-decoration:none"
_HTML_HEAD = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"></head>'
    '<body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#16232b">'
    '<div style="max-width:640px">'
)


def _html(
    opening: Sequence[str], sections: Sequence[tuple[str, list[_Item]]], closing: Sequence[str], frame: Frame
) -> str:
    parts = [_HTML_HEAD, *(f"<p>{escape(text)}</p>" for text in opening)]
    for head, items in sections:
        parts.append(f'<h2 style="font-size:18px;margin:24px 0 8px">{escape(head)}</h2>')
        parts += [
            f'<p style="margin:0 0 16px;padding:0 0 16px;border-bottom:1px solid #d5dde2"><strong>{escape(item.what)}'
            f'</strong><br>{escape(item.about)}<br><a style="{_LINK};margin-top:8px" '
            f'href="{escape(item.address)}">{escape(item.button)}</a></p>'
            for item in items
        ]
    parts += [f"<p>{escape(text)}</p>" for text in closing]
    parts += [
        f'<p><a href="{escape(frame.home)}">Lihat semuanya</a></p>',
        f"<p>Hormat kami,<br>{escape(one_line(frame.signature))}</p>",
        '<p style="color:#52646f">Surat ini dikirim otomatis oleh portal Satu Data.</p></div></body></html>',
    ]
    return "\n".join(parts)
