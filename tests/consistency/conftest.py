"""Two OPDs that publish the same variable, in real DataStore tables."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from tests.chase.conftest import make_user  # noqa: F401 (fixtures)
from tests.completeness.conftest import deliver, make_dataset, make_entries, make_opd  # noqa: F401

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)
SEX = {
    "id": "jenis_kelamin",
    "label": "Jenis kelamin",
    "type": "text",
    "required": True,
    "key": True,
    "code_list": "sex",
}
LISTS = [{"id": "sex", "label": "Jenis kelamin", "codes": [{"code": "L", "label": "L"}, {"code": "P", "label": "P"}]}]


def area(level):
    return {
        "id": "kode_wilayah",
        "label": "Wilayah",
        "type": "text",
        "required": True,
        "key": True,
        "code_list": f"wilayah:{level}",
    }


def people(variable="penduduk_uji", **fields):
    return {"id": "jumlah", "label": "Jumlah", "type": "numeric", "variable": variable, **fields}


@pytest.fixture
def make_structure():
    """Return a function that keeps a structure in force: (kode, columns, lists, expected)."""
    from ckan import model

    from ckanext.satudataserang.structures.model import IN_FORCE, StructureRow, StructureVersion

    def make(kode, columns, lists=(), expected=()):
        content = {"kode": kode, "nama": f"Struktur {kode}", "columns": columns}
        if lists:
            content["lists"] = list(lists)
        if expected:
            content["expected"] = list(expected)
        model.Session.add(
            StructureRow(kode=kode, nama=kode, opd_id="", current_version=1, shipped="", created=NOW, modified=NOW)
        )
        model.Session.flush()
        model.Session.add(
            StructureVersion(
                kode=kode, version=1, content=content, state=IN_FORCE, proposed_by="", created_at=NOW, decided_at=NOW
            )
        )
        model.Session.commit()
        return kode

    return make


@pytest.fixture
def make_variable():
    """Return a function that keeps a standard variable."""
    from ckan import model

    from ckanext.satudataserang.structures.model import VariableRow

    def make(kode, nama, satuan="orang", **fields):
        content = {"kode": kode, "nama": nama, "satuan": satuan, "opd": "A", **fields}
        model.Session.add(
            VariableRow(
                kode=kode, nama=nama, content=content, opd_id="", revision=1, shipped="", created=NOW, modified=NOW
            )
        )
        model.Session.commit()

    return make


@pytest.fixture
def publish(deliver):  # noqa: F811
    """Return a function that makes rows what an entry has published for a period, as publication does."""
    from ckan import model

    from ckanext.satudataserang.plan.model import PlanEntry
    from ckanext.satudataserang.submission import period_store, tables
    from ckanext.satudataserang.submission.store import Column

    made = []

    def make(dataset_id, kode, period, columns, rows):
        entry = PlanEntry.by_kode(kode)
        place = tables.place_of(entry)
        resource_id = place.resource_id if place else None
        if resource_id is None:
            resource_id = str(uuid.uuid4())
            resource = model.Resource(package_id=dataset_id, url="_", url_type="datastore", extras={tables.MARK: True})
            resource.id = resource_id
            model.Session.add(resource)
            model.Session.commit()
            made.append(resource_id)
        period_store.replace_period(
            resource_id,
            [Column(name, kind, name) for name, kind in columns],
            rows,
            period_store.PeriodAddress(period),
        )
        deliver((entry.id, dataset_id, period, "2026-02-01", {"filled_values": 6, "resource_id": resource_id}))
        return resource_id

    yield make
    import sqlalchemy as sa

    from ckanext.satudataserang.submission import datastore_seam as seam

    with seam.write_engine().begin() as connection:
        for name in made:
            connection.execute(sa.text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
            connection.execute(sa.text("DELETE FROM _table_stats WHERE resource_id = :id"), {"id": name})


DISTRICT_COLUMNS = (("kode_wilayah", "text"), ("jenis_kelamin", "text"), ("jumlah", "numeric"))
CITY_COLUMNS = (("jumlah", "numeric"),)
DISTRICTS = [f"36.73.0{number}" for number in range(1, 7)]


@pytest.fixture
def two(with_plugins, clean_db, make_opd, make_entries, make_dataset, make_structure, make_variable, make_user):  # noqa: F811
    """`DUK-1` (dukcapil: penduduk by kecamatan and sex) and `BPS-1` (bappeda: penduduk of the city in thousands)."""
    from ckan import model

    from ckanext.satudataserang.plan.model import PlanEntry

    opds = {
        "dukcapil": make_opd("dukcapil", "Dinas Kependudukan", singkatan="Disdukcapil"),
        "bappeda": make_opd("bappeda", "Bappeda", singkatan="Bappeda"),
    }
    make_user("dina", opds["dukcapil"])
    make_user("bayu", opds["bappeda"])
    make_user("wati", grant="walidata")
    years = {"berlaku_dari": "2024-01-01", "berlaku_sampai": "2026-12-31"}
    entries = make_entries(
        {**years, "kode": "DUK-1", "judul": "Penduduk kecamatan", "opd": "dukcapil", "urusan": "2.12"},
        {**years, "kode": "BPS-1", "judul": "Penduduk kota", "opd": "bappeda", "urusan": "5.01"},
    )
    make_variable("penduduk_uji", "Penduduk uji")
    make_structure("duk", [area("kecamatan"), SEX, people(satuan="orang")], LISTS, ["kode_wilayah", "jenis_kelamin"])
    make_structure("bps", [people(satuan="ribu orang")])
    for kode, structure in (("DUK-1", "duk"), ("BPS-1", "bps")):
        PlanEntry.by_kode(kode).structure_id = structure
    model.Session.commit()
    datasets = {
        "DUK-1": make_dataset("duk-1", opds["dukcapil"], "DUK-1"),
        "BPS-1": make_dataset("bps-1", opds["bappeda"], "BPS-1"),
    }
    return SimpleNamespace(opds=opds, entries=entries, datasets=datasets)


@pytest.fixture
def counted(two, publish):
    """Return a function that publishes the same year in both: (each district's L and P, the city in thousands)."""

    def make(each=5000, city="60.0", period="2025", districts=tuple(DISTRICTS)):
        rows = [(code, sex, each) for code in districts for sex in ("L", "P")]
        publish(two.datasets["DUK-1"], "DUK-1", period, DISTRICT_COLUMNS, rows)
        if city is not None:
            publish(two.datasets["BPS-1"], "BPS-1", period, CITY_COLUMNS, [(city,)])

    return make
