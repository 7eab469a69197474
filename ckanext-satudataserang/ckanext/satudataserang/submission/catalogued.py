"""The catalogue's side of publishing: the entry's dataset, its one table, and the rows in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import Any, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context

from ckanext.satudataserang.catalogue import region
from ckanext.satudataserang.catalogue.publishing import label_of, missing_of
from ckanext.satudataserang.catalogue.tables import frequencies
from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.core.checks.privacy import WHOLE
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.grid import Grid
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import (
    agreed,
    ahead,
    constraints,
    lifecycle,
    period_store,
    reading,
    store,
    store_words,
    tables,
)
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission.ahead import Ahead
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.marking import mark_active
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.period_store import PERIOD, PeriodAddress, replace_period
from ckanext.satudataserang.submission.store_model import Column, ColumnType, StoreError

_NAMESPACE = uuid.UUID("0f9a0f7e-5b0b-5a43-9a75-2f1a4c1a9b55")
_NAME_CHARACTERS = 90
#: What a Walidata decided about personal data (`Submission.privacy`).
_DISAMARKAN = "disamarkan"


class CannotPublishError(Exception):
    """Something is missing that a person has to add; the message is an Indonesian sentence that names it."""


@dataclass(frozen=True)
class Written:
    """Where a delivery stands: its dataset, and its table where it has one."""

    dataset_id: str
    resource_id: str | None


def ready(row: Submission, what: Due) -> Written:
    """Put a delivery's rows into the entry's table and make its dataset public; safe to do again.

    Raises CannotPublishError, StoreError.
    """
    dataset = _dataset(row, what.entry)
    _require_publishable(dataset)
    resource_id = row.resource_id
    if row.file_sha256 is not None:
        resource_id = _table(dataset, what.entry)
        _write_rows(resource_id, row, what)
        mark_active([resource_id], reindex=False)
    elif row.nil:
        resource_id = _clear(what)
    _make_public(dataset, row, what.entry)
    return Written(dataset["id"], resource_id)


def touch(place: Written, at: datetime) -> None:
    """The data changed at this moment: say so where CKAN keeps it, in the session's transaction."""
    naive = at.astimezone(timezone.utc).replace(tzinfo=None)
    if place.resource_id:
        model.Session.execute(
            sa.update(model.Resource).where(model.Resource.id == place.resource_id).values(last_modified=naive)
        )
    model.Session.execute(
        sa.update(model.Package).where(model.Package.id == place.dataset_id).values(metadata_modified=naive)
    )


def refused(problem: Exception) -> str:
    """Why a delivery could not be published, as a sentence."""
    if isinstance(problem, CannotPublishError):
        return str(problem)
    return store_words.sentence(problem) if isinstance(problem, StoreError) else str(problem)[:300]


def _dataset(row: Submission, entry: PlanEntry) -> dict[str, Any]:
    """The dataset that serves the entry; a draft is made from the plan where there is none."""
    place = tables.place_of(entry)
    if place is not None:
        return tk.get_action("package_show")(_context(), {"id": place.dataset_id})
    name = munge_title_to_name(f"{entry.judul[:_NAME_CHARACTERS]}-{entry.kode}")[:_NAME_CHARACTERS].strip("-_")
    if model.Package.get(name) is not None:
        name = f"{name}-{uuid.uuid4().hex[:6]}"
    facts = {
        "type": "dataset",
        "name": name,
        "title": entry.judul,
        "state": "draft",
        "owner_org": entry.opd_id,
        "urusan": entry.urusan,
        "frequency": next((uri for uri, code in frequencies().items() if code.kata == entry.frequency), ""),
        "daftar_data_kode": entry.kode,
        "kode_wilayah": region.get_region().kode,
        "dasar_hukum": entry.dasar_hukum,
        "prioritas_tahun": "\n".join(map(str, entry.prioritas or ())),
    }
    try:
        return tk.get_action("package_create")(_context(), {key: value for key, value in facts.items() if value})
    except tk.ValidationError as error:
        message = tk._("Dataset untuk entri {kode} tidak dapat dibuat: {reasons}")
        reasons = "; ".join(error.error_summary.values())
        raise CannotPublishError(message.format(kode=entry.kode, reasons=reasons)) from error


def _require_publishable(dataset: dict[str, Any]) -> None:
    if dataset["state"] == "active":
        return
    missing = missing_of(dataset)
    if missing:
        message = tk._(
            "Dataset “{title}” belum dapat terbit karena metadatanya belum lengkap: {fields}. Lengkapi di halaman "
            "dataset ({name}), lalu terbitkan lagi."
        )
        labels = ", ".join(dict.fromkeys(label_of(one) for one in missing))
        raise CannotPublishError(message.format(title=dataset["title"], name=dataset["name"], fields=labels))


