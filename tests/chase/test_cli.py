"""The commands: what is said, and that a refusal is a sentence and an exit status."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ckan.cli.cli import ckan

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "app")


@pytest.fixture
def today(town, set_deadlines):
    """The town, with two cells at a step on the day of the test."""
    set_deadlines({town["B3"]: 3, town["A14"]: -14}, now=datetime.now(timezone.utc))
    return town


def test_remind_and_mail(today, inbox, cli, monkeypatch):
    # A command reads the configuration anew, as from the shell.
    monkeypatch.setenv("CKAN_SMTP_SERVER", f"127.0.0.1:{inbox.port}")
    monkeypatch.setenv("CKAN_SMTP_MAIL_FROM", "portal@contoh.go.id")
    told = cli.invoke(ckan, ["satudata", "remind", "--dry-run"])
    assert told.exit_code == 0, told.output
    assert "citra@contoh.go.id (Citra)" in told.output
    assert "H-3   dinas-b: Data B3, tahun 2026" in told.output
    assert "H+14" in told.output
    assert inbox.envelopes == []

    inbox.refused["citra@contoh.go.id"] = "451 nanti saja"
    sent = cli.invoke(ckan, ["satudata", "remind"])
    assert sent.exit_code == 0, sent.output
    assert "1 gagal" in sent.output
    assert "wati@contoh.go.id" in inbox.recipients
    status = cli.invoke(ckan, ["satudata", "mail", "status"])
    assert "citra@contoh.go.id  percobaan 1" in status.output
    assert "451" in status.output

    inbox.refused.clear()
    again = cli.invoke(ckan, ["satudata", "mail", "retry"])
    assert again.exit_code == 0, again.output
    assert "1 surat terkirim" in again.output
    assert "citra@contoh.go.id" in inbox.recipients
    assert "Tidak ada surat" in cli.invoke(ckan, ["satudata", "mail", "retry"]).output

    monkeypatch.delenv("CKAN_SMTP_MAIL_FROM")
    refused = cli.invoke(ckan, ["satudata", "remind"])
    assert refused.exit_code == 1
    assert "smtp.mail_from" in refused.output
