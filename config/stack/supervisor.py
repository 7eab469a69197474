"""Supervision: supervisord starts every part, brings back what dies, and keeps the logs small."""

from __future__ import annotations

import http.client
import os
import time
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import postgres, redis, solr
from .errors import StackError
from .instance import Instance
from .ports import HOST
from .shell import run
from .vault import write_private

#: Started by supervisord itself; the others wait until databases and configuration are ready.
SERVICES = ("postgres", "redis", "solr")
PORTAL = ("web", "worker")
#: Queues of the worker, most urgent first.
QUEUES = ("default", "satudata")


@dataclass(frozen=True)
class Program:
    """One supervised process.

    :ivar signal: the signal that ends it in good order.
    :ivar patience: seconds it gets for that.
    """

    name: str
    command: list[str]
    signal: str = "TERM"
    patience: int = 20
    autostart: bool = True
    priority: int = 10
    environment: Mapping[str, str] = field(default_factory=dict)


def programs(instance: Instance) -> list[Program]:
    ini = str(instance.portal.ini)
    common = {
        "CKAN_INI": ini,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{instance.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}",
    }
    settings = instance.settings
    web = [
        str(instance.venv / "bin" / "gunicorn"),
        *("--bind", f"{HOST}:{instance.ports['web']}"),
        *("--worker-class", "gthread"),
        *("--workers", str(settings.web_workers), "--threads", str(settings.web_threads)),
        *("--timeout", "120", "--graceful-timeout", "20", "--keep-alive", "5"),
        # A worker is replaced now and then, each at another moment, so that no leak grows for ever.
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--worker-tmp-dir", str(instance.run), "--no-control-socket"),
        *("--access-logfile", "-", "--error-logfile", "-"),
        *("--access-logformat", "%(t)s %(s)s %(M)sms %(m)s %(U)s"),
        *("--pythonpath", str(instance.root / "config")),
        "wsgi:application",
    ]
    worker = [str(instance.venv / "bin" / "ckan"), "-c", ini, "jobs", "worker", *QUEUES]
    return [
        Program("postgres", postgres.command(instance), signal="INT", patience=60, priority=1),
        Program("redis", redis.command(instance), priority=1),
        Program("solr", solr.command(instance), patience=30, priority=1),
        Program("web", web, autostart=False, environment=common),
        Program("worker", worker, autostart=False, patience=30, environment=common),
    ]


def _quote(part: str) -> str:
    """One word of a command line in supervisor's ini, where `%` and `;` have a meaning."""
    escaped = part.replace("%", "%%")
    return f"'{escaped}'" if any(sign in escaped for sign in " ;\"'") or not escaped else escaped


def render(instance: Instance, parts: list[Program]) -> str:
    """The configuration of supervisord."""
    lines = [
        "[supervisord]",
        f"logfile={instance.log / 'supervisord.log'}",
        "logfile_maxbytes=5MB",
        "logfile_backups=2",
        f"pidfile={instance.run / 'supervisord.pid'}",
        f"directory={instance.run}",
        "umask=077",
        *(["user=root"] if os.geteuid() == 0 else []),
        "",
        "[inet_http_server]",
        f"port={HOST}:{instance.ports['supervisor']}",
        "username=satudata",
        f"password={instance.secrets['supervisor']}",
        "",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
        "",
        "[supervisorctl]",
        f"serverurl=http://{HOST}:{instance.ports['supervisor']}",
        "username=satudata",
        f"password={instance.secrets['supervisor']}",
    ]
    for part in parts:
        environment = ",".join(f'{key}="{value.replace("%", "%%")}"' for key, value in part.environment.items())
        lines += [
            "",
            f"[program:{part.name}]",
            f"command={' '.join(map(_quote, part.command))}",
            f"autostart={'true' if part.autostart else 'false'}",
            "autorestart=true",
            "startsecs=1",
            "startretries=5",
            f"stopsignal={part.signal}",
            f"stopwaitsecs={part.patience}",
            "killasgroup=true",
            f"priority={part.priority}",
            "redirect_stderr=true",
            f"stdout_logfile={instance.log / part.name}.log",
            "stdout_logfile_maxbytes=10MB",
            "stdout_logfile_backups=5",
            *([f"environment={environment}"] if environment else []),
        ]
    return "\n".join(lines) + "\n"


