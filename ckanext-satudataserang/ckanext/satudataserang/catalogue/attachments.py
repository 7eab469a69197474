"""Files that are put on datasets are looked at before they are stored, whichever way they come.

CKAN asks for an uploader whenever a resource is written, with the file still at hand; that is where it is looked at.
"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import config
from ckanext.satudataserang.core import attachments
from ckanext.satudataserang.core.findings import localized


def inspect(resource: dict[str, Any]) -> None:
    """Look at the file that comes with a resource. Raises ValidationError with what speaks against it."""
    upload = resource.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        return
    found = attachments.problems(
        upload.filename,
        upload.stream,  # type: ignore[arg-type]  # werkzeug's streams can be read and sought
        allowed=config.attachment_formats(),
        max_size=config.attachment_size(),
    )
    if found:
        sentences = [" ".join(part for part in localized(one, tk._) if part) for one in found]
        raise tk.ValidationError({"upload": sentences})
