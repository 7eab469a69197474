"""Make the first accounts through CKAN's actions: `python accounts.py CKAN.INI < wanted.json > accounts.json`.

Standard input holds `{"known": {role: account}, "walidata": slug | null, "editors": [slug, ...]}`; what is printed is
the new `{role: {name, password, token[, opd]}}`. An account that exists keeps its password and its token as long as
they are known; an unknown one gets new ones, because CKAN keeps only hashes.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib import api_token
from ckan.types import Context

TOKEN_NAME = "make up"  # noqa: S105 - a label
EDITORS = 2


def _context() -> Context:
    """A context of the site user: there is no account yet that could be asked for its rights."""
    return Context(ignore_auth=True, user=tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"])


def _choose_editors(asked: list[str], walidata: str | None, known: dict[str, Any]) -> list[str]:
    """Slugs of the OPDs whose editors are made: those asked for, those made before, those that owe most, by name."""
    existing = sorted(tk.get_action("organization_list")(_context(), {}))
    made = [known.get(f"opd_editor_{number}", {}).get("opd") for number in range(1, EDITORS + 1)]
    owed = _entries_by_opd()
    others = sorted((slug for slug in existing if slug != walidata), key=lambda slug: -owed[slug])
    return list(dict.fromkeys(slug for slug in (*asked, *made, *others) if slug in existing))[:EDITORS]


def _entries_by_opd() -> Counter[str]:
    """How many entries of the Daftar Data are in force, by the slug of their OPD: whoever tries it out has tasks."""
    entries = tk.get_action("satudata_plan_entry_list")(_context(), {"state": "berlaku", "limit": 1000})["results"]
    return Counter(entry["opd_name"] for entry in entries)


def _account(name: str, fullname: str, known: dict[str, Any]) -> dict[str, Any]:
    """Make sure the account exists and can be used with the returned password and token."""
    same = known.get("name") == name
    password = known.get("password") if same else None
    user = model.User.get(name)
    if user is None or not password:
        password = password or secrets.token_urlsafe(15)
        facts = {"name": name, "fullname": fullname, "email": f"{name}@satudata.invalid", "password": password}
        if user is None:
            tk.get_action("user_create")(_context(), facts)
        else:
            tk.get_action("user_update")(_context(), {**facts, "id": user.id})
    token = known.get("token") if same else None
    owner = api_token.get_user_from_token(token, update_access_time=False) if token else None
    if owner is None or owner.name != name:
        token = tk.get_action("api_token_create")(_context(), {"user": name, "name": TOKEN_NAME})["token"]
    return {"name": name, "password": password, "token": token}


def _member(name: str, opd: str, role: str) -> None:
    tk.get_action("organization_member_create")(_context(), {"id": opd, "username": name, "role": role})


def _grant(name: str, role: str) -> None:
    tk.get_action("satudata_grant_create")(_context(), {"user": name, "role": role})


def make_accounts(known: dict[str, Any], walidata: str | None, editors: list[str]) -> dict[str, Any]:
    """All accounts of a fresh portal; roles of OPDs that do not exist are left out."""
    accounts = {"sysadmin": _account("admin", "Pengelola Portal", known.get("sysadmin", {}))}
    tk.get_action("user_patch")(_context(), {"id": "admin", "sysadmin": True})
    existing = set(tk.get_action("organization_list")(_context(), {}))
    if walidata in existing:
        accounts["walidata"] = _account("walidata", "Walidata", known.get("walidata", {})) | {"opd": walidata}
        _member("walidata", str(walidata), "admin")
        _grant("walidata", "walidata")
    accounts["pembina"] = _account("pembina", "Pembina Data", known.get("pembina", {}))
    _grant("pembina", "pembina")
    chosen = _choose_editors(editors, walidata, known)
    for number, opd in enumerate(chosen, start=1):
        role = f"opd_editor_{number}"
        name = f"editor_{opd}".replace("-", "_")
        accounts[role] = _account(name, f"Editor {opd}", known.get(role, {})) | {"opd": opd}
        _member(name, opd, "editor")
    for opd in chosen[:1]:
        name = f"admin_{opd}".replace("-", "_")
        accounts["opd_admin"] = _account(name, f"Admin {opd}", known.get("opd_admin", {})) | {"opd": opd}
        _member(name, opd, "admin")
    return accounts


def main() -> None:
    wanted = json.load(sys.stdin)
    app: Any = make_app(CKANConfigLoader(sys.argv[1]).get_config())
    with app._wsgi_app.test_request_context():
        accounts = make_accounts(wanted["known"], wanted["walidata"], wanted["editors"])
    sys.stdout.write("\n" + json.dumps(accounts) + "\n")


if __name__ == "__main__":
    main()
