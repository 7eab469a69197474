"""What a delivery holds, as the facts that are kept with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudataserang.core.checks.engine import Progress
from ckanext.satudataserang.core.checks.privacy import JOINED, SIGNED, WHOLE, Personal
from ckanext.satudataserang.core.findings import Findings, Severity
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.grid import Layout
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import files, reading, titles
from ckanext.satudataserang.submission.due import Due

DITAHAN = "ditahan"


@dataclass
class Checked:
    """The result of the checks; the fields are those of a delivery."""

    findings: Findings = field(default_factory=Findings)
    expected_values: int | None = None
    filled_values: int = 0
    zero_values: int = 0
    content_sha256: str = ""
    rows: int = 0
    layout: dict[str, Any] | None = None
    reading: dict[str, Any] | None = None
    structure: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether nothing stands against the delivery."""
        return not self.findings.has_errors

    @property
    def unconfirmed(self) -> bool:
        """Whether somebody has to say how the file is to be read before it can be judged."""
        return bool(self.reading and self.reading["confirm"])

    @property
    def reasons(self) -> list[str]:
        """Codes of what a person should know, sorted."""
        return list(self.findings.codes(Severity.ERROR, Severity.WARNING))


def check_file(
    sha256: str,
    name: str,
    due: Due,
    *,
    layout: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check a kept file against its cell: the structure of the entry, without one the table that stands.

    :param layout: how the file is to be read (`Layout.as_dict`), None to find out
    :param progress: called with the share that is done; raise in it to end the check
    """
    structure = structures.structure_of(due.entry)
    return check_path(files.path_of(sha256), name, due, structure, layout=layout, progress=progress)


def check_path(
    path: Path,
    name: str,
    due: Due,
    structure: Structure | None,
    *,
    layout: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check any file as a delivery for a cell would be, against a structure (None: the table that stands)."""
    with reading.opened(
        path,
        name,
        reading.wishes_of(due, structure, compared=True),
        layout=Layout.from_dict(layout) if layout else None,
        remembered=titles.remembered(due.entry.id),
        progress=progress,
    ) as found:
        table = found.table
        table.findings.extend(reading.outdated(found, due))
        return Checked(
            table.findings,
            expected_values=table.expected_values or due.expected_values,
            filled_values=table.delivered.filled,
            zero_values=table.delivered.unconfirmed_zeros,
            content_sha256=table.delivered.sha256,
            rows=table.rows,
            layout=reading.decided(found.grid.layout, found.grid.matches).as_dict() if found.grid.usable else None,
            reading=found.as_dict(),
            structure=structure.stamp if structure else "",
            personal=undecided(table.personal, structure),
        )


def undecided(found: Sequence[Personal], structure: Structure | None) -> dict[str, str]:
    """Columns with personal data on which a person has to decide, and what they hold; of several kinds: anything.

    A name in a block of signatures says nothing about the rest of its column: it stands behind the kind, after a ``+``.
    Columns that the structure says are about persons are masked in any case.
    """
    agreed = {column.id for column in structure.columns if column.personal} if structure else set()
    kinds: dict[str, str] = {}
    for one in found:
        if one.column_id not in agreed and one.kind != SIGNED:
            kinds[one.column_id] = one.kind if kinds.get(one.column_id, one.kind) == one.kind else WHOLE
    for one in found:
        if one.kind == SIGNED:
            whole = WHOLE if one.column_id in agreed else kinds.get(one.column_id, "")
            kinds[one.column_id] = JOINED.join(kind for kind in (whole, SIGNED) if kind)
    return kinds
