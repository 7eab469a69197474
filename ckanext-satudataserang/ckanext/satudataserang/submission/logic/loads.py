"""Actions of loading uploaded files."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.submission import queue, requests
from ckanext.satudataserang.submission.model import Load


@tk.side_effect_free
def satudata_load_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how far the file of a resource is on its way into the DataStore.

    `findings` are listed for those who may mend the file; everyone else gets their numbers in `totals`.

    :param id: the resource's id
    :type id: string
    :returns: ``{resource_id, state, rows, sha256, requested_at, started_at, finished_at, retry_at, totals, findings}``;
        `state` is ``antre``, ``memuat``, ``selesai`` or ``gagal``; `retry_at` is when a load is tried again that found
        its table in use or a service away, else null
    :rtype: dictionary
    """
    tk.check_access("satudata_load_show", context, data_dict)
    load = model.Session.get(Load, tk.get_or_bust(data_dict, "id"), populate_existing=True)
    if load is None:
        raise tk.ObjectNotFound(tk._("Berkas ini belum pernah dimuat menjadi tabel."))
    try:
        tk.check_access("satudata_load_submit", tk.fresh_context(context), data_dict)
        findings = load.findings
    except tk.NotAuthorized:
        findings = []
    return {
        "resource_id": load.resource_id,
        "state": load.state,
        "rows": load.rows,
        "sha256": load.sha256,
        "requested_at": load.requested_at.isoformat(),
        "started_at": load.started_at.isoformat() if load.started_at else None,
        "finished_at": load.finished_at.isoformat() if load.finished_at else None,
        "retry_at": load.retry_at.isoformat() if load.retry_at else None,
        "totals": load.totals,
        "findings": findings,
    }


def satudata_load_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Load the file of a resource into the DataStore once more.

    :param id: the resource's id
    :type id: string
    :returns: as `satudata_load_show`
    :rtype: dictionary
    """
    tk.check_access("satudata_load_submit", context, data_dict)
    resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": tk.get_or_bust(data_dict, "id")})
    if not requests.is_tabular(resource.get("url"), resource.get("url_type"), resource.get("format")):
        message = tk._("Hanya berkas CSV atau TSV yang diunggah yang dapat dimuat menjadi tabel.")
        raise tk.ValidationError({"id": [message]})
    user = context.get("auth_user_obj")
    requests.note_again(
        resource["package_id"],
        resource["id"],
        requested_by=user.id if user else context.get("user") or "",
        origin="api" if context.get("api_version") else "unggahan",
    )
    model.Session.commit()
    queue.nudge([resource["id"]])
    return tk.get_action("satudata_load_show")(tk.fresh_context(context), {"id": resource["id"]})
