"""What is taken in beside the tables, and what is not."""

from __future__ import annotations

import io
import json
import struct
import zlib

import pytest

from ckanext.satudataserang.core import attachments

ALLOWED = frozenset("csv xlsx xls pdf geojson png jpg jpeg webp svg exe".split())  # noqa: SIM905


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 3) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 21)) + chunk(b"IEND")


def jpeg(width: int = 2, height: int = 3) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda" + b"\0\0data" + b"\xff\xd9"


def webp() -> bytes:
    body = b"WEBPVP8 " + struct.pack("<I", 20) + b"\0" * 20
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(inside: bytes = b"<< /Type /Catalog >>", after: bytes = b"\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + inside + b"\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF" + after


def packed(inside: bytes) -> bytes:
    data = zlib.compress(inside)
    return pdf(b"<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\r\n" + data + b"\nendstream")


def geojson(geometry: object, **more: object) -> bytes:
    feature = {"type": "Feature", "properties": {"type": "Point", "nama": "é"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}).encode()


POINT = {"type": "Point", "coordinates": [106.15, -6.12]}
RING = {"type": "Polygon", "coordinates": [[[106, -6], [107, -6], [107, -7], [106, -6]]]}


def codes(name: str, content: bytes, *, max_size: int = 1 << 20) -> list[str]:
    stream = io.BytesIO(content)
    found = attachments.problems(name, stream, allowed=ALLOWED, max_size=max_size)
    assert stream.tell() == 0
    for one in found:
        assert "{" not in one.message + one.advice
        assert one.message.endswith(".")
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png()),
        ("A.PNG", png()),
        ("a.jpg", jpeg()),
        ("a.jpeg", jpeg()),
        ("a.webp", webp()),
        ("a.pdf", pdf()),
        ("a.pdf", packed(b"<< /Type /Page >>")),
        ("a.pdf", pdf(b"<< /OpenAction [1 0 R /Fit] /JSX 1 >>")),
        ("a.geojson", geojson(POINT)),
        ("a.geojson", b"\xef\xbb\xbf" + geojson(RING)),
        ("a.geojson", geojson(None)),
        ("a.geojson", json.dumps(POINT).encode()),
        ("a.geojson", geojson({"type": "GeometryCollection", "geometries": [POINT, RING]})),
        ("a.geojson", geojson(POINT, crs={"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})),
        ("a.csv", b"a;b\n1;2\n"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
    ],
)
def test_what_is_right_is_taken_in(name, content):
    assert codes(name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "lampiran-svg"),
        ("a.exe", b"MZ\x90\x00", "lampiran-jenis"),
        ("a.png.exe", png(), "lampiran-jenis"),
        ("a", png(), "lampiran-jenis"),
        ("a.docx", b"PK\x03\x04", "lampiran-jenis"),
        ("a.pdf", b"", "lampiran-kosong"),
        ("a.pdf", png(), "lampiran-bukan"),
        ("a.png", jpeg(), "lampiran-bukan"),
        ("a.png", b"<svg onload=alert(1)>", "lampiran-bukan"),
        ("a.geojson", b"<html><script>", "lampiran-bukan"),
        ("a.csv", b"MZ\x90\x00", "lampiran-bukan"),
        ("a.csv", b"<html><script>alert(1)</script>", "lampiran-bukan"),
        ("a.pdf", b"tulisan biasa", "pdf-awal"),
        ("a.pdf", b"GIF89a" + pdf(), "lampiran-bukan"),
        ("a.pdf", pdf()[:-8], "pdf-terpotong"),
        ("a.pdf", pdf(after=b"PK\x03\x04" + b"x" * 200), "lampiran-tambahan"),
        ("a.pdf", pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "pdf-program"),
        ("a.pdf", pdf(b"<< /S /J#61vaScript >>"), "pdf-program"),
        ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "pdf-program"),
        ("a.pdf", packed(b"<< /S /JavaScript >>"), "pdf-program"),
        ("a.pdf", pdf(b" " * ((1 << 20) - 20) + b"<< /S /JavaScript >>"), "pdf-program"),
        ("a.pdf", pdf(b"<< /Type /EmbeddedFile >>"), "pdf-berkas"),
        ("a.pdf", pdf(b"<< /Encrypt 5 0 R >>"), "pdf-terkunci"),
        ("a.png", png()[:-5], "gambar-rusak"),
        ("a.png", png() + b"PK\x03\x04", "lampiran-tambahan"),
        ("a.png", png(60_000, 60_000), "gambar-ukuran"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0xFFFFFFFF, b"IHDR") + b"\0" * 30, "gambar-ukuran"),
        ("a.jpg", jpeg(60_000, 60_000), "gambar-ukuran"),
        ("a.jpg", jpeg() + b"PK\x03\x04zip", "lampiran-tambahan"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x02", "gambar-rusak"),
        ("a.webp", webp() + b"<script>", "lampiran-tambahan"),
        ("a.webp", b"RIFF\xff\xff\0\0WEBPVP8 ", "gambar-rusak"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "geojson-json"),
        ("a.geojson", b'{"type": "Point", "coordinates": [NaN, 1]}', "geojson-json"),
        ("a.geojson", b"[" * 100_000, "geojson-json"),
        ("a.geojson", b"\xff\xfe{}", "geojson-json"),
        ("a.geojson", b'{"a": 1}', "geojson-bentuk"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": {}}', "geojson-bentuk"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [1]}', "geojson-bentuk"),
        ("a.geojson", geojson({"type": "Circle", "coordinates": [1, 2]}), "geojson-geometri"),
        ("a.geojson", geojson({"type": "Point", "coordinates": [[1, 2]]}), "geojson-geometri"),
        ("a.geojson", geojson({"type": "Point", "coordinates": [True, 2]}), "geojson-geometri"),
        ("a.geojson", geojson({"type": "Point", "coordinates": [620_000, 9_320_000]}), "geojson-rentang"),
        ("a.geojson", geojson({"type": "GeometryCollection", "geometries": [1]}), "geojson-geometri"),
        ("a.geojson", geojson(POINT, crs={"properties": {"name": "EPSG:32748"}}), "geojson-crs"),
    ],
)
def test_what_is_not_is_named(name, content, code):
    assert codes(name, content, max_size=2 << 20)[:1] == [code]


def test_a_file_too_large_is_told_its_limit():
    stream = io.BytesIO(png() + b"\0" * (3 << 20))
    (found,) = attachments.problems("a.png", stream, allowed=ALLOWED, max_size=1 << 20)
    assert found.message == "Berkas ini 4 MB; paling besar 1 MB."


def test_a_bomb_in_a_document_is_unpacked_so_far_only():
    assert codes("a.pdf", packed(b"\0" * (200 << 20)), max_size=1 << 30) == []
