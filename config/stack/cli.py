"""The commands behind the Makefile's targets."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable

from . import accounts, leftovers, postgres, supervisor
from . import up as bring_up
from .errors import StackError
from .instance import Instance
from .progress import seconds
from .status import status


def _up(instance: Instance, _: list[str]) -> int:
    with bring_up.locked(instance):
        progress = bring_up.up(instance)
    print(f"\nPortal siap dalam {seconds(progress.elapsed)}: {bring_up.address(instance)}\n")
    print(accounts.summary(instance))
    print(f"\nKata sandi dan token API tersimpan di {instance.accounts_file} (hanya terbaca oleh pemiliknya).")
    return 0


def _down(instance: Instance, _: list[str]) -> int:
    running = instance.ports_file.is_file() and (supervisor.stop(instance) or bool(leftovers.sweep(instance)))
    print("Semua layanan berhenti; data tetap ada." if running else "Tidak ada yang berjalan.")
    return 0


def _status(instance: Instance, _: list[str]) -> int:
    text, healthy = status(instance)
    print(text)
    return 0 if healthy else 1


def _url(instance: Instance, _: list[str]) -> int:
    print(instance.url)
    return 0


def _ckan(instance: Instance, options: list[str]) -> int:
    program = instance.venv / "bin" / "ckan"
    if not program.exists() or not instance.portal.ini.is_file():
        message = "Portal belum disiapkan."
        raise StackError(message, "Jalankan `make up` lebih dulu.")
    sys.stdout.flush()
    os.execv(program, [str(program), "-c", str(instance.portal.ini), *options])  # noqa: S606 - the CLI takes our place


def _logs(instance: Instance, options: list[str]) -> int:
    parts = options or ["web", "worker", "solr", "postgres", "redis"]
    files = [str(instance.log / f"{part}.log") for part in parts if (instance.log / f"{part}.log").is_file()]
    if not files:
        message = f"Belum ada catatan di {instance.log}."
        raise StackError(message)
    sys.stdout.flush()
    os.execvp("tail", ["tail", "-n", "40", "-F", *files])  # noqa: S606 - tail takes our place


def _psql(instance: Instance, options: list[str]) -> int:
    os.environ["PGPASSWORD"] = instance.secrets["ckan_db"]
    program = str(postgres.bindir(instance) / "psql")
    database = (options or [instance.portal.database])[0]
    arguments = ["--host", "127.0.0.1", "--port", str(instance.ports["postgres"]), "--username", postgres.OWNER]
    os.execv(program, [program, *arguments, database])  # noqa: S606 - psql takes our place


def _reset(instance: Instance, options: list[str]) -> int:
    if not instance.folder.is_dir():
        print("Tidak ada yang perlu dihapus.")
        return 0
    if "--yes" not in options:
        print(f"Ini menghapus semua data, berkas, dan akun instans {instance.name} di {instance.folder}.")
        answer = input(f"Ketik nama instans ({instance.name}) untuk melanjutkan: ") if sys.stdin.isatty() else ""
        if answer.strip() != instance.name:
            print("Dibatalkan; tidak ada yang dihapus.")
            return 1
    with bring_up.locked(instance):
        if instance.ports_file.is_file():
            supervisor.stop(instance)
            leftovers.sweep(instance)
        shutil.rmtree(instance.folder)
        instance.accounts_file.unlink(missing_ok=True)
    print(f"Instans {instance.name} sudah dihapus.")
    return 0


def _test(instance: Instance, options: list[str]) -> int:
    from .suite import test  # noqa: PLC0415 - the portal's commands do not need it

    return test(instance, options)


def _test_core(instance: Instance, options: list[str]) -> int:
    from .suite import test_core  # noqa: PLC0415 - the portal's commands do not need it

    return test_core(instance, options)


def _bench(instance: Instance, options: list[str]) -> int:
    from .suite import bench  # noqa: PLC0415 - the portal's commands do not need it

    return bench(instance, options)


COMMANDS: dict[str, tuple[Callable[[Instance, list[str]], int], str, str]] = {
    "up": (_up, "portal", "siapkan dan jalankan portal"),
    "down": (_down, "portal", "hentikan semua layanan"),
    "status": (_status, "portal", "keadaan setiap bagian"),
    "url": (_url, "portal", "alamat portal saja"),
    "ckan": (_ckan, "portal", "perintah CKAN pada portal ini"),
    "logs": (_logs, "portal", "ikuti catatan"),
    "psql": (_psql, "portal", "buka basis data"),
    "reset": (_reset, "portal", "hapus semua data"),
    "test": (_test, "test", "jalankan semua pengujian"),
    "test-core": (_test_core, "test", "pengujian aturan murni, tanpa layanan"),
    "bench": (_bench, "test", "jalankan ukuran kinerja"),
}


def usage() -> str:
    lines = [f"  {name:<10} {text}" for name, (_run, _default, text) in COMMANDS.items()]
    return "\n".join(["Pemakaian: python3 -m stack PERINTAH [ARGUMEN ...]", "", *lines])


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status. An expected failure is one sentence on standard error."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or [""]
    if name not in COMMANDS:
        print(usage(), file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    command, default, _help = COMMANDS[name]
    try:
        return command(Instance.from_environment(default), rest)
    except StackError as err:
        print(f"\n{err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nDihentikan. Jalankan perintah yang sama untuk melanjutkan.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever reads has seen enough, as in `make status | head`.
        sys.stdout = None  # type: ignore[assignment] - nothing is left to be flushed into
        return 0
    except OSError as err:
        print(f"\n{_explain(err)}", file=sys.stderr)
        return 1


def _interrupt(_number: int, _frame: object) -> None:
    """Turn the first request to end into an exception; later ones must not cut the cleaning up short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _explain(err: OSError) -> str:
    """An operating system's refusal as a sentence."""
    import errno  # noqa: PLC0415 - only here

    where = f" ({err.filename})" if err.filename else ""
    if err.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"Disk penuh{where}. Kosongkan ruang, lalu jalankan perintah yang sama lagi."
    if err.errno in {errno.EACCES, errno.EPERM}:
        return f"Tidak diizinkan menulis atau membaca{where}. Jalankan sebagai pemilik folder ini."
    return f"Sistem menolak{where}: {err.strerror or err}. Lihat catatan di var/, lalu jalankan lagi."
