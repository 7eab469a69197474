"""A file of the Daftar Data on its way into the plan: read, compared by the action, and kept signed until confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.core import plan_columns, plan_files
from ckanext.satudataserang.core.plan_files import Known, PlanFile, PlanFileError, Problem
from ckanext.satudataserang.plan import words
from ckanext.satudataserang.plan.model import PlanEntry

#: What a new entry of a national file is given, which says nothing of these.
_NEW = {"deadline_days": 30, "kelas": "wajib", "state": "usulan"}
_SALT = "satudata-plan-import"
_HOUR = 3600
#: Forms are taken up to 500 kB by the web framework; the rest of the form needs little.
_LONGEST_TOKEN = 450_000


@dataclass
class Incoming:
    """A file as it was compared: the entries it means, what would change, what is wrong, what was assumed."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    shape: str = plan_columns.OWN
    outcome: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def compared(content: bytes, context: Context, *, dry_run: bool = True, **common: Any) -> Incoming:
    """Read a file and let the plan say what it would change, or do it; nothing is written where anything is wrong.

    :param common: `effective_from` and `reason` of changed terms
    :raises PlanFileError: the file cannot be read at all
    :raises NotAuthorized: the reader is not the Walidata
    """
    tk.check_access("satudata_plan_import", tk.fresh_context(context), {})
    opds = _opds()
    found = plan_files.read_plan(content, _known(opds))
    incoming = Incoming(shape=found.shape, problems=list(found.problems), ignored=found.ignored)
    agreed = _agreed({str(line.values.get("kode") or "") for line in found.lines}, opds)
    for line in found.lines:
        incoming.entries.append(_whole(found, line, agreed, opds, incoming.notes))
    if incoming.problems:
        return incoming
    try:
        incoming.outcome = tk.get_action("satudata_plan_import")(
            tk.fresh_context(context), {"entries": incoming.entries, "dry_run": dry_run, **common}
        )
    except tk.ValidationError as refused:
        incoming.problems = _placed(refused.error_dict, found)
        if not incoming.problems:
            raise
    return incoming


def signed(incoming: Incoming, common: Mapping[str, Any], user: str) -> str:
    """The entries as a text that only this portal can have made, for this account and an hour."""
    text = str(_signer().dumps({"entries": incoming.entries, "common": dict(common), "user": user}))
    if len(text) > _LONGEST_TOKEN:
        message = tk._("Daftar ini terlalu panjang untuk dikonfirmasi lewat halaman. Bagi menjadi beberapa berkas.")
        raise PlanFileError(message)
    return text


def unsigned(text: str, user: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The entries and the common values of a signed text. Raises PlanFileError."""
    try:
        found = _signer().loads(text, max_age=_HOUR)
    except SignatureExpired as late:
        message = tk._("Pratinjau ini sudah lebih dari satu jam. Unggah lagi berkasnya.")
        raise PlanFileError(message) from late
    except (BadSignature, json.JSONDecodeError) as forged:
        message = tk._("Pratinjau ini tidak dikenali. Unggah lagi berkasnya.")
        raise PlanFileError(message) from forged
    if found["user"] != user:
        message = tk._("Pratinjau ini milik akun lain. Unggah lagi berkasnya.")
        raise PlanFileError(message)
    return found["entries"], found["common"]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt=_SALT)


@dataclass(frozen=True)
class _Opd:
    id: str
    name: str
    title: str
    short: str
    urusan: tuple[str, ...]


def _opds() -> list[_Opd]:
    query = sa.select(model.Group).where(model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE)
    found = []
    for group in model.Session.scalars(query):
        extras: dict[str, Any] = getattr(group, "extras", None) or {}
        found.append(
            _Opd(group.id, group.name, group.title or "", extras.get("singkatan") or "", _list(extras.get("urusan")))
        )
    return found


def _list(value: Any) -> tuple[str, ...]:
    """A field of many values as organizations store it: JSON, or the list itself."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value] if value else []
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _known(opds: Sequence[_Opd]) -> Known:
    # Abbreviations first, so that a full name wins where one OPD is abbreviated as another is called.
    names = {plan_files.folded(text): one.name for one in opds for text in (one.short, one.title) if text}
    names |= {plan_files.folded(one.name): one.name for one in opds}
    urusan = {
        plan_files.folded(text): one.kode
        for one in tables.urusan().values()
        for text in (*one.ejaan_lain, one.nama, one.kode, f"{one.kode} {one.nama}")
    }
    return Known(names, urusan)


def _agreed(kodes: set[str], opds: Sequence[_Opd]) -> dict[str, dict[str, Any]]:
    """What the plan holds under these codes, in the words of a file."""
    names = {one.id: one.name for one in opds}
    found = {}
    for kode, entry in PlanEntry.by_kodes(kodes - {""}).items():
        facts = {**entry.as_dict(), "opd": names.get(entry.opd_id, entry.opd_id)}
        found[kode] = {key: facts[key] for key in plan_columns.OWN_COLUMNS}
    return found


def _whole(
    found: PlanFile,
    line: plan_files.Line,
    agreed: Mapping[str, dict[str, Any]],
    opds: Sequence[_Opd],
    notes: list[Problem],
) -> dict[str, Any]:
    known = agreed.get(str(line.values.get("kode") or ""))
    defaults: dict[str, Any] = {}
    if known is None and found.shape == plan_columns.NATIONAL:
        defaults = dict(_NEW)
        affairs = next((one.urusan for one in opds if one.name == line.values.get("opd")), ())
        if affairs and "urusan" not in line.values:
            defaults["urusan"] = affairs[0]
            if len(affairs) > 1:
                message = tk._("Urusan tidak disebut; dipakai {kode} {name}, urusan pertama OPD itu.")
                title = words.field("urusan")
                notes.append(Problem(line.row, title, message.format(kode=affairs[0], name=words.urusan(affairs[0]))))
    return plan_files.joined(found, line, known, defaults)


def _placed(errors: Mapping[str, Any], found: PlanFile) -> list[Problem]:
    """The errors of the action, keyed by the place in the list, at the rows and columns of the file."""
    placed = []
    for number, problems in errors.items():
        if not (number.isdecimal() and 1 <= int(number) <= len(found.lines)) or not isinstance(problems, Mapping):
            continue
        row = found.lines[int(number) - 1].row
        for name, messages in problems.items():
            column = found.titles.get(name) or words.field(name)
            texts = messages if isinstance(messages, list) else [messages]
            placed.extend(Problem(row, column, str(message)) for message in texts)
    return sorted(placed, key=lambda problem: problem.row)
