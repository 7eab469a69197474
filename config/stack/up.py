"""`make up`: from whatever there is to a portal that answers, destroying nothing on the way."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from . import accounts, environment, ini, leftovers, portal, ports, postgres, prerequisites, redis, solr, supervisor
from .errors import StackError
from .instance import Instance
from .ports import HOST
from .progress import Progress

STEPS = 9


@contextmanager
def shared(instance: Instance) -> Iterator[None]:
    """Hold what all instances share (the Python environment, Solr's jars); a second command waits its turn."""
    instance.solr_cache.mkdir(parents=True, exist_ok=True)
    with (instance.solr_cache.parent / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def locked(instance: Instance) -> Iterator[None]:
    """Hold the instance, so that two commands at once do not build into each other.

    :raises StackError: another command is at work on it.
    """
    instance.run.mkdir(parents=True, exist_ok=True)
    with (instance.run / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            message = f"Perintah lain sedang bekerja pada instans {instance.name}."
            raise StackError(message, "Tunggu sampai selesai, lalu jalankan lagi.") from err
        yield


def choose_ports(instance: Instance, progress: Progress) -> None:
    """Choose the ports of what is not running; running parts keep theirs.

    Another program may hold a recorded port while supervisord is down; then all services move together.
    """
    recorded = ports.load(instance.ports_file)
    if set(recorded) == set(ports.SERVICES) and supervisor.is_up(instance):
        return
    swept = leftovers.sweep(instance)
    if swept:
        progress.notes.append(f"Dihentikan lebih dulu, karena supervisornya sudah mati: {', '.join(swept)}.")
    wanted = ports.wanted(instance.name, instance.settings.values)
    chosen, notes = ports.choose(wanted, ports.unsettled(recorded, wanted, instance.settings.values))
    ports.save(instance.ports_file, chosen)
    instance.__dict__.pop("ports", None)
    progress.notes.extend(notes)


def start_services(instance: Instance, progress: Progress, *, dev: bool = False) -> bool:
    """Everything below the portal: system packages, Python, Solr's jars, ports, configuration, the three services.

    :returns: whether a configuration changed, so that a running portal must take it over.
    """
    instance.make_folders()
    log = instance.log / "setup.log"
    with progress.step("Paket sistem") as notes:
        prerequisites.check_python()
        built, fetched = environment.is_current(instance, dev=dev), solr.is_fetched(instance)
        least = prerequisites.MINIMUM_FREE_WARM_MB if built and fetched else prerequisites.MINIMUM_FREE_MB
        prerequisites.check_disk(instance.folder, least_mb=least)
        needs = [
            *prerequisites.RUN,
            *(() if built else prerequisites.BUILD_PYTHON),
            *(() if fetched else prerequisites.FETCH_SOLR),
            *(prerequisites.BROWSER if dev else ()),
        ]
        installed = prerequisites.install(needs, log)
        notes.append(f"dipasang: {' '.join(installed)}" if installed else "lengkap")
    with shared(instance), progress.step("Lingkungan Python (CKAN 2.12 dan ekstensi)"):
        environment.build(instance, log, dev=dev)
    with shared(instance), progress.step("Solr dari Maven Central"):
        solr.fetch(instance, log)
    with progress.step("Port, rahasia, dan konfigurasi"):
        choose_ports(instance, progress)
        changed_cores = solr.configure(instance)
        redis.configure(instance)
        changed = bool(ini.configure(instance))
    with progress.step("PostgreSQL, Redis, dan Solr") as notes:
        if postgres.create_cluster(instance, log):
            notes.append("klaster basis data baru")
        running = supervisor.is_up(instance)
        supervisor.start(instance)
        postgres.wait(instance)
        if running:
            solr.reload(instance, changed_cores)
        solr.wait(instance)
        if not redis.answers(instance):
            message = f"Redis tidak menjawab di port {instance.ports['redis']}."
            raise StackError(message, f"Lihat {instance.log / 'redis.log'}.")
    return changed


def up(instance: Instance, *, dev: bool = False, total: int = STEPS) -> Progress:
    """Bring the whole instance up; safe to repeat."""
    progress = Progress(total)
    changed = start_services(instance, progress, dev=dev)
    stale = [site for site in instance.sites if not portal.is_current(instance, site)]
    with progress.step("Basis data dan migrasi") as notes:
        made = postgres.create_databases(instance)
        if made:
            notes.append(f"dibuat: {' '.join(made)}")
        for site in stale:
            portal.migrate(instance, site)
        if not stale:
            notes.append("sudah mutakhir")
    fresh = instance.portal in stale
    with progress.step("OPD, data contoh, dan terjemahan") as notes:
        if fresh:
            portal.translate_scripts(instance, instance.portal)
            portal.seed(instance, instance.portal)
        else:
            notes.append("sudah mutakhir")
    with progress.step("Akun") as notes:
        if fresh or not instance.accounts_file.is_file():
            accounts.ensure(instance)
        notes.append(f"{len(accounts.load(instance))} akun")
    with progress.step("Portal dan pekerja"):
        portal.serve(instance, restart=changed or fresh)
        portal.wait(instance)
    for site in stale:
        portal.mark_current(instance, site)
    return progress


def address(instance: Instance) -> str:
    """The public address, and the local one when a proxy stands before it."""
    local = f"http://{HOST}:{instance.ports['web']}"
    return instance.url if instance.url == local else f"{instance.url} (lokal: {local})"
