"""What tells the rows of one table from those of another: the sum of their hashes, in whatever order they stand.

Numbers are hashed as such, which is quicker than their texts, and says the same of `1.5` and `1.50`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudataserang.core.tables.kinds import full_match

#: Digits in front of and behind the decimal point of what is hashed as a number.
WHOLE, PLACES = 12, 6
_DECIMAL = f"DECIMAL(18, {PLACES})"
#: Shorter texts of numbers have no more digits than that.
_SHORT = PLACES + 2

Typed = tuple[str, str]


def number_sql(text: str, kind: str) -> str:
    """A text as a number, exact for whole numbers and those that `WHOLE` and `PLACES` hold; NULL where it is none.

    :param kind: ``integer`` or ``numeric``
    """
    return f"TRY_CAST({text} AS {'BIGINT' if kind == 'integer' else _DECIMAL})"


def row_hash_sql(columns: Sequence[Typed]) -> str:
    """The hash of some columns of a row, given as SQL of the text and type of each; all numbers are held exactly."""
    return f"hash({', '.join(_hashed(text, kind) for text, kind in columns)})"


def digest_sql(columns: Sequence[Typed], *, exact: bool = False) -> str:
    """The digest of all rows, as text.

    :param columns: SQL of the text and type of each column; texts of numbers are as the database reads them
    :param exact: every number is known to be held exactly
    """
    each = row_hash_sql(columns)
    numbers = [_is_exact(text) for text, kind in columns if kind == "numeric"]
    if numbers and not exact:
        each = f"CASE WHEN {' AND '.join(numbers)} THEN {each} ELSE hash({', '.join(text for text, _ in columns)}) END"
    return f"CAST(sum({each}) AS VARCHAR)"


def _hashed(text: str, kind: str) -> str:
    return number_sql(text, kind) if kind in ("integer", "numeric") else text


def _is_exact(text: str) -> str:
    fits = full_match(text, f"-?[0-9]{{1,{WHOLE}}}(?:\\.[0-9]{{1,{PLACES}}})?")
    return f"CASE WHEN strlen({text}) <= {_SHORT} THEN true ELSE coalesce({fits}, true) END"
