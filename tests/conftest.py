"""What all tests share: the configuration they run under, and a database in this project's shape.

Nothing of CKAN is imported at the top, so that the tests of pure rules run without it (`make test-core`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "ckanext-satudataserang" / "ckanext" / "satudataserang" / "migration"
#: Groups that take minutes or nearly one. Several processes begin with them, so that none idles beside the last one.
LONG = (
    "portal",
    "tests/submission/test_kill_served.py",
    "tests/submission/test_routes.py",
    "tests/submission/test_permissions.py",
    "tests/submission/test_load.py",
    "tests/submission/test_large_files.py",
    "tests/submission/test_kill.py",
    "tests/plan/test_pages.py",
    "tests/completeness/test_views.py",
    "tests/submission/test_review_pages.py",
    "tests/catalogue/test_pages.py",
    "tests/catalogue/test_roles.py",
    "tests/core/checks/test_privacy.py",
    "tests/core/tables/test_reader.py",
    "tests/core/checks/test_noted.py",
    "tests/core/checks/test_reference.py",
    "tests/core/checks/test_engine.py",
    "tests/core/test_templates_roundtrip.py",
    "tests/core/checks/test_proofs.py",
)

# What a run says of a commit it says each time; `--hypothesis-profile=default` looks for what nobody has thought of.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


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


def _group(item: pytest.Item) -> str:
    """What runs in one process with a test: the browser tests share the served portal, others what their file keeps."""
    return "portal" if "browser" in item.keywords else item.path.relative_to(ROOT).as_posix()


def _turn(item: pytest.Item) -> tuple[bool, int]:
    """The place of a test among all: long groups first; those of pure rules last, for they load no plugins."""
    group = _group(item)
    return group.startswith("tests/core/"), LONG.index(group) if group in LONG else len(LONG)


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What shares a fixture or the served portal stays in one process; browser tests are skipped without a portal."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)
    if os.environ.get("SATUDATA_TEST_URL"):
        return
    skip = pytest.mark.skip(reason="SATUDATA_TEST_URL is not set: run through `make test`")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


@dataclass(frozen=True)
class Site:
    """The loaded plugins and the application on them, and the configuration they were made of and brought about.

    `context` is the application's for what runs outside of a request; CKAN keeps that of the last one made.
    """

    asked: dict[str, str]
    config: dict[str, Any]
    app: Any
    flask: dict[str, Any]
    context: Any


_sites: list[Site] = []  # the one that this process keeps


def _plain(config: Any) -> dict[str, str]:
    """The values of a configuration that can be compared."""
    kinds = (str, int, float, list, type(None))
    return {key: repr(value) for key, value in config.items() if isinstance(value, kinds)}


@pytest.fixture
def with_plugins(ckan_config, make_app):
    """The configured plugins and the application on them, for a test that wants them.

    Loading them takes seconds, so they stay from test to test for as long as the configuration is the same, marks
    included. A test that does not ask for them finds none: see `pytest_runtest_setup`.
    """
    import ckan.plugins as p
    import ckan.plugins.toolkit as tk
    from ckan.config import middleware

    asked = _plain(ckan_config)
    if _sites and _sites[0].asked == asked and all(map(p.plugin_loaded, tk.aslist(ckan_config["ckan.plugins"]))):
        ckan_config.update(_sites[0].config)
        middleware._internal_test_request_context = _sites[0].context
        return
    _sites.clear()
    app = make_app()
    context = middleware._internal_test_request_context
    _sites.append(Site(asked, ckan_config.copy(), app.app, dict(app.flask_app.config), context))


@pytest.hookimpl(tryfirst=True)  # before CKAN's, which sets the configuration right
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unload the plugins before a test that does not ask for them."""
    if _sites and "with_plugins" not in getattr(item, "fixturenames", ()):
        import ckan.plugins as p

        _sites.clear()
        p.unload_all()


@pytest.fixture
def app(with_plugins):
    """A client of the application, with cookies of its own."""
    from ckan.tests.helpers import CKANTestApp

    (site,) = _sites
    client = CKANTestApp(site.app)
    client.flask_app.config.clear()
    client.flask_app.config.update(site.flask)
    return client


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
