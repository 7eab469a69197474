"""What views raise becomes a page with a sentence and the right status."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import PageError, kindly
from ckanext.satudataserang.catalogue.documents import BusyError
from ckanext.satudataserang.submission.refusals import BUSY, ConflictError

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


@pytest.mark.parametrize(
    ("raised", "answer"),
    [
        (lambda: ConflictError("Coba lagi sebentar lagi.", BUSY), ("Coba lagi sebentar lagi.", 503)),
        (lambda: ConflictError("Sudah terbit.", "urutan"), ("Sudah terbit.", 404)),
        (lambda: tk.ValidationError({"code": ["salah"]}), ("salah", 404)),
        (lambda: BusyError("Dokumen lain sedang dibuat."), ("Dokumen lain sedang dibuat.", 503)),
        (lambda: PageError("Tidak begitu.", status=418), ("Tidak begitu.", 418)),
        (lambda: tk.ObjectNotFound("Tidak ada."), ("Tidak ada.", 404)),
    ],
)
def test_what_is_raised_and_what_is_answered(raised, answer):
    @kindly(lambda sentence, status: (sentence, status), invalid=404)
    def view():
        raise raised()

    assert view() == answer
