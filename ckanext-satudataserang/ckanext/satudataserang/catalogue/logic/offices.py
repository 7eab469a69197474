"""What of an OPD is not for everybody: the address of its head, which reminders go to."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles

#: Fields that only the OPD's own members, the Walidata and sysadmins read.
_KEPT_BACK = frozenset({"email_kepala"})


@tk.chained_action
@tk.side_effect_free
def organization_show(original: Any, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """CKAN's own answer, without what is not the caller's business; `organization_list` asks here, too."""
    found = original(context, data_dict)
    return found if _may_read_all(context, found["id"]) else _public(found)


def _may_read_all(context: Context, opd_id: str) -> bool:
    if context.get("ignore_auth"):
        return True
    user = roles.user_of(context)
    if user is None:
        return False
    if roles.is_sysadmin(user) or roles.WALIDATA in roles.grants_of(user):
        return True
    return bool(authz.users_role_for_group_or_org(opd_id, user.name))


def _public(found: dict[str, Any]) -> dict[str, Any]:
    public = {key: value for key, value in found.items() if key not in _KEPT_BACK}
    if "extras" in public:
        public["extras"] = [extra for extra in public["extras"] if extra["key"] not in _KEPT_BACK]
    return public
