"""Handing one letter to the operator's mail server, through CKAN's mailer and its `smtp.*` settings."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ckanext.satudataserang.core.reminder_texts import Letter, one_line
from ckanext.satudataserang.core.reminders import Person, is_address

#: How long to wait for the server when asking whether it is there at all, in seconds.
_PATIENCE = 10
_DEFAULT_PORT = 25
_LONGEST_ERROR = 500


class PostError(Exception):
    """The letter did not get out; the message says what the server or the mailer answered."""


def server_problem() -> str:
    """Why the mail server cannot be spoken to, in a sentence; empty when it answers."""
    server = tk.config.get("smtp.server") or ""
    parts = urlsplit(f"//{server}")
    try:
        connection = smtplib.SMTP(parts.hostname or "", parts.port or _DEFAULT_PORT, timeout=_PATIENCE)
    except (OSError, ValueError, smtplib.SMTPException) as err:
        message = tk._("Server surel {server} tidak dapat dihubungi ({error}). Periksa smtp.server, lalu ulangi.")
        return message.format(server=server, error=one_line(str(err)))
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        # It answered; that it hung up first is its own business.
        connection.close()
    return ""


def send(person: Person, letter: Letter, mail_id: str) -> None:
    """Send a letter. `mail_id` names it for good, so a copy sent twice is known as one. Raises PostError."""
    if not is_address(person.address):
        message = tk._("Alamat surel {address} tidak sah.").format(address=one_line(person.address))
        raise PostError(message)
    host = urlsplit(tk.config["ckan.site_url"]).hostname or "localhost"
    headers = {
        "Message-ID": f"<{mail_id}@{host}>",
        "List-Id": f"<pengingat.{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "id",
    }
    try:
        mailer.mail_recipient(
            one_line(person.name), person.address, letter.subject, letter.text, body_html=letter.html, headers=headers
        )
    # The assertion is CKAN's, for a user name without a password; ValueError is what no header can hold.
    except (mailer.MailerException, OSError, smtplib.SMTPException, ValueError, AssertionError) as err:
        raise PostError(one_line(str(err), _LONGEST_ERROR) or type(err).__name__) from err
