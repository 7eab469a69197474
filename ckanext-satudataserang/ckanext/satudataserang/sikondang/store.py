"""The DataStore tables of the import, each with the fingerprint of what was written.

The fingerprint is the comment on the table, set in the transaction that writes it: a run that was cut short, or that
meets another export, sees which tables are as they should be.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ckanext.satudataserang.core.legacy import Family
from ckanext.satudataserang.sikondang.content import columns, primary_key, table_rows
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission.store import replace_table

_PREFIX = "satudata_sikondang "
_STANDING = """
    SELECT c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname = ANY(:names)
"""


def standing_fingerprints(resource_ids: Iterable[str]) -> dict[str, str]:
    """The fingerprints of the tables that the import wrote, by resource id."""
    with seam.write_engine().connect() as connection:
        found = connection.execute(sa.text(_STANDING), {"names": list(resource_ids)})
        return {name: text.removeprefix(_PREFIX) for name, text in found if text and text.startswith(_PREFIX)}


def write_table(resource_id: str, family: Family, fingerprint: str) -> None:
    """Put a family's rows into its table, with data dictionary, primary key and fingerprint, in one transaction."""
    with seam.write_engine().begin() as connection:
        replace_table(
            resource_id, columns(family), table_rows(family), primary_key=primary_key(family), connection=connection
        )
        comment = seam.literal(_PREFIX + fingerprint)
        connection.exec_driver_sql(f"COMMENT ON TABLE {seam.identifier(resource_id)} IS {comment}")
