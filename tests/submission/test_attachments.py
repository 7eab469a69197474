"""Documents, maps and pictures on a dataset, through CKAN's own actions, and how they are served."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan.tests import factories

from tests.core.checks.documents import document

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues")

PDF = document("Laporan")
MAP = b'{"type": "Point", "coordinates": [106.15, -6.12]}'


def _as(opd):
    return {"Authorization": factories.APIToken(user=opd[1]["name"])["token"]}


def test_a_document_and_a_map_are_kept_and_served_as_downloads(draft, upload, opd, app):
    dataset = draft()
    found = [
        upload(dataset, PDF, name="laporan.pdf", format="PDF"),
        upload(dataset, MAP, name="peta.geojson", format="GeoJSON"),
    ]
    for resource, content in zip(found, (PDF, MAP), strict=True):
        path = f"/dataset/{dataset['id']}/resource/{resource['id']}/download/{resource['url'].rpartition('/')[2]}"
        answer = app.get(path, headers=_as(opd))
        assert answer.data == content
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("laporan.pdf", b"%PDF-1.7\n<< /S /JavaScript >>\n%%EOF", "memuat program"),
        ("laporan.pdf", b"MZ\x90\x00", "isinya program"),
        ("foto.png", b"<svg onload='alert(1)'/>", "halaman web atau SVG"),
        ("foto.svg", b"<svg/>", "SVG tidak diterima"),
        ("peta.geojson", b'{"type": "Point", "coordinates": [620000, 9320000]}', "WGS 84"),
        ("data.exe", b"MZ", "tidak diterima"),
        ("data.csv", b"<html><script>alert(1)</script></html>", "halaman web"),
    ],
)
def test_hostile_files_are_refused_on_every_action(draft, upload, opd, name, content, words):
    dataset = draft()
    good = upload(dataset, PDF, name="laporan.pdf", format="PDF")
    attempts = [
        lambda: upload(dataset, content, name=name, format=""),
        lambda: upload(dataset, content, name=name, format="PDF", replaces=good),
        lambda: tk.get_action("package_patch")(
            {"user": opd[1]["name"]},
            {
                "id": dataset["id"],
                "resources": [good, {"name": "x", "upload": FileStorage(io.BytesIO(content), filename=name)}],
            },
        ),
    ]
    for attempt in attempts:
        with pytest.raises(tk.ValidationError) as caught:
            attempt()
        assert words in str(caught.value.error_dict["upload"])
    shown = tk.get_action("package_show")({"user": opd[1]["name"]}, {"id": dataset["id"]})
    assert [resource["id"] for resource in shown["resources"]] == [good["id"]]


NIK = "3673014101900001"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (document("Penduduk", f"NIK {NIK}"), "Halaman 2: ada data pribadi (NIK)."),
        (document("Penduduk", info=f"<< /Title ({NIK}) >>"), "Di luar halaman dokumen"),
        (document("Penduduk").replace(b"/Pages 2 0 R", b"/Pages 9 0 R"), "tidak dapat diperiksa"),
    ],
)
def test_a_document_that_names_persons_is_the_walidatas_to_open(draft, upload, cast, content, words):
    dataset = draft()
    good = upload(dataset, PDF, name="laporan.pdf", format="PDF")
    for name, kind in (("laporan.pdf", "PDF"), ("LAPORAN.PDF", ""), ("laporan.pdf", "lain")):
        for replaces in (None, good):
            with pytest.raises(tk.ValidationError) as caught:
                upload(dataset, content, name=name, format=kind, replaces=replaces)
            assert words in str(caught.value.error_dict["upload"])
            assert NIK not in str(caught.value.error_dict)
    with pytest.raises(tk.ValidationError, match="Hanya Walidata"):
        upload(dataset, content, name="laporan.pdf", format="PDF", data_pribadi_diputuskan="boleh saja")
    sent = {
        "package_id": dataset["id"],
        "name": "laporan",
        "format": "PDF",
        "upload": FileStorage(io.BytesIO(content), filename="laporan.pdf"),
        "data_pribadi_diputuskan": "Contoh dari pedoman.",
    }
    kept = tk.get_action("resource_create")({"user": cast.walidata}, sent)
    assert kept["data_pribadi_diputuskan"] == "Contoh dari pedoman."


def test_the_form_says_what_is_wrong(draft, opd, app):
    dataset = draft()
    answer = app.post(
        f"/dataset/{dataset['id']}/resource/new",
        data={"name": "x", "save": "", "id": "", "upload": (io.BytesIO(b"<svg/>"), "foto.svg")},
        headers=_as(opd),
        follow_redirects=False,
    )
    assert answer.status_code == 200
    assert "SVG tidak diterima" in answer.text


def test_which_files_are_taken_is_configured(draft, upload, monkeypatch):
    dataset = draft()
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.attachment.formats", ["csv"])
    with pytest.raises(tk.ValidationError, match="tidak diterima"):
        upload(dataset, PDF, name="laporan.pdf", format="PDF")
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.attachment.formats", ["pdf", "svg"])
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.attachment.max_size_mb", 0)
    with pytest.raises(tk.ValidationError, match="paling besar"):
        upload(dataset, PDF, name="laporan.pdf", format="PDF")
    with pytest.raises(tk.ValidationError, match="SVG"):
        upload(dataset, b"<svg/>", name="foto.svg", format="SVG")
