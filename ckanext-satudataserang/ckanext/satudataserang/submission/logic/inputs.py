"""What a request about a delivery says: its content, which is kept as a file, and the words beside it."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, cast

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.core.tables.grid import Layout, LayoutError
from ckanext.satudataserang.submission import config, due, files, lifecycle, typed
from ckanext.satudataserang.submission.lifecycle import Content
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import ConflictError, invalid

_NAME_CHARACTERS = 200
_NOTES, _NOTE_CHARACTERS, _ROW_DIGITS = 1_000, 2_000, 9
_KINDS = ("upload", "rows", "nil", "confirms")


def content_of(data_dict: DataDict, what: due.Due, old: Submission | None = None) -> Content:
    """Read what is delivered, and keep the file. Raises ValidationError."""
    nil, confirms = (flag(data_dict, name) for name in ("nil", "confirms"))
    sent, rows, layout = data_dict.get("upload"), data_dict.get("rows"), layout_of(data_dict)
    upload = sent if isinstance(sent, FileStorage) and sent.filename else None
    there = (upload is not None, rows is not None, nil, confirms)
    given = [name for name, is_there in zip(_KINDS, there, strict=True) if is_there]
    if len(given) > 1:
        message = tk._("Pilih satu cara saja: isi baris, unggah berkas, pernyataan nihil, atau konfirmasi.")
        raise invalid(field=given[-1], message=message)
    if not given:
        if old is not None and (old.file_sha256 or old.nil or old.confirms):
            return Content(
                old.file_sha256,
                old.file_name,
                old.file_size,
                nil=old.nil,
                confirms=old.confirms,
                layout=layout if layout is not None else old.layout,
            )
        message = tk._("Belum ada isinya: isi baris, unggah berkas, atau pilih pernyataan nihil.")
        raise invalid(field="upload", message=message)
    _fits(what, given[0], str(data_dict.get("note") or ""))
    if upload is None and rows is None:
        return Content(nil=nil, confirms=confirms)
    if upload is None:
        columns = data_dict.get("columns")
        stored = files.save_bytes(typed.as_csv(rows, names_of(columns)))
        return Content(stored.sha256, f"{what.entry.kode}-{what.period.key}.csv", stored.size)
    try:
        stored = files.save(cast("BinaryIO", upload.stream), config.max_upload())
    except files.FileTooLargeError:
        message = tk._(
            "Berkas lebih besar dari {mb} MB. Pecah berkasnya, atau hapus kolom dan lembar yang tidak perlu."
        )
        raise invalid(field="upload", message=message.format(mb=config.max_upload() // (1024 * 1024))) from None
    return Content(stored.sha256, file_name(upload.filename), stored.size, layout=layout)


def layout_of(data_dict: DataDict) -> dict[str, Any] | None:
    """How the file is to be read, as a person said it; a mapping, or one as JSON. Raises ValidationError."""
    sent = data_dict.get("layout")
    if sent in (None, "", {}):
        return None
    try:
        return Layout.from_dict(json.loads(sent) if isinstance(sent, str) else sent).as_dict()
    except LayoutError as problem:
        raise invalid(field="layout", message=str(problem)) from None
    except (ValueError, RecursionError):
        message = tk._("Kirim “layout” sebagai JSON, seperti yang diterima dari portal.")
        raise invalid(field="layout", message=message) from None


def _fits(what: due.Due, kind: str, note: str) -> None:
    """Refuse what the period does not take."""
    if kind == "confirms" and not what.is_confirmation:
        message = tk._("Konfirmasi hanya untuk data statis, sekali setahun (periode seperti statis-2026).")
        raise invalid(field="confirms", message=message)
    if what.is_confirmation:
        if kind != "confirms":
            message = tk._(
                "Periode {period} hanya meminta konfirmasi bahwa data statis masih berlaku. Bila datanya berubah, "
                "kirim koreksi untuk periode “statis”, lalu konfirmasi."
            )
            raise invalid(field="period", message=message.format(period=what.period.key))
        if lifecycle.cell(what.entry.id, "statis").published is None:
            message = tk._("Belum ada data statis yang terbit untuk dikonfirmasi. Kirim dahulu datanya.")
            raise ConflictError(message, "belum-terbit")
    if kind == "nil" and not note.strip():
        message = tk._("Pernyataan nihil perlu keterangan: tulis mengapa tidak ada data pada periode ini.")
        raise invalid(field="note", message=message)


def texts_of(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Where a delivery comes from, and what is said beside it."""
    return {
        "origin": "api" if context.get("api_version") else "formulir",
        "note": text_of(data_dict.get("note")),
        "correction_reason": text_of(data_dict.get("correction_reason")),
    }


def text_of(value: Any) -> str:
    """What somebody wrote, as the database bears it: PostgreSQL knows no NUL."""
    return str(value or "").replace("\0", "").strip()


def names_of(columns: Any) -> list[str]:
    """The names of a list of columns; what is no name is left out."""
    return [name for name in columns if isinstance(name, str)] if isinstance(columns, list) else []


def file_name(name: str | None) -> str:
    """The last part of a file's name, without signs that cannot be shown."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-_NAME_CHARACTERS:] or "berkas"


def seen_of(data_dict: DataDict) -> str | None:
    """The open delivery that the sender knew of; None where the sender does not say."""
    return None if data_dict.get("seen") is None else str(data_dict["seen"])


def notes_of(value: Any) -> list[dict[str, Any]]:
    """Remarks on findings, without empty ones. Raises ValidationError when they are no such list."""
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise invalid(field="notes", message=tk._("Kirim “notes” sebagai daftar catatan per temuan."))
    return [
        {
            "code": text_of(each.get("code"))[:_NOTE_CHARACTERS],
            "row": _row(each.get("row")),
            "column": text_of(each.get("column"))[:_NOTE_CHARACTERS],
            "note": text_of(each["note"])[:_NOTE_CHARACTERS],
        }
        for each in value[:_NOTES]
        if text_of(each.get("note"))
    ]


def _row(value: Any) -> int | str:
    """The number of a row, empty where none is said: pages reckon with it."""
    text = text_of(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _ROW_DIGITS else ""
