"""Columns of numbers that one pass over the file proves: each written as the database writes it, and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from ckanext.satudataserang.core.structures.model import Column
from ckanext.satudataserang.core.tables.kinds import full_match, literal
from ckanext.satudataserang.core.tables.values import MAX_DIGITS, POINT, Kind

from .digests import PLACES, WHOLE, number_sql
from .passes import Asked, Head, Holds
from .subject import Cells, Subject

_DIGITS = (10**MAX_DIGITS) - 1
#: A point in front of so many digits may be one between thousands.
_THOUSAND = 3
#: Numbers with so many digits behind their point that are a thousand where it is none.
_MAY_BE = "BETWEEN 1 AND 999.999"


class _Written(NamedTuple):
    """How many cells are `good` numbers, have a point, and are of a point and three digits that may be thousands."""

    good: int
    points: int = 0
    thousands: int = 0


#: Told when the pass is over; given how many cells are filled.
_Told = Callable[[int], _Written]


def numbers(subject: Subject, cells: Cells, agreed: Column, asked: Asked, head: Head) -> Holds:
    """Ask what tells whether a column's numbers are as agreed."""
    number, is_whole = number_of(cells), agreed.type == "integer"
    written = _whole(cells, asked) if is_whole else _fractions(subject, cells, agreed, asked, head)
    least, most = asked.add(f"min({number})"), asked.add(f"max({number})")
    zeros = asked.count(f"{number} = 0")

    def holds(filled: int) -> bool:
        found = written(filled)
        if found.good != filled:
            return False
        cells.zeros = zeros()
        # A single fraction that can be no thousand says how its column writes decimals.
        if 0 < found.thousands == found.points:
            return False
        cells.profile.kinds[Kind.AMBIGUOUS_POINT] = found.thousands
        return not filled or _inside(agreed, Decimal(str(least())), Decimal(str(most())))

    return holds


def number_of(cells: Cells) -> str:
    """The SQL of a proven column's numbers, exact."""
    return number_sql(cells.raw, cells.asked)


def _inside(agreed: Column, low: Decimal, high: Decimal) -> bool:
    if agreed.minimum is not None and low < agreed.minimum:
        return False
    if agreed.maximum is not None and high > agreed.maximum:
        return False
    return low >= -_DIGITS and high <= _DIGITS


def _whole(cells: Cells, asked: Asked) -> _Told:
    # Read and written again it is the same: no zero in front, no sign or space beside it.
    same = asked.count(_same(number_of(cells), cells.raw))
    return lambda _filled: _Written(same())


def _fractions(subject: Subject, cells: Cells, agreed: Column, asked: Asked, head: Head) -> _Told:
    x, number = cells.raw, number_of(cells)
    most = PLACES if agreed.decimals is None else min(agreed.decimals, PLACES)
    is_doubtful = most >= _THOUSAND and head.first(cells, Kind.AMBIGUOUS_POINT) is not None
    allowed = [n for n in range(1, most + 1) if n != _THOUSAND or is_doubtful]
    seen = head.places(cells)
    usual = min(seen, default=0)
    if len(seen) > 1 or usual not in (0, *allowed):
        return _matched(cells, allowed, asked, is_doubtful=is_doubtful)
    # Where all have the same number of places, to write them again is quicker than to match a pattern.
    same = asked.count(_same(f"CAST({number} AS DECIMAL(18, {usual}))", x))
    may_be = asked.count(f"abs({number}) {_MAY_BE}") if usual == _THOUSAND else None

    def told(filled: int) -> _Written:
        if same() == filled:
            return _Written(filled, filled if usual else 0, may_be() if may_be else 0)
        again = Asked()
        found = _matched(cells, allowed, again, is_doubtful=is_doubtful)
        again.answers = list(subject.scan(again.expressions)[0])
        return found(filled)

    return told


def _matched(cells: Cells, allowed: list[int], asked: Asked, *, is_doubtful: bool) -> _Told:
    """Ask for numbers with any of these numbers of places."""
    x, number = cells.raw, number_of(cells)
    places = "|".join(f"[0-9]{{{n}}}" for n in allowed)
    part = rf"(?:\.(?:{places}))?" if places else ""
    good = asked.count(full_match(x, f"-?(?:0|[1-9][0-9]{{0,{WHOLE - 1}}}){part}"))
    if not is_doubtful:
        return lambda _filled: _Written(good())
    points = asked.count(f"contains({x}, {literal(POINT)})")
    # Of numbers that are `good` this is the same as `kinds.thousand_or_fraction`, for less.
    three = f"instr({x}, {literal(POINT)}) = strlen({x}) - {_THOUSAND}"
    thousands = asked.count(f"{three} AND abs({number}) {_MAY_BE}")
    return lambda _filled: _Written(good(), points(), thousands())


def _same(value: str, text: str) -> str:
    return f"CAST({value} AS VARCHAR) = {text}"
