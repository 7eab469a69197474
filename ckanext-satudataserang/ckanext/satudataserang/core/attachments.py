"""Files beside the tables: documents, maps and pictures, looked at before they are taken in.

A file has to be what its name says, whole, without anything hung on to it, and without anything that runs when it is
opened. What is read is bounded: pictures and documents piece by piece, maps as a whole up to the size that is allowed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from ckanext.satudataserang.core import attached_maps, attached_pdf, attached_pictures
from ckanext.satudataserang.core.findings import Finding, error

_HEAD = 512
_MB = 1024 * 1024

#: What looks at the content, by ending.
_CHECKS: dict[str, Callable[[BinaryIO, int], Iterator[Finding]]] = {
    "pdf": attached_pdf.problems,
    "geojson": attached_maps.problems,
    "png": attached_pictures.png,
    "jpg": attached_pictures.jpeg,
    "jpeg": attached_pictures.jpeg,
    "webp": attached_pictures.webp,
}
_NAMES = {"pdf": "PDF", "geojson": "GeoJSON", "png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WebP"}
#: How a file begins, longest first: what it is.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"PK\x03\x04", "berkas ZIP, Excel, atau Word"),
    (b"\xd0\xcf\x11\xe0", "berkas Office lama"),
    (b"Rar!", "berkas RAR"),
    (b"7z\xbc\xaf", "berkas 7-Zip"),
    (b"\x1f\x8b", "berkas gzip"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"#!", "skrip"),
    (b"GIF8", "gambar GIF"),
)
_MARKUP = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script", b"<?php")
#: Never taken in, whatever is configured: browsers or systems run them.
_RUN = """
    svg svgz html htm xhtml shtml xml xsl xslt mht mhtml js mjs css swf php phtml jsp asp aspx cgi pl py rb sh bash bat
    cmd com exe msi scr dll so jar apk app dmg vbs vbe wsf hta lnk ps1 psm1 reg docm xlsm pptm xlam iso img
"""
DANGEROUS = frozenset(_RUN.split())


def kind_of(name: str) -> str:
    """The ending of a file's name in small letters, without the dot."""
    return PurePath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def is_attachment(name: str) -> bool:
    """Whether a file of this name is looked at here (tables are looked at elsewhere)."""
    return kind_of(name) in _CHECKS


def problems(name: str, stream: BinaryIO, *, allowed: frozenset[str], max_size: int) -> list[Finding]:
    """What speaks against taking a file in; the stream is read and stands where it stood.

    :param name: the file's name, as its sender calls it
    :param stream: seekable
    :param allowed: endings that are taken in
    :param max_size: of a document, map or picture, in bytes
    """
    begun = stream.tell()
    try:
        return list(_look(name, stream, allowed, max_size))
    finally:
        stream.seek(begun)


def _look(name: str, stream: BinaryIO, allowed: frozenset[str], max_size: int) -> Iterator[Finding]:
    kind = kind_of(name)
    if kind in DANGEROUS or kind not in allowed:
        yield _not_taken(kind, allowed)
        return
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if kind not in _CHECKS:
        if found := _danger(head):
            yield _other(kind.upper(), found)
        return
    if size == 0:
        yield error("lampiran-kosong", "Berkas ini kosong (0 byte).", "Periksa berkasnya, lalu unggah kembali.")
    elif size > max_size:
        yield error(
            "lampiran-terlalu-besar",
            "Berkas ini {size} MB; paling besar {limit} MB.",
            "Perkecil berkasnya (misalnya turunkan mutu gambar), atau pecah menjadi beberapa berkas.",
            params={"size": str(-(-size // _MB)), "limit": str(max_size // _MB)},
        )
    elif (found := _sniffed(head)) and found != ("jpg" if kind == "jpeg" else kind):
        yield _other(_NAMES[kind], _NAMES.get(found, found))
    else:
        yield from _CHECKS[kind](stream, size)


def _sniffed(head: bytes) -> str:
    """What a file is by its first bytes; empty where they do not say."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "halaman web atau SVG" if start.startswith(_MARKUP) else ""


def _danger(head: bytes) -> str:
    """What a file that calls itself a table must not be; whether it is a table is told when it is read."""
    found = _sniffed(head)
    return found if found in ("program", "skrip", "halaman web atau SVG") and not _is_office(head) else ""


def _is_office(head: bytes) -> bool:
    """An HTML table that calls itself a workbook is read as the table it is."""
    return b"<table" in head.lower() or b"urn:schemas-microsoft-com:office" in head.lower()


def _not_taken(kind: str, allowed: frozenset[str]) -> Finding:
    accepted = ", ".join(sorted(one.upper() for one in allowed - DANGEROUS))
    if kind in ("svg", "svgz"):
        return error(
            "lampiran-svg",
            "Gambar SVG tidak diterima karena dapat memuat program.",
            "Simpan gambarnya sebagai PNG atau WebP, lalu unggah kembali.",
        )
    return error(
        "lampiran-jenis",
        "Berkas berjenis “{kind}” tidak diterima.",
        "Yang diterima: {accepted}. Simpan isinya dalam salah satu bentuk itu.",
        params={"kind": kind or "tanpa akhiran", "accepted": accepted},
    )


def _other(claimed: str, found: str) -> Finding:
    return error(
        "lampiran-bukan",
        "Berkas ini bernama {claimed}, tetapi isinya {found}.",
        "Unggah berkas aslinya dengan akhiran nama yang benar.",
        params={"claimed": claimed, "found": found},
    )
