"""Processes that outlived their supervisor: found by what they are and where they work, and ended in good order.

When supervisord is killed outright its children go on without it, holding ports and files. A second set beside them
would share their data, so they are ended before a new supervisor starts.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from .errors import StackError
from .instance import Instance

_PROGRAMS = {"postgres", "redis-server", "java", "gunicorn", "ckan"}
_PROC = Path("/proc")


def _words(pid: int) -> list[str]:
    return (_PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ").split()


def _parent(pid: int) -> int:
    # The name, in brackets, may hold anything; the parent is the second field after it.
    return int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


def find(instance: Instance) -> dict[int, str]:
    """Process -> program, for our programs that work in the instance's folder; the first of each family only."""
    ours: dict[int, str] = {}
    for entry in _PROC.iterdir():
        # A process may end, or belong to someone else, while we look.
        with suppress(OSError, ValueError):
            pid = int(entry.name)
            folder = Path(os.readlink(entry / "cwd"))
            names = {Path(word.rstrip(":")).name for word in _words(pid)[:2]}
            if folder.is_relative_to(instance.folder) and names & _PROGRAMS:
                ours[pid] = sorted(names & _PROGRAMS)[0]
    families: dict[int, str] = {}
    for pid, name in ours.items():
        with suppress(OSError, ValueError):
            if _parent(pid) not in ours:
                families[pid] = name
    return families


def sweep(instance: Instance, limit: float = 30) -> list[str]:
    """End them and return their names.

    :raises StackError: one does not end within `limit` seconds.
    """
    found = find(instance)
    for pid, name in found.items():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    end = time.monotonic() + limit
    while any((_PROC / str(pid)).exists() for pid in found):
        if time.monotonic() > end:
            pid, name = next((pid, name) for pid, name in found.items() if (_PROC / str(pid)).exists())
            message = f"Proses {name} (PID {pid}) dari jalannya yang lalu tidak mau berhenti."
            raise StackError(message, f"Hentikan dengan `kill -9 {pid}`, lalu jalankan lagi.")
        time.sleep(0.2)
    return sorted(found.values())
