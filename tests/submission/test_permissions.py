"""Every role, action, own and other OPD, and state: as the table of permissions says, and not otherwise."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import product

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.core.lifecycle import ROLE, STATES, Lifecycle
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission.model import Exemption, Extension, Submission
from ckanext.satudataserang.submission.refusals import ConflictError

from .conftest import amend, office, person

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context", "kept")

OURS = ("satudata_submission_", "satudata_exemption_", "satudata_extension_")
AT = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)


@pytest.fixture
def others_entry(entry, cast):
    """The same entry, of another OPD in which nobody of the cast is anything."""
    values = {column.key: getattr(entry, column.key) for column in sa.inspect(PlanEntry).columns}
    row = PlanEntry(**{**values, "id": make_uuid(), "kode": "DD-2", "opd_id": office()["id"]})
    model.Session.add(row)
    model.Session.commit()
    return row


@pytest.fixture
def people(cast):
    return {
        roles.PUBLIK: None,
        roles.PRODUSEN: cast.produsen,
        roles.PENDUKUNG: cast.pendukung,
        roles.WALIDATA: cast.walidata,
        roles.PEMBINA: cast.pembina,
    }


def delivery(entry, state="menunggu_pemeriksaan", **fields):
    row = Submission(
        id=make_uuid(),
        entry_id=entry.id,
        period="2025",
        origin="formulir",
        state=state,
        delivered_at=AT,
        valid=True,
        nil=True,
        filled_values=0,
        zero_values=0,
        reasons=[],
        content_sha256="nihil",
        created_by="uji",
        note="Nihil",
        **fields,
    )
    row.chain_id = row.id
    model.Session.add(row)
    model.Session.commit()
    return row.id


def excuses(entry):
    exemption = Exemption(
        entry_id=entry.id,
        berlaku_dari=AT.date(),
        berlaku_sampai=AT.date(),
        reason="Uji",
        state="diusulkan",
        requested_by="uji",
        requested_at=AT,
    )
    extension = Extension(
        entry_id=entry.id, period="2025", until=AT.date(), reason="Uji", granted_by="uji", granted_at=AT
    )
    model.Session.add_all([exemption, extension])
    model.Session.commit()
    return exemption.id, extension.id


def test_every_action_is_open_to_exactly_the_roles_of_the_table(entry, others_entry, people, cast):
    data = {}
    for own, place in ((True, entry), (False, others_entry)):
        submission_id, excused = delivery(place), excuses(place)
        known = {"submission": {"id": submission_id}, "exemption": {"id": excused[0]}, "extension": {"id": excused[1]}}
        cell = {"entry": place.kode, "period": "2025"}
        ends = dict.fromkeys(("check", "create", "form", "history"), cell) | {
            "list": {"opd": model.Group.get(place.opd_id).name}
        }
        for action in filter(lambda name: name.startswith(OURS), permissions.table()["actions"]):
            _prefix, kind, verb = action.split("_", 2)
            data[action, own] = ends.get(verb, known[kind])
    wrong = []
    for (action, own), known in data.items():
        reach = permissions.table()["actions"][action]
        for role, user in people.items():
            wanted = reach.get(role) or reach.get(roles.PUBLIK)
            expected = wanted == "semua" or (wanted == "sendiri" and own)
            try:
                tk.check_access(action, {"user": user or ""}, dict(known))
                found = True
            except tk.NotAuthorized:
                found = False
            if found != expected:
                wrong.append((action, role, own, found))
    assert len(data) >= 30
    assert wrong == []


@pytest.mark.parametrize("prioritas", [False, True])
@pytest.mark.usefixtures("public")
def test_every_step_happens_or_leaves_the_state_alone(entry, others_entry, people, act, prioritas):
    for place in (entry, others_entry):
        amend(place.id, prioritas=[2025] if prioritas else [])
    life = Lifecycle.from_rows(permissions.table()["transitions"])
    places = {True: (entry.id, delivery(entry)), False: (others_entry.id, delivery(others_entry))}
    wrong, allowed = [], 0
    for own, (_entry_id, submission_id) in places.items():
        for state, role, to in product(STATES, people, STATES):
            refusal = life.check(state, to, role, own, prioritas=prioritas, rechecked=False)
            allowed += refusal is None
            found, now = _attempt(act, people[role], submission_id, state, to)
            if refusal is None:
                right = found == 200 and (to == "terbit" or now != state)
            else:
                right = found in ((403,) if refusal.kind == ROLE else (403, 409)) and now == state
            if not right:
                wrong.append((own, state, role, to, found, now, str(refusal)))
    assert wrong == []
    assert allowed >= 10


def _attempt(act, user, submission_id, state, to):
    """Try one step from a state; returns what the API would answer, and the state afterwards."""
    _reset(submission_id, state)
    try:
        act(user, "submission_transition", id=submission_id, to=to, note="Uji")
        found = 200
    except tk.NotAuthorized:
        found = 403
    except ConflictError:
        found = 409
    model.Session.rollback()
    return found, model.Session.scalar(sa.select(Submission.state).where(Submission.id == submission_id))


def _reset(submission_id, state):
    """The delivery as it was, alone in its cell."""
    row = model.Session.get(Submission, submission_id)
    model.Session.execute(
        sa.delete(Submission).where(Submission.entry_id == row.entry_id, Submission.id != submission_id)
    )
    model.Session.execute(
        sa.update(Submission)
        .where(Submission.id == submission_id)
        .values(
            state=state,
            superseded_by=None,
            publish_asked_at=None,
            rechecked_at=None,
            approved_at=AT,
            delivered_at=AT,
            corrects=None,
        )
    )
    model.Session.commit()


def test_a_sysadmin_passes_and_a_deleted_account_does_not(entry, cast, act):
    sysadmin = person(sysadmin=True)["name"]
    model.Session.commit()
    submission_id = delivery(entry)
    assert act(sysadmin, "submission_show", id=submission_id)["next"] == ["disetujui", "dikembalikan"]
    model.User.get(cast.walidata).state = "deleted"
    model.Session.commit()
    with pytest.raises(tk.NotAuthorized):
        act(cast.walidata, "submission_transition", id=submission_id, to="disetujui")


def test_lists_show_only_what_one_may_see(entry, others_entry, cast, act):
    mine, theirs = delivery(entry), delivery(others_entry)
    assert [row["id"] for row in act(cast.produsen, "submission_list")["results"]] == [mine]
    assert {row["id"] for row in act(cast.walidata, "submission_list")["results"]} == {mine, theirs}
    for place in (entry, others_entry):
        excuses(place)
    assert act(cast.produsen, "exemption_list")["count"] == 1
    assert act(cast.pembina, "extension_list")["count"] == 2
    with pytest.raises(tk.NotAuthorized):
        act(cast.produsen, "submission_list", opd=model.Group.get(others_entry.opd_id).name)
    with pytest.raises(tk.NotAuthorized):
        act(None, "submission_list")


def test_a_stranger_is_refused(cast, deliver):
    with pytest.raises(tk.NotAuthorized, match="tidak berhak"):
        deliver(cast.stranger)
