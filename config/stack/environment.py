"""The Python environment: CKAN and the extension, from the lock file, in `var/venv`."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from .instance import Instance
from .shell import run

#: The installer, pinned like everything else.
UV = "uv==0.13.9"
_SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


def is_current(instance: Instance, *, dev: bool = False) -> bool:
    """Whether the environment holds what the lock files and `pyproject.toml` ask for."""
    stamp = _stamp(instance, dev=dev)
    return instance.python.exists() and stamp.is_file() and stamp.read_text() == _wanted(instance, dev=dev)


def build(instance: Instance, log: Path, *, dev: bool = False) -> None:
    """Make or update the environment.

    :param dev: with the tools of the tests.
    :raises StackError: a package cannot be fetched or built.
    """
    if is_current(instance, dev=dev):
        return
    venv, uv = instance.venv, instance.venv / "bin" / "uv"
    if not instance.python.exists():
        run([sys.executable, "-m", "venv", "--clear", venv], what="membuat lingkungan Python", log=log)
    if not uv.exists():
        run([instance.python, "-m", "pip", "install", "-q", UV], what="memasang uv", log=log)
    environ = {"VIRTUAL_ENV": str(venv), "UV_LINK_MODE": "copy"}
    if _SYSTEM_BUNDLE.is_file() and "SSL_CERT_FILE" not in os.environ:
        # uv trusts its own list of authorities; behind a proxy that re-signs, the system's list is the right one.
        environ["SSL_CERT_FILE"] = str(_SYSTEM_BUNDLE)
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    run(
        [uv, "pip", "install", "-q", "-r", instance.root / lock],
        what=f"memasang paket Python dari {lock}",
        log=log,
        env=environ,
    )
    run(
        [uv, "pip", "install", "-q", "--no-deps", "-e", instance.root],
        what="memasang ekstensi satudataserang",
        log=log,
        env=environ,
    )
    _stamp(instance, dev=dev).write_text(_wanted(instance, dev=dev))


def version(instance: Instance, package: str) -> str:
    """The version of an installed package, as its folder in the environment says; "-" where it is not there."""
    found = sorted(instance.venv.glob(f"lib/python*/site-packages/{package}-*.dist-info"))
    return found[0].name.removeprefix(f"{package}-").removesuffix(".dist-info") if found else "-"


def _stamp(instance: Instance, *, dev: bool) -> Path:
    return instance.venv / (".stack-dev" if dev else ".stack")


def _wanted(instance: Instance, *, dev: bool) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {instance.root}".encode())
    for name in ("requirements-dev.txt" if dev else "requirements.txt", "pyproject.toml", "setup.py"):
        digest.update((instance.root / name).read_bytes())
    return digest.hexdigest()
