"""Two OPDs, people in every role, and a structure that a plan entry of one of them follows."""

from __future__ import annotations

import pytest

from tests.catalogue.turns import made_elsewhere  # noqa: F401 (a fixture)
from tests.plan.city import City, act, facts

CONTENT = {
    "kode": "kios-pasar",
    "nama": "Kios Pasar menurut Kecamatan",
    "opd": "Disar",
    "urusan": "3.30",
    "columns": [
        {
            "id": "kode_wilayah",
            "label": "Kecamatan",
            "required": True,
            "key": True,
            "code_list": "wilayah:kecamatan",
        },
        {"id": "jumlah_kios", "label": "Kios", "type": "integer", "required": True, "minimum": 0, "satuan": "unit"},
        {"id": "kios_kosong", "label": "Kios Kosong", "type": "integer", "minimum": 0, "satuan": "unit"},
    ],
    "expected": ["kode_wilayah"],
    "rules": [{"id": "kosong", "parts": ["kios_kosong"], "relation": "<=", "whole": "jumlah_kios"}],
}
VARIABLE = {"kode": "kios_pasar", "nama": "Kios", "opd": "Disar", "definisi": "Petak tetap untuk berdagang di pasar."}


def content(**changes):
    """The structure of these tests, with changes."""
    return {**CONTENT, **changes}


def with_column(*more):
    """The structure with further columns."""
    return content(columns=[*CONTENT["columns"], *more])


@pytest.fixture
def city(request, with_plugins, reset_db, migrate_satudata, clean_index):
    """Two OPDs and people in every role; made once for a module, what tests did with them is undone."""
    from ckan import model

    from ckanext.satudataserang.structures.model import StructureRow, VariableEvent, VariableRow

    found = getattr(request.module, "_city", None)
    if found is None or not found.stands():
        fresh = not model.repo.tables_created_and_initialised
        reset_db()
        if fresh:
            migrate_satudata()
        found = request.module._city = City()
    found.tidy()
    for table in (StructureRow, VariableRow, VariableEvent):
        model.Session.query(table).delete()
    model.Session.commit()
    return found


@pytest.fixture
def kios(city):
    """The kode of a structure in force that an entry of the first OPD follows."""
    act("satudata_structure_create", city.walidata, content=CONTENT, in_force=True)
    act("satudata_plan_entry_create", city.walidata, **facts(kode="PSR-1"))
    act("satudata_structure_assign", city.walidata, id="kios-pasar", entries=["PSR-1"])
    return "kios-pasar"
