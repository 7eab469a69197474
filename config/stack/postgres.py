"""PostgreSQL: a cluster of the instance's own, reached over 127.0.0.1 with passwords only."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import time
from pathlib import Path

from .errors import StackError
from .instance import Instance, Site
from .ports import HOST
from .shell import run, unprivileged

ACCOUNT = "postgres"
SUPERUSER = "postgres"
OWNER = "ckan"
READER = "datastore_ro"
_ROOT = Path("/usr/lib/postgresql")


def newest_bindir() -> Path | None:
    """Folder of the newest PostgreSQL programs on this machine."""
    found = [path.parent for path in _ROOT.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    other = shutil.which("initdb")
    return Path(other).resolve().parent if other else None


def data_folder(instance: Instance) -> Path:
    return instance.folder / "postgres"


def bindir(instance: Instance) -> Path:
    """Programs of the version that made the cluster.

    :raises StackError: that version is no longer installed.
    """
    version_file = data_folder(instance) / "PG_VERSION"
    if version_file.is_file():
        version = version_file.read_text().strip()
        if (_ROOT / version / "bin").is_dir():
            return _ROOT / version / "bin"
    newest = newest_bindir()
    if newest is None:
        message = "PostgreSQL tidak ditemukan."
        raise StackError(message, "Jalankan `make up` agar dipasang.")
    if version_file.is_file() and _ROOT in newest.parents:
        message = f"Basis data dibuat oleh PostgreSQL {version_file.read_text().strip()}, yang tidak terpasang lagi."
        raise StackError(
            message, f"Pasang paket postgresql-{version_file.read_text().strip()}, atau pindahkan datanya."
        )
    return newest


def version(instance: Instance) -> str:
    out = run([bindir(instance) / "postgres", "--version"], what="membaca versi PostgreSQL")
    match = re.search(r"(\d+(?:\.\d+)+)", out)
    return match.group(1) if match else "?"


def _as_server(instance: Instance) -> list[str]:
    """Prefix for the server's programs: PostgreSQL refuses to run as root."""
    return unprivileged(ACCOUNT, instance.folder) if os.geteuid() == 0 else []


def create_cluster(instance: Instance, log: Path) -> bool:
    """Make the cluster unless it exists; whether it was made.

    It is made beside its place and moved there when complete, so an interrupted run leaves nothing half-made.
    """
    data = data_folder(instance)
    if data.is_dir():
        return False
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = instance.run / "initdb.password"
    password.unlink(missing_ok=True)
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(instance.secrets["postgres"] + "\n")
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        for path in (fresh, password):
            os.chown(path, account.pw_uid, account.pw_gid)
    try:
        run(
            [
                *_as_server(instance),
                bindir(instance) / "initdb",
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                *(["--no-sync"] if instance.is_test else []),
            ],
            what="membuat klaster PostgreSQL",
            log=log,
            cwd=Path("/"),
        )
    finally:
        password.unlink(missing_ok=True)
    fresh.rename(data)
    return True


def command(instance: Instance) -> list[str]:
    """The server's command line. All settings stand here, so the cluster's own files stay as initdb made them."""
    settings = {
        "listen_addresses": HOST,
        "port": instance.ports["postgres"],
        "unix_socket_directories": "",
        "password_encryption": "scram-sha-256",
        "max_connections": 100,
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_wal_size": "2GB",
        "checkpoint_completion_target": "0.9",
        "timezone": "UTC",
        "log_timezone": "Asia/Jakarta",
        "log_min_duration_statement": "2000",
        "log_line_prefix": "%m[%p]%q%u@%d:",
    }
    if instance.is_test:
        # Test data may be lost with the machine; waiting for the disk would only make the tests slow.
        settings.update({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return [*_as_server(instance), str(bindir(instance) / "postgres"), "-D", str(data_folder(instance)), *options]


def sql(instance: Instance, text: str, *, database: str = "postgres", what: str = "menjalankan SQL") -> str:
    """Run SQL as the cluster's superuser and return the unaligned rows."""
    return run(
        [
            bindir(instance) / "psql",
            *("--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
            *("--set", "ON_ERROR_STOP=1"),
            *("--host", HOST, "--port", str(instance.ports["postgres"])),
            *("--username", SUPERUSER, "--dbname", database),
        ],
        what=what,
        env={"PGPASSWORD": instance.secrets["postgres"], "PGCONNECT_TIMEOUT": "5", "PGCLIENTENCODING": "UTF8"},
        stdin=text,
    )


def answers(instance: Instance) -> bool:
    try:
        return sql(instance, "SELECT 1").strip() == "1"
    except StackError:
        return False


def wait(instance: Instance, limit: float = 60) -> None:
    """:raises StackError: the server does not answer within `limit` seconds."""
    end = time.monotonic() + limit
    while not answers(instance):
        if time.monotonic() > end:
            message = f"PostgreSQL belum menjawab di port {instance.ports['postgres']} setelah {limit:.0f} detik."
            raise StackError(message, f"Lihat {instance.log / 'postgres.log'}.")
        time.sleep(0.3)


def create_databases(instance: Instance) -> list[str]:
    """Make roles and databases that do not exist; the names of the databases made."""
    secrets = instance.secrets
    sql(
        instance,
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER}; END IF;
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}') THEN CREATE ROLE {READER}; END IF;
        END $$;
        ALTER ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{secrets["ckan_db"]}';
        ALTER ROLE {READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{secrets["datastore_ro"]}';
        """,  # noqa: S608 - names are constants of this module and secrets are hexadecimal
        what="membuat peran basis data",
    )
    existing = set(sql(instance, "SELECT datname FROM pg_database").split())
    made = []
    for site in instance.sites:
        for name in (site.database, site.datastore):
            if name not in existing:
                sql(
                    instance,
                    f"CREATE DATABASE {name} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0;\n"
                    f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
                    what=f"membuat basis data {name}",
                )
                made.append(name)
    return made


def url(instance: Instance, database: str, *, reader: bool = False) -> str:
    """Connection address of a role to a database."""
    role, secret = (READER, "datastore_ro") if reader else (OWNER, "ckan_db")
    return f"postgresql://{role}:{instance.secrets[secret]}@{HOST}:{instance.ports['postgres']}/{database}"


def site_urls(instance: Instance, site: Site) -> tuple[str, str, str]:
    """Addresses of a site: its main database, its DataStore for writing, and for reading."""
    return (
        url(instance, site.database),
        url(instance, site.datastore),
        url(instance, site.datastore, reader=True),
    )
