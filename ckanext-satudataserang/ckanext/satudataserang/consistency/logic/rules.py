"""Actions on the rules of sameness."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import islice
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.consistency import job, registry
from ckanext.satudataserang.consistency.evaluate import of_rule, outcomes
from ckanext.satudataserang.consistency.logic import schema
from ckanext.satudataserang.consistency.model import RuleEvent, RuleRow, as_dict
from ckanext.satudataserang.consistency.sources import Sources
from ckanext.satudataserang.core.consistency import parse
from ckanext.satudataserang.core.consistency.model import VARIABLE_RULE, Rule, Side

#: A trial looks at so many pairs of columns and tells of so many comparisons.
MOST_PAIRS, MOST_SHOWN = 100, 50

__all__ = [
    "satudata_consistency_rule_create",
    "satudata_consistency_rule_list",
    "satudata_consistency_rule_show",
    "satudata_consistency_rule_test",
    "satudata_consistency_rule_update",
]

_FOUND = sa.text(
    """
    SELECT rule, count(*) FILTER (WHERE state = 'sama') AS sama, count(*) FILTER (WHERE state = 'beda') AS beda,
           count(*) FILTER (WHERE state = 'tak_terbanding') AS tak_terbanding
    FROM satudata_comparison WHERE CAST(:rule AS text) IS NULL OR rule = :rule GROUP BY rule
    """
)


@tk.side_effect_free
def satudata_consistency_rule_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return every rule with what it found: kept ones first, then those that standard variables bring by themselves.

    :returns: ``[{"kode", "nama", "jenis", "kiri", "kanan", …, "version", "active", "bawaan", "otomatis", "sama",
        "beda", "tak_terbanding"}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_consistency_rule_list", context, data_dict)
    found = {row.rule: row for row in model.Session.execute(_FOUND, {"rule": None})}
    rows = model.Session.scalars(sa.select(RuleRow).order_by(RuleRow.kode)).all()
    kept = [_row(row) for row in rows]
    made = [_made(rule) for rule in registry.of_variables() if rule.kode in found]
    return [{**one, **_counts(found.get(one["kode"]))} for one in (*kept, *made)]


@tk.side_effect_free
def satudata_consistency_rule_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a rule with its versions and what it found.

    :param kode: the rule; of a standard variable ``variabel:<kode>``
    :returns: as satudata_consistency_rule_list, with ``"history": [{"version", "at", "actor_id", "note", "content"}]``
    :rtype: dictionary
    """
    tk.check_access("satudata_consistency_rule_show", context, data_dict)
    kode = schema.text(tk.get_or_bust(data_dict, "kode"))
    row = model.Session.get(RuleRow, kode)
    rule = None if row else registry.find(kode)
    if row is None and rule is None:
        raise tk.ObjectNotFound(tk._("Aturan “{kode}” tidak ditemukan.").format(kode=kode[:80]))
    history = model.Session.scalars(
        sa.select(RuleEvent).where(RuleEvent.kode == kode).order_by(RuleEvent.version.desc()).limit(100)
    )
    found = model.Session.execute(_FOUND, {"rule": kode}).one_or_none()
    told = _row(row) if row else _made(rule) if rule else {}
    told = {**told, **_counts(found), "history": [as_dict(one) for one in history]}
    if not context.get("user"):
        # Who changed a rule is not for visitors.
        told["history"] = [{**one, "actor_id": ""} for one in told["history"]]
    return told


def satudata_consistency_rule_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add a rule; figures are compared by it soon.

    :param kode: small letters, digits and hyphens
    :param nama: what is said of it
    :param jenis: sama, jumlah (parts of the left side sum to the right), paling_banyak (left <= right) or kode
    :param kiri: ``{"variabel"}`` or ``{"entri", "kolom"}``, with saring, jumlahkan, satuan, pembulatan (optional)
    :param kanan: the same
    :param tingkat: kota, kecamatan or kelurahan (default: the coarser of both sides')
    :param kelas: class columns that are kept apart (default: those that both sides have)
    :param toleransi: ``{"mutlak", "relatif"}`` (optional)
    :param keparahan: peringatan (default) or kesalahan
    :param pemilik: abbreviation of the OPD that answers for the rule (optional)
    :param keterangan: why it holds (optional)
    :param aktif: whether it is evaluated (default true)
    :param note: why it is added (optional)
    :rtype: dictionary
    """
    tk.check_access("satudata_consistency_rule_create", context, data_dict)
    content, note = _content(data_dict)
    now = datetime.now(timezone.utc)
    if model.Session.get(RuleRow, content["kode"], with_for_update=True):
        raise tk.ValidationError({"kode": [tk._("Kode ini sudah dipakai aturan lain. Pilih kode yang baru.")]})
    row = RuleRow(kode=content["kode"], content={}, version=0, active=True, shipped="", created=now)
    model.Session.add(row)
    registry.keep(model.Session, row, content, now, roles.actor_id(context), note or tk._("Aturan baru."))
    model.Session.commit()
    job.note(())
    return _row(row)


def satudata_consistency_rule_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a rule, which makes a new version of it; the parameters are those of satudata_consistency_rule_create.

    What is left out is as it was not said. `note`, why it is changed, is compulsory.

    :param version: the version that was changed; refused where another one was made meanwhile (optional)
    :rtype: dictionary
    """
    tk.check_access("satudata_consistency_rule_update", context, data_dict)
    version = data_dict.get("version")
    content, note = _content({key: value for key, value in data_dict.items() if key != "version"})
    row = model.Session.get(RuleRow, content["kode"], with_for_update=True, populate_existing=True)
    if row is None:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("Aturan “{kode}” tidak ditemukan.").format(kode=content["kode"]))
    problem: dict[str, Any] = {}
    if not note:
        problem = {"note": [tk._("Tulis alasan perubahannya, agar tercatat dalam riwayat aturan.")]}
    elif version not in (None, "", row.version, str(row.version)):
        problem = {"version": [tk._("Aturan ini sudah diubah orang lain. Muat ulang, lalu ubah lagi.")]}
    if problem:
        model.Session.rollback()
        raise tk.ValidationError(problem)
    registry.keep(model.Session, row, content, datetime.now(timezone.utc), roles.actor_id(context), note)
    model.Session.commit()
    job.note(())
    return _row(row)


