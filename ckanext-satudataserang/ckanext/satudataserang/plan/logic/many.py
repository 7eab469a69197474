"""Actions that change many entries at once: bringing a list in, and carrying a year's entries over to the next."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.plan import entries, events, importing, telling
from ckanext.satudataserang.plan.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry

__all__ = ["satudata_plan_carry_over", "satudata_plan_import"]


def satudata_plan_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Create or update plan entries by their kode, all or none (Walidata).

    A row without a kode is the entry of its OPD with the very same title and level or, where there is none, a new one
    that gets the next kode. A field that is left out of the row of an entry in the plan stays as it is. Entries that
    are in the plan but not in the list stay as they are, too; the answer names them.

    Terms of an entry in force (frequency, deadline_days, grace_days, kelas) change only from `effective_from` on, today
    or later, with a reason; its OPD only by `satudata_opd_change`. An import of another system's finished years by a
    sysadmin may correct entries whose validity is wholly past.

    :param entries: the entries, with the fields of `satudata_plan_entry_create`, `state`, and where wanted their own
        `effective_from` and `reason`
    :type entries: list of dictionaries
    :param dry_run: only say what would change (default false)
    :param effective_from: the day from which changed terms hold, for rows that do not say (optional)
    :param reason: why terms change, for rows that do not say (optional)
    :returns: ``{"created": [kode], "new": [{"kode", "judul", "opd", "similar"}], "changed": [{"kode", "judul",
        "changes": {field: [old, new]}}], "gone": [{"kode", "judul"}], "unchanged": N}``; `similar` (dry run only) are
        the entries with such a title, ``[{"kode", "judul", "score"}]``; `gone` are entries of the same OPDs and source
        that the list does not have
    :raises ValidationError: with the errors of every faulty row, keyed by its place in the list from 1
    """
    tk.check_access("satudata_plan_import", context, data_dict)
    rows = tk.get_or_bust(data_dict, "entries")
    if not isinstance(rows, list):
        raise tk.ValidationError({"entries": [tk._("Kirim “entries” sebagai daftar entri.")]})
    dry_run = flag(data_dict, "dry_run")
    common = {name: data_dict[name] for name in ("effective_from", "reason") if data_dict.get(name)}
    with entries.one_transaction(context) as touched:
        batch = importing.compare(context, rows, common)
        answer = telling.told(context, batch, with_similar=dry_run)
        if not dry_run:
            touched.extend(importing.write(context, batch))
    return answer


def satudata_plan_carry_over(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep the entries of a year in force through a later year, in one transaction (Walidata).

    Entries in force whose validity ends with the last day of `from_year` are extended to the last day of `to_year`;
    those that reach into it anyway just continue. Doing it again changes nothing.

    :param from_year: the year that ends
    :param to_year: the year through which the entries are to hold, later than `from_year`
    :param dry_run: only say what would change (default false)
    :returns: ``{"extended": [{"kode", "judul", "opd_id", "berlaku_sampai": [old, new]}], "continuing": N, "ended": N}``
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_carry_over", context, data_dict)
    data = schema.validated(context, data_dict, schema.plan_carry_over())
    first, last = data["from_year"], data["to_year"]
    if last <= first:
        message = tk._("Tahun tujuan {to} harus sesudah tahun asal {year}.").format(to=last, year=first)
        raise tk.ValidationError({"to_year": [message]})
    ends, new_end = date(first, 12, 31), date(last, 12, 31)
    with entries.one_transaction(context) as touched:
        in_force = PlanEntry.berlaku_dari <= ends
        found = list(
            model.Session.scalars(
                sa.select(PlanEntry)
                .where(PlanEntry.state == "berlaku", in_force, PlanEntry.berlaku_sampai == ends)
                .order_by(PlanEntry.id)
                .with_for_update()
            )
        )
        counts = _counts(first, in_force)
        extended = [
            {
                "kode": entry.kode,
                "judul": entry.judul,
                "opd_id": entry.opd_id,
                "berlaku_sampai": [ends.isoformat(), new_end.isoformat()],
            }
            for entry in sorted(found, key=lambda entry: entry.kode)
        ]
        if found and not data["dry_run"]:
            changes = {"berlaku_sampai": [ends, new_end]}
            note = tk._("Diteruskan dari {year} ke {to}.").format(year=first, to=last)
            events.record(
                events.event(context, entry, "terus", before=entry.state, note=note, changes=changes) for entry in found
            )
            touched.extend(entry.id for entry in found)
            model.Session.execute(
                sa.update(PlanEntry)
                .where(PlanEntry.id.in_(touched))
                .values(berlaku_sampai=new_end, modified=datetime.now(timezone.utc)),
                execution_options={"synchronize_session": "fetch"},
            )
    return {"extended": extended, **counts}


def _counts(year: int, in_force: sa.ColumnElement[bool]) -> dict[str, int]:
    """How many entries of the year hold beyond it, and how many ended within it or with it for good."""
    ends, begins = date(year, 12, 31), date(year, 1, 1)
    beyond = sa.or_(PlanEntry.berlaku_sampai.is_(None), PlanEntry.berlaku_sampai > ends)
    over = PlanEntry.berlaku_sampai.between(begins, ends)
    kept = (PlanEntry.state == "berlaku") & (PlanEntry.berlaku_sampai == ends)
    query = sa.select(
        sa.func.count().filter(PlanEntry.state == "berlaku", in_force, beyond),
        sa.func.count().filter(PlanEntry.state.in_(("berlaku", "berakhir")), in_force, over, ~kept),
    )
    continuing, ended = model.Session.execute(query).one()
    return {"continuing": continuing, "ended": ended}
