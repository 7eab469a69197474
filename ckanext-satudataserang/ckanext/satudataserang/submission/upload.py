"""The uploaded file behind a resource, wherever CKAN's storage keeps it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import file_keeper

from ckan.lib import files, uploader

_CHUNK = 1 << 20


class UploadError(Exception):
    """The file cannot be had."""


class UploadMissingError(UploadError):
    """There is no file where CKAN says it is."""


class UploadTooLargeError(UploadError):
    """The file is larger than allowed."""


@contextmanager
def opened(resource: dict[str, Any], max_size: int) -> Iterator[tuple[BinaryIO, str]]:
    """Open a resource's upload as a seekable copy of its own, with its SHA-256.

    The copy has no name, so nothing is left behind, and a file replaced meanwhile is still read whole. Raises
    UploadError.
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile(prefix="satudata-") as copy:
        for chunk in _chunks(resource):
            size += len(chunk)
            if size > max_size:
                raise UploadTooLargeError
            digest.update(chunk)
            copy.write(chunk)
        copy.seek(0)
        yield copy, digest.hexdigest()


def _chunks(resource: dict[str, Any]) -> Iterator[bytes]:
    # The uploader takes keys out of the dictionary it is given.
    upload: Any = uploader.get_resource_uploader(dict(resource))
    storage = getattr(upload, "storage", None)
    path = upload.get_path(resource["id"])
    try:
        if isinstance(storage, file_keeper.Storage):
            location = files.Location(path)
            yield from storage.stream(files.FileData(location, size=storage.size(location)))
            return
        with Path(path).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (FileNotFoundError, files.exc.LocationError) as error:
        raise UploadMissingError from error