def _make_public(dataset: dict[str, Any], row: Submission, entry: PlanEntry) -> None:
    """Nothing is published that nobody can see: what is agreed to be open is private no more from now on."""
    changes: dict[str, Any] = {} if dataset["state"] == "active" else {"state": "active"}
    if dataset["private"] and entry.access == "terbuka":
        changes["private"] = False
        note = tk._("Dataset “{title}” semula privat; dibuka karena entri {kode} disepakati terbuka.")
        # In the transaction of the change, so that neither is ever without the other.
        lifecycle.remark(
            row, "buka", row.approved_by or life.SYSTEM, note.format(title=dataset["title"], kode=entry.kode)
        )
    if not changes:
        return
    try:
        tk.get_action("package_patch")(_context(), {"id": dataset["id"], **changes})
    except tk.ValidationError as error:
        message = tk._("Dataset “{title}” belum dapat terbit: {reasons}")
        reasons = "; ".join(error.error_summary.values())
        raise CannotPublishError(message.format(title=dataset["title"], reasons=reasons)) from error


def _table(dataset: dict[str, Any], entry: PlanEntry) -> str:
    """The resource that holds all periods; made where there is none, with what an uploaded file has put there."""
    place = tables.place_of(entry)
    if place is not None and place.resource_id is not None and not place.uploaded:
        return place.resource_id
    resource_id = str(uuid.uuid5(_NAMESPACE, f"{dataset['id']}/tabel"))
    if all(resource["id"] != resource_id for resource in dataset["resources"]):
        if place is not None and place.resource_id is not None:
            _copy(place.resource_id, resource_id, dataset)
        tk.get_action("resource_create")(
            _context(),
            {
                "id": resource_id,
                "package_id": dataset["id"],
                "name": dataset["title"],
                "format": "CSV",
                "url": "_datastore_only_resource",
                "url_type": "datastore",
                tables.MARK: "true",
            },
        )
    return resource_id


def _copy(source: str, target: str, dataset: dict[str, Any]) -> None:
    """Begin a table with the rows of an uploaded file and its dictionary, so that all periods are in one place."""
    found = tables.fields(source)
    own = next((each.get("periode") or "" for each in dataset["resources"] if each["id"] == source), "")
    columns = [
        Column(
            field.id,
            cast("ColumnType", field.type),
            label=field.info.get("label") or "",
            notes=field.info.get("notes") or "",
            unit=field.info.get("unit") or "",
            more=field.info,
        )
        for field in found
    ]
    has_period = any(tables.is_period_column(field.id) for field in found)
    extra = [] if has_period or not own else [Column(PERIOD, "text", "Periode", "Period")]

    def rows() -> Iterator[Sequence[object]]:
        # With a name it stays with the server, which gives some rows at a time.
        with tables.cursor() as near, near.connection.cursor("salinan") as reading:
            names = seam.quoted([field.id for field in found])
            reading.execute(f"SELECT {names} FROM {seam.identifier(source)} ORDER BY _id")  # noqa: S608
            for cells in reading:
                yield (own, *cells) if extra else cells

    store.replace_table(target, [*extra, *columns], rows())


def _write_rows(resource_id: str, row: Submission, what: Due) -> None:
    with ahead.early() as early, reading.kept(row, what, partial(_begin, early, resource_id, row, what)) as found:
        table = found.table
        if not table.usable:
            message = tk._("Berkas kiriman tidak dapat dibaca lagi. Kembalikan agar OPD mengirim ulang.")
            raise CannotPublishError(message)
        masked = masked_columns(row, found.structure)
        replace_period(
            resource_id,
            agreed.of_table(table, found.structure),
            early.source(table.dump(found.directory, masked)),
            _address(what),
            demanded=constraints.asked(table, found.structure, masked) if found.structure else None,
        )


def _begin(early: Ahead, resource_id: str, row: Submission, what: Due, grid: Grid, structure: Structure | None) -> None:
    """Send a file that may become rows as it lies on its way."""
    if structure is not None and not masked_columns(row, structure):
        early.begin(grid, lambda: period_store.filling(resource_id, agreed.columns(structure), _address(what)))


def masked_columns(row: Submission, structure: Structure | None) -> dict[str, str]:
    """The columns that are masked when a delivery is published, and the kind of what they hold."""
    agreed = {column.id: WHOLE for column in structure.columns if column.personal} if structure else {}
    decided = row.privacy_columns if row.privacy == _DISAMARKAN else {}
    return {**agreed, **decided}


def _clear(what: Due) -> str | None:
    """A nil statement: nothing stands for the period any more."""
    place = tables.place_of(what.entry)
    if place is None or place.resource_id is None or place.uploaded:
        return place.resource_id if place else None
    replace_period(place.resource_id, [], [], _address(what))
    return place.resource_id


def _address(what: Due) -> PeriodAddress:
    return PeriodAddress(what.period.key, what.terms.frequency, what.terms.anchor)


def _context() -> Context:
    """The system's own account: whether this person may publish was decided when it was asked for."""
    site_user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})
    return Context(user=site_user["name"], ignore_auth=True)
