"""The uploaded file behind a resource, wherever CKAN's storage keeps it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
def copied(chunks: Iterable[bytes], max_size: int) -> Iterator[tuple[Path, str]]:
    """A copy of a file on the disk, with its SHA-256, for as long as the context lasts. Raises UploadTooLargeError."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryDirectory(prefix="satudata-") as folder:
        path = Path(folder) / "berkas"
        with path.open("wb") as copy:
            for chunk in chunks:
                size += len(chunk)
                if size > max_size:
                    raise UploadTooLargeError
                digest.update(chunk)
                copy.write(chunk)
        yield path, digest.hexdigest()


@contextmanager
def opened(resource: dict[str, Any], max_size: int) -> Iterator[tuple[Path, str]]:
    """A copy of a resource's upload, with its SHA-256; a file replaced meanwhile is still read whole.

    Raises UploadError.
    """
    with copied(_chunks(resource), max_size) as found:
        yield found


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
