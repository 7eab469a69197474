"""The first accounts: made once, kept in `accounts.json` (mode 600), shown at the end of `make up`."""

from __future__ import annotations

import json
import re
from typing import Any

from . import ini
from .instance import Instance
from .progress import table
from .shell import run
from .vault import write_private_json

ROLES = {
    "sysadmin": "pengelola portal",
    "walidata": "walidata",
    "pembina": "pembina data",
    "opd_editor_1": "editor OPD",
    "opd_editor_2": "editor OPD",
    "opd_admin": "admin OPD (walidata pendukung)",
}


def load(instance: Instance) -> dict[str, dict[str, Any]]:
    path = instance.accounts_file
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def walidata_slug(profile: str) -> str | None:
    """The OPD that the region profile (YAML text) names as walidata.

    Read by its one line, since no YAML reader is at hand outside the environment.
    """
    match = re.search(r"^walidata:\s*[\"']?([a-z0-9_-]+)[\"']?\s*(?:#.*)?$", profile, re.MULTILINE)
    return match.group(1) if match else None


def ensure(instance: Instance) -> dict[str, dict[str, Any]]:
    """Make the accounts that do not exist, and write the file."""
    profile = ini.profile_path(instance)
    wanted = {
        "known": load(instance),
        "walidata": walidata_slug(profile.read_text(encoding="utf-8")) if profile.is_file() else None,
        "editors": instance.settings.text("SATUDATA_OPD_EDITOR").replace(",", " ").split(),
    }
    script = instance.root / "config" / "stack" / "inside" / "accounts.py"
    out = run(
        [instance.python, "-W", "ignore", script, instance.portal.ini],
        what="membuat akun",
        env={"LANG": "C.UTF-8"},
        stdin=json.dumps(wanted),
        cwd=instance.root,
    )
    made: dict[str, dict[str, Any]] = json.loads(out.strip().splitlines()[-1])
    write_private_json(instance.accounts_file, made)
    return made


def summary(instance: Instance) -> str:
    """The table of accounts; tokens are too long for it and stay in the file."""
    rows = [
        (ROLES.get(role, role), account["name"], account["password"], account.get("opd") or "-")
        for role, account in load(instance).items()
    ]
    return table(("Peran", "Nama", "Kata sandi", "OPD"), rows)
