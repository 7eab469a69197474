"""Pages as they were rendered last, kept by each worker for as long as their figures hold.

What the city's page shows changes only by a refresh, which leaves a new stamp, when a refresh fails, of which the page
warns, or when the clock passes the moment until which the stored figures hold. One small statement asks for all of it;
between them the page is not made again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timezone
from threading import Lock

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.completeness.health import BROKEN_OFF
from ckanext.satudataserang.core.deadlines import WIB

#: A page weighs some 70 kB, so a worker keeps at most about 9 MB.
_MOST = 128
_STAMP = """
    SELECT stamp,
           (SELECT id FROM satudata_run WHERE ok IS NOT NULL OR started < :broken ORDER BY id DESC LIMIT 1) AS run
    FROM satudata_stamp WHERE valid_until > :now
"""

_kept: OrderedDict[Hashable, Rendered] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Rendered:
    """A page's title and the HTML between header and footer; the same for every visitor."""

    title: str
    body: str


def stamp() -> tuple[Hashable, ...] | None:
    """What stays the same for as long as the stored figures hold; None where they do not hold now."""
    now = datetime.now(timezone.utc)
    found = model.Session.execute(sa.text(_STAMP), {"now": now, "broken": now - BROKEN_OFF}).one_or_none()
    # The date: which year is shown first depends on it.
    return None if found is None else (*found, now.astimezone(WIB).date())


def while_it_holds(make: Callable[[], Rendered]) -> Rendered:
    """The page of this request's address and language, made anew only where nothing that holds is kept.

    Errors of `make` pass through and nothing is kept.
    """
    held = stamp()
    if held is None:
        return make()
    key = (*held, tk.h.lang(), tk.request.path, tk.request.query_string)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
