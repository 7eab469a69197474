"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from typing import Literal

HEAD_BYTES = 1 << 16

Shape = Literal["text", "zip", "ole", "html", "refused"]

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "berkas PDF"),
    (b"\x1f\x8b", "berkas gzip"),
    (b"7z\xbc\xaf\x27\x1c", "berkas 7-Zip"),
    (b"Rar!\x1a\x07", "berkas RAR"),
    (b"\xfd7zXZ\0", "berkas XZ"),
    (b"BZh91AY", "berkas bzip2"),
    (b"\x28\xb5\x2f\xfd", "berkas Zstandard"),
    (b"\x89PNG", "gambar PNG"),
    (b"\xff\xd8\xff", "gambar JPEG"),
    (b"GIF87a", "gambar GIF"),
    (b"GIF89a", "gambar GIF"),
    (b"II*\0", "gambar TIFF"),
    (b"MM\0*", "gambar TIFF"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!/", "program (naskah perintah)"),
    (b"SQLite format 3\0", "basis data SQLite"),
    (b"PAR1", "berkas Parquet"),
    (b"ARROW1", "berkas Arrow"),
    (b"PK\x05\x06", "berkas ZIP kosong"),
    (b"{\\rtf", "dokumen RTF"),
    (b"8BPS", "gambar Photoshop"),
    (b"ID3", "rekaman suara"),
    (b"OggS", "rekaman suara"),
    (b"MSCF", "berkas CAB"),
    (b"\0\x01\0\0Standard", "basis data Access"),
    (b"MIME-Version: ", "halaman web tersimpan (MHTML)"),
)
#: Marks that a text may begin with too: they count with a null byte behind them only.
_SHORT_MARKS = ((b"MZ", "program Windows"), (b"BM", "gambar BMP"), (b"RIFF", "gambar atau rekaman"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|center|font|title|!--)", re.IGNORECASE)
_JSON = re.compile(rb'[\[{]\s*(?:["{\[]|\})')
_BLANKS = b" \t\r\n"
_TAR_AT = 257


def shape_of(head: bytes) -> tuple[Shape, str]:
    """Tell what a file is; for a refused one also what in Indonesian words.

    :param head: the first `HEAD_BYTES` of the file
    """
    if head.startswith(_ZIP):
        return "zip", ""
    if head.startswith(_OLE):
        return "ole", ""
    what = _refused(head)
    return ("refused", what) if what else _shape_of_text(head)


def _refused(head: bytes) -> str:
    """What a file is that no table can be in, "" where nothing says so."""
    marks = (*_MARKS, *_SHORT_MARKS) if b"\0" in head[:1024] else _MARKS
    if what := next((what for mark, what in marks if head.startswith(mark)), ""):
        return what
    if b"\0" in head[:8] and head[4:8] == b"ftyp":
        return "rekaman video"
    return "berkas tar" if head[_TAR_AT : _TAR_AT + 5] == b"ustar" else ""


def is_binary(head: bytes) -> bool:
    """Whether null bytes stand where no text of any encoding has them."""
    if b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return False
    return min(head[::2].count(0), head[1::2].count(0)) > 0


def _shape_of_text(head: bytes) -> tuple[Shape, str]:
    start = _plain(head)
    bare = start.lstrip(_BLANKS)
    lower = bare[:4096].lower()
    if lower.startswith(b"<?xml"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in lower:
            return "refused", "buku kerja XML Excel 2003"
        return ("html", "") if b"<html" in lower else ("refused", "berkas XML")
    if lower.startswith(b"<svg"):
        return "refused", "gambar SVG"
    if _TAG.match(bare):
        return "html", ""
    if _JSON.match(bare):
        return "refused", "berkas JSON"
    return "text", ""


def _plain(head: bytes) -> bytes:
    """The head as plain ASCII as far as it goes, whether in one byte a sign or in two."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
