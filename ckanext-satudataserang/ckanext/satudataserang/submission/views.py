"""The button “Muat ulang” on a resource's page; the pages of deliveries are gathered here for the plugin."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission.delivery_views import satudata_delivery
from ckanext.satudataserang.submission.review_views import satudata_review

__all__ = ["satudata_delivery", "satudata_review", "satudata_submission"]

satudata_submission = Blueprint("satudata_submission", __name__)


@satudata_submission.post("/dataset/<id>/resource/<resource_id>/muat-ulang")
def reload(id: str, resource_id: str) -> Any:  # noqa: A002 (CKAN's name in addresses)
    """Ask for the file to be loaded once more and go back to its page."""
    try:
        tk.get_action("satudata_load_submit")({}, {"id": resource_id})
        tk.h.flash_notice(tk._("Berkas masuk antrean dan segera dimuat ulang."))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Berkas ini tidak ditemukan."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Anda tidak berhak memuat ulang berkas ini."))
    except tk.ValidationError as error:
        for sentence in error.error_summary.values():
            tk.h.flash_error(sentence)
    return tk.redirect_to("dataset_resource.read", id=id, resource_id=resource_id)
