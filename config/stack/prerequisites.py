"""System packages: what is missing, and getting it from apt."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import postgres
from .errors import StackError
from .shell import run

MINIMUM_PYTHON = (3, 10)
#: Where fontconfig looks for typefaces as it comes; documents take their symbols from one of them.
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
#: A fresh stack with its caches takes about half of this.
MINIMUM_FREE_MB = 3000
#: Enough to start what is already there and to let it grow a little.
MINIMUM_FREE_WARM_MB = 500


@dataclass(frozen=True)
class Need:
    """One thing the stack needs and the Debian packages that bring it."""

    what: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _font(family: str) -> Callable[[], bool]:
    wanted = family.replace(" ", "")
    return lambda: any(next(folder.rglob(f"{wanted}*.ttf"), None) for folder in FONT_FOLDERS if folder.is_dir())


def _header() -> bool:
    return (Path(sysconfig.get_paths()["include"]) / "Python.h").is_file()


def _venv() -> bool:
    return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


RUN = (
    Need("PostgreSQL", ("postgresql", "postgresql-contrib"), lambda: postgres.newest_bindir() is not None),
    Need("Redis", ("redis-server",), _program("redis-server")),
    Need("Java", ("default-jre-headless",), _program("java")),
    Need("libmagic", ("libmagic1",), _library("magic")),
    Need("Pango", ("libpango-1.0-0", "libpangoft2-1.0-0"), _library("pangoft2-1.0")),
    Need("HarfBuzz-Subset", ("libharfbuzz-subset0",), _library("harfbuzz-subset")),
    Need("huruf DejaVu", ("fonts-dejavu-core",), _font("DejaVu Sans")),
)
#: Only to build the Python environment: psycopg2 comes as source.
BUILD_PYTHON = (
    Need("modul venv Python", ("python3-venv",), _venv),
    Need("kompilator C", ("gcc", "libc6-dev"), _program("gcc")),
    Need("pustaka klien PostgreSQL", ("libpq-dev",), _program("pg_config")),
    Need("berkas pengembangan Python", ("python3-dev",), _header),
)
#: Only to fetch Solr.
FETCH_SOLR = (Need("Maven", ("maven",), _program("mvn")),)
#: Only for the browser tests.
BROWSER = (Need("Chromium", ("chromium",), lambda: find_chromium() is not None),)


def find_chromium() -> str | None:
    """Path of the browser that the tests drive."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def missing(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not need.present()]


def check_python() -> None:
    """:raises StackError: this Python is too old for CKAN."""
    if sys.version_info[:2] < MINIMUM_PYTHON:
        message = f"Python {sys.version_info.major}.{sys.version_info.minor} terlalu tua."
        raise StackError(message, "CKAN 2.12 memerlukan Python 3.10 atau lebih baru (Debian 12, Ubuntu 22.04).")


def check_disk(folder: Path, *, least_mb: int) -> None:
    """:raises StackError: too little room is free where `folder` lies."""
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < least_mb:
        message = f"Ruang disk di {folder} tinggal {free_mb} MB, sedangkan perlu sedikitnya {least_mb} MB."
        raise StackError(message, "Kosongkan ruang, lalu jalankan perintah yang sama lagi.")


def install(needs: Iterable[Need], log: Path) -> list[str]:
    """Install what is missing with apt and return the names of the packages.

    :raises StackError: there is no apt or no right to use it, or a package cannot be installed.
    """
    lacking = missing(needs)
    if not lacking:
        return []
    packages = sorted({package for need in lacking for package in need.packages})
    prefix = _privilege(packages)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l"]
    run([*prefix, *environment, "apt-get", "update", "-q"], what="memperbarui daftar paket sistem", log=log)
    run(
        [*prefix, *environment, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
        what=f"memasang paket sistem {' '.join(packages)}",
        log=log,
    )
    still = missing(needs)
    if still:
        names = ", ".join(need.what for need in still)
        message = f"Setelah memasang {' '.join(packages)}, ini masih belum ada: {names}."
        raise StackError(message, "Pasang secara manual, lalu jalankan perintah yang sama lagi.")
    return packages


def _privilege(packages: list[str]) -> list[str]:
    """Prefix that makes apt work: none for root, sudo for others."""
    wanted = " ".join(packages)
    if shutil.which("apt-get") is None:
        message = f"Yang kurang di mesin ini: {wanted} (nama paket Debian), dan apt tidak tersedia."
        raise StackError(message, "Pasang padanannya dengan pengelola paket sistem Anda, lalu jalankan lagi.")
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    message = f"Anda bukan root dan tidak ada sudo; mintalah pengelola mesin memasang paket: {wanted}."
    raise StackError(message)
