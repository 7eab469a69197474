"""The OPD somebody asks for."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model


def opd_of(ref: str) -> model.Group:
    """The active OPD of this name or id. Raises ObjectNotFound."""
    found = model.Group.get(ref)
    if found is None or not found.is_organization or found.state != model.State.ACTIVE:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref[:80])
        raise tk.ObjectNotFound(message)
    return found
