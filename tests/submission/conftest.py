"""What the tests of deliveries share: a clean DataStore and clean own tables."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timezone

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import datastore_seam as seam

from .samples import CSV, ROWS


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
def clean_facts(request):
    """Empty tables of plan entries, deliveries and loads; whatever else the database holds stays."""
    if not sa.inspect(model.ensure_engine()).has_table("satudata_load"):
        request.getfixturevalue("clean_db")
    model.Session.rollback()
    model.Session.execute(
        sa.text(
            "TRUNCATE satudata_submission, satudata_submission_event, satudata_exemption, satudata_extension, "
            "satudata_load, satudata_plan_entry, satudata_plan_terms, satudata_grant"
        )
    )
    model.Session.commit()


@pytest.fixture
def clean_queues(reset_redis):
    """No jobs of other tests."""
    reset_redis()


def person(**fields):
    """An account without a password: hashing one takes longer than most tests."""
    name = f"uji-{make_uuid()[:8]}"
    user = model.User(name=name, email=f"{name}@contoh.example", fullname=name.title(), **fields)
    model.Session.add(user)
    model.Session.flush()
    return {"id": user.id, "name": user.name}


def office(**members):
    """An OPD; keywords are capacities with an account each."""
    name = f"opd-{make_uuid()[:8]}"
    group = model.Group(name=name, title=f"Dinas {name}", type="organization", is_organization=True)
    model.Session.add(group)
    model.Session.flush()
    for capacity, user in members.items():
        model.Session.add(
            model.Member(group=group, table_id=user["id"], table_name="user", capacity=capacity, state="active")
        )
    model.Session.commit()
    return {"id": group.id, "name": group.name, "title": group.title}


@pytest.fixture
def opd(with_plugins):
    """An OPD with an editor."""
    editor = person()
    return office(editor=editor), editor


@pytest.fixture
def draft(opd):
    """Make a half-filled dataset of the OPD; keywords are its fields."""

    def make(**fields):
        organization, editor = opd
        values = {
            "name": f"uji-{make_uuid()[:8]}",
            "title": "Penduduk menurut kecamatan",
            "owner_org": organization["id"],
            "state": "draft",
            **fields,
        }
        return tk.get_action("package_create")({"user": editor["name"]}, values)

    return make


@pytest.fixture
def upload(opd):
    """Upload text as a file of a dataset, as the editor does; `replaces` names the resource whose file it replaces."""

    def put(dataset, content: str | bytes = CSV, *, name="data.csv", replaces=None, **fields):
        data = content if isinstance(content, bytes) else content.encode()
        values = {
            "package_id": dataset["id"],
            "name": name,
            "format": "CSV",
            "upload": FileStorage(io.BytesIO(data), filename=name),
            **fields,
        }
        action = "resource_update" if replaces else "resource_create"
        if replaces:
            values["id"] = replaces["id"]
        return tk.get_action(action)({"user": opd[1]["name"]}, values)

    return put


@pytest.fixture
def entry(opd, clean_facts):
    """A plan entry of the OPD."""
    now = datetime.now(timezone.utc)
    row = PlanEntry(
        kode="DD-1",
        judul="Penduduk",
        opd_id=opd[0]["id"],
        urusan="2.12",
        kelas="wajib",
        prioritas=[],
        dasar_hukum="",
        frequency="tahunan",
        deadline_days=30,
        grace_days=0,
        berlaku_dari=date(2015, 1, 1),
        level_wilayah="kecamatan",
        expected_values=6,
        access="terbuka",
        access_reason="",
        source_system="",
        state="berlaku",
        created=now,
        modified=now,
    )
    model.Session.add(row)
    model.Session.commit()
    return row


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Delivered files are kept in a folder of the test's own; returns it."""
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    return tmp_path / "satudata" / "kiriman"


@dataclass(frozen=True)
class Cast:
    """The people around one OPD's delivery, by the names of their accounts."""

    opd: dict[str, object]
    produsen: str
    pendukung: str
    walidata: str
    pembina: str
    stranger: str


@pytest.fixture
def cast(opd, clean_facts):
    """An OPD with its people, the Walidata, the Pembina, and the editor of another OPD."""
    organization, editor = opd
    admin, walidata, pembina, stranger = (person() for _each in range(4))
    model.Session.add(
        model.Member(
            group=model.Group.get(organization["id"]),
            table_id=admin["id"],
            table_name="user",
            capacity="admin",
            state="active",
        )
    )
    office(editor=stranger)
    for user, role in ((walidata, "walidata"), (pembina, "pembina")):
        roles.grant(user["id"], role, "uji")
    model.Session.commit()
    names = (each["name"] for each in (editor, admin, walidata, pembina, stranger))
    return Cast(organization, *names)


@pytest.fixture
def act():
    """Call an action as somebody: ``act(user, "submission_create", entry=…)``; `user` None is a visitor."""

    def call(user, name, **data):
        context = {"user": user or ""}
        return tk.get_action(f"satudata_{name}")(context, data)

    return call


@pytest.fixture
def file_of():
    """Make an uploaded file."""

    def make(content: str | bytes, name="data.csv"):
        data = content if isinstance(content, bytes) else content.encode()
        return FileStorage(io.BytesIO(data), filename=name)

    return make


@pytest.fixture
def public(cast, entry, clean_queues, with_request_context):
    """A published dataset that names the entry, with nothing in it yet."""
    return tk.get_action("package_create")(
        {"user": person(sysadmin=True)["name"], "satudata_impor_warisan": True},
        {
            "name": f"uji-{make_uuid()[:8]}",
            "title": "Penduduk menurut kecamatan",
            "owner_org": cast.opd["id"],
            "state": "active",
            "daftar_data_kode": entry.kode,
        },
    )


@pytest.fixture
def deliver(act, cast, entry):
    """Deliver typed rows for 2025; keywords are parameters of the action."""

    def call(user=None, **data):
        told = {"entry": entry.kode, "period": "2025", **data}
        if not {"rows", "upload", "nil", "confirms"} & set(told):
            told["rows"] = ROWS
        return act(user or cast.produsen, "submission_create", **told)

    return call


def amend(entry_id, **values):
    """Change a plan entry; the object of a fixture may no longer belong to the session."""
    model.Session.execute(sa.update(PlanEntry).where(PlanEntry.id == entry_id).values(**values))
    model.Session.commit()