@tk.side_effect_free
def satudata_consistency_rule_test(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a rule would find now; nothing is kept.

    The parameters are those of satudata_consistency_rule_create, or `kode` alone for a rule that is there.

    :returns: ``{"pairs", "sama", "beda", "tak_terbanding", "reasons": {reason: n}, "cut": whether not all was looked
        at, "results": the differences first, as satudata_comparison_list gives them without names}``
    :rtype: dictionary
    """
    tk.check_access("satudata_consistency_rule_test", context, data_dict)
    if set(data_dict) <= {"kode"}:
        rule = registry.find(schema.text(tk.get_or_bust(data_dict, "kode")))
        if rule is None:
            raise tk.ObjectNotFound(tk._("Aturan itu tidak ditemukan."))
    else:
        rule = parse.rule(_content(data_dict)[0])
    sources = Sources([rule])
    pairs = list(islice(of_rule(rule, sources), MOST_PAIRS + 1))
    rows = [row for pair in pairs[:MOST_PAIRS] for row in outcomes(pair, sources)]
    reasons = sorted({row["reason"] for row in rows if row["reason"]})
    order = {"beda": 0, "tak_terbanding": 1, "sama": 2}
    return {
        "pairs": len(pairs[:MOST_PAIRS]),
        **{state: sum(row["state"] == state for row in rows) for state in order},
        "reasons": {reason: sum(row["reason"] == reason for row in rows) for reason in reasons},
        "cut": len(pairs) > MOST_PAIRS or len(rows) > MOST_SHOWN,
        "results": [
            {
                **row,
                "left_kode": sources.entries[row["left_entry"]].kode,
                "right_kode": sources.entries[row["right_entry"]].kode,
            }
            for row in sorted(rows, key=lambda row: order[row["state"]])[:MOST_SHOWN]
        ],
    }


def _content(data_dict: DataDict) -> tuple[dict[str, Any], str]:
    """A rule from the parameters, checked, and the note. Raises ValidationError by path."""
    given = {key: value for key, value in data_dict.items() if key != "note"}
    try:
        note = schema.note(data_dict.get("note") or "")
        rule = parse.rule(given)
    except parse.RuleError as wrong:
        problems: dict[str, list[str]] = {}
        for path, sentence in wrong.problems:
            problems.setdefault(path or "aturan", []).append(sentence)
        raise tk.ValidationError(dict(problems)) from wrong
    except tk.Invalid as wrong:
        raise tk.ValidationError({"note": [str(wrong.error)]}) from wrong
    _known(rule)
    return parse.as_dict(rule), note


def _known(rule: Rule) -> None:
    sources = Sources()
    problems = {
        path: [sentence]
        for path, side in (("kiri", rule.left), ("kanan", rule.right))
        if (sentence := _unknown(side, sources))
    }
    if problems:
        raise tk.ValidationError(dict(problems))


def _unknown(side: Side, sources: Sources) -> str:
    if side.variable and side.variable not in sources.variables:
        return tk._("Variabel “{kode}” tidak ada dalam daftar variabel baku.").format(kode=side.variable[:80])
    if side.entry and side.entry not in {entry.kode for entry in sources.entries.values()}:
        return tk._("Entri “{kode}” tidak ada dalam Daftar Data yang berlaku.").format(kode=side.entry[:80])
    return ""


def _row(row: RuleRow) -> dict[str, Any]:
    return {
        **row.content,
        "version": row.version,
        "active": row.active,
        "bawaan": bool(row.shipped) and registry.fingerprint(row.content) == row.shipped,
        "otomatis": False,
        "modified": row.modified.isoformat(),
    }


def _made(rule: Rule) -> dict[str, Any]:
    variable = rule.kode.removeprefix(VARIABLE_RULE)
    return {
        **parse.as_dict(rule),
        "variabel": variable,
        "version": None,
        "active": True,
        "bawaan": True,
        "otomatis": True,
    }


def _counts(row: Any) -> dict[str, int]:
    return {state: getattr(row, state, 0) for state in ("sama", "beda", "tak_terbanding")}
