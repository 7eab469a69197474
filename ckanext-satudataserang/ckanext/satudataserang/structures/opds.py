"""OPDs as structures name them: by abbreviation, since a structure outlives an installation's ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

_ALL = """
    SELECT id, name, COALESCE(NULLIF(title, ''), name) AS title, COALESCE(extras ->> 'singkatan', '') AS short,
           extras ->> 'urusan' AS urusan
    FROM "group" WHERE is_organization AND state = 'active' ORDER BY title, name
"""


class Opds:
    """The active OPDs, read once for a request: found by id, name, abbreviation or title."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = [dict(row) for row in model.Session.execute(sa.text(_ALL)).mappings()]
        self._by_id = {row["id"]: row for row in self.rows}
        # What is later in this list wins: a name over a title, an id over all.
        self._by_text = {
            text.casefold(): row for key in ("title", "short", "name", "id") for row in self.rows if (text := row[key])
        }

    def find(self, text: str) -> Mapping[str, Any] | None:
        """The OPD called so; None where there is none."""
        return self._by_text.get(text.strip().casefold())

    def wanted(self, text: str, field: str = "opd") -> Mapping[str, Any]:
        """The OPD called so. Raises ValidationError."""
        found = self.find(text)
        if found is None:
            message = tk._("OPD “{opd}” belum terdaftar. Pakai nama atau singkatannya seperti pada halaman OPD.")
            raise tk.ValidationError({field: [message.format(opd=text[:100])]})
        return found

    def shown(self, opd_id: str) -> dict[str, str]:
        """Name and title of an OPD as the API gives them; empty for one that is gone or was never found."""
        row = self._by_id.get(opd_id)
        return {"opd_name": row["name"] if row else "", "opd_title": row["title"] if row else ""}

    def spoken(self, opd_id: str) -> str:
        """How a structure names an OPD: its abbreviation, or its name where it has none."""
        row = self._by_id.get(opd_id)
        return (row["short"] or row["name"]) if row else ""

    def only(self, ids: Iterable[str] | None) -> list[dict[str, Any]]:
        """The OPDs with these ids by title; None: all."""
        wanted = None if ids is None else set(ids)
        return [row for row in self.rows if wanted is None or row["id"] in wanted]
