"""A real mail server on loopback, people who can be written to, and cells due on chosen days."""

from __future__ import annotations

import email
import email.policy
import socket
from datetime import datetime, timedelta, timezone

import pytest
from aiosmtpd.controller import Controller

from tests.completeness.conftest import (  # noqa: F401 (fixtures)
    deliver,
    make_dataset,
    make_entries,
    make_opd,
)

#: A Saturday noon in Jakarta.
NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)


class Inbox:
    """Takes every letter, except those to addresses it was told to refuse."""

    def __init__(self):
        self.envelopes = []
        self.refused = {}

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (aiosmtpd's name)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def letters(self):
        return [email.message_from_bytes(one.content, policy=email.policy.default) for one in self.envelopes]

    @property
    def recipients(self):
        return sorted(address for one in self.envelopes for address in one.rcpt_tos)

    def text(self, address):
        """The plain text of the only letter to an address."""
        (found,) = [
            letter for one, letter in zip(self.envelopes, self.letters, strict=True) if one.rcpt_tos == [address]
        ]
        return found.get_body(("plain",)).get_content()


@pytest.fixture
def inbox(monkeypatch):
    """A mail server that listens on loopback and that the portal is set to use."""
    import ckan.plugins.toolkit as tk

    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler.port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=handler.port, ready_timeout=30)
    server.start()
    monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{handler.port}")
    monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@contoh.go.id")
    yield handler
    server.stop()


@pytest.fixture
def make_user():
    """Return a function that makes an account, a member of an OPD or with a grant; gives its name."""
    from ckan import model

    from ckanext.satudataserang.catalogue import roles

    def make(name, opd=None, capacity="editor", grant=None, address=None):
        user = model.User(
            name=name, email=f"{name}@contoh.go.id" if address is None else address, fullname=name.title()
        )
        model.Session.add(user)
        model.Session.flush()
        if opd:
            model.Session.add(
                model.Member(group=model.Group.get(opd), table_name="user", table_id=user.id, capacity=capacity)
            )
        if grant:
            roles.grant(user.id, grant, "")
        model.Session.commit()
        return name

    return make


@pytest.fixture
def recompute():
    """Return a function that counts everything anew, in a logged run as the nightly job does."""
    from ckan import model

    from ckanext.satudataserang.completeness import health
    from ckanext.satudataserang.completeness.refresh import refresh

    return lambda: health.run(model.Session, "penuh", lambda: refresh(model.Session, NOW), accept=True)


@pytest.fixture
def set_deadlines():
    """Return a function that moves the one open cell of entries so many days from `NOW`: ``{entry id: days}``."""
    import sqlalchemy as sa

    from ckan import model

    from ckanext.satudataserang.core.deadlines import WIB

    def move(days_by_entry, now=NOW):
        for entry_id, days in days_by_entry.items():
            day = now.astimezone(WIB).date() + timedelta(days=days)
            due = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=WIB)
            model.Session.execute(
                sa.text(
                    "UPDATE satudata_cell SET deadline = :due, deadline_grace = :due, "
                    "counts_from = LEAST(CAST(:due AS timestamptz) + interval '1 second', first_delivered_at) "
                    "WHERE entry_id = :entry"
                ),
                {"due": due, "entry": entry_id},
            )
        model.Session.execute(sa.text("DELETE FROM satudata_touched"))
        model.Session.commit()

    return move


@pytest.fixture
def town(with_plugins, clean_db, make_opd, make_entries, make_user, recompute, set_deadlines):  # noqa: F811
    """Two OPDs with people and cells at every step; see the table in the body. Gives entry ids by kode."""
    a = make_opd("dinas-a", "Dinas A", email_kepala="kepala-a@contoh.go.id")
    b = make_opd("dinas-b", "Dinas B")
    make_user("ani", a)
    make_user("budi", a, "admin")
    make_user("citra", b)
    make_user("wati", grant="walidata")
    once = {"frequency": "tahunan", "berlaku_dari": "2026-01-01", "berlaku_sampai": "2026-12-31"}
    days = {"A-14": 14, "A-3": 3, "A0": 0, "A7": -7, "A14": -14, "B3": 3, "A-5": 5, "A40": -40}
    found = make_entries(
        *(
            {**once, "kode": kode, "judul": f"Data {kode}", "opd": "dinas-b" if kode == "B3" else "dinas-a"}
            for kode in days
        )
    )
    recompute()
    set_deadlines({found[kode]: day for kode, day in days.items()})
    return found
