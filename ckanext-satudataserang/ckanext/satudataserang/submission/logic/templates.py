"""Actions that make files to be filled in or mended; they change nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.core.annotate import annotated
from ckanext.satudataserang.core.tables.grid import Layout
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import blanks, config, due, files, findings_view
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import BUSY, ConflictError, invalid


@tk.side_effect_free
def satudata_template_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what the template of one period of a plan entry holds, and where its files are.

    :param entry: kode or id of the plan entry
    :param period: key of the period
    :returns: ``entry``, ``period``, ``structure`` (``kode@version``, empty for none), ``columns`` (``id, title, type,
        unit, required, key, choices``), ``rows`` (how many are laid out beforehand), ``compared`` (the period whose
        figures stand beside, in words), ``urls`` (``xlsx``, ``csv``)
    :rtype: dictionary
    """
    tk.check_access("satudata_template_show", context, data_dict)
    entry = due.entry_for(context, tk.get_or_bust(data_dict, "entry"))
    what = due.due_of(entry, tk.get_or_bust(data_dict, "period"), future=True)
    if what.is_confirmation:
        message = tk._("Periode {period} hanya meminta konfirmasi bahwa data statis masih berlaku, tanpa templat.")
        raise invalid(field="period", message=message.format(period=what.period.key))
    found = blanks.template(context, what)
    place = {"kode": entry.kode, "period": what.period.key}
    told = {
        "entry": entry.kode,
        "period": what.period.key,
        "structure": f"{found.stamp.struktur}@{found.stamp.versi}" if found.stamp.struktur else "",
        "columns": [
            {
                "id": column.id,
                "title": column.title,
                "type": column.type,
                "unit": column.unit,
                "required": column.required,
                "key": column.key,
                "choices": len(column.choices.codes) if column.choices else 0,
            }
            for column in found.columns
        ],
        "rows": found.count,
        "compared": found.earlier.when if found.earlier else "",
        "urls": {
            form: tk.url_for(f"satudata_delivery.template_{form}", qualified=True, **place) for form in ("xlsx", "csv")
        },
    }
    # The pages write the file from what was laid out here.
    return told if context.get("api_version") else {**told, "template": found}


@tk.side_effect_free
def satudata_submission_annotated(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return where the file of a delivery is with what was found written on its cells.

    :param id: id of the delivery
    :returns: ``id``, ``name``, ``url``; ``content`` (bytes of a workbook) only within the portal
    :rtype: dictionary
    """
    row = model.Session.get(Submission, str(tk.get_or_bust(data_dict, "id")).replace("\0", ""))
    if row is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak ditemukan."))
    tk.check_access("satudata_submission_annotated", context, data_dict)
    if not row.file_sha256:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak memiliki berkas."))
    name = f"temuan-{Path(row.file_name or 'kiriman').stem[:80]}.xlsx"
    told = {
        "id": row.id,
        "name": name,
        "url": tk.url_for("satudata_delivery.annotated", id=row.id, qualified=True),
    }
    if context.get("api_version"):
        return told
    if (row.file_size or 0) <= config.at_once():
        return {**told, "content": _annotated(row)}
    try:
        # Nobody else may have it, so it is not kept.
        _name, content = documents.kept(None, lambda: ("", _annotated(row)))
    except documents.BusyError as busy:
        message = tk._("Berkas ini besar dan dokumen lain sedang dibuat. Coba lagi sebentar lagi.")
        raise ConflictError(message, BUSY) from busy
    return {**told, "content": content}


def _annotated(row: Submission) -> bytes:
    entry = due.entry_of(row.entry_id) if row.entry_id else None
    layout = Layout.from_dict(row.layout) if row.layout else None
    with tempfile.TemporaryDirectory(prefix="satudata-temuan-") as directory:
        grid = opened(
            files.path_of(row.file_sha256 or ""),
            row.file_name or "",
            directory=Path(directory),
            layout=layout,
            structure=structures.structure_of(entry) if entry else None,
        )
        return annotated(grid, row.findings, row.totals, title_of=findings_view.title, translate=tk._)
