"""What all tests share: the configuration they run under, and a database in this project's shape.

Nothing of CKAN is imported at the top, so that the tests of pure rules run without it (`make test-core`).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "ckanext-satudataserang" / "ckanext" / "satudataserang" / "migration"


def pytest_configure(config: pytest.Config) -> None:
    """Without `--ckan-ini`, take the configuration of the test instance; each further process has a site of its own."""
    if not hasattr(config.option, "ckan_ini"):
        return
    instance = os.environ.get("SATUDATA_INSTANCE", "test")
    given = config.option.ckan_ini or os.environ.get("SATUDATA_TEST_INI")
    ini = Path(given or ROOT / "var" / instance / "test.ini")
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    if number > 1:
        ini = ini.with_name(f"{ini.stem}_{number}.ini")
    if not ini.is_file():
        pytest.exit(f"{ini} does not exist: run `make test`, or `make test-core` for what needs no services", 4)
    config.option.ckan_ini = str(ini)


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What shares a fixture or the served portal stays in one process; browser tests are skipped without a portal."""
    for item in items:
        shared = "portal" if "browser" in item.keywords else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(shared))
    if os.environ.get("SATUDATA_TEST_URL"):
        return
    skip = pytest.mark.skip(reason="SATUDATA_TEST_URL is not set: run through `make test`")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def migrate_satudata(with_plugins, migrate_db_for):
    """Return a function that brings the tables of the loaded plugins to their newest shape."""
    import ckan.plugins as p

    def migrate() -> None:
        names = ["activity", *sorted(path.name for path in MIGRATIONS.iterdir() if (path / "alembic.ini").is_file())]
        for name in filter(p.plugin_loaded, names):
            migrate_db_for(name)

    return migrate


@pytest.fixture
def clean_db(with_plugins, reset_db, migrate_satudata):
    """An empty database with CKAN's tables and ours.

    CKAN drops every table at the first reset of a session and later only empties them, so that is when ours are made.
    """
    from ckan import model

    fresh = not model.repo.tables_created_and_initialised
    reset_db()
    if fresh:
        migrate_satudata()
