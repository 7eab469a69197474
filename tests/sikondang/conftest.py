"""A made-up kabupaten with its OPDs, a made-up export, and a DataStore without leftovers of earlier imports."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import datastore_seam as seam

from tests.core.legacy.export import export

NAMES = {
    "1": ("1", "Tenaga Kesehatan ( Dokter )"),
    "2": ("1", "Tenaga Kesehatan ( Bidan )"),
    "3": ("2", "Panen Padi"),
    "4": ("2", "Luas Kebun"),
}
AREAS = {"1": "Contoh", "2": "Jambu Air", "3": "Kabupaten Contoh"}
VALUES = [
    {"jenis_data": "1", "jumlah": "12"},
    {"jenis_data": "1", "jumlah": "12"},
    {"jenis_data": "1", "wilayah": "2", "jumlah": "3000000000"},
    {"jenis_data": "2", "jumlah": "0"},
    {"jenis_data": "2", "wilayah": "2", "jumlah": "8", "sumber_data": "Dinkes Kabupaten Contoh"},
    {"jenis_data": "1", "tahun": "2015", "jumlah": "5"},
    {"jenis_data": "1", "tahun": "2015", "jumlah": "6"},
    {"jenis_data": "3", "wilayah": "3", "jumlah": "10.25", "satuan": "Ton", "sumber_data": "."},
    {"jenis_data": "3", "tahun": "2014", "wilayah": "3", "jumlah": "9", "satuan": "Ton", "sumber_data": "<b>x</b>"},
]


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes an export (by default the one above) and returns its folder."""

    def write(values=VALUES, names=NAMES, **tables):
        target = tmp_path / "ekspor"
        target.mkdir(exist_ok=True)
        for table, content in export(names, values, areas=AREAS, **tables).items():
            (target / f"{table}.csv").write_bytes(content)
        return target

    return write


@pytest.fixture
def tables():
    """No table of an earlier import; returns a function that reads the DataStore with its read-only role."""
    from ckanext.datastore.backend.postgres import get_read_engine

    drop_imported()

    def read(resource_id, columns="*"):
        with get_read_engine().connect() as connection:
            statement = f"SELECT {columns} FROM {seam.identifier(resource_id)} ORDER BY _id"
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    yield read
    drop_imported()


def drop_imported():
    """Remove every table that carries the fingerprint of an import."""
    query = (
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
        "AND obj_description(c.oid, 'pg_class') LIKE 'satudata_sikondang %'"
    )
    with seam.write_engine().begin() as connection:
        for (name,) in connection.execute(sa.text(query)).all():
            connection.execute(sa.text(f"DROP TABLE {seam.identifier(name)} CASCADE"))
            connection.execute(sa.text("DELETE FROM _table_stats WHERE resource_id = :id"), {"id": name})


@pytest.fixture
def offices(with_plugins, clean_db, clean_index):
    """The OPDs of the made-up kabupaten; returns the name of the user the import runs as."""
    from ckanext.satudataserang.catalogue import seeding
    from ckanext.satudataserang.catalogue.region import get_region

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    seeding.seed_opd(get_region(), user)
    return user
