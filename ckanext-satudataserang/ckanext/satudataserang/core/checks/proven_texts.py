"""Columns of texts, codes and days that one pass over the file proves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.kinds import blanks_pattern, has_blanks, is_nothing, literal, nothing_pattern
from ckanext.satudataserang.core.tables.totals import BEGINS, may_hold_totals
from ckanext.satudataserang.core.tables.values import NOTHING, Kind, kind_of

from . import privacy
from .passes import Asked, Head, Holds
from .subject import Cells, Subject

#: Different texts of a column are told one by one where the first rows have at most so many.
_FEW, _MOST_TEXTS = 1_200, 20_000
#: More than there are in a century.
_MOST_DAYS = 50_000
_MOST_CODES = 2_000


def texts(subject: Subject, cells: Cells, asked: Asked, head: Head) -> Holds:
    """Ask what tells whether every text of a column says something, and what may be in it besides."""
    return _few_texts(cells, asked) if head.different(cells) <= _FEW else _many_texts(subject, cells, asked)


def days(cells: Cells, asked: Asked) -> Holds:
    """Ask what tells whether a column holds nothing but days, as the database writes them."""
    different = _different(cells, asked, _MOST_DAYS)

    def holds(_filled: int) -> bool:
        found = different()
        return found is not None and all(map(_is_day, found))

    return holds


def coded(structure: Structure, cells: Cells, asked: Asked) -> Holds | None:
    """Ask what tells whether a column holds nothing but codes of its list; None where the list is no help."""
    codes = structure.codes_of(cells.agreed) if cells.agreed is not None else None
    if codes is None or len(codes.codes) > _MOST_CODES:
        return None
    own = [one.code for one in codes.codes if _says(one.code)]
    if not own:
        return None
    cells.harmless = not any(map(_is_personal, own))
    cells.may_total = any(map(_begins_totals, own))
    known = asked.count(f"{cells.raw} IN ({', '.join(map(literal, own))})")
    return lambda filled: known() == filled


def _different(cells: Cells, asked: Asked, most: int) -> Callable[[], list[str] | None]:
    """Ask for the different texts of a column; None where they are too many."""
    # One aggregate: what stands twice in an expression is computed once.
    texts_of = f"list(DISTINCT {cells.raw})"
    answer = asked.add(f"CASE WHEN len({texts_of}) <= {most} THEN {texts_of} END")

    def different() -> list[str] | None:
        found = answer()
        return [text for text in found if text is not None] if isinstance(found, list) else None

    return different


def _few_texts(cells: Cells, asked: Asked) -> Holds:
    different = _different(cells, asked, _MOST_TEXTS)

    def holds(_filled: int) -> bool:
        found = different()
        if found is None:
            return False
        cells.harmless = not any(map(_is_personal, found))
        cells.may_total = any(map(_begins_totals, found))
        return all(map(_says, found))

    return holds


def _many_texts(subject: Subject, cells: Cells, asked: Asked) -> Holds:
    x = cells.raw
    # One pattern for all that is out of the ordinary; only where it is found is each looked for by itself.
    nothing = f"^{nothing_pattern(NOTHING)}$"
    odd = asked.count(privacy.may_hold_sql(x, "|".join([blanks_pattern(), nothing, BEGINS])))

    def holds(filled: int) -> bool:
        cells.harmless = True
        return odd() == 0 or tells_apart(filled)

    def tells_apart(filled: int) -> bool:
        plain = f"NOT ({has_blanks(x)}) AND NOT {is_nothing(x)}"
        wanted = (plain, privacy.may_hold_sql(x), f"regexp_matches({x}, {literal(BEGINS)})")
        ((plains, personal, totals),) = subject.scan([f"count(*) FILTER (WHERE {one})" for one in wanted])
        cells.harmless, cells.may_total = personal == 0, totals > 0
        return plains == filled

    return holds


def _is_day(text: str) -> bool:
    # Also told from weeks and from what is written without lines.
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


def _says(text: str) -> bool:
    return text == text.strip() and kind_of(text) not in (Kind.EMPTY, Kind.NOTHING)


def _is_personal(text: str) -> bool:
    return bool(privacy.kinds_in(text)) or privacy.is_signed(text)


def _begins_totals(text: str) -> bool:
    return may_hold_totals(text.encode(), b"\0", agreed=True)
