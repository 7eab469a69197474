"""What the tests of deliveries share: a clean DataStore and clean own tables."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.submission import datastore_seam as seam


@pytest.fixture
def resource_id():
    """A resource id whose DataStore table is gone after the test."""
    name = str(uuid.uuid4())
    yield name
    with seam.write_engine().begin() as connection:
        connection.execute(sa.text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
        connection.execute(sa.text("DELETE FROM _table_stats WHERE resource_id = :id"), {"id": name})


@pytest.fixture
def datastore():
    """Return a function that reads with the DataStore's read-only role."""
    from ckanext.datastore.backend.postgres import get_read_engine

    def read(sql: str, **values: object) -> list[tuple[object, ...]]:
        with get_read_engine().connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql), values)]

    return read


@pytest.fixture
def clean_facts(migrate_db_for):
    """Empty tables of deliveries and loads."""
    migrate_db_for("satudata_submission")
    model.Session.execute(sa.text("TRUNCATE satudata_submission, satudata_load"))
    model.Session.commit()
    yield
    model.Session.rollback()
