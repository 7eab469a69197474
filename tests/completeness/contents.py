"""What the tables of completeness hold, to be compared."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.completeness.model import TABLES


def contents() -> dict[str, list[str]]:
    """All rows of all tables of completeness."""
    return {
        table.name: sorted(map(repr, model.Session.execute(sa.select(table).order_by(*table.primary_key)).all()))
        for table in TABLES
        if table.name not in ("satudata_touched", "satudata_stamp")
    }
