"""The portal on the services: migrations, permissions, seeding, and waiting until it answers."""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import postgres, redis, supervisor
from .errors import StackError
from .instance import Instance, Site
from .shell import run


def ckan(instance: Instance, site: Site, *arguments: str, what: str, timeout: float | None = None) -> str:
    """Run CKAN's command line on a site."""
    return run(
        [instance.venv / "bin" / "ckan", "-c", site.ini, *arguments],
        what=what,
        log=instance.log / "setup.log",
        env={"LANG": "C.UTF-8"},
        cwd=instance.root,
        timeout=timeout,
    )


def code_fingerprint(instance: Instance) -> str:
    """Changes when the extension, its data, the region profiles, the locked packages or the seeding choices change."""
    # The operator's choices that seeding follows count as well.
    digest = hashlib.sha256(f"{instance.settings.profile} {instance.settings.sample}\n".encode())
    folders = [instance.root / name for name in ("ckanext-satudataserang", "schemas", "config/daerah")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    singles = [instance.root / name for name in ("requirements.txt", "pyproject.toml", "config/wsgi.py")]
    for path in sorted([*files, *singles]):
        if "__pycache__" in path.parts or any(part.endswith(".egg-info") for part in path.parts):
            continue
        facts = path.stat()
        digest.update(f"{path.relative_to(instance.root)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _stamp(instance: Instance, site: Site) -> Path:
    return instance.run / f"{site.key}.code"


def is_current(instance: Instance, site: Site) -> bool:
    """Whether migrations and seeds of this very code were already applied to the site."""
    stamp = _stamp(instance, site)
    return stamp.is_file() and stamp.read_text() == code_fingerprint(instance)


def mark_current(instance: Instance, site: Site) -> None:
    _stamp(instance, site).write_text(code_fingerprint(instance))


def migrate(instance: Instance, site: Site) -> None:
    """Bring both databases to the shape this code wants: CKAN's tables, the plugins', and the DataStore's rights."""
    ckan(instance, site, "db", "upgrade", what="memigrasi basis data")
    permissions = ckan(instance, site, "datastore", "set-permissions", what="menyiapkan hak DataStore")
    postgres.sql(instance, permissions[permissions.index("/*") :], what="menerapkan hak DataStore")


def seed(instance: Instance, site: Site) -> None:
    """OPDs of the region, variables, structures, rules of sameness, then sample data if the configuration says so.

    Sample data come last: their tables are read by the structures.
    """
    ckan(instance, site, "satudata", "seed", "--no-sample", what="mengisi OPD")
    ckan(instance, site, "satudata", "structure", "seed", what="mengisi variabel dan struktur data")
    ckan(instance, site, "satudata", "sameness", "seed", what="mengisi aturan kesamaan angka")
    ckan(instance, site, "satudata", "seed", what="mengisi data contoh")


def translate_scripts(instance: Instance, site: Site) -> None:
    """CKAN makes its JavaScript catalogues only when asked."""
    ckan(instance, site, "translation", "js", what="menyiapkan terjemahan skrip")


def serve(instance: Instance, *, restart: bool) -> None:
    """Start web and worker; with `restart`, make running ones take the new code."""
    for name in supervisor.PORTAL:
        if restart:
            supervisor.stop_program(instance, name)
        supervisor.start_program(instance, name)


def answers(instance: Instance) -> str | None:
    """CKAN's version when the portal answers."""
    try:
        with urllib.request.urlopen(f"{instance.local_url}/api/3/action/status_show", timeout=20) as response:
            return str(json.load(response)["result"].get("ckan_version") or "2.12")
    except (OSError, ValueError, KeyError):
        return None


def wait(instance: Instance, limit: float = 240) -> None:
    """:raises StackError: the portal does not answer within `limit` seconds."""
    end = time.monotonic() + limit
    while answers(instance) is None:
        if time.monotonic() > end:
            message = f"Portal belum menjawab di {instance.local_url} setelah {limit:.0f} detik."
            raise StackError(message, f"Lihat {instance.log / 'web.log'}.")
        time.sleep(0.3)


def wait_for_jobs(instance: Instance, limit: float = 300) -> None:
    """Wait until the worker has nothing queued or at hand, so that seeded data is loaded and counted.

    :raises StackError: it is still at work after `limit` seconds.
    """
    end = time.monotonic() + limit
    while redis.pending(instance, instance.portal, supervisor.QUEUES):
        if time.monotonic() > end:
            message = f"Pekerja belum selesai setelah {limit:.0f} detik."
            raise StackError(message, f"Lihat {instance.log / 'worker.log'}.")
        time.sleep(0.5)
