"""Actions that read structures. What is in force is public; proposals are for their OPDs and the Walidata."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.structures import advice, drafting, read, store, used
from ckanext.satudataserang.structures.logic import inputs
from ckanext.satudataserang.structures.model import StructureRow, StructureVersion, as_dict
from ckanext.satudataserang.structures.opds import Opds
from ckanext.satudataserang.structures.refusals import invalid

__all__ = [
    "satudata_structure_diff",
    "satudata_structure_draft",
    "satudata_structure_lint",
    "satudata_structure_list",
    "satudata_structure_show",
]


@tk.side_effect_free
def satudata_structure_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a structure: a version of it, the numbers of all versions, and the plan entries that use it.

    Versions that are proposed or were refused are shown to the OPDs that keep or use the structure, the Walidata
    and the Pembina.

    :param id: its kode
    :param version: number of a version (default: the one in force)
    :returns: ``{"kode", "nama", "opd_id", "opd_name", "opd_title", "current_version", "created", "modified", "content",
        "lists", "version": {"version", "state", "base_version", "source", "reason", "proposed_by", "proposed_by_name",
        "created_at", "decided_by", "decided_by_name", "decided_at", "decision_note"}, "versions": [the same, newest
        first], "entries": [{"id", "kode", "judul", "opd_id", "opd_name", "opd_title", "state"}]}``; `content` is what
        was agreed, in the shape of `schemas/struktur`; `lists` are the code lists its columns name, also those of areas
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_structure_show", context, data_dict)
    row = store.find(context, kode)
    wanted = _seen(context, row, inputs.version(data_dict))
    versions = used.versions(row.kode, everything=store.sees_proposals(context, row))
    found = read.made(wanted.content)
    facts = as_dict(row)
    del facts["shipped"]
    return {
        **facts,
        **Opds().shown(row.opd_id),
        "content": wanted.content,
        "lists": [parse.list_as_dict(one) for one in found.lists],
        "version": next(one for one in versions if one["version"] == wanted.version),
        "versions": versions,
        "entries": used.entries(context, row.kode),
    }


@tk.side_effect_free
def satudata_structure_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return structures, and by how many entries of the plan each is used.

    :param q: words that the name, the kode or a column contains (optional)
    :param opd: name, id or abbreviation of the OPD that keeps it (optional)
    :param urusan: code of a bidang urusan (optional)
    :param variable: kode of a standard variable that a column refers to (optional)
    :param proposed: only those with a change that waits for a decision (default false)
    :param sort: nama (default), kode, entries (most used first) or modified (newest first)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [{"kode", "nama", "opd_id", "opd_name", "opd_title", "urusan",
        "current_version", "created", "modified", "columns": N, "entries": N, "proposed": [numbers of versions]}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_structure_list", context, data_dict)
    asked = inputs.validated(context, data_dict, inputs.structure_list())
    return used.listed(context, asked)


@tk.side_effect_free
def satudata_structure_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what differs between two versions of a structure, or between one and a content that is not saved.

    :param id: its kode
    :param version: the version that is compared (or `content`, a content in the shape of `schemas/struktur`, for those
        who may ask for advice on it)
    :param base: the version it is compared with (default: the one in force)
    :returns: ``{"base": N or None, "changes": [{"text", "breaking": yes or no, …}], "breaking": N}``; breaking is what
        makes files that were right wrong
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_structure_diff", context, data_dict)
    row = store.find(context, kode)
    old = _seen(context, row, inputs.version(data_dict, "base"))
    if "content" in data_dict:
        # Reading what is sent costs more than reading what is kept, so it is done for those who may write structures.
        tk.check_access("satudata_structure_lint", context, data_dict)
        new = read.made(parse.as_dict(inputs.content(data_dict)))
    else:
        tk.get_or_bust(data_dict, "version")
        new = read.made(_seen(context, row, inputs.version(data_dict)).content)
    found = advice.changes(read.made(old.content), new)
    return {"base": old.version, "changes": found, "breaking": sum(1 for one in found if one["breaking"])}


@tk.side_effect_free
def satudata_structure_lint(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return advice on a structure by the naming rules of INDAH and the completeness of its concepts.

    :param id: the kode of a structure (or `content`, a content that is not saved)
    :param version: number of a version (default: the one in force)
    :returns: ``{"advice": [{"place", "code", "severity": error or warning, "text", "advice"}], "errors": N}``
    :rtype: dictionary
    """
    tk.check_access("satudata_structure_lint", context, data_dict)
    if "content" in data_dict:
        found = read.made(parse.as_dict(inputs.content(data_dict)))
    else:
        row = store.find(context, tk.get_or_bust(data_dict, "id"))
        found = read.made(_seen(context, row, inputs.version(data_dict)).content)
    said = advice.of(found)
    return {"advice": said, "errors": sum(1 for one in said if one["severity"] == "error")}


def satudata_structure_draft(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Draft a structure from an example table; nothing is kept.

    :param upload: the file (CSV, XLSX, XLS, ODS), a few rows are enough
    :returns: ``{"content": in the shape of `schemas/struktur`, without kode and nama, "notes": [{"column": id of a
        column or empty, "code", "text", "sure": whether it follows from the values}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_structure_draft", context, data_dict)
    upload = data_dict.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise invalid(field="upload", message=tk._("Belum ada berkas. Pilih berkas contoh, lalu unggah lagi."))
    found = drafting.drafted(cast("BinaryIO", upload.stream), upload.filename[:200])
    notes = [
        {"column": one.column, "code": one.code, "text": tk._(one.template).format(**one.params), "sure": one.sure}
        for one in found.notes
    ]
    return {"content": parse.as_dict(found.structure), "notes": notes}


def _seen(context: Context, row: StructureRow, number: int | None) -> StructureVersion:
    """A version that the acting user may see. Raises ObjectNotFound."""
    found = store.version(row, number)
    if found.state not in used.PUBLIC and not store.sees_proposals(context, row):
        raise store.no_version(row, found.version)
    return found
