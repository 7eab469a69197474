"""A real browser against the served test portal; screenshots are kept under `var/gambar`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "gambar"
SIZES = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 900}}
#: Chromium must not look for its own services: nothing but this machine is reachable, and nothing else is wanted.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000


@pytest.fixture(scope="session")
def portal():
    """The address of the served portal."""
    return os.environ["SATUDATA_TEST_URL"].rstrip("/")


@pytest.fixture(scope="session")
def accounts():
    """Accounts by role, as `make up` writes them."""
    return json.loads(Path(os.environ["SATUDATA_TEST_ACCOUNTS"]).read_text())


@pytest.fixture(scope="session")
def walidata(portal, accounts):
    """The account of the Walidata, which holds the grant."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    account = accounts["walidata"]
    if account["name"] not in json.dumps(admin.action.satudata_grant_list()):
        admin.action.satudata_grant_create(user=account["name"], role="walidata")
    return account


@pytest.fixture(scope="session")
def chromium():
    program = os.environ.get("SATUDATA_TEST_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, portal):
    """Return a function that opens a fresh browser of a size, without any cookie."""
    contexts = []

    def open_one(size="1280", **options):
        context = chromium.new_context(
            viewport=SIZES[size], locale="id-ID", base_url=portal, accept_downloads=True, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_browser):
    return open_browser()


@pytest.fixture
def shoot():
    """Return a function that keeps a screenshot to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    def keep(page, name, full=True):
        page.screenshot(path=SHOTS / f"{name}.png", full_page=full)

    return keep


@pytest.fixture
def log_in():
    """Return a function that logs an account in through the form."""

    def enter(page, account):
        page.goto("/user/login")
        page.get_by_label("Nama pengguna").fill(account["name"])
        page.get_by_label("Kata sandi").fill(account["password"])
        page.locator("form:has(input[name=password]) button[type=submit]").click()
        page.wait_for_load_state()
        assert "/user/login" not in page.url

    return enter
