"""What people confirmed about the titles in an entry's files: asked once, remembered for the next file."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ckanext.satudataserang.submission.due import now
from ckanext.satudataserang.submission.model import TitleMemory

_TITLE_CHARACTERS = 500
_MOST = 1_000


def remembered(entry_id: str) -> dict[str, str]:
    """The columns that titles were confirmed to stand for, by title; an empty column leaves it out."""
    query = sa.select(TitleMemory.title, TitleMemory.column_id).where(TitleMemory.entry_id == entry_id)
    return dict(model.Session.execute(query).tuples().all())


def remember(entry_id: str, columns: Mapping[str, str], actor: str) -> None:
    """Keep what was confirmed, in the session's transaction; a newer answer takes an older one's place."""
    rows = [
        {
            "entry_id": entry_id,
            "title": title[:_TITLE_CHARACTERS],
            "column_id": column_id,
            "confirmed_by": actor,
            "confirmed_at": now(),
        }
        for title, column_id in list(columns.items())[:_MOST]
    ]
    if not rows:
        return
    statement = postgresql.insert(TitleMemory).values(rows)
    newer = {name: statement.excluded[name] for name in ("column_id", "confirmed_by", "confirmed_at")}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["entry_id", "title"], set_=newer))
