"""Running programs: quietly, with their output kept in a log, and a clear sentence when one fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import StackError

_TAIL = 12


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    advice: str = "",
    timeout: float | None = None,
) -> str:
    """Run a program to its end and return what it printed.

    :param what: what it does, for the message ("memasang paket Python").
    :param log: file to which the output is appended.
    :param env: variables added to the environment.
    :raises StackError: it cannot be started, takes longer than `timeout` seconds or exits with another status than 0.
    """
    arguments = [str(part) for part in command]
    if shutil.which(arguments[0]) is None:
        message = f"Gagal {what}: program {arguments[0]} tidak ditemukan."
        raise StackError(message, advice or "Jalankan `make up` agar yang kurang dipasang.")
    try:
        done = subprocess.run(
            arguments,
            check=False,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as err:
        message = f"Gagal {what}: belum selesai setelah {timeout:.0f} detik."
        raise StackError(message, advice) from err
    if log is not None:
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"$ {Path(arguments[0]).name} ({what})\n{done.stdout}\n")
    if done.returncode != 0:
        raise StackError(_failure(what, done.stdout, log), advice or _advice(done.stdout))
    return done.stdout


def _failure(what: str, output: str, log: Path | None) -> str:
    tail = [line for line in output.strip().splitlines() if line.strip()][-_TAIL:]
    where = f" Catatan lengkap: {log}." if log else ""
    return f"Gagal {what}.{where}\n  " + "\n  ".join(tail) + "\n"


def _advice(output: str) -> str:
    """The next step for failures that have an ordinary cause."""
    lowered = output.lower()
    if "no space left" in lowered or "disk full" in lowered or "disk quota" in lowered:
        return "Disk penuh: kosongkan ruang, lalu jalankan perintah yang sama lagi."
    network = (
        "temporary failure in name resolution",
        "could not resolve",
        "unknown host",
        "network is unreachable",
        "connection timed out",
        "connection refused",
        "dns error",
        "failed to fetch",
        "could not transfer",
        "operation timed out",
    )
    if any(sign in lowered for sign in network):
        return (
            "Jaringan tidak terjangkau: periksa sambungan internet atau proxy, lalu jalankan perintah yang sama lagi."
        )
    return ""


def unprivileged(user: str, folder: Path) -> list[str]:
    """Prefix that runs a command as `user` although `folder` may lie where that user cannot go.

    A checkout under a private home (mode 700) bars other users from everything below. Then the command keeps the two
    capabilities that pass file permissions, and nothing else of root.
    """
    prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    if _barred(folder):
        capabilities = "+dac_override,+dac_read_search"
        prefix += [f"--inh-caps={capabilities}", f"--ambient-caps={capabilities}"]
    return prefix


def _barred(folder: Path) -> bool:
    return any(parent.exists() and not parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))
