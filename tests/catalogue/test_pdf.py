"""Documents: our type on A4, tagged, in Indonesian, the same bytes every time, and nothing fetched from anywhere."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timezone
from io import BytesIO

import pytest
from jinja2 import DictLoader
from pypdf import PdfReader

from ckanext.satudataserang.catalogue import pdf

MOMENT = datetime(2026, 11, 20, 23, 30, 12, 345, tzinfo=timezone.utc)
A4 = (595, 842)


@pytest.fixture
def templates(with_plugins, app):
    """Return a function that adds templates for the time of one test."""
    from jinja2 import ChoiceLoader

    environment = app.flask_app.jinja_env
    loader = environment.loader

    def add(**sources: str) -> None:
        environment.loader = ChoiceLoader([DictLoader({f"{key}.html": text for key, text in sources.items()}), loader])

    yield add
    environment.loader = loader


def document(body: str) -> str:
    return '{% extends "satudata/pdf/base.html" %}{% block isi %}' + body + "{% endblock %}"


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def made(template: str = "uji.html", **context) -> bytes:
    return pdf.render(template, **{"title": "Berita & Acara", "moment": MOMENT, "rule_version": "3", **context})


def test_document_says_what_it_is(templates):
    templates(uji=document("<p>{{ isi }}</p><p style='break-before: page'>dua</p>"))
    content = made(isi="<b>teks</b> 1.234 ● terlambat")
    found = read(content)
    assert found.metadata is not None
    assert found.metadata.title == "Berita & Acara"
    assert found.metadata.author.startswith("Pemerintah ")
    assert found.trailer["/Root"]["/Lang"] == "id"
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert found.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "/StructTreeRoot" in found.trailer["/Root"]
    assert b"pdfuaid" in found.trailer["/Root"]["/Metadata"].get_data()
    assert len(found.pages) == 2
    assert tuple(round(side) for side in found.pages[0].mediabox[2:]) == A4
    for number, page in enumerate(found.pages, start=1):
        text = page.extract_text()
        assert "dihitung 21 November 2026 06.30 WIB · aturan v3" in text
        assert f"halaman {number} dari 2" in text
    # What users wrote stays text.
    assert "<b>teks</b> 1.234 ● terlambat" in found.pages[0].extract_text()


def test_only_our_typeface_and_the_fallback_for_symbols(templates):
    templates(uji=document("<p>biasa <strong>tebal</strong> ◐</p>"))
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in read(made()).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("-")[0] for name in fonts} == {"Inter", "DejaVu"}
    assert any("Bold" in name for name in fonts)


def test_same_values_same_bytes(templates):
    templates(uji=document("<p>{{ isi }}</p>"))
    first = made(isi="a")
    time.sleep(1.1)
    assert made(isi="a") == first
    assert made(isi="b") != first


def test_always_indonesian(templates, app):
    templates(uji=document("<p>{{ _('terlambat') }} {{ h.lang() }}</p>"))
    with app.flask_app.test_request_context("/en/kelengkapan", environ_overrides={"CKAN_LANG": "en"}):
        import ckan.plugins.toolkit as tk

        assert "terlambat id" in text_of(made())
        assert tk.h.lang() == "en"


def test_works_outside_of_a_request(templates, monkeypatch, app):
    from ckan.config import middleware

    templates(uji=document("<p>surat {{ h.url_for('home.index', _external=True) }}</p>"))
    monkeypatch.setattr(pdf, "has_request_context", lambda: False)
    monkeypatch.setattr(pdf, "has_app_context", lambda: False)
    assert middleware._internal_test_request_context is not None
    assert "surat http" in text_of(made())


ADDRESSES = (
    "http://127.0.0.1:9/gambar.png",
    "https://contoh.test/gambar.png",
    "file:///etc/passwd",
    "/etc/passwd",
    "../../../../../etc/hostname",
    "satudata:../../../../pyproject.toml",
    "satudata:catalogue/pdf.py",
    "satudata:/etc/passwd",
    "satudata:portal/tidak-ada.css",
    "ftp://127.0.0.1/a.png",
)
ELEMENTS = {
    "img": '<img src="{}" alt="">',
    "link": '<link rel="stylesheet" href="{}">',
    "import": '<style>@import "{}";</style>',
    "background": "<p style=\"background: url('{}')\">a</p>",
    "object": '<object data="{}"></object>',
    "base": '<base href="{}"><img src="{}" alt="">',
}


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_nothing_else_is_fetched(templates, element, monkeypatch):
    import socket

    def refuse(*args: object) -> None:
        message = "a document opened a connection"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    templates(uji=document("".join(element.replace("{}", address) for address in ADDRESSES)))
    with pytest.raises(pdf.PdfError, match="tidak boleh diambil") as refused:
        made()
    named = str(refused.value)
    for address in ADDRESSES:
        assert address.rpartition("/")[2] in named


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_our_file(address):
    assert pdf.own_file(address) is None


def test_pictures_within_the_document_are_shown(templates):
    svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3C/svg%3E"
    templates(uji=document(f'<p>ada</p><img src="{svg}" alt="gambar">'))
    assert "ada" in text_of(made())


def test_a_naive_moment_is_refused(templates):
    with pytest.raises(ValueError, match="aware"):
        pdf.render("satudata/pdf/base.html", title="a", moment=datetime(2026, 1, 1))  # noqa: DTZ001


def test_without_the_libraries_the_operator_reads_what_to_install(with_plugins, monkeypatch):
    class Lacking:
        def find_spec(self, name: str, *args: object) -> None:
            if name == "weasyprint":
                message = "cannot load library 'libpango-1.0-0': no such file"
                raise OSError(message)

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Lacking(), *sys.meta_path])
    with pytest.raises(pdf.PdfError, match=r"libpangoft2-1\.0-0 .*mulai ulang portal"):
        pdf.render("satudata/pdf/base.html", title="a", moment=MOMENT)


def test_signatures_name_posts(templates):
    templates(
        uji='{% extends "satudata/pdf/base.html" %}{% from "satudata/pdf/macros.html" import signatures %}'
        "{% block tanda_tangan %}{{ signatures([{'peran': 'Walidata', 'jabatan': 'Kepala Dinas'}]) }}{% endblock %}"
    )
    text = text_of(made())
    assert "Walidata,\nKepala Dinas" in text
    assert "Nama:" in text


def test_letterhead_is_the_walidatas_or_an_opds(with_plugins):
    from ckanext.satudataserang.catalogue.region import get_region

    place = get_region()
    assert pdf.letterhead()["pemda"] == f"Pemerintah {place.nama}"
    walidata = place.opd_by_name(place.walidata)
    assert walidata is not None
    assert pdf.letterhead()["kantor"] == walidata.title
    assert pdf.letterhead(place.opd[0].name)["kantor"] == place.opd[0].title
