"""PDF documents: whole, without a program inside, and nothing after their end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from ckanext.satudataserang.core.findings import Finding, error

_BLOCK = 1 << 20
_OVERLAP = 4096
#: So much of what is packed inside is unpacked, over all parts.
_UNPACKED = 64 << 20
_TAIL = 4096
_AFTER_END = 64
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_RUNS = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|SubmitForm|ImportData)(?![A-Za-z])")
_HOLDS = re.compile(rb"/(EmbeddedFile|EmbeddedFiles)(?![A-Za-z])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z])")
_PACKED = re.compile(rb"/ObjStm(?![A-Za-z])[^\0]{0,512}?stream\r?\n")


def problems(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """What speaks against a PDF document."""
    stream.seek(0)
    if stream.read(5) != b"%PDF-":
        yield error("pdf-awal", "Isi berkas ini bukan PDF.", "Simpan dokumennya sebagai PDF, lalu unggah kembali.")
        return
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    _before, end, after = tail.rpartition(b"%%EOF")
    if not end:
        yield error(
            "pdf-terpotong", "Berkas PDF ini terpotong: bagian akhirnya tidak ada.", "Unggah kembali berkasnya."
        )
        return
    if len(after.strip(b"\0 \t\r\n")) > _AFTER_END:
        yield error(
            "lampiran-tambahan",
            "Ada isi lain yang ditempelkan sesudah akhir dokumen PDF.",
            "Simpan ulang dokumennya (Cetak → Simpan sebagai PDF), lalu unggah hasilnya.",
        )
    found = {name for text in _texts(stream) for name in _names(text)}
    if "kunci" in found:
        yield error(
            "pdf-terkunci",
            "Dokumen PDF ini terkunci kata sandi sehingga isinya tidak dapat diperiksa.",
            "Simpan tanpa kata sandi, lalu unggah kembali.",
        )
    if "program" in found:
        yield error(
            "pdf-program",
            "Dokumen PDF ini memuat program (JavaScript) atau perintah yang berjalan sendiri.",
            "Simpan ulang lewat Cetak → Simpan sebagai PDF, yang membuang programnya, lalu unggah hasilnya.",
        )
    if "berkas" in found:
        yield error(
            "pdf-berkas",
            "Dokumen PDF ini membawa berkas lain di dalamnya.",
            "Unggah berkas itu tersendiri, dan simpan ulang dokumennya lewat Cetak → Simpan sebagai PDF.",
        )


def _names(text: bytes) -> Iterator[str]:
    # `/J#61vaScript` is the same name.
    plain = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)
    for pattern, word in ((_RUNS, "program"), (_HOLDS, "berkas"), (_LOCKED, "kunci")):
        if pattern.search(plain):
            yield word


def _texts(stream: BinaryIO) -> Iterator[bytes]:
    """The document piece by piece, and what object streams hold, unpacked."""
    stream.seek(0)
    rest, left, place = b"", _UNPACKED, 0
    while block := stream.read(_BLOCK):
        text = rest + block
        yield text
        begun = place - len(rest)
        for match in _PACKED.finditer(text):
            if match.end() <= len(rest) or left <= 0:
                continue
            unpacked = _unpacked(stream, begun + match.end(), left)
            left -= len(unpacked)
            yield unpacked
        place += len(block)
        stream.seek(place)
        rest = text[-_OVERLAP:]


def _unpacked(stream: BinaryIO, place: int, limit: int) -> bytes:
    unpacker, parts, size = zlib.decompressobj(), [], 0
    stream.seek(place)
    try:
        while not unpacker.eof and size < limit and (block := stream.read(65536)):
            parts.append(unpacker.decompress(block, limit - size))
            size += len(parts[-1])
    except zlib.error:
        pass
    return b"".join(parts)
