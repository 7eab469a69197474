"""Hindrances that pass by themselves: which they are, when to try again, and when to stop trying."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg2
from sqlalchemy.exc import InterfaceError, OperationalError

from ckan.lib.search import SearchError, SearchIndexError

from .store_model import TableBusyError

#: A table in use, a database or an index that does not answer: nothing is wrong with what was to be done.
#: SQLAlchemy wraps what its own statements meet; COPY goes past it.
PASSING = (
    TableBusyError,
    OperationalError,
    InterfaceError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    SearchError,
    SearchIndexError,
)
#: As long as this after the first hindrance it is tried again.
PATIENCE = timedelta(hours=24)
_SHORTEST = timedelta(minutes=5)
_LONGEST = timedelta(hours=1)


def next_try(since: datetime, now: datetime) -> datetime | None:
    """When to try again what is hindered since a moment: waits double, from 5 minutes to an hour.

    None: it has been tried for a day, so a person has to look.
    """
    gone = now - since
    if gone >= PATIENCE:
        return None
    return now + min(max(gone, _SHORTEST), _LONGEST)
