"""A small plan: two OPDs, a Walidata, a Produsen, entries in every state."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from ckanext.satudataserang.core.deadlines import WIB

from tests.catalogue.turns import made_elsewhere  # noqa: F401 (a fixture)

from .city import City

ENTRY = {
    "judul": "Jumlah pasar",
    "opd": "dinas-pasar",
    "urusan": "3.30",
    "frequency": "triwulanan",
    "deadline_days": 15,
    "grace_days": 5,
    "berlaku_dari": "2024-01-01",
    "state": "berlaku",
}


@pytest.fixture
def plan_city(with_plugins, clean_db, clean_index):
    """Accounts by role with their headers, and the plan they look at."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from ckanext.satudataserang.catalogue import roles

    for name, title, short, urusan in (
        ("dinas-pasar", "Dinas Pasar", "Disar", ["3.30"]),
        ("dinas-kesehatan", "Dinas Kesehatan", "Dinkes", ["1.02", "2.08"]),
    ):
        factories.Organization(name=name, title=title, urusan=urusan, jenis="dinas", singkatan=short)
    accounts = {role: factories.UserWithToken() for role in ("walidata", "produsen", "orang")}
    accounts["sysadmin"] = factories.SysadminWithToken()
    roles.grant(accounts["walidata"]["id"], roles.WALIDATA, "")
    call_action("organization_member_create", id="dinas-pasar", username=accounts["produsen"]["name"], role="editor")
    year = datetime.now(WIB).year
    entries = [
        {**ENTRY, "kode": "PSR-1", "prioritas": [year]},
        {**ENTRY, "kode": "PSR-2", "judul": "=Omzet pasar harian", "frequency": "harian", "kelas": "opsional"},
        {**ENTRY, "kode": "PSR-3", "judul": "Jumlah kios tutup", "frequency": "insidental"},
        {
            **ENTRY,
            "kode": "PSR-4",
            "judul": "Jumlah pedagang kaki lima",
            "state": "usulan",
            "berlaku_dari": f"{year}-01-01",
        },
        {**ENTRY, "kode": "PSR-5", "judul": "Jumlah retribusi", "state": "disepakati", "berlaku_dari": f"{year}-01-01"},
        {
            **ENTRY,
            "kode": "KES-1",
            "judul": "Jumlah puskesmas",
            "opd": "dinas-kesehatan",
            "urusan": "1.02",
            "frequency": "tahunan",
            "berlaku_sampai": f"{year}-12-31",
        },
    ]
    call_action("satudata_plan_import", {"user": accounts["sysadmin"]["name"]}, entries=entries)
    return SimpleNamespace(
        headers={role: {"Authorization": user["token"]} for role, user in accounts.items()},
        names={role: user["name"] for role, user in accounts.items()},
        ids={role: user["id"] for role, user in accounts.items()},
        year=year,
        today=datetime.now(WIB).date(),
        tomorrow=datetime.now(WIB).date() + timedelta(days=1),
    )


@pytest.fixture
def city(request, with_plugins, reset_db, migrate_satudata, clean_index):
    """Two OPDs and people in every role; made once for a module, what tests did with them is undone."""
    from ckan import model

    city = getattr(request.module, "_city", None)
    if city is None or not city.stands():
        fresh = not model.repo.tables_created_and_initialised
        reset_db()
        if fresh:
            migrate_satudata()
        city = request.module._city = City()
    city.tidy()
    return city
