"""The text of documents is looked through within bounds; what cannot be read is said, and scans say nothing."""

from __future__ import annotations

import contextlib
import io
import time
import zlib
from dataclasses import replace

import pytest

from ckanext.satudataserang.core import attachments
from ckanext.satudataserang.core.checks.noted import UnreadError
from ckanext.satudataserang.core.checks.pdf_texts import LIMITS, personal_in_pdf

from .documents import assembled, document

NIK, NIP = "3673014101900001", "198001012005011001"


def found_in(tmp_path, content, limits=LIMITS):
    path = tmp_path / "dokumen.pdf"
    path.write_bytes(content)
    return personal_in_pdf(path, limits)


def note(text, look=""):
    return f"<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] /Contents ({text}) {look} >>"


LOOK = (
    "<< /Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /Font << /F 3 0 R >> >> /Length 57 >>\n"
    f"stream\n{f'BT /F 9 Tf (NIK {NIK}) Tj ET':57}\nendstream"
)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (document("Statistik Sektoral 2025\nSumber: dinas@serangkota.go.id, telp. \\(0254\\) 200123"), {}),
        (document("Penduduk", f"Daftar\nNIK {NIK}"), {"nik": 2}),
        (document("Mengetahui,", f"NIP. {NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}", packed=True), {"nip": 2}),
        (document("hubungi 0812 3456 7890", "fulan@example.com"), {"telepon": 1, "email": 2}),
        (document(f"NIP. {NIP}\nNIK {NIK}\n3673014101\n900001", "NIK 367301\n4101900001"), {"nip": 1, "nik": 1}),
        (document("NIK 367301\n4101900001"), {"nik": 1}),
        (document("a", info=f"<< /Title (Daftar {NIK}) >>"), {"nik": 0}),
        (document("a", info=f"<< /Author <feff{'fulan@example.com'.encode('utf-16-be').hex()}> >>"), {"email": 0}),
        (document("a", others=[f"<< /Names [[(a) [({NIP})]]] >>"]), {"nip": 0}),
        (document("a", annotation=note(f"NIK {NIK}")), {"nik": 1}),
        (document("a", annotation=note("x", "/AP << /N 6 0 R >>"), others=[LOOK]), {"nik": 1}),
        (document("a", others=["<< /Type /Metadata /Length 25 >>\nstream\n<a>fulan@example.com</a> \nendstream"]),
         {"email": 0}),
        # A picture of a number is none.
        (document(""), {}),
    ],
    ids=range(13),
)  # fmt: skip
def test_where_persons_are_named(tmp_path, content, found):
    assert found_in(tmp_path, content) == found


def test_of_a_document_of_many_pages(tmp_path):
    began = time.monotonic()
    pages = [f"Tabel {n}\n" + "\n".join(f"Kecamatan {row} {row * n}" for row in range(40)) for n in range(150)]
    assert found_in(tmp_path, document(*pages, NIK)) == {"nik": 151}
    assert time.monotonic() - began < LIMITS.seconds


def _bomb():
    packed = zlib.compress(b"BT " * (100 << 20), 9)
    page = b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 9 0 R >> >> /Contents 4 0 R >>"
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed)
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, stream])


def _deep():
    return document("a", others=["[" * 100_000 + "]" * 100_000])


def _around():
    """A page whose picture is drawn within itself."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /XObject << /A 4 0 R >> >> >>"
    )
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 4 0 R >> >> /Length 5 >>"
    drawn = b"\nstream\n/A Do\nendstream"
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, form + drawn, b"<< /Length 5 >>" + drawn])


def _drawn():
    """A page with a drawing that begins well, packed so that its end cannot be unpacked."""
    packed = zlib.compress(b"BT /F 9 Tf (x) Tj ET " * 9_000_000, 9)
    page = (
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 6 0 R >> /XObject << /A 4 0 R >> >> >>"
    )
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 6 0 R >> >> /Filter /FlateDecode"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page,
         form + b" /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed),
         b"<< /Length 5 >>\nstream\n/A Do\nendstream", font]
    )  # fmt: skip


HOSTILE = {
    "empty": lambda: b"",
    "no document": lambda: b"MZ" + bytes(1_000),
    "cut": lambda: document("a" * 500, NIK)[:400],
    "locked": lambda: document("a").replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 9 >>"),
    "no pages": lambda: assembled([b"<< /Type /Catalog >>"]),
    "pages that are their own": lambda: assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R 2 0 R] >>"]
    ),
    "unpacks without end": _bomb,
    "a drawing that unpacks without end": _drawn,
    "brackets without end": _deep,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_looked_through_is_said(tmp_path, content):
    began = time.monotonic()
    with pytest.raises(UnreadError):
        found_in(tmp_path, content(), replace(LIMITS, seconds=20))
    assert time.monotonic() - began < 60


def test_a_picture_within_itself_ends(tmp_path):
    with contextlib.suppress(UnreadError):
        assert found_in(tmp_path, _around()) == {}


def test_who_reads_is_bounded(tmp_path):
    with pytest.raises(UnreadError):
        found_in(tmp_path, document(NIK), replace(LIMITS, memory=1 << 20))


def test_what_is_made_here_is_taken_in(tmp_path):
    """The documents of these tests are documents, and not only to one reader."""
    content = document("a", info="<< /Title (b) >>")
    assert attachments.problems("a.pdf", io.BytesIO(content), allowed=frozenset({"pdf"}), max_size=1 << 20) == []
