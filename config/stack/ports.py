"""Ports: the preferred one when it is free, else another, chosen once and remembered."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from .errors import StackError

HOST = "127.0.0.1"

#: Service -> (setting in `.env`, preferred port). Off the services' usual ports, so that they rarely meet others.
SERVICES: dict[str, tuple[str, int]] = {
    "web": ("SATUDATA_PORT_WEB", 5000),
    "postgres": ("SATUDATA_PORT_POSTGRES", 5442),
    "redis": ("SATUDATA_PORT_REDIS", 6389),
    "solr": ("SATUDATA_PORT_SOLR", 8993),
    "supervisor": ("SATUDATA_PORT_SUPERVISOR", 9011),
}
#: Preferred ports of any other instance are these plus an offset by its name, so two instances rarely meet.
_SPREAD = 40
_SEARCH = 200
#: Browsers open no page on these, whatever serves it (https://fetch.spec.whatwg.org/#port-blocking).
_REFUSED_BY_BROWSERS = frozenset({4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080})


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now, and a browser would ask it."""
    if port in _REFUSED_BY_BROWSERS:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def offset(instance: str) -> int:
    """Distance of an instance's preferred ports from those of `portal`; 0 for `portal` itself."""
    if instance == "portal":
        return 0
    return 1000 + 10 * (sum(instance.encode()) % _SPREAD)


def wanted(instance: str, settings: Mapping[str, str]) -> dict[str, int]:
    """The preferred port of every service.

    :raises StackError: a port in the settings is not a port, or one is given twice.
    """
    ports: dict[str, int] = {}
    for service, (key, default) in SERVICES.items():
        value = settings.get(key, "")
        if value and not (value.isdecimal() and 1024 <= int(value) <= 65_535):  # noqa: PLR2004 - the range of ports
            message = f"Nilai {key}={value} bukan nomor port (1024 sampai 65535)."
            raise StackError(message, "Perbaiki di berkas .env, lalu jalankan lagi.")
        ports[service] = (int(value) if value else default) + offset(instance)
    doubled = sorted({port for port in ports.values() if list(ports.values()).count(port) > 1})
    if doubled:
        message = f"Port {doubled[0]} diminta untuk lebih dari satu layanan."
        raise StackError(message, "Beri setiap layanan nomor port sendiri di berkas .env.")
    return ports


def unsettled(recorded: Mapping[str, int], wanted: Mapping[str, int], settings: Mapping[str, str]) -> dict[str, int]:
    """The recorded ports without those that a setting has since put elsewhere: what is asked for comes first."""
    return {
        service: port
        for service, port in recorded.items()
        if service in SERVICES and (not settings.get(SERVICES[service][0]) or wanted[service] == port)
    }


def choose(
    preferred: Mapping[str, int],
    recorded: Mapping[str, int],
    free: Callable[[int], bool] = is_free,
) -> tuple[dict[str, int], list[str]]:
    """Choose a port for every service that is not running.

    A recorded port is kept while it is free, even after the preferred one has become free again: addresses that were
    handed out stay true.

    :returns: the ports, and one sentence for each taken port.
    :raises StackError: no free port is found near the preferred one.
    """
    chosen: dict[str, int] = {}
    notes: list[str] = []
    for service, first in preferred.items():
        start = recorded.get(service, first)
        candidates = [start, *range(first, min(first + _SEARCH, 65_536))]
        port = next((c for c in candidates if c not in chosen.values() and free(c)), None)
        if port is None:
            key = SERVICES[service][0]
            message = f"Port {first} untuk {service} terpakai dan tidak ada port bebas di dekatnya."
            raise StackError(message, f"Pilih port lain dengan {key} di berkas .env.")
        if port != start:
            key = SERVICES[service][0]
            notes.append(
                f"Port {start} ({service}) sedang dipakai program lain; dipakai port {port} sebagai gantinya. "
                f"Untuk memilih sendiri, isi {key} di berkas .env."
            )
        chosen[service] = port
    return chosen, notes


def load(path: Path) -> dict[str, int]:
    """Recorded ports, none when nothing is recorded."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def save(path: Path, ports: Mapping[str, int]) -> None:
    path.write_text(json.dumps(dict(ports), indent=2) + "\n", encoding="utf-8")
