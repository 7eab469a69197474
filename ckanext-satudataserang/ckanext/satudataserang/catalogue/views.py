"""Pages of the catalogue: publishing a draft, and the page behind the address of an area."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import helpers, region

__all__ = ["satudata_catalogue"]

satudata_catalogue = Blueprint("satudata_catalogue", __name__)


@satudata_catalogue.route("/dataset/<id>/terbitkan", methods=["POST"])
def publish(id: str) -> Response:  # noqa: A002  CKAN's name for it in every dataset route
    """Publish a draft; when it is refused, its page lists what is missing."""
    try:
        dataset = tk.get_action("satudata_dataset_publish")({"user": tk.current_user.name}, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Dataset tidak ditemukan."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Anda bukan penyunting OPD pemilik dataset ini."))
    except tk.ValidationError:
        tk.h.flash_error(tk._("Belum dapat diterbitkan. Lengkapi dahulu isian yang disebut di bawah."))
        return tk.redirect_to("dataset.read", id=id)
    tk.h.flash_success(tk._("Dataset sudah terbit dan dapat dicari umum."))
    return tk.redirect_to("dataset.read", id=dataset["name"])


@satudata_catalogue.route("/wilayah/<kode>")
def area(kode: str) -> str | Response:
    """The page of an area: what it is, what it belongs to, what belongs to it."""
    wilayah = region.get_region().wilayah
    found = wilayah.get(kode)
    if found is None:
        return tk.abort(404, tk._("Kode wilayah {kode} tidak dikenal portal ini.").format(kode=kode))
    return tk.render(
        "satudata/area.html",
        {
            "area": found,
            "title": helpers.area_title(found),
            "parent": wilayah.get(found.parent) if found.parent else None,
            "children": wilayah.children(kode),
            "area_title": helpers.area_title,
        },
    )
