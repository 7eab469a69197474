"""Points for metadata: what a dataset's description earns, by a table of rules.

The table is data (`schemas/metadata_points.yaml`): what the law and the SDI standards demand first, then the indicators
of data.europa.eu's Metadata Quality Assessment. A placeholder earns nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.satudataserang.core.placeholders import is_placeholder


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    `id` names it for good, `field` is the dataset's field, `points` what it earns, `check` one of `CHECKS`, `argument`
    that check's parameter, `title` the Indonesian words for what is asked, `mqa` the MQA indicator it stands for.
    """

    id: str
    field: str
    points: int
    check: str
    title: str
    argument: Any = None
    mqa: str | None = None


@dataclass(frozen=True)
class Score:
    """Points earned of points possible; `lost` are the ids of the rules that earned nothing."""

    points: int
    possible: int
    lost: tuple[str, ...]


Dataset = Mapping[str, Any]


def _values(value: Any) -> list[Any]:
    """A field's values as a list: lists may come as the JSON text in which CKAN stores them."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if isinstance(value, Mapping):
        return [value]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _texts(value: Any) -> list[str]:
    """All texts of a field that say something, those of subfields included."""
    found: list[str] = []
    for one in _values(value):
        parts = one.values() if isinstance(one, Mapping) else (one,)
        found.extend(str(part).strip() for part in parts if part is not None)
    return [text for text in found if text]


def _meaningful(dataset: Dataset, field: str) -> list[str]:
    title = None if field == "title" else dataset.get("title")
    return [text for text in _texts(dataset.get(field)) if not is_placeholder(text, title=title)]


def _present(dataset: Dataset, rule: Rule) -> bool:
    return bool(_meaningful(dataset, rule.field))


def _all_present(dataset: Dataset, rule: Rule) -> bool:
    return all(_meaningful(dataset, field) for field in rule.argument)


def _min_length(dataset: Dataset, rule: Rule) -> bool:
    return any(len(text) >= int(rule.argument) for text in _meaningful(dataset, rule.field))


def _one_of(dataset: Dataset, rule: Rule) -> bool:
    texts = _meaningful(dataset, rule.field)
    return bool(texts) and all(text.casefold() in rule.argument for text in texts)


def _pattern(dataset: Dataset, rule: Rule) -> bool:
    return any(re.search(str(rule.argument), text) for text in _meaningful(dataset, rule.field))


CHECKS: Mapping[str, Callable[[Dataset, Rule], bool]] = {
    "present": _present,
    "all_present": _all_present,
    "min_length": _min_length,
    "one_of": _one_of,
    "pattern": _pattern,
}


def rules_from_table(table: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Read the table. Raises ValueError for a row that names an unknown check or repeats an id."""
    rules = []
    for row in table:
        if row["check"] not in CHECKS:
            message = f"metadata_points: {row['id']}: pemeriksaan “{row['check']}” tidak dikenal"
            raise ValueError(message)
        argument = row.get("argument")
        if row["check"] == "one_of":
            argument = frozenset(str(value).casefold() for value in row["argument"])
        rules.append(Rule(**{**row, "argument": argument}))
    if len({rule.id for rule in rules}) != len(rules):
        message = "metadata_points: ada id yang berulang"
        raise ValueError(message)
    return tuple(rules)


def possible(rules: Sequence[Rule]) -> int:
    """The points that a perfect description earns."""
    return sum(rule.points for rule in rules)


def score(dataset: Dataset, rules: Sequence[Rule]) -> Score:
    """The points of one dataset, given as plain fields (texts, lists, or the JSON texts of lists)."""
    lost = tuple(rule.id for rule in rules if not CHECKS[rule.check](dataset, rule))
    total = possible(rules)
    missed = sum(rule.points for rule in rules if rule.id in lost)
    return Score(points=total - missed, possible=total, lost=lost)
