"""`make status`: every part with its state, version, port and process."""

from __future__ import annotations

from . import environment, portal, postgres, redis, solr, supervisor
from .instance import Instance
from .progress import seconds, table


def status(instance: Instance) -> tuple[str, bool]:
    """A table of all parts, and whether every one of them answers (not merely runs)."""
    if not instance.ports_file.is_file():
        return "Belum disiapkan. Jalankan `make up`.", False
    facts = supervisor.states(instance) if supervisor.is_up(instance) else {}
    answering = {
        "postgres": lambda: postgres.version(instance) if postgres.answers(instance) else None,
        "redis": lambda: redis.version() if redis.answers(instance) else None,
        "solr": lambda: solr.version(instance) if solr.answers(instance) else None,
        "web": lambda: portal.answers(instance),
        "worker": lambda: f"rq {environment.version(instance, 'rq')}",
    }
    rows = []
    healthy = True
    for name, version in answering.items():
        info = facts.get(name, {})
        running = info.get("statename") == "RUNNING"
        found = version() if running else None
        healthy = healthy and found is not None
        state = "jalan" if found else ("tidak menjawab" if running else "berhenti")
        port = str(instance.ports[name]) if name in instance.ports else "-"
        pid = str(info["pid"]) if info.get("pid") else "-"
        age = seconds(info["now"] - info["start"]) if running else "-"
        rows.append((name, state, found or "-", port, pid, age))
    lines = [table(("Bagian", "Keadaan", "Versi", "Port", "PID", "Sejak"), rows)]
    if healthy:
        lines.append(f"\nAlamat: {instance.url}")
    elif not facts:
        lines.append("\nSupervisor tidak berjalan. Jalankan `make up`.")
    else:
        lines.append(f"\nAda bagian yang tidak menjawab; catatannya di {instance.log}.")
    return "\n".join(lines), healthy
