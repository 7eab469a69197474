"""How far the check of a large file is, for whoever waits for it: kept with the delivery, so it outlives a reload."""

from __future__ import annotations

import time

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.core.checks.engine import Progress
from ckanext.satudataserang.submission.model import Submission

_EVERY_SECONDS = 0.5
_LAST = 99


def of(submission_id: str) -> Progress:
    """A progress of a check that is noted with a delivery, twice a second at most."""
    noted_at, noted = 0.0, 0

    def note(share: float) -> None:
        nonlocal noted_at, noted
        percent = min(int(share * 100), _LAST)
        if percent == noted or time.monotonic() - noted_at < _EVERY_SECONDS:
            return
        noted_at, noted = time.monotonic(), percent
        model.Session.execute(sa.update(Submission).where(Submission.id == submission_id).values(progress=percent))
        model.Session.commit()

    return note
