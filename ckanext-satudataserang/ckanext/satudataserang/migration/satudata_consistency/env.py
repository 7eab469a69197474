"""Alembic environment of the plugin satudata_consistency."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

TABLES = {
    "satudata_rule",
    "satudata_rule_event",
    "satudata_comparison",
    "satudata_conflict",
    "satudata_conflict_event",
    "satudata_to_compare",
}

run(context, "satudata_consistency", TABLES)  # type: ignore[arg-type]
