"""What this extension knows about the inside of CKAN's DataStore, in one place.

CKAN offers no public way to fill a DataStore table with COPY or to put a whole table in place of another, so the
loader works on the tables themselves. The conventions it has to keep, as of CKAN 2.12
(``ckanext/datastore/backend/postgres.py``), are gathered here and nowhere else:

* a table is named after its resource and starts with ``_id serial primary key`` and ``_full_text tsvector``;
* names with a leading underscore are hidden from the DataStore (``_table_metadata``), so staging tables use one;
* a column's dictionary entry is its comment: a space, then JSON with the key ``_info``;
* the "primary key" is a unique index; an index is named ``sha1(resource id + field list)``;
* ``zfulltext`` fills ``_full_text`` of rows that are written later by ``datastore_upsert``;
* ``_table_stats`` caches the number of rows.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk

from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend import postgres as datastore_postgres

if TYPE_CHECKING:
    from collections.abc import Sequence

identifier = datastore_postgres.identifier
literal = datastore_postgres.literal_string


def write_engine() -> sa.engine.Engine:
    """Return the DataStore's engine with the right to write (pooled, shared with CKAN)."""
    return datastore_postgres.get_write_engine()


def read_role() -> str | None:
    """Return the role that reads the DataStore, or None where it is the writing role itself."""
    read = sa.engine.make_url(tk.config["ckan.datastore.read_url"]).username
    write = sa.engine.make_url(tk.config["ckan.datastore.write_url"]).username
    return read if read and read != write else None


def full_text_language() -> str:
    """Return the text search configuration that ``datastore_search`` queries with."""
    return tk.config["ckan.datastore.default_fts_lang"]


def full_text_method() -> str:
    """Return the index method for full text (``gist`` or ``gin``)."""
    return tk.config["ckan.datastore.default_fts_index_method"]


def index_name(resource_id: str, fields: str) -> str:
    """Return the name the DataStore gives an index, so that ``datastore_create`` recognises it."""
    return hashlib.sha1((resource_id + fields).encode(), usedforsecurity=False).hexdigest()


def comment_sql(table: str, column: str, comment: dict[str, Any]) -> str:
    """Return the statement that stores a column's dictionary entry."""
    text = " " + json.dumps(comment, ensure_ascii=False, separators=(",", ":"))
    return f"COMMENT ON COLUMN {identifier(table)}.{identifier(column)} IS {literal(text)}"


def trigger_sql(table: str) -> str:
    """Return the statement that keeps ``_full_text`` filled for later single-row writes."""
    return (
        f"CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {identifier(table)} "
        "FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()"
    )


def column_comments(cursor: Any, table: str) -> dict[str, dict[str, Any]]:
    """Return the stored dictionary entries of a table by column; comments that are not JSON are left out."""
    cursor.execute(
        "SELECT a.attname, d.description FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = a.attnum AND d.classoid = 'pg_class'::regclass "
        "WHERE c.relname = %s AND n.nspname = 'public'",
        (table,),
    )
    comments: dict[str, dict[str, Any]] = {}
    for name, text in cursor.fetchall():
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if isinstance(value, dict):
            comments[name] = value
    return comments


def aliases(cursor: Any, table: str) -> list[str]:
    """Return the views that the DataStore keeps as aliases of a table."""
    cursor.execute('SELECT name FROM "_table_metadata" WHERE alias_of = %s ORDER BY name', (table,))
    return [row[0] for row in cursor.fetchall()]


def store_row_count(cursor: Any, table: str, rows: int) -> None:
    """Put the number of rows into the DataStore's cache, which would otherwise be counted again or be stale."""
    cursor.execute(
        "INSERT INTO \"_table_stats\" (resource_id, stats) VALUES (%s, jsonb_build_object('rows', %s::bigint)) "
        "ON CONFLICT (resource_id) DO UPDATE SET stats = excluded.stats",
        (table, rows),
    )


def table_exists(resource_id: str) -> bool:
    """Tell whether a resource has a table."""
    return DatastoreBackend.get_active_backend().resource_exists(resource_id)


def quoted(names: Sequence[str]) -> str:
    """Return column names quoted and separated as the DataStore writes them (part of an index's name)."""
    return ", ".join(identifier(name) for name in names)
