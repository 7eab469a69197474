"""Generated secrets, and files that only their owner can read."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

#: Every secret of an instance; none has a default.
NAMES = (
    "secret_key",
    "postgres",
    "ckan_db",
    "datastore_ro",
    "redis",
    "solr",
    "supervisor",
)


def write_private(path: Path, text: str) -> None:
    """Write `text` so that the file is never, not even for a moment, readable by others (mode 600)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    temporary.replace(path)


def write_private_json(path: Path, value: object) -> None:
    write_private(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def ensure_secrets(path: Path) -> Mapping[str, str]:
    """The instance's secrets, generated at the first call; a secret added later is generated then.

    Hexadecimal, so that they need no quoting in a URL, an ini file or SQL.
    """
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    missing = [name for name in NAMES if not known.get(name)]
    if missing:
        known.update({name: secrets.token_hex(24) for name in missing})
        write_private_json(path, known)
    path.chmod(0o600)
    return known
