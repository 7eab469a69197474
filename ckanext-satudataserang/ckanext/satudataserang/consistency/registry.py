"""The rules in force: those that are kept, and those that the register of variables makes by itself."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
import yaml

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.consistency.model import RuleEvent, RuleRow
from ckanext.satudataserang.consistency.types import Database
from ckanext.satudataserang.core.consistency import parse
from ckanext.satudataserang.core.consistency.model import VARIABLE_RULE, Rule, Side
from ckanext.satudataserang.structures import read as structures


@cache
def shipped() -> dict[str, Any]:
    """`schemas/konsistensi.yaml`: the rules that come with the software, checked. Raises RuleError."""
    text = files("ckanext.satudataserang.schemas").joinpath("konsistensi.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    for one in found["aturan"]:
        parse.rule(one)
    return found


def seed(session: Database, now: datetime) -> int:
    """Bring in shipped rules that are new or that nobody has changed since; returns how many. The caller commits."""
    known = {row.kode: row for row in session.scalars(sa.select(RuleRow))}
    done = 0
    for one in shipped()["aturan"]:
        content = parse.as_dict(parse.rule(one))
        mark = fingerprint(content)
        row = known.get(content["kode"])
        if row is None:
            row = RuleRow(kode=content["kode"], content={}, version=0, active=True, shipped="", created=now)
            session.add(row)
        elif row.shipped == mark or fingerprint(row.content) != row.shipped:
            # Nothing new, or changed in the portal: what the Walidata decided stands.
            continue
        row.shipped = mark
        keep(session, row, content, now, "", tk._("Aturan bawaan."))
        done += 1
    session.flush()
    return done


def keep(session: Database, row: RuleRow, content: dict[str, Any], now: datetime, actor: str, note: str) -> None:
    """Make a content the next version of a rule, in the session's transaction."""
    row.content, row.version, row.active = content, row.version + 1, content.get("aktif") is not False
    row.modified, row.modified_by = now, actor
    session.add(RuleEvent(kode=row.kode, version=row.version, at=now, actor_id=actor, note=note, content=content))


def fingerprint(content: dict[str, Any]) -> str:
    """What tells one content from another."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def kept() -> list[Rule]:
    """The rules that are kept and active."""
    rows = model.Session.scalars(sa.select(RuleRow).where(RuleRow.active).order_by(RuleRow.kode))
    return [parse.rule(row.content) for row in rows]


def of_variables() -> list[Rule]:
    """The rule of each standard variable: whoever publishes it publishes the same.

    A kept rule that sets a variable beside itself stands in its place, also where it is switched off.
    """
    settings = shipped().get("variabel") or {}
    if settings.get("aktif") is False:
        return []
    own = {about_itself(parse.rule(row.content)) for row in model.Session.scalars(sa.select(RuleRow))}
    absolute, relative = (Decimal(str(settings.get(key) or 0)) for key in ("mutlak", "relatif"))
    return [
        parse.of_variable(
            kode, str(one.get("nama") or kode), str(one.get("opd") or ""), absolute=absolute, relative=relative
        )
        for kode, one in structures.variables().items()
        # Of codes there is nothing to be summed; a rule of the kind `kode` may compare them.
        if kode not in own and one.get("type", "integer") in ("integer", "numeric")
    ]


def about_itself(rule: Rule) -> str:
    """The variable that a rule sets beside itself; empty for any other rule."""
    plain = rule.kind == "sama" and rule.left == rule.right == Side(variable=rule.left.variable)
    return rule.left.variable if plain else ""


def of_variable(kode: str) -> Rule | None:
    """The rule in force by which a variable is compared over all who publish it; None where it is switched off."""
    return next((rule for rule in in_force() if about_itself(rule) == kode), None)


def in_force() -> list[Rule]:
    """Every rule that is evaluated."""
    return [*kept(), *of_variables()]


def find(kode: str) -> Rule | None:
    """A rule by its kode, also one of a variable; None where there is none."""
    if kode.startswith(VARIABLE_RULE):
        return next((one for one in of_variables() if one.kode == kode), None)
    row = model.Session.get(RuleRow, kode)
    return parse.rule(row.content) if row else None
