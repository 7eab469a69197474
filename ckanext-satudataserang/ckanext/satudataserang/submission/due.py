"""What is due: which periods an entry has, under which terms, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.core import deadlines, periods
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.periods import Frequency, Period, PeriodError
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.plan.sql import EXPECTED_BEFORE, TERMS
from ckanext.satudataserang.submission.model import Exemption, Extension

_IN_FORCE = ("berlaku", "berakhir")
_SPAN_YEARS = 5


@dataclass(frozen=True)
class Terms:
    """What an entry is bound to on the last day of a period; see `plan.sql.TERMS`."""

    opd_id: str
    frequency: Frequency
    deadline_days: int
    grace_days: int
    kelas: str
    dari: date
    sampai: date | None
    anchor: date


@dataclass(frozen=True)
class Due:
    """One cell: an entry, one of its periods, and the terms of that period.

    `deadline` and `grace` are the moments that hold, an extension included.
    """

    entry: PlanEntry
    period: Period
    terms: Terms
    deadline: datetime
    grace: datetime
    extension: Extension | None

    @property
    def prioritas(self) -> bool:
        """Whether the entry is Data Prioritas in the period's year."""
        return self.period.end.year in (self.entry.prioritas or ())

    @cached_property
    def expected_values(self) -> int | None:
        """The number of compulsory values that was agreed on the period's last day, None where none was."""
        return Agreed(self.entry).on(self.period.end)

    @property
    def is_confirmation(self) -> bool:
        """Whether the period asks for nothing but the word that static data still hold."""
        return is_confirmation(self.period.key)


class Agreed:
    """How many compulsory values a period of an entry was agreed to have, for many periods by one question."""

    def __init__(self, entry: PlanEntry) -> None:
        self._now = entry.expected_values
        self._before = model.Session.execute(
            sa.text(f"SELECT until, expected_values FROM ({EXPECTED_BEFORE}) b WHERE entry_id = :id ORDER BY until"),  # noqa: S608
            {"id": entry.id},
        ).all()

    def on(self, day: date) -> int | None:
        """The number of a period with this last day, None where none was agreed."""
        return next((values for until, values in self._before if day < until), self._now)

    def of(self, key: str) -> int | None:
        """The number of the period with this key; of one without a last day (`statis`) the number of today."""
        try:
            return self.on(periods.parse_period(key).end)
        except PeriodError:
            return self._now


def is_confirmation(key: str) -> bool:
    """Whether a period key is one of the yearly confirmations of static data (`statis-2026`)."""
    return key.startswith(f"{periods.STATIC_KEY}-")


def today() -> date:
    """The date in Asia/Jakarta."""
    return datetime.now(WIB).date()


def entry_of(ref: object) -> PlanEntry:
    """The entry with this kode or id. Raises ObjectNotFound."""
    text = str(ref or "").replace("\0", "").strip()
    entry = (PlanEntry.by_kode(text) or model.Session.get(PlanEntry, text)) if text else None
    if entry is None:
        message = tk._("Entri Daftar Data “{ref}” tidak ditemukan. Periksa kembali kodenya.")
        raise tk.ObjectNotFound(message.format(ref=text[:80]))
    return entry


def entry_for(context: Context, ref: object) -> PlanEntry:
    """The entry with this kode or id, where the caller may see it: what is only proposed is not public.

    Raises ObjectNotFound, in the words of a kode that nobody knows.
    """
    return entries.find(context, str(ref or "").strip())


def due_of(entry: PlanEntry, key: object, *, future: bool = False) -> Due:
    """One cell of an entry. Raises ValidationError (field `period`) with a sentence that says why there is none.

    :param future: also periods that have not begun yet
    """
    text = str(key or "").replace("\0", "").strip()
    if entry.state not in _IN_FORCE:
        message = tk._("Entri {kode} belum berlaku, jadi belum ada yang perlu dikirim. Tunggu penetapan Walidata.")
        raise _no(message, entry)
    spans = terms_of(entry)
    if not spans:
        raise _no(tk._("Entri {kode} tidak memiliki OPD yang masih berlaku. Hubungi Walidata."), entry)
    period, terms = _find(entry, spans, text)
    if period.start > today() and not future:
        message = tk._("Periode {period} belum dimulai (mulai {start}). Data dikirim setelah periodenya berjalan.")
        raise _no(message, entry, period=period.key, start=period.start.strftime("%d-%m-%Y"))
    extension = extension_of(entry.id, period.key)
    bound = deadlines.deadline(period.end, terms.deadline_days, terms.grace_days, holidays())
    if extension is not None:
        bound = deadlines.extended(bound, extension.until, terms.grace_days)
    return Due(entry, period, terms, bound.due, bound.grace, extension)


