"""A small city in the database, made the way the portal makes it: plan by the action, deliveries by the recorder."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from tests.catalogue.turns import made_elsewhere  # noqa: F401 (a fixture)

YEARS = (2014, 2015, 2016)


@pytest.fixture
def make_opd():
    """Return a function that makes an OPD; written as a row, so that no search index is needed."""
    from ckan import model

    def make(name: str, title: str, **extras: str) -> str:
        opd = model.Group(name=name, title=title, type="organization", is_organization=True, approval_status="approved")
        opd.extras = extras
        model.Session.add(opd)
        model.Session.commit()
        return opd.id

    return make


@pytest.fixture
def make_dataset():
    """Return a function that makes a published dataset of an OPD, for a plan entry or outside the plan."""
    from ckan import model

    def make(name: str, opd_id: str, kode: str = "", *, private: bool = False, **extras: str) -> str:
        dataset = model.Package(
            name=name, title=f"Dataset {name}", type="dataset", owner_org=opd_id, private=private, license_id="cc-by"
        )
        dataset.extras = {**({"daftar_data_kode": kode} if kode else {}), **extras}
        model.Session.add(dataset)
        model.Session.commit()
        return dataset.id

    return make


@pytest.fixture
def make_entries():
    """Return a function that brings plan entries in through the action; gives their ids by kode."""
    from ckan.tests.helpers import call_action

    from ckanext.satudataserang.plan.model import PlanEntry

    def make(*entries: dict) -> dict[str, str]:
        plan = {
            "urusan": "1.02",
            "frequency": "tahunan",
            "deadline_days": 90,
            "grace_days": 14,
            "berlaku_dari": "2014-01-01",
            "berlaku_sampai": "2016-12-31",
            "expected_values": 6,
            "state": "berlaku",
        }
        call_action("satudata_plan_import", entries=[{**plan, **entry} for entry in entries])
        return {kode: entry.id for kode, entry in PlanEntry.by_kodes(entry["kode"] for entry in entries).items()}

    return make


@pytest.fixture
def deliver():
    """Return a function that records deliveries: (entry id, dataset id, period, day, facts)."""
    from ckanext.satudataserang.core.deadlines import WIB
    from ckanext.satudataserang.submission.facts import SubmissionRow, record_submissions

    def make(*deliveries: tuple[str, str, str, str, dict]) -> None:
        rows = [
            SubmissionRow(
                period=period,
                dataset_id=dataset_id,
                entry_id=entry_id,
                delivered_at=datetime.fromisoformat(day).replace(tzinfo=WIB),
                content_sha256=f"{entry_id}{period}",
                **{"expected_values": 6, **facts},
            )
            for entry_id, dataset_id, period, day, facts in deliveries
        ]
        record_submissions(rows)

    return make


@pytest.fixture
def recompute():
    """Return a function that counts everything anew, through the action."""
    from ckan.tests.helpers import call_action

    return lambda: call_action("satudata_completeness_refresh", everything=True)


_seeded: dict[str, SimpleNamespace] = {}


def _fingerprint() -> tuple[int, ...]:
    import sqlalchemy as sa

    from ckan import model

    tables = ('"group"', "package", "resource", "satudata_plan_entry", "satudata_submission", "satudata_cell")
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    oldest = "(SELECT min(created)::text FROM satudata_plan_entry)"
    return tuple(model.Session.execute(sa.text(f"SELECT {counts}, {oldest}")).one())


@pytest.fixture
def seeded_city(request, with_plugins):
    """The city of `_seed`. It is made once and used again by every test that finds it as it was left."""
    from ckan import model

    if "city" in _seeded and _fingerprint() == _seeded["city"].fingerprint:
        return _seeded["city"]
    request.getfixturevalue("clean_db")
    makers = ("make_opd", "make_dataset", "make_entries", "deliver", "recompute")
    city = _seed(*(request.getfixturevalue(name) for name in makers))
    city.fingerprint = _fingerprint()
    model.Session.rollback()
    _seeded["city"] = city
    return city


def _seed(make_opd, make_dataset, make_entries, deliver, recompute) -> SimpleNamespace:
    """Four OPDs, 2014 to 2016, with every kind of cell that a closed year can have.

    dinkes: six yearly and one quarterly entry, some delivered late, half, invalid or nil; two datasets outside the
    plan, one of them a sample. disdik: five entries, one of them sample data, nothing delivered, one dataset private.
    dishub: one entry, so few obligations. kosong: none.
    """
    opds = {
        "dinkes": make_opd("dinkes", "Dinas Kesehatan", singkatan="Dinkes"),
        "disdik": make_opd("disdik", "Dinas Pendidikan", singkatan="Disdik"),
        "dishub": make_opd("dishub", "Dinas Perhubungan"),
        "kosong": make_opd("kosong", "Badan yang Belum Punya Daftar Data"),
    }
    entries = make_entries(
        *({"kode": f"KES-{n}", "judul": f"Data kesehatan {n}", "opd": "dinkes"} for n in range(1, 7)),
        {
            "kode": "KES-T",
            "judul": "Kunjungan puskesmas",
            "opd": "dinkes",
            "frequency": "triwulanan",
            "berlaku_dari": "2016-01-01",
        },
        *(
            {
                "kode": f"DIK-{n}",
                "judul": f"Data pendidikan {n}",
                "opd": "disdik",
                "urusan": "1.01",
                "source_system": "contoh" if n == 5 else "",
            }
            for n in range(1, 6)
        ),
        {"kode": "HUB-1", "judul": "=Terminal", "opd": "dishub", "urusan": "2.15", "expected_values": 1},
    )
    datasets = {
        kode: make_dataset(kode.lower(), opds["dinkes"], kode, konsep="Kesehatan")
        for kode in ("KES-1", "KES-2", "KES-3", "KES-4", "KES-T")
    }
    datasets["DIK-1"] = make_dataset("dik-1", opds["disdik"], "DIK-1", private=True)
    datasets["luar"] = make_dataset("luar-daftar", opds["dinkes"])
    datasets["contoh"] = make_dataset("luar-contoh", opds["dinkes"], data_contoh="true")
    whole, half = {"filled_values": 6}, {"filled_values": 3, "reasons": ("nol-belum-dipastikan",)}
    wrong = {"valid": False, "reasons": ("duplikat-bertentangan", "sandi-yang-tidak-dikenal")}
    nil = {"nil": True, "expected_values": None}

    def delivery(kode: str, period: str, day: str, facts: dict) -> tuple:
        return (entries[kode], datasets[kode], period, day, facts)

    deliver(
        delivery("KES-1", "2014", "2015-02-01", whole),
        delivery("KES-1", "2015", "2016-02-01", whole),
        delivery("KES-1", "2016", "2017-02-01", whole),
        delivery("KES-2", "2015", "2016-09-01", whole),
        delivery("KES-2", "2016", "2017-09-01", half),
        delivery("KES-3", "2016", "2017-02-01", wrong),
        delivery("KES-4", "2016", "2017-02-01", nil),
        delivery("KES-T", "2016-Q1", "2016-05-01", whole),
        delivery("KES-T", "2016-Q2", "2016-09-01", half),
    )
    recompute()
    return SimpleNamespace(opds=opds, entries=entries, datasets=datasets)
