"""The one table of a plan entry: which dataset and resource hold it, and what columns it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.core.tables.compare import PERIOD_COLUMNS, StandingColumn
from ckanext.satudataserang.core.tables.types import ColumnType, TableColumn
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import datastore_seam as seam

#: Marks the resource that holds all periods of a dataset.
MARK = "satudata_tabel"
_TYPES = {
    "int8": "integer",
    "int4": "integer",
    "int2": "integer",
    "numeric": "numeric",
    "float8": "numeric",
    "float4": "numeric",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
    "bool": "boolean",
}

_DATASET = sa.text(
    """
    SELECT id, state, private FROM package
    WHERE extras ->> 'daftar_data_kode' = :kode AND owner_org = :opd_id AND state <> 'deleted' AND type = 'dataset'
    ORDER BY state = 'active' DESC, metadata_created, id LIMIT 1
    """
)
_RESOURCES = sa.text(
    """
    SELECT id, url_type, coalesce(nullif(extras, ''), '{}')::jsonb AS extras FROM resource
    WHERE package_id = :dataset_id AND state = 'active' ORDER BY position, created, id
    """
)
_COLUMNS = """
    SELECT a.attname, t.typname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relname = %s AND c.relkind = 'r' AND a.attname NOT IN ('_id', '_full_text') ORDER BY a.attnum
"""


@dataclass(frozen=True)
class Place:
    """Where the data of an entry are. `resource_id` None: no table yet; `uploaded`: the table of a file."""

    dataset_id: str
    published: bool
    resource_id: str | None = None
    uploaded: bool = False


@dataclass(frozen=True)
class Field:
    """A column of a DataStore table: `type` is one of text, integer, numeric, date, timestamp, boolean."""

    id: str
    type: str
    info: dict[str, Any]

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.info.get("label") or self.id)


def place_of(entry: PlanEntry) -> Place | None:
    """Where the data of an entry are; None while no dataset names its kode."""
    dataset = model.Session.execute(_DATASET, {"kode": entry.kode, "opd_id": entry.opd_id}).one_or_none()
    if dataset is None:
        return None
    resources = model.Session.execute(_RESOURCES, {"dataset_id": dataset.id}).all()
    marked = [row for row in resources if str(row.extras.get(MARK)).lower() == "true"]
    plain = [row for row in resources if row.url_type == "datastore" and seam.table_exists(row.id)]
    uploads = [row for row in resources if row.url_type == "upload" and seam.table_exists(row.id)]
    found = next(iter([*marked, *plain, *uploads]), None)
    return Place(
        dataset.id,
        dataset.state == "active",
        found.id if found else None,
        uploaded=found is not None and found.url_type == "upload",
    )


def fields(resource_id: str) -> list[Field]:
    """The columns of a table in their order, without the DataStore's own; empty where there is no table."""
    with cursor() as reading:
        return read_fields(reading, resource_id)


def read_fields(reading: Any, resource_id: str) -> list[Field]:
    """`fields` on a cursor of the caller's."""
    reading.execute(_COLUMNS, (resource_id,))
    found = reading.fetchall()
    comments = seam.column_comments(reading, resource_id) if found else {}
    return [Field(name, _TYPES.get(kind, "text"), comments.get(name, {}).get("_info") or {}) for name, kind in found]


@contextmanager
def cursor() -> Iterator[Any]:
    """A cursor of the DataStore for reading."""
    with seam.write_engine().connect() as connection:
        reading: Any = connection.connection.cursor()
        try:
            yield reading
        finally:
            reading.close()


def standing_columns(entry: PlanEntry) -> list[StandingColumn]:
    """The columns that a delivery has to have: those of the entry's table."""
    place = place_of(entry)
    if place is None or place.resource_id is None:
        return []
    return [StandingColumn(field.id, field.title, field.type) for field in fields(place.resource_id)]


def as_table_columns(found: Sequence[Field]) -> list[TableColumn]:
    """The columns as the readers of rows want them."""
    return [TableColumn(field.id, field.title, ColumnType(field.type)) for field in found]


def is_period_column(column_id: str) -> bool:
    """Whether a column says which period a row is of."""
    return column_id in PERIOD_COLUMNS
