"""Redis: the job queue and the sessions, behind a password."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from pathlib import Path

from .instance import Instance, Site
from .ports import HOST
from .shell import run
from .vault import write_private


def configure(instance: Instance) -> Path:
    """Write the server's configuration. Queued jobs survive a restart: every write reaches the log within a second."""
    folder = instance.folder / "redis"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    path = folder / "redis.conf"
    durable = ['save ""', "appendonly no"] if instance.is_test else ["appendonly yes", "appendfsync everysec"]
    lines = [
        f"bind {HOST}",
        f"port {instance.ports['redis']}",
        "protected-mode yes",
        "daemonize no",
        "databases 4",
        f"dir {folder}",
        f"requirepass {instance.secrets['redis']}",
        *durable,
    ]
    write_private(path, "\n".join(lines) + "\n")
    return path


def command(instance: Instance) -> list[str]:
    return ["redis-server", str(instance.folder / "redis" / "redis.conf")]


def url(instance: Instance, site: Site) -> str:
    return f"redis://:{instance.secrets['redis']}@{HOST}:{instance.ports['redis']}/{site.redis_db}"


def answers(instance: Instance) -> bool:
    """Whether the server is up and lets us in."""
    with suppress(OSError), socket.create_connection((HOST, instance.ports["redis"]), timeout=2) as connection:
        connection.sendall(f"AUTH {instance.secrets['redis']}\r\nPING\r\n".encode())
        received = b""
        while received.count(b"\r\n") < 2:  # noqa: PLR2004 - one line per command
            part = connection.recv(256)
            if not part:
                return False
            received += part
        return received.startswith(b"+OK\r\n+PONG")
    return False


def version() -> str:
    match = re.search(r"v=([\d.]+)", run(["redis-server", "--version"], what="membaca versi Redis"))
    return match.group(1) if match else "?"
