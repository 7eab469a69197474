"""Frozen months: the same inputs and rules give the same bytes, and a changed byte is found."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict, replace
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.measures import MEASURES, Band, Rules, measure
from ckanext.satudataserang.core.snapshots import (
    canonical,
    compute,
    digest,
    freeze,
    freeze_inputs,
    problems,
    rules_as_json,
    rules_from_json,
    spans,
)
from ckanext.satudataserang.core.windows import Window

from tests.core.test_measures import BANDS, ENTRIES, WEIGHTS, cells

MONTH = 202506
AS_OF = datetime(2025, 6, 30, 17, 10, tzinfo=timezone.utc)
RULES = Rules("2.1", {**WEIGHTS}, BANDS)
OPDS, URUSAN = ("dinkes", "disdik"), ("1.01", "1.02")
#: SHA-256 of what the rules of version 2 made of a cell before comparisons were known.
FIRST_SHAPE = "6d144e5bcbfe4707fdb90f8be4dc9d613a6acd31a27bdf82d10ab8740e1e35f4"


@st.composite
def inputs(draw):
    """Cells of the twelve months and entries of both spans, as the database gives them."""
    some = [
        {
            "entry_id": f"e{number}",
            "period": "2025",
            "opd_id": draw(st.sampled_from(OPDS)),
            "urusan": draw(st.sampled_from(URUSAN)),
            "kelas": "wajib",
            "month": draw(st.sampled_from([202407, 202412, 202506])),
            **asdict(draw(cells())),
        }
        for number in range(draw(st.integers(0, 6)))
    ]
    entries = {
        name: [
            {
                "entry_id": f"e{number}",
                "opd_id": draw(st.sampled_from(OPDS)),
                "urusan": draw(st.sampled_from(URUSAN)),
                "published": one.published,
                "metadata_points": one.metadata_points,
                "metadata_possible": one.metadata_possible,
            }
            for number, one in enumerate(draw(st.lists(ENTRIES, max_size=4)))
        ]
        for name in ("month", "window")
    }
    return some, entries


@given(inputs(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_same_month_gives_the_same_bytes(known, chance):
    some, entries = known
    first = freeze(freeze_inputs(MONTH, AS_OF, some, entries), RULES)
    chance.shuffle(some)
    for rows in entries.values():
        chance.shuffle(rows)
    elsewhere = [{**cell, "deadline": cell["deadline"].astimezone(ZoneInfo("Asia/Jakarta"))} for cell in some]
    again = freeze(freeze_inputs(MONTH, AS_OF.astimezone(ZoneInfo("Asia/Jakarta")), elsewhere, entries), RULES)
    assert again == first
    assert problems(first) == []


@given(inputs())
@settings(max_examples=50)
def test_the_figures_are_those_of_core(known):
    some, entries = known
    told = json.loads(compute(freeze_inputs(MONTH, AS_OF, some, entries), RULES))
    from ckanext.satudataserang.core.cells import CellFacts
    from ckanext.satudataserang.core.measures import EntryFacts

    columns = ("entry_id", "period", "opd_id", "urusan", "kelas", "month")
    for name, span in spans(MONTH).items():
        within = [cell for cell in some if span.first <= cell["month"] <= span.last]
        facts = [CellFacts(**{key: value for key, value in cell.items() if key not in columns}) for cell in within]
        points = [
            EntryFacts(one["published"], one["metadata_points"], one["metadata_possible"]) for one in entries[name]
        ]
        expected = measure(points, facts, AS_OF)
        assert told[name]["city"]["measures"] == {
            key: [ratio.numerator, ratio.denominator] for key, ratio in expected.items()
        }
        for group in ("opd", "urusan"):
            for key in MEASURES:
                for part in (0, 1):
                    summed = sum(figure["measures"][key][part] for figure in told[name][group].values())
                    assert summed == told[name]["city"]["measures"][key][part]


def frozen():
    cell = {
        "entry_id": "e1",
        "period": "2025-06",
        "opd_id": "dinkes",
        "urusan": "1.02",
        "kelas": "wajib",
        "month": MONTH,
        "deadline": datetime(2025, 6, 1, tzinfo=timezone.utc),
        "deadline_grace": datetime(2025, 6, 1, tzinfo=timezone.utc),
        "expected_values": 6,
        "filled_values": 3,
        "exempt": False,
        "delivered": True,
        "valid": True,
        "nil": False,
        "complete": False,
        "pending": False,
        "returned": False,
        "first_delivered_at": datetime(2025, 5, 1, tzinfo=timezone.utc),
        "first_valid_at": datetime(2025, 5, 1, tzinfo=timezone.utc),
        "comparable": 4,
        "consistent": 3,
    }
    return freeze(freeze_inputs(MONTH, AS_OF, [cell], {"month": [], "window": []}), RULES)


def test_a_new_rule_shows_beside_the_old_one():
    snapshot = frozen()
    newer = Rules("3.1", {**WEIGHTS, "kelengkapan": 1}, (Band("semua", float("inf")),))
    old, new = json.loads(snapshot.output), json.loads(compute(snapshot.inputs, newer))
    assert old["rule_version"] == "2.1"
    assert new["rule_version"] == "3.1"
    assert new["month"]["city"]["measures"] == old["month"]["city"]["measures"]
    assert new["month"]["city"]["index"] != old["month"]["city"]["index"]
    assert (old["month"]["city"]["band"], new["month"]["city"]["band"]) == ("perlu diperbaiki", "semua")
    assert problems(snapshot) == []


def test_every_changed_part_is_found():
    snapshot = frozen()
    assert problems(replace(snapshot, output=snapshot.output.replace(b"2025-06", b"2025-07")))
    table = json.loads(zlib.decompress(snapshot.inputs))
    table["cells"][0][-3] = None
    table["cells"][0][7 + 1] = 6
    inputs_changed = replace(snapshot, inputs=zlib.compress(canonical(table)))
    assert len(problems(inputs_changed)) >= 1
    # Whoever recomputes the fingerprint as well is still found by the figures.
    forged = snapshot.output.replace(b"[3,6]", b"[6,6]")
    assert forged != snapshot.output
    assert problems(replace(snapshot, output=forged, sha256=digest(snapshot.rules, snapshot.inputs, forged))) == [
        "Hitungan ulang dari data yang dibekukan tidak sama dengan angka yang dibekukan."
    ]
    assert "tidak dapat dibaca" in problems(replace(snapshot, inputs=b"x"))[-1]


def test_what_was_frozen_before_konsistensi_was_measured_keeps_its_bytes():
    """The first shape has cells without comparisons, and rules without their weight."""
    weights = {"ketersediaan": 15, "kelengkapan": 30, "ketepatan_waktu": 20, "kelengkapan_isian": 15}
    old = Rules("2.1", {**weights, "kelengkapan_metadata": 10, "validitas": 10}, BANDS)
    table = json.loads(zlib.decompress(frozen().inputs))
    table["format"] = 1
    table["cell_columns"] = table["cell_columns"][:-2]
    table["cells"] = [row[:-2] for row in table["cells"]]
    kept = zlib.compress(canonical(table), 9)
    output = compute(kept, old)
    assert hashlib.sha256(output).hexdigest() == FIRST_SHAPE
    told = json.loads(output)
    assert told["format"] == 1
    assert "konsistensi" not in told["month"]["city"]["measures"]
    assert problems(freeze(kept, old)) == []
    # Today's rules show their own figures beside it: nothing was compared then.
    assert json.loads(compute(kept, RULES))["month"]["city"]["measures"]["konsistensi"] == [0, 0]


def test_rules_read_back_as_they_were():
    assert rules_from_json(json.loads(canonical(rules_as_json(RULES)))) == Rules("2.1", {**WEIGHTS}, BANDS)


def test_a_snapshot_tells_of_its_month_and_of_twelve():
    assert spans(202506) == {"month": Window(202506, 202506), "window": Window(202407, 202506)}


def test_an_unknown_format_is_refused():
    table = json.loads(zlib.decompress(frozen().inputs))
    with pytest.raises(ValueError, match="tidak dikenal"):
        compute(zlib.compress(canonical({**table, "format": 99})), RULES)
