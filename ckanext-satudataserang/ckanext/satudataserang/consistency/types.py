"""Types that the modules of consistency share."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ckan.types import AlchemySession

#: CKAN's scoped session, or one of one's own (tests).
Database = Session | AlchemySession