def terms_of(entry: PlanEntry) -> list[Terms]:
    """The spans of an entry's terms, oldest first."""
    rows = model.Session.execute(
        sa.text(
            f"SELECT opd_id, frequency, deadline_days, grace_days, kelas, dari, sampai, anchor FROM ({TERMS}) t "  # noqa: S608
            "WHERE entry_id = :id ORDER BY dari"
        ),
        {"id": entry.id},
    )
    return [Terms(row[0], Frequency(row[1]), *row[2:]) for row in rows]


def extension_of(entry_id: str, period: str) -> Extension | None:
    """The extension in force for a cell."""
    return model.Session.scalar(
        sa.select(Extension).where(
            Extension.entry_id == entry_id, Extension.period == period, Extension.revoked_at.is_(None)
        )
    )


def exemption_of(entry_id: str, period: Period) -> Exemption | None:
    """The approved exemption that excuses a period."""
    return model.Session.scalar(
        sa.select(Exemption).where(
            Exemption.entry_id == entry_id,
            Exemption.state == "disetujui",
            Exemption.berlaku_dari <= period.end,
            Exemption.berlaku_sampai >= period.end,
        )
    )


def periods_of(entry: PlanEntry, until: date | None = None) -> list[Period]:
    """The periods of an entry that began by `until` (today), oldest first."""
    last = until or today()
    found: dict[str, Period] = {}
    for terms in terms_of(entry):
        for period in _periods(terms, last):
            if period.start <= last and _within(terms, period):
                found[period.key] = period
    return sorted(found.values())


def now() -> datetime:
    """The present moment."""
    return datetime.now(timezone.utc)


def _find(entry: PlanEntry, spans: list[Terms], text: str) -> tuple[Period, Terms]:
    if text.lower().startswith(periods.STATIC_KEY):
        return _find_static(entry, spans, text.lower())
    try:
        period = periods.parse_period(text)
    except PeriodError as problem:
        raise tk.ValidationError({"period": [str(problem)]}) from None
    terms = next((each for each in spans if _within(each, period)), None)
    if terms is None:
        if period.end < spans[0].dari:
            message = tk._("Periode {period} berakhir sebelum entri {kode} berlaku ({start}).")
            raise _no(message, entry, period=period.key, start=spans[0].dari.strftime("%d-%m-%Y"))
        message = tk._("Periode {period} berakhir setelah entri {kode} tidak berlaku lagi ({end}).")
        end = spans[-1].sampai
        raise _no(message, entry, period=period.key, end=end.strftime("%d-%m-%Y") if end else "")
    if terms.frequency is Frequency.INSIDENTAL:
        return period, terms
    around = _periods(terms, period.end, since=period.start - timedelta(days=366))
    if period.key not in {each.key for each in around}:
        message = tk._("Entri {kode} berjadwal {frequency}; periode {period} tidak ada di dalamnya. Contoh: {example}.")
        examples = [each.key for each in around if each.end >= period.start] or [each.key for each in around[-1:]]
        raise _no(
            message,
            entry,
            frequency=terms.frequency.value.replace("_", " "),
            period=period.key,
            example=examples[0] if examples else "-",
        )
    return period, terms


def _find_static(entry: PlanEntry, spans: list[Terms], text: str) -> tuple[Period, Terms]:
    for terms in spans:
        if terms.frequency is not Frequency.STATIS:
            continue
        for period in _periods(terms, date(today().year + 1, 12, 31)):
            if period.key == text and (text == periods.STATIC_KEY or _within(terms, period)):
                return period, terms
    if any(terms.frequency is Frequency.STATIS for terms in spans):
        raise _no(tk._("Periode “{period}” tidak ada pada entri statis {kode}."), entry, period=text[:40])
    raise _no(tk._("Entri {kode} bukan data statis; sebutkan periodenya, misalnya 2025 atau 2025-Q3."), entry)


def _periods(terms: Terms, last: date, *, since: date | None = None) -> list[Period]:
    """The periods of these terms around `last`, also such as end a little later.

    :param since: where only those that end after this day are wanted: a day far away costs no more than today
    """
    anchored = terms.frequency in periods.ANCHORED
    first = terms.anchor if anchored else terms.dari if since is None else max(terms.dari, since)
    until = last + timedelta(days=366 * (_SPAN_YEARS if anchored else 1))
    if terms.frequency in (Frequency.HARIAN, Frequency.MINGGUAN):
        until = last + timedelta(days=7)
    if terms.sampai is not None:
        until = min(until, terms.sampai)
    return periods.periods_between(terms.frequency, first, until)


def _within(terms: Terms, period: Period) -> bool:
    return terms.dari <= period.end and (terms.sampai is None or period.end <= terms.sampai)


def _no(message: str, entry: PlanEntry, **values: str) -> tk.ValidationError:
    return tk.ValidationError({"period": [message.format(kode=entry.kode, **values)]})
