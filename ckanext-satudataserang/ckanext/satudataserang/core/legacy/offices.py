"""Which OPD answers for a family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.references import Bidang
from ckanext.satudataserang.core.legacy.region import RegionIndex
from ckanext.satudataserang.core.legacy.tables import SourceRow


def choose_office(
    bidang: Bidang,
    named: Sequence[str],
    named_in_bidang: Counter[str],
    index: RegionIndex,
    row: SourceRow,
    findings: Findings,
) -> str:
    """The OPD of a family.

    `named` are the OPDs its records name, one entry per record: the most frequent wins. Where no record names one,
    the urusan decides; among several holders the one named most often in the whole bidang, then the profile's order.
    `row` is the family's first indicator, to which findings are attached.
    """
    holders = index.holders(bidang.urusan)
    if named:
        counts = Counter(named)
        ranked = sorted(counts, key=lambda slug: (-counts[slug], slug not in holders, index.order(slug)))
        if len(ranked) > 1:
            told = "; ".join(f"{slug}: {counts[slug]} baris" for slug in ranked)
            findings.add(row, "opd-beberapa-sumber", told, ranked[0])
        if ranked[0] not in holders:
            findings.add(row, "opd-di-luar-urusan", f"{bidang.urusan}: {', '.join(holders)}", ranked[0])
        return ranked[0]
    if not holders:
        # Reading the bidang made sure that a fallback exists.
        findings.add(row, "opd-cadangan", bidang.urusan, index.aliases.fallback or "")
        return index.aliases.fallback or ""
    ranked = sorted(holders, key=lambda slug: (-named_in_bidang[slug], index.order(slug)))
    if len(ranked) > 1:
        findings.add(row, "opd-beberapa-pemegang", f"{bidang.urusan}: {', '.join(holders)}", ranked[0])
    return ranked[0]
