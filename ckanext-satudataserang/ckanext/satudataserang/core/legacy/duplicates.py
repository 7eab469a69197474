"""Records that speak of the same value: identical ones are one, contradicting ones are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.values import Value


def settle(values: Sequence[Value], usual_units: Counter[str], findings: Findings) -> Value | None:
    """The one value that several records of the same key agree on, or None where they contradict each other.

    Records agree when number and unit are the same after cleaning; a unit that is not in the vocabulary decides
    nothing, and zero is zero in any unit. `usual_units` says how often each unit is used for this class: of several
    agreeing records the one with the most usual known unit is kept, the first on a tie.
    """
    if len(values) == 1:
        return values[0]
    known = {value.unit for value in values if value.unit_known}
    zero = values[0].number == 0
    if len({value.number for value in values}) > 1 or (len(known) > 1 and not zero):
        told = "; ".join(f"{value.number} {value.unit} (baris {value.row.row_id})" for value in values)
        for value in values:
            findings.add(value.row, "duplikat-bertentangan", told)
        return None
    kept = max(values, key=lambda value: (value.unit_known, usual_units[value.unit], -value.row.line))
    rule = "duplikat-beda-satuan" if len(known) > 1 else "duplikat-sama"
    for value in values:
        if value is not kept:
            findings.add(
                value.row, rule, f"{value.number} {value.unit}", f"{kept.number} {kept.unit} (baris {kept.row.row_id})"
            )
    return kept
