"""Who can be written to: the people and the head of each OPD, the Walidata, the Sekretaris Daerah."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.chase import config
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.reminders import Audience, Person, is_address

_PEOPLE = """
    SELECT DISTINCT m.group_id, u.name, u.email, COALESCE(NULLIF(u.fullname, ''), u.name) AS fullname
    FROM member m
    JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
    WHERE m.table_name = 'user' AND m.state = 'active' AND m.capacity IN ('admin', 'editor') AND u.email <> ''
    ORDER BY m.group_id, u.name
"""
_HEADS = """
    SELECT id, title, extras ->> 'email_kepala' AS email
    FROM "group" WHERE is_organization AND state = 'active' AND extras ->> 'email_kepala' <> ''
"""


def everybody(session: Database) -> dict[tuple[Audience, str], list[Person]]:
    """The people of every audience; those of the whole city stand under the empty id. Two statements."""
    found: dict[tuple[Audience, str], list[Person]] = {}

    def add(audience: Audience, opd_id: str, address: str, name: str) -> None:
        if is_address(address.strip()):
            found.setdefault((audience, opd_id), []).append(Person(address.strip(), name))

    for row in session.execute(sa.text(_PEOPLE)).mappings():
        add(Audience.OPD, row["group_id"], row["email"], row["fullname"])
    for row in session.execute(sa.text(_HEADS)).mappings():
        add(Audience.KEPALA, row["id"], row["email"], f"Kepala {row['title']}")
    for user in roles.holders("walidata"):
        add(Audience.WALIDATA, "", user.email or "", user.display_name)
    add(Audience.SEKDA, "", config.sekda(), "Sekretaris Daerah")
    return found
