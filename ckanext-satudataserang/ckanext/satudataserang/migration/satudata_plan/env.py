"""Alembic environment of the plugin satudata_plan."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

run(context, "satudata_plan", {"satudata_plan_entry", "satudata_plan_terms", "satudata_plan_event"})  # type: ignore[arg-type]
