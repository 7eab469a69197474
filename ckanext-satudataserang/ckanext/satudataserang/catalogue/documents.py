"""Costly documents that anybody may ask for: made once while they hold, and one at a time on a machine.

So a crawler that asks for every report of every year costs one core at the most, and whoever asks for what was asked
before gets it at once.
"""

from __future__ import annotations

import fcntl
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.pdf import PdfError

__all__ = ["BusyError", "Document", "kept"]

#: A file name and what is in the file.
Document = tuple[str, bytes]

#: So many bytes a process keeps.
_MOST = 24 * 2**20
#: Seconds that somebody waits for a turn.
_PATIENCE = 20.0
_PAUSE = 0.1

_kept: OrderedDict[Hashable, Document] = OrderedDict()
_lock = Lock()
#: In each process one is being made and one waits; the threads of all others stay free for other pages.
_places = BoundedSemaphore(2)


class BusyError(PdfError):
    """Another document is being made; the message is an Indonesian sentence for the reader."""


def kept(key: Hashable | None, make: Callable[[], Document]) -> Document:
    """The document of a key, made where none is kept.

    :param key: everything that the document depends on; None: it holds no longer than this request
    :raises BusyError: others are being made; errors of `make` pass through and nothing is kept
    """
    if found := _found(key):
        return found
    with _turn():
        # Whoever had the turn before may have made this very one.
        found = _found(key) or make()
    if key is not None:
        _keep(key, found)
    return found


def _found(key: Hashable | None) -> Document | None:
    with _lock:
        if key is None or key not in _kept:
            return None
        _kept.move_to_end(key)
        return _kept[key]


def _keep(key: Hashable, document: Document) -> None:
    with _lock:
        _kept[key] = document
        while sum(len(content) for _name, content in _kept.values()) > _MOST:
            _kept.popitem(last=False)


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        folder = Path(tk.config["ckan.storage_path"]) / "satudata"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dokumen.lock").open("ab") as held:
            _take(held.fileno())
            yield
    finally:
        _places.release()


def _take(file: int) -> None:
    """Wait for the lock of the machine; it ends with the open file, so also with a process that dies."""
    ends = time.monotonic() + _PATIENCE
    while not _taken(file):
        if time.monotonic() > ends:
            raise _busy()
        time.sleep(_PAUSE)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> BusyError:
    return BusyError(tk._("Dokumen lain sedang dibuat. Coba lagi sebentar lagi."))
