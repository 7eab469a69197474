"""An instance: one set of services with its own folder, ports and secrets, and the portals on it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import ports, vault
from .errors import StackError
from .settings import Settings

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2  # processes that share the test suite, each with a site of its own


@dataclass(frozen=True)
class Site:
    """One CKAN on the instance's services: its databases, Solr core, Redis number, configuration and storage."""

    key: str
    database: str
    datastore: str
    core: str
    redis_db: int
    ini: Path
    storage: Path
    testing: bool = False

    @property
    def site_id(self) -> str:
        """CKAN's name for itself in shared services: queues, sessions, index."""
        return f"satudata_{self.key}"


@dataclass
class Instance:
    """Where an instance keeps things. `portal` is the portal of `make up`; `test` that of `make test`."""

    name: str
    root: Path = ROOT
    settings: Settings = field(default_factory=lambda: Settings.read(ROOT))

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", self.name):
            message = f"Nama instans {self.name!r} tidak sah."
            raise StackError(message, "Pakai huruf kecil, angka, dan garis bawah, diawali huruf.")

    @classmethod
    def from_environment(cls, default: str = "portal") -> Instance:
        return cls(os.environ.get("SATUDATA_INSTANCE") or default)

    @property
    def is_test(self) -> bool:
        """Whether its data may be thrown away: no fsync, and further sites for the test suite."""
        return self.name.startswith("test")

    @cached_property
    def folder(self) -> Path:
        return self.root / "var" / self.name

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def venv(self) -> Path:
        return self.root / "var" / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def solr_cache(self) -> Path:
        return self.root / "var" / "cache" / "solr"

    @property
    def ports_file(self) -> Path:
        return self.folder / "ports.json"

    @property
    def accounts_file(self) -> Path:
        """The portal's own lie where an operator looks first: `var/accounts.json`."""
        return (self.root / "var" if self.name == "portal" else self.folder) / "accounts.json"

    @property
    def supervisor_ini(self) -> Path:
        return self.folder / "supervisord.conf"

    @cached_property
    def ports(self) -> dict[str, int]:
        """The recorded ports; `prepare` records them."""
        recorded = ports.load(self.ports_file)
        if set(recorded) != set(ports.SERVICES):
            message = f"Instans {self.name} belum pernah disiapkan."
            raise StackError(message, "Jalankan `make up` lebih dulu.")
        return recorded

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        return vault.ensure_secrets(self.folder / "secrets.json")

    @property
    def url(self) -> str:
        """Public address: that of the reverse proxy when the operator gives one, else the loopback address."""
        given = "" if self.is_test else self.settings.text("SATUDATA_URL")
        return given.rstrip("/") or f"http://{ports.HOST}:{self.ports['web']}"

    @property
    def local_url(self) -> str:
        return f"http://{ports.HOST}:{self.ports['web']}"

    @cached_property
    def portal(self) -> Site:
        """The site that is served."""
        suffix = "_live" if self.is_test else ""
        return Site(
            key="portal",
            database=f"ckan{suffix}",
            datastore=f"datastore{suffix}",
            core="portal",
            redis_db=0,
            ini=self.folder / "ckan.ini",
            storage=self.folder / "storage",
        )

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All sites: the portal, and those of the test suite."""
        return (self.portal, *self.suites)

    @property
    def suites(self) -> tuple[Site, ...]:
        """The sites that the test suite empties at will, one for each process; only test instances have them."""
        return tuple(self._suite(number) for number in range(1, WORKERS + 1)) if self.is_test else ()

    def _suite(self, number: int) -> Site:
        suffix = "" if number == 1 else f"_{number}"
        return Site(
            key=f"suite{suffix}",
            database=f"ckan_test{suffix}",
            datastore=f"datastore_test{suffix}",
            core=f"suite{suffix}",
            redis_db=number,
            ini=self.folder / f"test{suffix}.ini",
            storage=self.folder / f"storage-suite{suffix}",
            testing=True,
        )

    def make_folders(self) -> None:
        """Make the instance's folders; only their owner may look into them."""
        for folder in (self.folder, self.log, self.run, *(site.storage for site in self.sites)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        # PostgreSQL may run under another user, who must pass through; the secrets inside have mode 600 of their own.
        for folder in (self.folder, self.run):
            folder.chmod(0o711)
