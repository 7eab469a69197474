"""Files as delivered: kept under the hash of their content, whole or not at all.

A file is flushed to the disk, and its folder with it, before anything in the database names it. So whatever a committed
delivery names is there, however the process ended. Equal content is kept once.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import ckan.plugins.toolkit as tk

_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PREFIX = ".masuk-"


@dataclass(frozen=True)
class Stored:
    """A kept file: the SHA-256 of its content and its size in bytes."""

    sha256: str
    size: int


class FileTooLargeError(Exception):
    """The file is larger than allowed."""


def root() -> Path:
    """The folder of all delivered files."""
    return Path(tk.config["ckan.storage_path"]) / "satudata" / "kiriman"


def path_of(sha256: str) -> Path:
    """Where the file with this hash is. Raises ValueError when the text is no hash."""
    if not _SHA256.fullmatch(sha256):
        message = "not a SHA-256"
        raise ValueError(message)
    return root() / sha256[:2] / sha256


def save(stream: BinaryIO, max_size: int) -> Stored:
    """Keep the rest of a stream. Raises FileTooLargeError as soon as it is longer than `max_size` bytes."""
    return _save(iter(lambda: stream.read(_CHUNK), b""), max_size)


def save_bytes(content: bytes) -> Stored:
    """Keep some bytes."""
    return _save([content], len(content))


def _save(chunks: Iterable[bytes], max_size: int) -> Stored:
    folder = root()
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_size:
                    raise FileTooLargeError
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        # Also where it is there already: a damaged copy is mended, and its age is that of the newest delivery.
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    for changed in (target.parent, folder, folder.parent, folder.parent.parent):
        _sync(changed)
    return Stored(digest.hexdigest(), size)


def kept() -> Iterator[tuple[str, float]]:
    """All kept files: hash, and the moment of the last change in seconds since the epoch."""
    for path in root().glob("[0-9a-f][0-9a-f]/*"):
        if _SHA256.fullmatch(path.name):
            yield path.name, path.stat().st_mtime


def leftovers() -> Iterator[tuple[Path, float]]:
    """What processes that were stopped half-way left behind, with its age as `kept`."""
    for path in root().glob(f"{_PREFIX}*"):
        yield path, path.stat().st_mtime


def remove(path: Path, before: float) -> bool:
    """Remove what has not changed since a moment; a file may be delivered again after its age was looked up."""
    with suppress(FileNotFoundError):
        if path.stat().st_mtime < before:
            path.unlink()
            return True
    return False


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
