"""What an OPD has to do about figures that differ from others': part of its tasks, and of its letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.chase import links
from ckanext.satudataserang.chase.model import MailDifference
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.consistency import queries, words
from ckanext.satudataserang.consistency.model import plain
from ckanext.satudataserang.core.reminder_texts import period_name
from ckanext.satudataserang.core.reminders import Audience, Difference, Recipients

#: So many differences are told with the tasks; the rest stands on the page of differences.
_CONFLICTS = 20


def of_opd(opd_id: str) -> dict[str, Any]:
    """Open differences between the OPD's figures and others': ``count``, and the first of them as ``items``."""
    count, rows = queries.todo(model.Session, opd_id, limit=_CONFLICTS)
    # What a figure is made of is told on the page of the difference.
    told = ({**row, "where": _where(row)} for row in rows)
    return {"count": count, "items": [{key: plain(row[key]) for key in row if key != "detail"} for row in told]}


def of_letters(session: Database) -> list[Difference]:
    """Every open difference that no side has explained yet, as letters tell it."""
    return [_told(row) for row in queries.unexplained(session)]


def of_person(session: Database, address: str, recipients: Recipients) -> tuple[Difference, ...]:
    """Those of the OPDs for whose people this address stands."""
    opds = {
        opd_id
        for (audience, opd_id), people in recipients.items()
        if audience is Audience.OPD and any(person.key == address.casefold() for person in people)
    }
    return tuple(_told(row) for row in queries.unexplained(session, opds)) if opds else ()


def written(session: Database, differences: Sequence[Difference]) -> frozenset[tuple[Any, ...]]:
    """For which of these a letter was noted before, as `core.reminders.with_differences` takes it."""
    query = sa.select(MailDifference.conflict_id, MailDifference.opened_at, MailDifference.recipient).where(
        MailDifference.conflict_id.in_([one.conflict_id for one in differences])
    )
    return frozenset(tuple(row) for row in session.execute(query))


def _told(row: Mapping[str, Any]) -> Difference:
    left, right = (
        f"{row[f'{side}_opd_title']}: {words.figure(plain(row[f'{side}_value']), row[f'{side}_unit'])} "
        f"({row[f'{side}_judul']})"
        for side in ("left", "right")
    )
    where = _where(dict(row))
    return Difference(
        conflict_id=row["id"],
        opened_at=row["opened_at"],
        opd_ids=frozenset({row["left_opd_id"], row["right_opd_id"]}),
        what=", ".join(part for part in (row["rule_name"], period_name(row["period"]), where) if part),
        left=left,
        right=right,
        apart=words.figure(plain(abs(row["difference"] or 0)), row["unit"]),
        address=links.url("satudata_consistency.read", absolute=True, ref=row["id"]),
    )


def _where(row: dict[str, Any]) -> str:
    """Area and classes in words."""
    area = get_region().wilayah.get(row["area"]) if row["area"] else None
    return words.code({**row, "area_name": area.name if area else row["area"]})
