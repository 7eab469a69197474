"""`make test` and `make bench`: on services of their own, which are stopped again whatever happens."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from . import environment, portal, prerequisites, supervisor
from . import up as bring_up
from .errors import StackError
from .instance import WORKERS, Instance
from .progress import seconds, table


@dataclass(frozen=True)
class Check:
    """One part of the tests: a command, and what it is called."""

    name: str
    command: tuple[str, ...]


def checks(instance: Instance, arguments: Sequence[str]) -> list[Check]:
    """What is run, in this order: all tests in parallel; with arguments for pytest, only pytest, in one process."""
    parallel = ("-n", str(WORKERS), "--dist=loadgroup", "--no-loadscope-reorder")
    options = arguments or (*parallel, "--durations=25")
    tests = Check("pengujian", ("pytest", f"--ckan-ini={instance.suites[0].ini}", "-ra", *options))
    if arguments:
        return [tests]
    sources = ("ckanext-satudataserang", "schemas", "config", "tests", "bench", "setup.py")
    present = tuple(source for source in sources if (instance.root / source).exists())
    return [
        Check("gaya penulisan (ruff check)", ("ruff", "check", *present)),
        Check("tata letak (ruff format)", ("ruff", "format", "--check", *present)),
        Check("tipe (pyright)", ("pyright",)),
        Check("arah impor (import-linter)", ("lint-imports",)),
        tests,
    ]


def _environment(instance: Instance) -> dict[str, str]:
    """What checks and benches find in their environment beside our own."""
    browser = prerequisites.find_chromium()
    return {
        **os.environ,
        "PATH": f"{instance.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}",
        "LANG": "C.UTF-8",
        "SATUDATA_INSTANCE": instance.name,
        "SATUDATA_TEST_INI": str(instance.suites[0].ini),
        "SATUDATA_TEST_URL": instance.local_url,
        "SATUDATA_TEST_ACCOUNTS": str(instance.accounts_file),
        "SATUDATA_TEST_PORTAL_INI": str(instance.portal.ini),
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        **({"SATUDATA_TEST_CHROMIUM": browser} if browser else {}),
    }


@contextmanager
def _services(instance: Instance) -> Iterator[None]:
    """The instance's services, stopped afterwards unless `SATUDATA_TEST_KEEP` is set."""
    if not instance.is_test:
        message = f"Instans {instance.name} bukan instans uji; pengujian mengosongkan basis datanya."
        raise StackError(message, "Pakai nama yang diawali `test`, misalnya SATUDATA_INSTANCE=test_saya.")
    with bring_up.locked(instance):
        keep = bool(os.environ.get("SATUDATA_TEST_KEEP"))
        try:
            bring_up.up(instance, dev=True)
            portal.wait_for_jobs(instance)
            yield
        finally:
            if not keep and instance.ports_file.is_file():
                supervisor.stop(instance)


def _run(instance: Instance, check: Check) -> tuple[int, float]:
    print(f"\n== {check.name} ==", flush=True)
    begun = time.monotonic()
    done = subprocess.run(check.command, check=False, cwd=instance.root, env=_environment(instance))
    return done.returncode, time.monotonic() - begun


def test(instance: Instance, arguments: Sequence[str]) -> int:
    """Run every check, also after one has failed; 0 when all passed."""
    results = []
    with _services(instance):
        for check in checks(instance, arguments):
            code, took = _run(instance, check)
            results.append((check.name, "lulus" if code == 0 else f"GAGAL ({code})", seconds(took)))
    print("\n" + table(("Pemeriksaan", "Hasil", "Waktu"), results))
    return 0 if all(result == "lulus" for _name, result, _took in results) else 1


def test_core(instance: Instance, arguments: Sequence[str]) -> int:
    """The tests of the pure rules: an environment is all they need, no service and no database."""
    instance.make_folders()
    log = instance.log / "setup.log"
    if not environment.is_current(instance, dev=True):
        prerequisites.install([*prerequisites.RUN, *prerequisites.BUILD_PYTHON], log)
        environment.build(instance, log, dev=True)
    pytest = ("-m", "pytest", "-p", "no:ckan", "-p", "no:ckan_fixtures", "-q", "tests/core")
    return subprocess.run((instance.python, *pytest, *arguments), check=False, cwd=instance.root).returncode


def bench(instance: Instance, names: Sequence[str]) -> int:
    """Run the scripts in `bench/` (all, or those named); a missed budget is a figure, only a crash is a failure."""
    found = sorted(path for path in (instance.root / "bench").glob("*.py") if not path.name.startswith("_"))
    unknown = set(names) - {path.stem for path in found}
    if unknown:
        message = f"Ukuran kinerja tidak dikenal: {', '.join(sorted(unknown))}."
        raise StackError(message, f"Yang ada: {', '.join(path.stem for path in found)}.")
    chosen = [path for path in found if not names or path.stem in names]
    with _services(instance):
        codes = [_run(instance, Check(path.stem, (str(instance.python), str(path))))[0] for path in chosen]
    return 1 if any(codes) else 0
