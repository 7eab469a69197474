"""Bringing in the structures and variables that come with the software; what people changed is never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib.resources import files

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.store import Shipped, load
from ckanext.satudataserang.core.structures.variables import Variable, variable_as_dict
from ckanext.satudataserang.structures import read, store
from ckanext.satudataserang.structures.logic import variables
from ckanext.satudataserang.structures.model import (
    IN_FORCE,
    PROPOSED,
    SHIPPED,
    StructureRow,
    StructureVersion,
    VariableRow,
)
from ckanext.satudataserang.structures.opds import Opds


@dataclass
class Outcome:
    """What was done: made, renewed, proposed (since people have changed it), as it should be, left out and why."""

    created: int = 0
    updated: int = 0
    proposed: int = 0
    same: int = 0
    skipped: list[str] = field(default_factory=list)


def shipped() -> Shipped:
    """The structures that come with the software. Raises StructureError."""
    return load(files("ckanext.satudataserang.schemas").joinpath("struktur"))


def seed(context: Context) -> tuple[Outcome, Outcome]:
    """Bring in variables, then structures, in one transaction; doing it again changes nothing.

    A structure that nobody changed gets what is new with effect at once; one that people changed gets it as a proposal
    for the Walidata to decide on. A variable that people changed stays as it is.

    :returns: what was done with variables, and with structures
    """
    found, opds = shipped(), Opds()
    of_variables, of_structures = Outcome(), Outcome()
    with store.one_transaction(context) as changed:
        # Two instances starting at once take turns.
        model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('satudata_structure_seed'))"))
        for one in found.variables.values():
            _seed_variable(context, one, opds, of_variables)
        model.Session.flush()
        for wanted in found.structures.values():
            if _seed_structure(context, wanted, opds, of_structures):
                changed.add(wanted.kode)
    return of_variables, of_structures


def _seed_variable(context: Context, wanted: Variable, opds: Opds, outcome: Outcome) -> None:
    content = variable_as_dict(wanted)
    digest, opd = store.digest(content), opds.find(wanted.opd)
    row = model.Session.get(VariableRow, wanted.kode)
    if row is None:
        model.Session.add(variables.new_row(content, opd["id"] if opd else "", digest))
        variables.record(context, wanted.kode, "bawaan", "", {})
        outcome.created += 1
        return
    untouched = store.digest(row.content) == row.shipped
    if untouched and not row.opd_id and opd:
        row.opd_id = opd["id"]
    if row.shipped == digest or not untouched:
        outcome.same += 1
        return
    changes = variables.differences(row.content, content)
    row.nama, row.opd_id, row.content = wanted.nama, opd["id"] if opd else "", content
    row.revision, row.modified, row.shipped = row.revision + 1, datetime.now(timezone.utc), digest
    variables.record(context, wanted.kode, "bawaan", "", changes)
    outcome.updated += 1


def _seed_structure(context: Context, wanted: Structure, opds: Opds, outcome: Outcome) -> bool:
    """Bring one in; whether another version of it holds now."""
    content = parse.as_dict(wanted)
    try:
        read.made(content)
    except StructureError as error:
        outcome.skipped.append(f"{wanted.kode}: {error.problems[0].message}")
        return False
    digest, opd = store.digest(content), opds.find(wanted.opd)
    row = model.Session.get(StructureRow, wanted.kode)
    if row is None:
        now = datetime.now(timezone.utc)
        row = StructureRow(
            kode=wanted.kode,
            nama=wanted.nama,
            opd_id=opd["id"] if opd else "",
            current_version=None,
            shipped=digest,
            created=now,
            modified=now,
        )
        model.Session.add(row)
        model.Session.flush()
        store.add(context, row, content, state=IN_FORCE, reason=tk._("Struktur bawaan."), source=SHIPPED)
        outcome.created += 1
        return True
    if not row.opd_id and opd:
        # The OPD was registered after the structure came in.
        row.opd_id = opd["id"]
    if row.shipped == digest:
        outcome.same += 1
        return False
    row.shipped = digest
    current = model.Session.get(StructureVersion, (row.kode, row.current_version)) if row.current_version else None
    if current is not None and store.digest(current.content) == digest:
        outcome.same += 1
        return False
    of_people = current is None or current.source != SHIPPED
    state = PROPOSED if of_people else IN_FORCE
    store.add(context, row, content, state=state, reason=tk._("Pembaruan struktur bawaan."), source=SHIPPED)
    outcome.proposed += of_people
    outcome.updated += not of_people
    return not of_people
