"""From fragments to families: indicators of one bidang whose names share the part before the first bracket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.names import best_spelling, bounded_slug, name_key, short_hash, slug, with_hash
from ckanext.satudataserang.core.legacy.references import Bidang, Indicator

#: CKAN's limit for the name of a dataset.
MAX_NAME = 100
TOTAL_CLASS = "Jumlah"


@dataclass(frozen=True)
class Group:
    """The indicators of one family and the class tuple of each, by indicator id."""

    bidang: Bidang
    key: tuple[str, str]
    title: str
    indicators: tuple[Indicator, ...]
    depth: int
    class_of: Mapping[str, tuple[str, ...]]

    @property
    def classes(self) -> tuple[tuple[str, ...], ...]:
        """The distinct class tuples, in the order of the export."""
        return tuple(dict.fromkeys(self.class_of.values()))

    @property
    def kode(self) -> str:
        """The code of the plan entry: the same for the same bidang and family in any export."""
        return f"SKD-{short_hash(*self.key)}"


def group_indicators(indicators: Iterable[Indicator], findings: Findings) -> list[Group]:
    """The families of these indicators, ordered by bidang and name."""
    members: dict[tuple[str, str], list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        members[indicator.family_key].append(indicator)
    return [_group(key, members[key], findings) for key in sorted(members)]


def _group(key: tuple[str, str], indicators: list[Indicator], findings: Findings) -> Group:
    depth = max(len(indicator.parsed.classes) for indicator in indicators)
    spellings: dict[tuple[int, str], list[str]] = defaultdict(list)
    for indicator in indicators:
        for level, part in enumerate(indicator.parsed.classes):
            spellings[level, name_key(part)].append(part)
    shown = {place: best_spelling(parts) for place, parts in spellings.items()}
    filler = _filler({part for _, part in spellings})
    class_of: dict[str, tuple[str, ...]] = {}
    first_with: dict[tuple[str, ...], Indicator] = {}
    for indicator in indicators:
        parts = [shown[level, name_key(part)] for level, part in enumerate(indicator.parsed.classes)]
        classes = (*parts, *[filler] * (depth - len(parts)))
        class_of[indicator.row.cells["id"].strip()] = classes
        first = first_with.setdefault(classes, indicator)
        if first is not indicator:
            findings.add(indicator.row, "rincian-kembar", indicator.name, f"{first.name} (baris {first.row.row_id})")
    title = best_spelling(indicator.parsed.family for indicator in indicators)
    return Group(indicators[0].bidang, key, title, tuple(indicators), depth, class_of)


def _filler(taken: set[str]) -> str:
    """The class of an indicator without that bracket: a word no class of the family uses."""
    filler, number = TOTAL_CLASS, 1
    while name_key(filler) in taken:
        number += 1
        filler = f"{TOTAL_CLASS} seluruhnya" if number == 2 else f"{TOTAL_CLASS} seluruhnya {number - 1}"  # noqa: PLR2004
    return filler


def dataset_names(groups: Iterable[Group]) -> dict[tuple[str, str], str]:
    """A dataset name for every family: readable, unique, at most 100 characters, independent of the other exports."""
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for group in groups:
        names[bounded_slug(f"{slug(group.bidang.name)}-{group.title}", MAX_NAME, *group.key)].append(group.key)
    return {
        key: name if len(keys) == 1 else with_hash(name, MAX_NAME, *key) for name, keys in names.items() for key in keys
    }
