"""The rules of `values`, said in SQL (DuckDB): what a cell's text is, for all rows of a column at once.

The patterns run in RE2, in time linear in the text. Every function takes and returns an SQL expression; what comes in
has no space at its ends and is NULL where the cell is empty.
"""

from __future__ import annotations

from .values import COMMA, MAX_DIGITS, NOTHING, POINT, Kind

#: Every sign that `str.strip` removes.
BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())

_WHOLE = rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})"
_DIGITS = "-?[0-9]+"
_FRACTION = rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})\{{sign}}[0-9]+"
_PLAIN_FRACTION = rf"-?(?:0|[1-9][0-9]{{{{0,{MAX_DIGITS - 1}}}}}){{sign}}(?:[0-9]{{{{1,2}}}}|[0-9]{{{{4,}}}})"
_LONG_FRACTION = "-?[0-9]+[.,][0-9]+"
_THREE = "-?[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}"
_GROUPED_POINT = r"-?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})"
_GROUPED_COMMA = r"-?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def full_match(expression: str, pattern: str) -> str:
    """Whether the whole text matches."""
    return f"regexp_full_match({expression}, {literal(pattern)})"


def nothing_pattern(words: frozenset[str]) -> str:
    """A pattern of these words in any case."""
    return "(?i:" + "|".join(_escaped(word) for word in sorted(words)) + ")"


def is_nothing(expression: str, words: frozenset[str] = NOTHING) -> str:
    """Whether a text means "no value" (`values.NOTHING`)."""
    longest = max(map(len, words))
    # CASE looks at the pattern only where it may match; AND would look at it everywhere.
    return (
        f"(CASE WHEN length({expression}) <= {longest} THEN {full_match(expression, nothing_pattern(words))} "
        f"WHEN {expression} IS NULL THEN NULL ELSE false END)"
    )


def kind_of(expression: str) -> str:
    """The value of the `Kind` of a text, as a number."""
    x = expression
    cases = [
        (f"{x} IS NULL", Kind.EMPTY),
        (full_match(x, _WHOLE), Kind.INTEGER),
        # The usual ones first; what follows would decide the same.
        (full_match(x, _PLAIN_FRACTION.format(sign=r"\.")), Kind.POINT),
        (full_match(x, _PLAIN_FRACTION.format(sign=",")), Kind.COMMA),
        (is_nothing(x), Kind.NOTHING),
        (f"NOT regexp_matches({x}, '^-?[0-9]')", Kind.TEXT),
        (full_match(x, _DIGITS), Kind.CODE),
        (thousand_or_fraction(x, POINT), Kind.AMBIGUOUS_POINT),
        (thousand_or_fraction(x, COMMA), Kind.AMBIGUOUS_COMMA),
        (full_match(x, _GROUPED_POINT), Kind.GROUPED_POINT),
        (full_match(x, _GROUPED_COMMA), Kind.GROUPED_COMMA),
        (full_match(x, _FRACTION.replace("{sign}", ".")), Kind.POINT),
        (full_match(x, _FRACTION.replace(r"\{sign}", ",")), Kind.COMMA),
        (full_match(x, _LONG_FRACTION), Kind.CODE),
        (f"{full_match(x, _DATE)} AND {_is_day(x)}", Kind.DATE),
        (f"{full_match(x, _DATE + _TIME)} AND {_is_day(f'left({x}, 10)')}", Kind.TIMESTAMP),
    ]
    return "CASE " + " ".join(f"WHEN {when} THEN {kind.value}" for when, kind in cases) + f" ELSE {Kind.TEXT.value} END"


def is_kind(kind: str, *kinds: Kind) -> str:
    """Whether an expression of `kind_of` is one of these."""
    return f"{kind} IN ({', '.join(str(one.value) for one in kinds)})"


def thousand_or_fraction(expression: str, sign: str) -> str:
    """Whether a text alone may be either: `1.234`."""
    return full_match(expression, _THREE.format(sign=f"\\{sign}" if sign == POINT else sign))


def number_text(expression: str, decimal: str) -> str:
    """A number as the database reads it (`values.number_text`)."""
    if decimal == POINT:
        return f"replace({expression}, ',', '')"
    assert decimal == COMMA  # noqa: S101 (two signs)
    return f"replace(replace({expression}, '.', ''), ',', '.')"


def blanks_pattern() -> str:
    """A pattern of space at one of the ends of a text."""
    signs = "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in BLANKS) + "]"
    return f"^{signs}|{signs}$"


def has_blanks(expression: str) -> str:
    """Whether a text has space at one of its ends."""
    return f"regexp_matches({expression}, {literal(blanks_pattern())})"


def stripped(expression: str) -> str:
    """The text without space at its ends; NULL where nothing is left."""
    return f"nullif(trim({expression}, {literal(BLANKS)}), '')"


def _is_day(expression: str) -> str:
    return f"(left({expression}, 4) <> '0000' AND TRY_CAST({expression} AS DATE) IS NOT NULL)"


def _escaped(word: str) -> str:
    return "".join(f"\\{sign}" if sign in r".\/()[]{}*+?|^$-#" else sign for sign in word)
