"""Pictures: whole, of a size a browser can show, and nothing after their end."""

# ruff: noqa: PLR2004 (the formats are made of such numbers)

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from ckanext.satudataserang.core.findings import Finding, error

_PIXELS = 100_000_000
_CHUNKS = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def png(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """What speaks against a PNG picture."""
    stream.seek(0)
    if stream.read(8) != _PNG:
        yield _broken("PNG")
        return
    place = 8
    for _chunk in range(_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            break
        length, kind = struct.unpack(">I4s", head)
        if place == 8:
            data = stream.read(13)
            if kind != b"IHDR" or len(data) < 13:
                break
            yield from _too_many(*struct.unpack(">II", data[:8]))
        place += 12 + length
        if kind == b"IEND":
            if place < size:
                yield _added()
            if place > size:
                break
            return
        if place > size:
            break
        stream.seek(place)
    yield _broken("PNG")


def jpeg(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """What speaks against a JPEG picture."""
    stream.seek(max(0, size - 4096))
    tail = stream.read(4096).rstrip(b"\0 \r\n")
    stream.seek(0)
    if stream.read(3) != b"\xff\xd8\xff":
        yield _broken("JPEG")
        return
    stream.seek(2)
    for _segment in range(_CHUNKS):
        marker = stream.read(4)
        if len(marker) < 4 or marker[0] != 0xFF:
            break
        if marker[1] == 0xFF:
            stream.seek(-3, 1)
            continue
        length = struct.unpack(">H", marker[2:])[0]
        if marker[1] in _FRAMES:
            data = stream.read(5)
            if len(data) < 5:
                break
            height, width = struct.unpack(">HH", data[1:])
            yield from _too_many(width, height)
            if not tail.endswith(b"\xff\xd9"):
                yield _added()
            return
        if length < 2 or stream.seek(length - 2, 1) > size:
            break
    yield _broken("JPEG")


def webp(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """What speaks against a WebP picture."""
    stream.seek(0)
    head = stream.read(30)
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP" or head[12:16] not in (b"VP8 ", b"VP8L", b"VP8X"):
        yield _broken("WebP")
        return
    length = struct.unpack("<I", head[4:8])[0] + 8
    length += length % 2
    if length < size:
        yield _added()
    elif length > size + 1:
        yield _broken("WebP")
    if head[12:16] == b"VP8X":
        yield from _too_many(int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1)


def _too_many(width: int, height: int) -> Iterator[Finding]:
    if not width or not height or width * height > _PIXELS:
        yield error(
            "gambar-ukuran",
            "Gambar ini {width} x {height} piksel; paling banyak 100 juta piksel.",
            "Perkecil gambarnya, lalu unggah kembali.",
            params={"width": str(width), "height": str(height)},
        )


def _broken(name: str) -> Finding:
    return error(
        "gambar-rusak",
        "Gambar {name} ini rusak atau terpotong.",
        "Buka dan simpan ulang gambarnya, lalu unggah kembali.",
        params={"name": name},
    )


def _added() -> Finding:
    return error(
        "lampiran-tambahan",
        "Ada isi lain yang ditempelkan sesudah akhir gambar, atau gambarnya terpotong.",
        "Buka dan simpan ulang gambarnya, lalu unggah hasilnya.",
    )
