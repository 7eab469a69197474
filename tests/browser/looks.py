"""What every page is held to: it fits its screen, and nothing keeps people from using it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def serious(page):
    """What axe finds that keeps people from using the page."""
    return [
        f"{violation['id']}: {node['target']} {node['html']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def walk(page, addresses, shoot, size):
    """Open pages by name, look at each, and keep a picture of it."""
    for name, address in addresses.items():
        assert page.goto(address).status == 200, name
        assert page.locator("h1").count() == 1, name
        assert fits(page), name
        shoot(page, f"{name}-{size}")
        assert serious(page) == [], name
