"""Which drafts and private datasets somebody finds: their OPDs' as in CKAN, and for the Walidata every OPD's."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions


def of_user(own: list[str], user: model.User | None) -> list[str]:
    """CKAN's labels of a user, with those of all OPDs for who reads them by a grant."""
    if not isinstance(user, model.User):
        return own
    if not permissions.granted(Context(auth_user_obj=user), "lihat", section="datasets"):
        return own
    # Labels of every OPD are in the index already, so that a grant given or taken holds at once.
    ids = model.Session.scalars(sa.select(model.Group.id).where(model.Group.is_organization.is_(True)))
    return sorted({*own, *(f"member-{id_}" for id_ in ids)})
