"""Redis: the job queue and the sessions, behind a password."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
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


def _ask(instance: Instance, *commands: str) -> list[str]:
    """Send commands, each answered by one line, and return these lines.

    :raises OSError: the server cannot be reached or closes the connection.
    """
    lines = [f"AUTH {instance.secrets['redis']}", *commands]
    with socket.create_connection((HOST, instance.ports["redis"]), timeout=5) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
        with connection.makefile("rb") as stream:
            answers = [stream.readline().decode().strip() for _ in lines]
    if not all(answers):
        raise ConnectionResetError
    return answers[1:]


def answers(instance: Instance) -> bool:
    """Whether the server is up and lets us in."""
    try:
        return _ask(instance, "PING") == ["+PONG"]
    except OSError:
        return False


def pending(instance: Instance, site: Site, queues: Sequence[str]) -> int:
    """Jobs of a site that are queued or being done."""
    names = [f"ckan:{site.site_id}:{queue}" for queue in queues]
    counts = [command for name in names for command in (f"LLEN rq:queue:{name}", f"ZCARD rq:wip:{name}")]
    return sum(int(answer.removeprefix(":")) for answer in _ask(instance, f"SELECT {site.redis_db}", *counts)[1:])


def version() -> str:
    match = re.search(r"v=([\d.]+)", run(["redis-server", "--version"], what="membaca versi Redis"))
    return match.group(1) if match else "?"
