"""Findings: the problems of a delivery, as values.

A finding says what is wrong, where, and what to do, in one or two Indonesian sentences for the person who made the
file. Findings are collected, never raised; whether a table is accepted is decided at the edge (`Findings.has_errors`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

#: So many findings are kept; of the rest only the number by code.
CAP = 1_000
#: A shown value is cut to so many characters.
VALUE_CHARACTERS = 120


class Severity(str, Enum):
    """`error`: the table cannot be used as it is; `warning`: it can, but look; `info`: a decision the reader took."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One problem.

    `code` names the rule; `row` counts as a spreadsheet does (1 = first row of the file); `column` is the column's
    title as it stands in the file; `sheet` is empty for a file without sheets; `value` is the cell's content, cut.

    `message` and `advice` are Indonesian. `template` and `advice_template` are the gettext messages they come from,
    with named placeholders that `params` fill; both are empty where a sentence was written as it stands.
    """

    code: str
    severity: Severity
    message: str
    advice: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    template: str = ""
    advice_template: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for JSON."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "advice": self.advice,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "template": self.template,
            "advice_template": self.advice_template,
            "params": dict(self.params),
        }


def localized(finding: Finding | Mapping[str, Any], translate: Callable[[str], str]) -> tuple[str, str]:
    """Message and advice of a finding (also one read back from JSON) in the reader's language.

    :param translate: gettext of the reader's language
    """
    found = finding.as_dict() if isinstance(finding, Finding) else finding
    params = found.get("params") or {}
    message, advice = str(found.get("message") or ""), str(found.get("advice") or "")
    return (
        _spoken(str(found.get("template") or ""), message, params, translate),
        _spoken(str(found.get("advice_template") or ""), advice, params, translate),
    )


def _spoken(template: str, written: str, params: Mapping[str, str], translate: Callable[[str], str]) -> str:
    if not (template or written):
        return ""
    try:
        return filled(translate(template), params) if template else translate(written)
    except (KeyError, ValueError, IndexError):
        return written


def filled(template: str, params: Mapping[str, object]) -> str:
    """A template with its placeholders filled. Raises KeyError for one that has no value."""
    return template.format_map(params) if params else template


def error(code: str, message: str, advice: str = "", **place: Any) -> Finding:
    """Make a finding of severity error; `place` is any of sheet, row, column, value.

    With `params` (a mapping), message and advice are gettext messages whose placeholders they fill.
    """
    return _make(code, Severity.ERROR, message, advice, place)


def warning(code: str, message: str, advice: str = "", **place: Any) -> Finding:
    """Make a finding of severity warning."""
    return _make(code, Severity.WARNING, message, advice, place)


def info(code: str, message: str, advice: str = "", **place: Any) -> Finding:
    """Make a finding of severity info."""
    return _make(code, Severity.INFO, message, advice, place)


def shown(value: object) -> str:
    """Return a value as a message may show it: on one line, without control signs, cut."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return text if len(text) <= VALUE_CHARACTERS else text[: VALUE_CHARACTERS - 1] + "…"


def _make(code: str, severity: Severity, message: str, advice: str, place: dict[str, Any]) -> Finding:
    if "value" in place:
        place = {**place, "value": shown(place["value"])}
    if "params" not in place:
        return Finding(code, severity, message, advice, **place)
    params = {name: shown(value) for name, value in place["params"].items()}
    place = {**place, "params": params, "template": message, "advice_template": advice}
    return Finding(code, severity, filled(message, params), filled(advice, params), **place)


class Findings:
    """Findings in the order they came: the first `CAP` in full, of all of them the number by code."""

    def __init__(self, cap: int = CAP) -> None:
        self.totals: Counter[str] = Counter()
        self._kept: list[Finding] = []
        self._cap = cap
        self._errors = 0

    def add(self, finding: Finding) -> None:
        """Take one finding in. An error displaces a lesser one when the list is full."""
        self.totals[finding.code] += 1
        is_error = finding.severity is Severity.ERROR
        self._errors += is_error
        if len(self._kept) < self._cap:
            self._kept.append(finding)
        elif is_error:
            self._displace(finding)

    def count(self, code: str, severity: Severity, number: int) -> None:
        """Count further findings of a rule that are not put into words."""
        if number > 0:
            self.totals[code] += number
            self._errors += number if severity is Severity.ERROR else 0

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several findings in."""
        for finding in findings:
            self.add(finding)

    def merge(self, other: Findings) -> None:
        """Take in what another collection holds, with the numbers of what it no longer keeps."""
        kept = Counter(finding.code for finding in other)
        kept_errors = sum(finding.severity is Severity.ERROR for finding in other)
        self.extend(other)
        self.totals.update(other.totals - kept)
        self._errors += other._errors - kept_errors

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error, kept or not."""
        return self._errors > 0

    @property
    def total(self) -> int:
        """How many findings there were, kept or not."""
        return self.totals.total()

    def codes(self, *severities: Severity) -> tuple[str, ...]:
        """Return the codes of the kept findings of these severities, sorted, each once."""
        return tuple(sorted({finding.code for finding in self._kept if finding.severity in severities}))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def _displace(self, finding: Finding) -> None:
        for index in range(len(self._kept) - 1, -1, -1):
            if self._kept[index].severity is not Severity.ERROR:
                self._kept[index] = finding
                return
