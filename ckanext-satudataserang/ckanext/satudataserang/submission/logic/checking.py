"""The action that checks a file as a delivery would be, and keeps nothing."""

from __future__ import annotations

from typing import Any, cast

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import config, content, due, typed
from ckanext.satudataserang.submission.content import Checked
from ckanext.satudataserang.submission.logic.inputs import file_name, layout_of, names_of
from ckanext.satudataserang.submission.refusals import invalid
from ckanext.satudataserang.submission.upload import UploadTooLargeError, copied

_CHUNK = 1 << 20


def satudata_submission_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Check a file, or typed rows, as a delivery for one period of a plan entry would be; nothing of it is kept.

    :param entry: kode or id of the plan entry
    :param period: key of the period
    :param upload: the file (CSV, TSV, XLSX, XLS, ODS); through the API at most as large as is checked at once
    :param rows: typed rows instead, ``[{column: value}]``, with `columns` as in `satudata_submission_create`
    :param layout: how the file is to be read, as in `satudata_submission_create` (optional)
    :param structure: kode of the structure to check against (default: the entry's)
    :returns: ``valid``; ``findings`` and ``totals`` by code; ``rows``, ``expected_values``, ``filled_values``;
        ``structure`` (``kode@version`` or empty); ``reading``, how the file was read; ``personal``, columns on which
        the Walidata would have to decide
    :rtype: dictionary
    """
    entry = due.entry_of(tk.get_or_bust(data_dict, "entry"))
    tk.check_access("satudata_submission_check", context, data_dict)
    what = due.due_of(entry, tk.get_or_bust(data_dict, "period"), future=True)
    if what.is_confirmation:
        message = tk._("Periode {period} hanya meminta konfirmasi, jadi tidak ada berkas yang diperiksa.")
        raise invalid(field="period", message=message.format(period=what.period.key))
    structure = _structure(data_dict.get("structure")) or structures.structure_of(entry)
    layout = layout_of(data_dict)
    sent, rows = data_dict.get("upload"), data_dict.get("rows")
    limit = config.at_once() if context.get("api_version") else config.max_upload()
    if isinstance(sent, FileStorage) and sent.filename:
        chunks, name = iter(lambda: cast("bytes", sent.stream.read(_CHUNK)), b""), file_name(sent.filename)
    elif rows is not None:
        chunks, name = iter([typed.as_csv(rows, names_of(data_dict.get("columns")))]), f"{entry.kode}.csv"
    else:
        raise invalid(field="upload", message=tk._("Kirim berkasnya sebagai “upload”, atau barisnya sebagai “rows”."))
    try:
        with copied(chunks, limit) as (path, _sha256):
            checked = content.check_path(path, name, what, structure, layout=layout)
    except UploadTooLargeError:
        message = tk._("Berkas lebih besar dari {mb} MB. Simpan sebagai draf kiriman; pemeriksaannya berjalan sendiri.")
        raise invalid(field="upload", message=message.format(mb=limit // (1024 * 1024))) from None
    return {"entry": entry.kode, "period": what.period.key, **_shown(checked)}


def _structure(kode: Any) -> Structure | None:
    if not kode:
        return None
    found = structures.structure(str(kode))
    if found is None:
        message = tk._("Struktur “{kode}” tidak ada, atau belum berlaku.")
        raise invalid(field="structure", message=message.format(kode=str(kode)[:80]))
    return found


def _shown(checked: Checked) -> dict[str, Any]:
    return {
        "valid": checked.valid,
        "findings": [finding.as_dict() for finding in checked.findings],
        "totals": dict(checked.findings.totals),
        "rows": checked.rows,
        "expected_values": checked.expected_values,
        "filled_values": checked.filled_values,
        "structure": checked.structure,
        "reading": checked.reading,
        "personal": dict(checked.personal),
    }
