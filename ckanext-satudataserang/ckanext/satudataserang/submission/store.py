"""Writing a whole table into the DataStore: all of it or nothing.

`replace_table` builds the new table beside the old one, fills it with COPY, checks its key and what its structure
demands, and puts it in the old one's place, in one transaction. Readers see the old table or the new one, whole; a
process killed half-way leaves the old one. `marking.mark_active` then tells CKAN that the resources have a table.

For an import of many datasets: create each dataset with ``"datastore_active": True`` in its resource (CKAN's resource
schema keeps that key), so that no second update of the dataset is needed, then call `replace_table`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import constraints, full_text, staging
from . import datastore_seam as seam
from .constraints import Constraints
from .store_model import (
    AgreementError,
    CellValueError,
    Column,
    ColumnType,
    DuplicateRowError,
    Filling,
    KeyViolation,
    LoadResult,
    NarrowingError,
    PrimaryKeyError,
    Source,
    StoreError,
    TableBusyError,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = [
    "AgreementError",
    "CellValueError",
    "Column",
    "ColumnType",
    "Constraints",
    "DuplicateRowError",
    "KeyViolation",
    "LoadResult",
    "NarrowingError",
    "PrimaryKeyError",
    "Source",
    "StoreError",
    "TableBusyError",
    "put",
    "replace_table",
]


def replace_table(
    resource_id: str,
    columns: Sequence[Column],
    rows: Source,
    *,
    primary_key: Sequence[str] = (),
    demanded: Constraints | None = None,
    keep_dictionary: bool = True,
    connection: sa.engine.Connection | None = None,
) -> LoadResult:
    """Make `rows` the whole content of a resource's DataStore table.

    :param rows: a `CopyFile` of these columns, or rows as long as `columns`: text as PostgreSQL reads it
        (`2016-01-31`, `12.5`), numbers, dates, booleans or None. An empty text is stored as NULL.
    :param primary_key: column ids that together name a row once; none of them may be empty
    :param demanded: what else the rows have to keep
    :param keep_dictionary: entries of the data dictionary that the old table has win over `columns` (people edit them),
        but not over those of a structure
    :param connection: a connection to the DataStore's write database whose transaction the caller commits; by default
        the table is written and committed here. Only then the full text of a large table may come later
        (`LoadResult.indexed`), and a large file is copied over several connections.
    :raises PrimaryKeyError: rows share a key or lack a part of it
    :raises AgreementError: rows are not as demanded
    :raises CellValueError: a value does not fit its column
    :raises TableBusyError: readers or another load held the table for more than a minute
    """
    started = time.monotonic()
    ids = [column.id for column in columns]
    if unknown := set(primary_key) - set(ids):
        message = f"primary key names unknown columns: {sorted(unknown)}"
        raise ValueError(message)
    wanted = Constraints(tuple(primary_key), constraints.within(demanded or Constraints(), ids).demands)
    with staging.load(resource_id, rows, connection) as (cursor, place):
        staged, count = staging.fill(cursor, Filling(columns, ids), rows, place=place)
        constraints.verify(cursor, staged, wanted)
        at_once = connection is not None
        indexed = put(
            cursor, resource_id, staged, count, columns, wanted.key, keep_dictionary=keep_dictionary, at_once=at_once
        )
    return LoadResult(resource_id, count, time.monotonic() - started, indexed)


def put(
    cursor: Any,
    resource_id: str,
    staged: str,
    count: int,
    columns: Sequence[Column],
    key: tuple[str, ...] = (),
    *,
    keep_dictionary: bool = True,
    keep_indexes: bool = False,
    at_once: bool = False,
) -> bool:
    """Put a filled and checked table in the old one's place; returns whether its full text has its index.

    A large table that waits for its full text waits for the index of its numbers, too: `full_text.complete` writes it
    anew and makes both once, for good. The planner gets to know it by autovacuum.

    :param count: the rows it has, numbered from 1 on
    :param key: what names a row once; raises PrimaryKeyError where it does not
    :param keep_indexes: make the indexes that the old table has
    :param at_once: make the full text now, whatever the size
    """
    indexed = at_once or count <= full_text.AT_ONCE_ROWS
    indexes = {}
    if indexed:
        raw, staged = staged, full_text.built(cursor, staged)
        cursor.execute(f"DROP TABLE {seam.identifier(raw)}")
        indexes.update(full_text.index_names(resource_id, staged))
        staging.index_numbers(cursor, staged)
        indexes.update(staging.make_primary(cursor, resource_id, staged))
    staging.number(cursor, staged, count)
    if keep_indexes:
        indexes.update(staging.copy_indexes(cursor, resource_id, staged))
    if seam.index_name(resource_id, seam.quoted(key)) not in indexes.values():
        indexes.update(staging.make_unique(cursor, resource_id, staged, key))
    staging.describe(cursor, resource_id, staged, columns, keep_dictionary=keep_dictionary)
    if indexed:
        staging.analyze(cursor, staged, count)
    staging.swap(cursor, resource_id, staged, indexes, count)
    return indexed
