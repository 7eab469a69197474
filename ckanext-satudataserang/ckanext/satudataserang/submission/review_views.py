"""The queue of all that waits for the Walidata and the Pembina, and their decisions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import forms, review_pages
from ckanext.satudataserang.submission.delivery_views import answered
from ckanext.satudataserang.submission.forms import Refused

satudata_review = Blueprint("satudata_review", __name__, url_prefix="/pemeriksaan")

_PAGE = "satudata_submission/review.html"


@answered
def index() -> str:
    """The list, with its oldest open beside it."""
    queue = review_pages.Queue(tk.request.args)
    return tk.render(_PAGE, queue.page())


@answered
def read(id: str) -> Any:  # noqa: A002 (the word in CKAN's addresses)
    """One delivery beside the list."""
    queue = review_pages.Queue(tk.request.args)
    return tk.render(_PAGE, queue.page(id))


@answered
def read_exemption(id: str) -> Any:  # noqa: A002
    """One request for an exemption beside the list."""
    return read(review_pages.EXEMPTION_MARK + id)


@answered
def decide(id: str) -> Any:  # noqa: A002
    """Agree, or send back with a reason; then the next one opens."""
    queue = review_pages.Queue(tk.request.args)
    form = tk.request.form
    values = forms.texts(form, "putusan", "catatan", "berikut")
    try:
        tk.h.flash_success(queue.decide(id, values, form))
        return tk.redirect_to(queue.after(values["berikut"]))
    except tk.ValidationError as error:
        refused = Refused.from_error(error)
    except Refused as error:
        refused = error
    if refused.gone:
        tk.h.flash_error(" ".join(refused.fields.values()))
        return tk.redirect_to(queue.address(id))
    return tk.render(_PAGE, queue.page(id, values=values, refused=refused)), refused.status


@answered
def decide_exemption(id: str) -> Any:  # noqa: A002
    """Grant an exemption, or refuse it with a reason."""
    return decide(review_pages.EXEMPTION_MARK + id)


satudata_review.add_url_rule("", endpoint="index", view_func=index)
satudata_review.add_url_rule("/<id>", endpoint="read", view_func=read)
satudata_review.add_url_rule("/<id>", endpoint="decide", view_func=decide, methods=["POST"])
satudata_review.add_url_rule("/pengecualian/<id>", endpoint="read_exemption", view_func=read_exemption)
satudata_review.add_url_rule(
    "/pengecualian/<id>", endpoint="decide_exemption", view_func=decide_exemption, methods=["POST"]
)
