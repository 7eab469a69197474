"""Frozen months: what was known at the close of a month, the rules of that day, and the figures that follow from both.

All three are bytes of canonical JSON (the inputs compressed). The figures are a pure function of inputs and rules, so
computing an old snapshot again gives the same bytes, and a newer rule shows its own figures beside the old ones.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ckanext.satudataserang.core.cells import CellFacts
from ckanext.satudataserang.core.measures import Band, EntryFacts, Ratio, Rules, band, index, measure
from ckanext.satudataserang.core.windows import Window, month_key, shifted

#: The shape of inputs and output; a change of shape is a new number, and old snapshots keep theirs.
FORMAT = 2
#: Shapes that are still read: the first knew nothing of konsistensi.
_FORMATS = (1, FORMAT)
#: A snapshot tells of its month and of so many months that end with it.
MONTHS = 12

_MOMENTS = ("deadline", "deadline_grace", "first_delivered_at", "first_valid_at")
_FACTS = (
    "deadline",
    "deadline_grace",
    "expected_values",
    "filled_values",
    "exempt",
    "delivered",
    "valid",
    "nil",
    "complete",
    "pending",
    "returned",
    "first_delivered_at",
    "first_valid_at",
    "comparable",
    "consistent",
)
_CELL = ("entry_id", "period", "opd_id", "urusan", "kelas", "month", *_FACTS)
_ENTRY = ("entry_id", "opd_id", "urusan", "published", "metadata_points", "metadata_possible")


@dataclass(frozen=True)
class Snapshot:
    """A frozen month: canonical JSON of rules and output, the inputs compressed; `sha256` is of all three."""

    rules: bytes
    inputs: bytes
    output: bytes
    sha256: str


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no blanks: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def rules_as_json(rules: Rules) -> dict[str, Any]:
    """Weights, bands (the last one open, `below` None) and version, as they are frozen."""
    return {
        "version": rules.version,
        "weights": dict(rules.weights),
        "bands": [{"id": one.id, "below": None if one.below == float("inf") else one.below} for one in rules.bands],
    }


def rules_from_json(table: Mapping[str, Any]) -> Rules:
    """The rules as `rules_as_json` wrote them."""
    bands = tuple(Band(one["id"], float("inf") if one["below"] is None else one["below"]) for one in table["bands"])
    return Rules(version=table["version"], weights=dict(table["weights"]), bands=bands)


def freeze_inputs(
    month: int,
    as_of: datetime,
    cells: Iterable[Mapping[str, Any]],
    entries: Mapping[str, Iterable[Mapping[str, Any]]],
) -> bytes:
    """Freeze what is known: cells of the `MONTHS` months that end with `month`, and entries in force.

    A cell has the columns entry_id, period, opd_id, urusan, kelas, month and the facts of `CellFacts`; `entries` are
    those of the month (``month``) and of all the months (``window``), with entry_id, opd_id, urusan, published,
    metadata_points, metadata_possible. Moments are aware.
    """
    rows = sorted([_plain(cell, _CELL) for cell in cells], key=lambda row: (row[0], row[1]))
    told = {name: sorted(_plain(entry, _ENTRY) for entry in some) for name, some in entries.items()}
    frozen = {
        "format": FORMAT,
        "month": month_key(month),
        "as_of": _said(as_of),
        "cell_columns": _CELL,
        "cells": rows,
        "entry_columns": _ENTRY,
        "entries": told,
    }
    return zlib.compress(canonical(frozen), 9)


def _plain(row: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    return [_said(row[name]) for name in columns]


def _said(value: Any) -> Any:
    """A moment in UTC, so that the same instant is the same text wherever it was read."""
    return value.astimezone(timezone.utc).isoformat() if isinstance(value, datetime) else value


def spans(month: int) -> dict[str, Window]:
    """What a snapshot tells of: its ``month``, and the ``window`` of months that ends with it."""
    return {"month": Window(month, month), "window": Window(shifted(month, 1 - MONTHS), month)}


def compute(inputs: bytes, rules: Rules) -> bytes:
    """The figures of frozen inputs under rules, as canonical JSON: for the month and for the months that end with it.

    Each is told for the city, every OPD and every urusan. Raises ValueError for a format that is not known.
    """
    frozen = json.loads(zlib.decompress(inputs))
    if frozen["format"] not in _FORMATS:
        message = f"Bentuk potret {frozen['format']} tidak dikenal."
        raise ValueError(message)
    as_of = datetime.fromisoformat(frozen["as_of"])
    last = int(frozen["month"].replace("-", ""))
    cells = [dict(zip(frozen["cell_columns"], row, strict=True)) for row in frozen["cells"]]
    told = {}
    for name, span in spans(last).items():
        entries = [dict(zip(frozen["entry_columns"], row, strict=True)) for row in frozen["entries"][name]]
        within = [cell for cell in cells if span.first <= cell["month"] <= span.last]
        told[name] = {
            "dari": month_key(span.first),
            "sampai": month_key(span.last),
            "city": _figure(entries, within, as_of, rules),
            "opd": _grouped("opd_id", entries, within, as_of, rules),
            "urusan": _grouped("urusan", entries, within, as_of, rules),
        }
    return canonical(
        {
            "format": frozen["format"],
            "of": frozen["month"],
            "as_of": frozen["as_of"],
            "rule_version": rules.version,
            **told,
        }
    )


def _grouped(
    key: str, entries: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]], as_of: datetime, rules: Rules
) -> dict[str, Any]:
    members: dict[str, tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]] = {}
    for number, rows in enumerate((entries, cells)):
        for row in rows:
            members.setdefault(row[key], ([], []))[number].append(row)
    return {member: _figure(*parts, as_of, rules) for member, parts in members.items()}


def _figure(
    entries: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]], as_of: datetime, rules: Rules
) -> dict[str, Any]:
    ratios: dict[str, Ratio] = measure(
        [EntryFacts(one["published"], one["metadata_points"], one["metadata_possible"]) for one in entries],
        [_facts(cell) for cell in cells],
        as_of,
    )
    value = index(ratios, rules.weights)
    found = band(value, rules.bands)
    return {
        # Only those of the rules: what a later version measures has no place in an older one.
        "measures": {
            name: [ratio.numerator, ratio.denominator] for name, ratio in ratios.items() if name in rules.weights
        },
        "index": value,
        "band": found.id if found else None,
    }


def _facts(cell: Mapping[str, Any]) -> CellFacts:
    facts = {name: cell[name] for name in _FACTS if name in cell}
    for name in _MOMENTS:
        if facts[name] is not None:
            facts[name] = datetime.fromisoformat(facts[name])
    return CellFacts(**facts)


def freeze(inputs: bytes, rules: Rules) -> Snapshot:
    """Freeze the figures of inputs under the rules of the day."""
    frozen_rules, output = canonical(rules_as_json(rules)), compute(inputs, rules)
    return Snapshot(frozen_rules, inputs, output, digest(frozen_rules, inputs, output))


def digest(rules: bytes, inputs: bytes, output: bytes) -> str:
    """SHA-256 over the three parts, each with its length before it."""
    total = hashlib.sha256()
    for part in (rules, inputs, output):
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def problems(snapshot: Snapshot) -> list[str]:
    """What is wrong with a kept snapshot, as Indonesian sentences; empty when it is as it was frozen.

    Its bytes must still have their hash, and its inputs under its own rules must give its output, byte for byte.
    """
    found = []
    if digest(snapshot.rules, snapshot.inputs, snapshot.output) != snapshot.sha256:
        found.append("Isi potret tidak lagi sesuai dengan sidik jarinya (SHA-256).")
    try:
        again = compute(snapshot.inputs, rules_from_json(json.loads(snapshot.rules)))
    except (ValueError, KeyError, TypeError, zlib.error):
        return [*found, "Isi potret tidak dapat dibaca lagi."]
    if again != snapshot.output:
        found.append("Hitungan ulang dari data yang dibekukan tidak sama dengan angka yang dibekukan.")
    return found
