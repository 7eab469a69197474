"""What excuses a missing delivery: exemptions and extensions, never without reason and end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import due
from ckanext.satudataserang.submission.refusals import ConflictError
from ckanext.satudataserang.submission.signals import submissions_changed

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context")

SPAN = {"entry": "DD-1", "berlaku_dari": "2025-01-01", "berlaku_sampai": "2026-12-31", "reason": "Survei ditiadakan"}


@pytest.fixture
def heard():
    """What others hear meanwhile."""
    found = []

    def listen(_sender, **kwargs):
        found.extend(kwargs["entry_ids"])

    with submissions_changed.connected_to(listen):
        yield found


def test_an_opd_proposes_and_the_walidata_decides(act, cast, entry, heard):
    asked = act(cast.produsen, "exemption_create", **SPAN)
    assert (asked["state"], asked["decided_at"]) == ("diusulkan", None)
    period = due.due_of(entry, "2025").period
    assert due.exemption_of(entry.id, period) is None
    with pytest.raises(tk.NotAuthorized):
        act(cast.produsen, "exemption_decide", id=asked["id"], approve=True)
    decided = act(cast.walidata, "exemption_decide", id=asked["id"], approve=True)
    assert (decided["state"], decided["decided_by_name"] != "") == ("disetujui", True)
    assert due.exemption_of(entry.id, period).reason == SPAN["reason"]
    assert due.exemption_of(entry.id, due.due_of(entry, "2024").period) is None
    with pytest.raises(ConflictError, match="sudah disetujui"):
        act(cast.walidata, "exemption_decide", id=asked["id"], approve=False, note="x")
    assert act(cast.walidata, "exemption_revoke", id=asked["id"])["state"] == "dicabut"
    assert due.exemption_of(entry.id, period) is None
    assert heard == [entry.id] * 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"berlaku_sampai": ""}, "berlaku_sampai"),
        ({"berlaku_sampai": "2024-12-31"}, "berlaku_sampai"),
        ({"berlaku_sampai": "31/12/2026"}, "berlaku_sampai"),
        ({"berlaku_dari": "kemarin"}, "berlaku_dari"),
        ({"berlaku_dari": "0001-01-01"}, "berlaku_dari"),
        ({"berlaku_sampai": "9999-12-31"}, "berlaku_sampai"),
    ],
)
def test_an_exemption_has_a_reason_and_an_end(act, cast, entry, change, field):
    with pytest.raises(tk.ValidationError) as refused:
        act(cast.walidata, "exemption_create", **{**SPAN, **change})
    assert list(refused.value.error_dict) == [field]
    assert act(cast.walidata, "exemption_list")["count"] == 0


def test_a_rejection_says_why_and_one_span_is_asked_for_once(act, cast, entry):
    asked = act(cast.produsen, "exemption_create", **SPAN)
    with pytest.raises(ConflictError, match="sudah memiliki pengecualian"):
        act(cast.walidata, "exemption_create", **{**SPAN, "berlaku_dari": "2026-12-31", "berlaku_sampai": "2027-12-31"})
    with pytest.raises(tk.ValidationError, match="mengapa"):
        act(cast.walidata, "exemption_decide", id=asked["id"], approve=False)
    act(cast.walidata, "exemption_decide", id=asked["id"], approve=False, note="Datanya ada")
    approved = act(cast.walidata, "exemption_create", **SPAN)
    assert approved["state"] == "disetujui"
    listed = act(cast.produsen, "exemption_list", entry="DD-1")
    assert [row["state"] for row in listed["results"]] == ["ditolak", "disetujui"]
    assert act(cast.produsen, "exemption_list", state="disetujui")["results"][0]["id"] == approved["id"]
    with pytest.raises(tk.ValidationError, match="tidak dikenal"):
        act(cast.produsen, "exemption_list", state="entah")


def test_an_extension_moves_the_deadline_and_ends(act, cast, entry, heard):
    before = due.due_of(entry, "2025").deadline
    until = before.date() + timedelta(days=30)
    told = {"entry": "DD-1", "period": "2025", "until": until.isoformat(), "reason": "Pendataan tertunda"}
    with pytest.raises(tk.NotAuthorized):
        act(cast.pendukung, "extension_create", **told)
    given = act(cast.walidata, "extension_create", **told)
    now = due.due_of(entry, "2025")
    assert (now.deadline - before, now.extension.id) == (timedelta(days=30), given["id"])
    assert (now.deadline.hour, now.deadline.minute, now.grace >= now.deadline) == (23, 59, True)
    assert due.due_of(entry, "2024").extension is None
    with pytest.raises(tk.ValidationError, match="sesudah tenggat yang berlaku"):
        act(cast.walidata, "extension_create", **told)
    longer = act(cast.walidata, "extension_create", **{**told, "until": (until + timedelta(days=1)).isoformat()})
    assert act(cast.produsen, "extension_list", active=True)["results"][0]["id"] == longer["id"]
    with pytest.raises(ConflictError, match="sudah dicabut"):
        act(cast.walidata, "extension_revoke", id=given["id"])
    act(cast.walidata, "extension_revoke", id=longer["id"])
    assert due.due_of(entry, "2025").deadline == before
    assert act(cast.produsen, "extension_list", entry="DD-1", period="2025")["count"] == 2
    assert heard == [entry.id] * 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": ""}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"reason": ""}, "reason"),
        ({"period": "2025-Q1"}, "period"),
    ],
)
def test_an_extension_has_a_reason_and_a_later_end(act, cast, entry, change, field):
    told = {"entry": "DD-1", "period": "2025", "until": date(2030, 1, 1).isoformat(), "reason": "Uji", **change}
    with pytest.raises(tk.ValidationError) as refused:
        act(cast.walidata, "extension_create", **told)
    assert list(refused.value.error_dict) == [field]