class _Transport(xmlrpc.client.Transport):
    """With a limit, so that a stranger on the port who never answers does not hold us for ever."""

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self.timeout = timeout

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = self.timeout
        return connection


def _rpc(instance: Instance, timeout: float = 120) -> Any:
    address = f"http://satudata:{instance.secrets['supervisor']}@{HOST}:{instance.ports['supervisor']}/RPC2"
    return xmlrpc.client.ServerProxy(address, transport=_Transport(timeout)).supervisor


def is_up(instance: Instance) -> bool:
    """Whether this instance's own supervisor answers (another program on that port does not know the password)."""
    try:
        return _rpc(instance, timeout=5).getState()["statename"] == "RUNNING"
    except (OSError, StackError, xmlrpc.client.Error, http.client.HTTPException):
        return False


def states(instance: Instance) -> dict[str, dict[str, Any]]:
    """Program -> supervisor's facts about it (`statename`, `pid`, `start`, `now`)."""
    return {info["name"]: info for info in _rpc(instance).getAllProcessInfo()}


def start(instance: Instance) -> None:
    """Start supervisord, or make a running one take over a changed configuration.

    :raises StackError: it does not come up.
    """
    wanted = render(instance, programs(instance))
    path = instance.supervisor_ini
    same = path.is_file() and path.read_text(encoding="utf-8") == wanted
    if not same:
        write_private(path, wanted)
    if is_up(instance):
        if not same:
            _take_over(instance)
        for name in SERVICES:
            start_program(instance, name)
        return
    # Its own folder as working directory: supervisord is there for long and must not hold another one.
    run(
        [instance.venv / "bin" / "supervisord", "-c", path],
        what="menjalankan supervisor",
        cwd=instance.run,
        advice=f"Lihat {instance.log / 'supervisord.log'}.",
    )
    end = time.monotonic() + 20
    while not is_up(instance):
        if time.monotonic() > end:
            message = f"Supervisor tidak menjawab di port {instance.ports['supervisor']}."
            raise StackError(message, f"Lihat {instance.log / 'supervisord.log'}.")
        time.sleep(0.2)


def _take_over(instance: Instance) -> None:
    rpc = _rpc(instance)
    added, changed, removed = rpc.reloadConfig()[0]
    for name in [*changed, *removed]:
        rpc.stopProcessGroup(name)
        rpc.removeProcessGroup(name)
    for name in [*added, *changed]:
        rpc.addProcessGroup(name)


def start_program(instance: Instance, name: str) -> None:
    if states(instance)[name]["statename"] in {"RUNNING", "STARTING"}:
        return
    try:
        _rpc(instance).startProcess(name)
    except xmlrpc.client.Fault as err:
        message = f"{name} tidak dapat dijalankan ({err.faultString})."
        raise StackError(message, f"Lihat {instance.log / name}.log.") from err


def stop_program(instance: Instance, name: str) -> None:
    if states(instance)[name]["statename"] in {"RUNNING", "STARTING", "BACKOFF"}:
        _rpc(instance).stopProcess(name)


def stop(instance: Instance, limit: float = 90) -> bool:
    """Stop everything: the portal first, the services it needs after it. Whether anything was running."""
    if not is_up(instance):
        return False
    for name in (*PORTAL, *SERVICES):
        stop_program(instance, name)
    pid_file = instance.run / "supervisord.pid"
    _rpc(instance).shutdown()
    end = time.monotonic() + limit
    while is_up(instance) or pid_file.exists():
        if time.monotonic() > end:
            message = f"Supervisor belum berhenti setelah {limit:.0f} detik."
            raise StackError(message, f"Lihat {instance.log / 'supervisord.log'}.")
        time.sleep(0.2)
    return True
