"""Before a file is put on a dataset, where everybody can read it at once: it is read, and may hold nothing personal.

A table that cannot be read cannot be looked through either, so it is refused with what is wrong with it. Errors in
single cells are no reason to refuse: the file is kept, and what it delivers is not valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from os import SEEK_END
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import attachments
from ckanext.satudataserang.core.checks import json_texts, pdf_texts
from ckanext.satudataserang.core.checks.beside import MOST_SHEETS, UnseenError, personal_beside
from ckanext.satudataserang.core.checks.noted import UnreadError, personal_noted
from ckanext.satudataserang.core.checks.privacy import KINDS, kind_of_code
from ckanext.satudataserang.core.findings import Finding, Findings, Severity, localized
from ckanext.satudataserang.core.tables import notes, web_notes
from ckanext.satudataserang.submission import actors, config, content, direct
from ckanext.satudataserang.submission.direct import Purpose
from ckanext.satudataserang.submission.reading import Reading
from ckanext.satudataserang.submission.upload import UploadTooLargeError, copied

#: The resource's field that says why personal data in its file may be read by everybody; the Walidata's word.
DECISION = "data_pribadi_diputuskan"
#: Texts are looked through too, though no table is made of them.
_TEXTS = frozenset({"txt"})
_CHUNK = 1 << 20
_SENTENCES = 5

_DATASET = sa.text(
    "SELECT coalesce(extras ->> 'daftar_data_kode', '') AS kode, coalesce(owner_org, '') AS opd_id "
    "FROM package WHERE id = :ref OR name = :ref"
)


def look(context: Context, resource: dict[str, Any], before: Mapping[str, Any] | None = None) -> None:
    """Look through the file that comes with a resource. Raises ValidationError (field `upload`) with what is wrong.

    A decision on personal data is the Walidata's alone, and holds for the file it was written for.

    :param resource: as it was sent
    :param before: the resource as it is, None for a new one
    """
    sent = resource.get("upload")
    upload = sent if isinstance(sent, FileStorage) and sent.filename else None
    decides = bool(context.get("ignore_auth")) or actors.may_publish(actors.id_of(context))
    if not decides:
        _leave_decision(resource, before, new_file=upload is not None)
    if upload is None:
        return
    released = decides and bool(_said(resource.get(DECISION)))
    endings = _endings(upload.filename or "", resource)
    if not endings.isdisjoint(config.formats() | _TEXTS):
        package_id = resource.get("package_id") or (before or {}).get("package_id")
        what = _purpose(package_id, resource, before)
        sentences = _on_disk(upload, partial(_read, name=upload.filename or "", what=what, released=released))
    elif released:
        return
    elif pdf_texts.ENDING in endings:
        # What is no document that can be looked through is told as such.
        attachments.inspect(resource)
        sentences = _on_disk(upload, _in_pdf)
    elif not endings.isdisjoint(json_texts.ENDINGS):
        sentences = _in_json(upload)
    else:
        return
    if sentences:
        raise tk.ValidationError({"upload": sentences})


def _leave_decision(resource: dict[str, Any], before: Mapping[str, Any] | None, *, new_file: bool) -> None:
    """What the Walidata decided stays as long as the file does, whatever others send."""
    standing = _said((before or {}).get(DECISION))
    if _said(resource.get(DECISION)) not in ("", standing):
        message = tk._("Hanya Walidata yang dapat memutuskan bahwa data pribadi boleh dibuka.")
        raise tk.ValidationError({DECISION: [message]})
    resource.pop(DECISION, None)
    if standing and not new_file:
        resource[DECISION] = standing


def _endings(name: str, resource: Mapping[str, Any]) -> set[str]:
    """What a file says it is: by its name, and by the word of who sends it."""
    return {PurePath(name).suffix.lstrip(".").lower(), str(resource.get("format") or "").strip().lower()}


def _purpose(package_id: Any, resource: Mapping[str, Any], before: Mapping[str, Any] | None) -> Purpose:
    found = model.Session.execute(_DATASET, {"ref": _said(package_id)}).first()
    kode, opd_id = (found.kode, found.opd_id) if found else ("", "")
    return direct.purpose(kode, opd_id, _said(resource.get("periode")), _said((before or {}).get("id")), Findings())


def _on_disk(sent: FileStorage, speaks_against: Callable[[Path], list[str]]) -> list[str]:
    """What speaks against a copy of the file, in sentences; the stream stands where it stood."""
    begun = sent.stream.tell()
    try:
        with copied(iter(lambda: cast("bytes", sent.stream.read(_CHUNK)), b""), config.max_size()) as (path, _sha256):
            return speaks_against(path)
    except UploadTooLargeError:
        return [_too_large()]
    finally:
        sent.stream.seek(begun)


def _too_large() -> str:
    message = tk._(
        "Berkas lebih besar dari {mb} MB, sehingga tidak dapat diperiksa sebelum dibuka untuk umum. Pecah "
        "berkasnya, misalnya per tahun."
    )
    return message.format(mb=config.max_size() // (1024 * 1024))


def _in_json(sent: FileStorage) -> list[str]:
    """Data about persons in a map or another file of JSON, in sentences; the stream stands where it stood."""
    begun = sent.stream.tell()
    try:
        if sent.stream.seek(0, SEEK_END) - begun > config.max_size():
            return [_too_large()]
        sent.stream.seek(begun)
        found = json_texts.personal_in_json(cast("BinaryIO", sent.stream))
    finally:
        sent.stream.seek(begun)
    message = tk._("Baris {row}: ada data pribadi ({kind}).")
    sentences = [message.format(row=line, kind=tk._(KINDS[kind].title)) for kind, line in sorted(found.items())]
    return [*sentences, _openly()] if sentences else []


def _in_pdf(path: Path) -> list[str]:
    """Data about persons in the text of a document, in sentences."""
    try:
        found = pdf_texts.personal_in_pdf(path)
    except UnreadError:
        return [
            tk._(
                "Teks dokumen PDF ini tidak dapat diperiksa: dokumennya rusak atau terlalu rumit. Simpan ulang lewat "
                "Cetak → Simpan sebagai PDF atau pecah dokumennya, lalu unggah hasilnya. Walidata dapat mengunggahnya "
                "apa adanya dengan menulis alasannya."
            )
        ]
    on_page, beside = (
        tk._("Halaman {page}: ada data pribadi ({kind})."),
        tk._("Di luar halaman dokumen (misalnya keterangan berkas): ada data pribadi ({kind})."),
    )
    sentences = [
        (on_page if page else beside).format(page=page, kind=tk._(KINDS[kind].title))
        for kind, page in sorted(found.items(), key=lambda one: (one[1], one[0]))
    ]
    return [*sentences, _openly()] if sentences else []


def _read(path: Path, name: str, what: Purpose, *, released: bool) -> list[str]:
    """What speaks against a table, in sentences."""
    with direct.opened(path, name, what) as found:
        sentences, grid = _agreed(found.reading), found.reading.grid
        if what.structure is None or (grid.usable and all(match.how != "none" for match in grid.matches)):
            return _told(path, found.reading, what, sentences, released=released)
    # What the structure does not know is not loaded, but everybody sees it in the file.
    with direct.opened(path, name, replace(what, entry=None, structure=None)) as found:
        return _told(path, found.reading, what, sentences, released=released)


def _told(path: Path, found: Reading, what: Purpose, sentences: list[str], *, released: bool) -> list[str]:
    if not found.grid.usable:
        errors = [one for one in found.table.findings if one.severity is Severity.ERROR]
        return [*sentences, *(_sentence(one) for one in errors[:_SENTENCES])]
    if not released:
        sentences = [*sentences, *_personal(found), *_beside(path, found), *_noted(path)]
    return [*sentences, _what_to_do(what)] if sentences else []


def _beside(path: Path, found: Reading) -> list[str]:
    """Data about persons above and below the table and on other sheets."""
    try:
        places = personal_beside(path, found.grid, found.directory)
    except UnseenError as problem:
        if not problem.sheet:
            message = tk._("Buku kerja ini punya lebih dari {most} lembar. Simpan satu lembar per berkas.")
            return [message.format(most=MOST_SHEETS)]
        message = tk._("Lembar “{sheet}” tidak dapat diperiksa. Hapus lembar itu, atau simpan dalam berkas sendiri.")
        return [message.format(sheet=problem.sheet)]
    sentences = []
    for one in places:
        kind = tk._(KINDS[one.kind].title)
        if one.sheet and one.sheet != found.grid.layout.sheet:
            message = tk._("Lembar “{sheet}”, baris {row}: ada data pribadi ({kind}).")
        else:
            message = tk._("Baris {row}, di luar tabel: ada data pribadi ({kind}).")
        sentences.append(message.format(sheet=one.sheet, row=one.row, kind=kind))
    return sentences


def _noted(path: Path) -> list[str]:
    """Data about persons in comments, in what is said about the file, and in what a pivot table keeps."""
    try:
        places = personal_noted(path)
    except UnreadError:
        return [
            tk._(
                "Catatan, gambar, atau keterangan di buku kerja ini tidak dapat diperiksa. Simpan tabelnya dalam "
                "berkas baru, lalu unggah berkas itu."
            )
        ]
    sentences = {
        notes.NOTE: tk._("Catatan (komentar), kotak teks, atau kepala halaman memuat data pribadi ({kind})."),
        notes.ABOUT: tk._("Keterangan berkas (judul, penulis, dan sebagainya) memuat data pribadi ({kind})."),
        web_notes.PAGE: tk._("Halaman web ini memuat data pribadi ({kind}) di luar sel tabelnya."),
        notes.PIVOT: tk._("Tabel pivot menyimpan data sumbernya, dan di dalamnya ada data pribadi ({kind})."),
    }
    return [sentences[one.place].format(kind=tk._(KINDS[one.kind].title)) for one in places]


def _agreed(found: Reading) -> list[str]:
    """Columns that the structure says are about persons are never public."""
    structure = found.structure
    agreed = {column.id: column.label for column in structure.columns if column.personal} if structure else {}
    present = {match.column_id for match in found.grid.matches}
    message = tk._("Kolom “{column}” ditetapkan sebagai data pribadi dalam strukturnya.")
    return [message.format(column=label) for column_id, label in agreed.items() if column_id in present]


def _personal(found: Reading) -> list[str]:
    """Of other columns with personal data the Walidata decides."""
    if not content.undecided(found.table.personal, found.structure):
        return []
    findings = [one for one in found.table.findings if kind_of_code(one.code) is not None]
    return [localized(one, tk._)[0] for one in findings[:_SENTENCES]]


def _what_to_do(what: Purpose) -> str:
    if what.entry is None:
        return _openly()
    public = tk._("Berkas yang diunggah di sini langsung dapat dibaca siapa saja.")
    place = f"/kirim/{what.entry.kode}" + (f"/{what.period}" if what.period else "")
    advice = tk._(
        "Hapus data pribadi itu lalu unggah lagi, atau kirim lewat {place}: di sana Walidata memutuskan apakah "
        "disamarkan atau dibuka."
    )
    return f"{public} {advice.format(place=place)}"


def _openly() -> str:
    public = tk._("Berkas yang diunggah di sini langsung dapat dibaca siapa saja.")
    advice = tk._(
        "Hapus data pribadi itu lalu unggah lagi. Bila memang boleh dibuka, hanya Walidata yang dapat "
        "mengunggahnya dengan menulis alasannya."
    )
    return f"{public} {advice}"


def _sentence(finding: Finding) -> str:
    return " ".join(part for part in localized(finding, tk._) if part)


def _said(value: Any) -> str:
    return str(value or "").replace("\0", "").strip()
