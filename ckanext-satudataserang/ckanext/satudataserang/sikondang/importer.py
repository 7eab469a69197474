"""Carrying an import plan out: datasets, tables, plan entries, deliveries, figures.

Every step finds what an earlier run left and leaves it alone where it is right already, so that a run repeated changes
nothing and a run cut short is finished by the next one. Plan entries and deliveries come after all tables: until then
nothing is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.region import Region
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.legacy import Family, ImportPlan
from ckanext.satudataserang.core.legacy.findings import Finding
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.sikondang import config, content, datasets, store
from ckanext.satudataserang.submission.facts import SubmissionRow, record_submissions, withdrawals
from ckanext.satudataserang.submission.model import Submission

_REFRESH = "satudata_completeness_refresh"


class ImportStopError(Exception):
    """The import cannot be carried out; the message is an Indonesian sentence for the operator."""


@dataclass
class Outcome:
    """What was written: datasets and plan entries by `created`, `changed`, `unchanged`; deliveries; cells.

    Datasets that were left to their OPD are counted as `skipped`.
    """

    datasets: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    tables_written: int = 0
    deliveries_added: int = 0
    deliveries_unchanged: int = 0
    cells: int | None = None


def check_offices(plan: ImportPlan) -> None:
    """Make sure that every OPD of the plan is there. Raises ImportStopError."""
    wanted = {family.opd for family in plan.families}
    known = set(
        model.Session.scalars(
            sa.select(model.Group.name).where(
                model.Group.name.in_(wanted), model.Group.is_organization, model.Group.state == model.State.ACTIVE
            )
        )
    )
    if missing := sorted(wanted - known):
        message = tk._("OPD {names} belum ada di portal. Jalankan “ckan satudata seed” lebih dahulu.")
        raise ImportStopError(message.format(names=", ".join(missing)))


def carry_out(
    plan: ImportPlan, region: Region, user: str, now: datetime, done: Callable[[Family], None] | None = None
) -> Outcome:
    """Write what the plan says.

    :param user: name of a sysadmin
    :param now: an aware moment; deliveries without a readable date count from it
    :param done: called after each family's dataset and table
    :raises ImportStopError: an OPD is missing, or CKAN refuses a dataset
    """
    check_offices(plan)
    outcome = Outcome()
    ids = {family.kode: content.identity(region, family) for family in plan.families}
    written = store.standing_fingerprints(one.resource_id for one in ids.values())
    standing = datasets.existing(one.dataset_id for one in ids.values())
    left = {finding.row_id for finding in left_to_offices(plan, region)}
    outcome.datasets["skipped"] = len(left)
    families = [family for family in plan.families if family.kode not in left]
    with datasets.one_index_commit():
        for family in families:
            _write_family(family, region, user, written, standing, outcome)
            if done:
                done(family)
    entry_ids = _write_entries(plan, user, outcome)
    rows = [row for family in families for row in content.deliveries(region, family, entry_ids[family.kode], user, now)]
    _record(rows, [ids[family.kode].resource_id for family in families], user, now, outcome)
    _learn_sizes()
    # Also when nothing was written: an earlier run may have been cut short right before this.
    if p.plugin_loaded("satudata_completeness"):
        outcome.cells = tk.get_action(_REFRESH)(Context(user=user), {})["cells"]
    return outcome


def left_to_offices(plan: ImportPlan, region: Region) -> tuple[Finding, ...]:
    """The decision about every family whose table would be written anew and holds periods published since otherwise.

    `row_id` is the kode of its plan entry, `old` its title, `new` these periods.
    """
    by_resource = {content.identity(region, family).resource_id: family for family in plan.families}
    found = model.Session.execute(
        sa.select(Submission.resource_id, sa.func.string_agg(Submission.period, sa.text("', ' ORDER BY period")))
        .where(
            Submission.resource_id.in_(by_resource),
            Submission.superseded_by.is_(None),
            Submission.state == "terbit",
            Submission.origin != "impor",
        )
        .group_by(Submission.resource_id)
    )
    periods = {str(resource_id): str(keys) for resource_id, keys in found}
    written = store.standing_fingerprints(periods)
    return tuple(
        Finding("dataset", family.kode, "dataset-dilewati", family.title, periods[resource_id])
        for resource_id, family in by_resource.items()
        if resource_id in periods
        and written.get(resource_id) != content.fingerprint(content.dataset_dict(region, family), family)
    )


def _learn_sizes() -> None:
    """Tell the planner how large the tables have become: the first count after an import takes minutes without."""
    model.Session.execute(sa.text("ANALYZE package, satudata_plan_entry, satudata_submission"))
    model.Session.commit()


def _write_family(
    family: Family, region: Region, user: str, written: dict[str, str], standing: set[str], outcome: Outcome
) -> None:
    """Dataset first, then its table; a family whose table bears this fingerprint is finished."""
    ids = content.identity(region, family)
    wanted = content.dataset_dict(region, family)
    fingerprint = content.fingerprint(wanted, family)
    if ids.dataset_id in standing and written.get(ids.resource_id) == fingerprint:
        outcome.datasets["unchanged"] += 1
        return
    try:
        outcome.datasets[datasets.save(wanted, user)] += 1
    except tk.ValidationError as error:
        message = tk._("Dataset “{title}” ditolak portal: {reasons}. Perbaiki lalu ulangi; yang sudah ditulis tetap.")
        reasons = "; ".join(f"{name}: {text}" for name, text in error.error_summary.items())
        raise ImportStopError(message.format(title=family.title, reasons=reasons)) from error
    store.write_table(ids.resource_id, family, fingerprint)
    outcome.tables_written += 1


def _write_entries(plan: ImportPlan, user: str, outcome: Outcome) -> dict[str, str]:
    """Bring the plan entries in; returns their ids by kode."""
    known = PlanEntry.by_kodes(family.kode for family in plan.families)
    entries = [_entry(family, plan, known.get(family.kode)) for family in plan.families]
    done = tk.get_action("satudata_plan_import")(Context(user=user), {"entries": entries})
    outcome.entries.update(created=len(done["created"]), changed=len(done["changed"]), unchanged=done["unchanged"])
    found = PlanEntry.by_kodes(family.kode for family in plan.families)
    return {kode: entry.id for kode, entry in found.items()}


def _entry(family: Family, plan: ImportPlan, known: PlanEntry | None) -> dict[str, Any]:
    """The plan entry of a family, in force in the years of the export.

    What was agreed since (title, OPD, class, deadlines, validity, state) stays.
    """
    first, last = date(plan.first_year, 1, 1).isoformat(), date(plan.last_year, 12, 31).isoformat()
    agreed: dict[str, Any] = {
        "judul": family.title,
        "opd": family.opd,
        "kelas": "wajib",
        "deadline_days": config.deadline_days(),
        "grace_days": config.grace_days(),
        "berlaku_dari": first,
        "berlaku_sampai": last,
        "state": "berlaku",
    }
    if known:
        stored: dict[str, Any] = known.as_dict()
        agreed = {key: stored["opd_id" if key == "opd" else key] for key in agreed} | {
            key: stored[key] for key in ("prioritas", "dasar_hukum", "access", "access_reason") if stored[key]
        }
        agreed["berlaku_dari"] = min(stored["berlaku_dari"], first)
        if known.berlaku_sampai is None or known.berlaku_sampai >= datetime.now(WIB).date():
            # In force still: its terms change with a day and a reason only, never by an import.
            agreed["frequency"] = stored["frequency"]
        # Open-ended means that somebody agreed on it since.
        agreed["berlaku_sampai"] = stored["berlaku_sampai"] and max(stored["berlaku_sampai"], last)
    return {
        "frequency": family.frequency,
        **agreed,
        "kode": family.kode,
        "urusan": family.urusan,
        "level_wilayah": family.level,
        "expected_values": family.expected_values,
        "source_system": content.SOURCE_SYSTEM,
    }


def _record(rows: list[SubmissionRow], resource_ids: list[str], user: str, now: datetime, outcome: Outcome) -> None:
    """Record the deliveries. A period that an OPD has delivered itself since is the OPD's."""
    theirs = _delivered_by_others({row.entry_id for row in rows if row.entry_id})
    ours = [row for row in rows if row.key not in theirs]
    gone = withdrawals(resource_ids, ours, now=now, created_by=user)
    counts = record_submissions([*ours, *gone])
    outcome.deliveries_added = counts.added
    outcome.deliveries_unchanged = counts.unchanged


def _delivered_by_others(entry_ids: set[str]) -> set[tuple[str, str]]:
    """Entries and periods whose standing delivery did not come from an import."""
    found = model.Session.execute(
        sa.select(Submission.entry_id, Submission.period).where(
            Submission.entry_id.in_(entry_ids), Submission.superseded_by.is_(None), Submission.origin != "impor"
        )
    )
    return {(entry_id, period) for entry_id, period in found}
