"""Reminders: which step a cell is at on a day, who is told of it, and how the lines of one person become one letter.

A step is a day counted from the deadline: -14 is a fortnight before it, 0 the day itself, 7 a week after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

#: A step that nobody ran on its day is made up for on one of the days after it; later it would only confuse.
CATCH_UP_DAYS = 7
#: Steps further away than this are a slip of the pen.
_MOST_DAYS = 366
_STEP = re.compile(r"([+-]?\d{1,4}):([a-z,]+)")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+\.[^\s@.]+")
_MOST_ADDRESS = 254


class Audience(str, Enum):
    """Who is told at a step: the people of the OPD, its head, the Walidata, the Sekretaris Daerah."""

    OPD = "opd"
    KEPALA = "kepala"
    WALIDATA = "walidata"
    SEKDA = "sekda"


@dataclass(frozen=True, order=True)
class Step:
    """`day`: days after the deadline; `audiences`: who is told then."""

    day: int
    audiences: tuple[Audience, ...]


@dataclass(frozen=True)
class Person:
    """Who a letter goes to. Two accounts with the same address are one person."""

    address: str
    name: str

    @property
    def key(self) -> str:
        """The address as it is compared."""
        return self.address.casefold()


@dataclass(frozen=True)
class Owed:
    """One cell that is still owed. `state` is a word of `core.cells.State`, `deadline` its day in WIB."""

    entry_id: str
    kode: str
    judul: str
    period: str
    opd_id: str
    opd_name: str
    opd_title: str
    deadline: date
    state: str


@dataclass(frozen=True)
class Line:
    """One cell as it is told to one audience at one step."""

    step: int
    audience: Audience
    owed: Owed


@dataclass(frozen=True)
class Difference:
    """Published figures that ought to be the same and are not, as a letter tells them to the people of both sides.

    `left` and `right` say whose figure it is, and the figure; `apart` by how much they differ.
    """

    conflict_id: str
    opened_at: datetime
    opd_ids: frozenset[str]
    what: str
    left: str
    right: str
    apart: str
    address: str


@dataclass(frozen=True)
class Digest:
    """Everything that one person is told in one run."""

    person: Person
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...] = ()


#: The people of an audience: of one OPD (`opd`, `kepala`), or under the empty id for the whole city.
Recipients = Mapping[tuple[Audience, str], Sequence[Person]]


def parse_steps(text: str) -> tuple[Step, ...]:
    """Read steps such as "-3:opd 7:kepala 14:walidata,sekda", earliest first.

    Raises ValueError with an Indonesian sentence that names the word that cannot be read.
    """
    found: dict[int, tuple[Audience, ...]] = {}
    for word in text.split():
        match = _STEP.fullmatch(word)
        names = match[2].split(",") if match else []
        known = {audience.value: audience for audience in Audience}
        if match is None or not all(name in known for name in names) or abs(int(match[1])) > _MOST_DAYS:
            message = f"Langkah pengingat “{word}” tidak dikenal. Tulis misalnya -3:opd atau 14:walidata,sekda."
            raise ValueError(message)
        day = int(match[1])
        if day in found:
            message = f"Langkah pengingat hari ke-{day} ditulis dua kali. Gabungkan penerimanya dengan koma."
            raise ValueError(message)
        found[day] = tuple(dict.fromkeys(known[name] for name in names))
    return tuple(Step(day, audiences) for day, audiences in sorted(found.items()))


def step_on(today: date, deadline: date, steps: Sequence[Step]) -> Step | None:
    """The step a cell with this deadline is at on a day: the last one reached, while it can still be made up for."""
    late = (today - deadline).days
    reached = [step for step in steps if step.day <= late]
    if not reached:
        return None
    newest = max(reached)
    return newest if late - newest.day < CATCH_UP_DAYS else None


def deadlines_of_interest(today: date, steps: Sequence[Step]) -> tuple[date, date] | None:
    """First and last deadline, both included, of cells that can be at any step on a day; None without steps."""
    if not steps:
        return None
    days = [step.day for step in steps]
    return today - timedelta(days=max(days) + CATCH_UP_DAYS - 1), today - timedelta(days=min(days))


def audience_of(person_of: Recipients, audience: Audience, opd_id: str) -> Sequence[Person]:
    """The people of an audience for one OPD. Where an OPD names no head, its own people are told in their place."""
    if audience in (Audience.WALIDATA, Audience.SEKDA):
        return person_of.get((audience, ""), ())
    people = person_of.get((audience, opd_id), ())
    return people if people or audience is Audience.OPD else person_of.get((Audience.OPD, opd_id), ())


def digests(
    today: date,
    owed: Iterable[Owed],
    steps: Sequence[Step],
    recipients: Recipients,
    told: frozenset[tuple[int, str, str, str]] = frozenset(),
) -> list[Digest]:
    """One digest per person with everything they are to be told on a day, ordered by address.

    :param told: what was told before, ``(step, entry_id, period, address in lower case)``: never again.
    """
    people: dict[str, Person] = {}
    lines: dict[str, dict[tuple[int, str, str], Line]] = {}
    for one in owed:
        step = step_on(today, one.deadline, steps)
        for audience in step.audiences if step else ():
            for person in audience_of(recipients, audience, one.opd_id):
                if step is None or (step.day, one.entry_id, one.period, person.key) in told:
                    continue
                people.setdefault(person.key, person)
                # Who is named twice, as staff and as head, is told once.
                key = (step.day, one.entry_id, one.period)
                lines.setdefault(person.key, {}).setdefault(key, Line(step.day, audience, one))
    return [Digest(people[key], in_order(lines[key].values())) for key in sorted(lines)]


def with_differences(
    found: Iterable[Digest],
    differences: Sequence[Difference],
    recipients: Recipients,
    told: frozenset[tuple[object, ...]] = frozenset(),
) -> list[Digest]:
    """The digests of a day with the differences of each person's OPDs, ordered by address.

    Who gets a letter is told all of them; for one that was not told before a letter is written.

    :param told: what letters were written for, ``(conflict_id, opened_at, address in lower case)``
    """
    digest_of = {digest.person.key: digest for digest in found}
    own: dict[str, dict[str, Difference]] = {}
    people: dict[str, Person] = {}
    for one in differences:
        for person in (person for opd in sorted(one.opd_ids) for person in recipients.get((Audience.OPD, opd), ())):
            people.setdefault(person.key, person)
            own.setdefault(person.key, {})[one.conflict_id] = one
    for key, mine in own.items():
        if key in digest_of or any((one.conflict_id, one.opened_at, key) not in told for one in mine.values()):
            digest_of[key] = replace(digest_of.get(key, Digest(people[key], ())), differences=tuple(mine.values()))
    return [digest_of[key] for key in sorted(digest_of)]


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines as they are read: latest first, then by OPD and title."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (line.owed.deadline, line.owed.opd_title, line.owed.judul, line.owed.period, line.step),
        )
    )


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address, with nothing in it that could start another header."""
    return len(text) <= _MOST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def next_attempt(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 15 minutes, then four times as long each time, at most a day."""
    return min(timedelta(minutes=15) * 4 ** max(0, attempts - 1), timedelta(days=1))
