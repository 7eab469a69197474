"""Alembic environment of the plugin satudata_chase."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

run(context, "satudata_chase", {"satudata_mail", "satudata_mail_item", "satudata_coaching"})  # type: ignore[arg-type]
