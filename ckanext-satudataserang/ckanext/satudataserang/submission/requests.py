"""Which files wait to be loaded: noted in the transaction that changes a dataset, so none is forgotten.

`note_dataset` compares what a dataset has with what was loaded and leaves a row in state `antre` for every upload that
is new, was replaced, or now belongs elsewhere (another plan entry, period or OPD). The queue only carries the news.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk
from ckan import model

from . import config
from . import datastore_seam as seam
from .model import Load

#: Raised when the reader or the facts change so much that what was loaded must be loaded anew.
VERSION = 2
#: The fingerprint of a resource that is gone: its deliveries are withdrawn.
GONE = "dihapus"


@dataclass(frozen=True)
class Request:
    """A claimed request for loading."""

    resource_id: str
    dataset_id: str
    fingerprint: str
    requested_at: datetime
    requested_by: str
    origin: str
    attempts: int
    sha256: str | None
    hindered_since: datetime | None


_RESOURCES = sa.text(
    """
    SELECT r.id, r.package_id, r.url, r.url_type, r.format, r.last_modified, r.size, r.extras,
           p.extras ->> 'daftar_data_kode' AS kode, p.owner_org
    FROM resource r JOIN package p ON p.id = r.package_id
    WHERE p.id = :dataset_id AND r.state = 'active' AND p.state <> 'deleted'
    """
)


def is_tabular(url: str | None, url_type: str | None, file_format: str | None) -> bool:
    """Tell whether a resource is an upload that the loader reads."""
    if url_type != "upload":
        return False
    name = (file_format or PurePath(url or "").suffix.lstrip(".")).strip().lower()
    return name in config.formats()


def note_dataset(dataset_id: str, *, requested_by: str, origin: str) -> list[str]:
    """Note what of a dataset has to be loaded, in the session's transaction; returns the resources noted."""
    resources = model.Session.execute(_RESOURCES, {"dataset_id": dataset_id}).mappings().all()
    wanted = {
        row["id"]: _fingerprint(dict(row))
        for row in resources
        if is_tabular(row["url"], row["url_type"], row["format"])
    }
    standing = model.Session.execute(
        sa.select(Load.resource_id, Load.fingerprint, Load.state, Load.rows).where(Load.dataset_id == dataset_id)
    ).all()
    known = {row.resource_id: row.fingerprint for row in standing}
    noted = {resource: print_ for resource, print_ in wanted.items() if known.get(resource) != print_}
    # An edit begun before a table was loaded and saved after it takes the mark away again.
    marked = {row["id"] for row in resources if _is_marked(row["extras"])}
    loaded = {row.resource_id for row in standing if row.state == "selesai" and row.rows is not None}
    noted.update({one: wanted[one] for one in (loaded & wanted.keys()) - marked if seam.table_exists(one)})
    noted.update({resource: GONE for resource, print_ in known.items() if resource not in wanted and print_ != GONE})
    note(dataset_id, noted, requested_by=requested_by, origin=origin)
    return sorted(noted)


def note_again(dataset_id: str, resource_id: str, *, requested_by: str, origin: str) -> None:
    """Note one resource although nothing changed, and have its table written anew, in the session's transaction.

    Raises ObjectNotFound for one that was deleted, or whose dataset was.
    """
    rows = model.Session.execute(_RESOURCES, {"dataset_id": dataset_id}).mappings()
    row = next((row for row in rows if row["id"] == resource_id), None)
    if row is None:
        raise tk.ObjectNotFound(tk._("Berkas ini tidak ditemukan."))
    note(dataset_id, {resource_id: _fingerprint(dict(row))}, requested_by=requested_by, origin=origin)
    _forget(resource_id)


def forget(resource_id: str) -> None:
    """Note that a resource's table is about to be written, and commit.

    Until the load is done nobody knows whose rows stand there: it may be stopped, or asked for anew meanwhile.
    """
    _forget(resource_id)
    model.Session.commit()


def _forget(resource_id: str) -> None:
    model.Session.execute(sa.update(Load).where(Load.resource_id == resource_id).values(sha256=None))


def note(dataset_id: str, fingerprints: dict[str, str], *, requested_by: str, origin: str) -> None:
    """Put resources in state `antre`, in the session's transaction."""
    if not fingerprints:
        return
    now = datetime.now(timezone.utc)
    insert = postgresql.insert(Load).values(
        [
            {
                "resource_id": resource_id,
                "dataset_id": dataset_id,
                "state": "antre",
                "fingerprint": fingerprint,
                "requested_at": now,
                "requested_by": requested_by,
                "origin": origin,
                "attempts": 0,
                "findings": [],
                "totals": {},
            }
            for resource_id, fingerprint in fingerprints.items()
        ]
    )
    fresh = ("dataset_id", "state", "fingerprint", "requested_at", "requested_by", "origin", "attempts")
    model.Session.execute(
        insert.on_conflict_do_update(
            index_elements=[Load.resource_id],
            set_={
                **{name: insert.excluded[name] for name in fresh},
                **dict.fromkeys(("started_at", "finished_at", "hindered_since", "retry_at")),
            },
        )
    )


def _is_marked(extras: str | None) -> bool:
    return str(json.loads(extras or "{}").get("datastore_active")).lower() == "true"


def _fingerprint(row: dict[str, Any]) -> str:
    extras = json.loads(row["extras"]) if row["extras"] else {}
    parts = [
        VERSION,
        row["url"],
        str(row["last_modified"]),
        row["size"],
        (row["format"] or "").lower(),
        extras.get("periode") or "",
        row["kode"] or "",
        row["owner_org"] or "",
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
