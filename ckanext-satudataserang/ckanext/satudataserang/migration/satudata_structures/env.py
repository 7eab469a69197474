"""Alembic environment of the plugin satudata_structures."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

run(
    context,  # type: ignore[arg-type]
    "satudata_structures",
    {"satudata_structure", "satudata_structure_version", "satudata_variable", "satudata_variable_event"},
)
