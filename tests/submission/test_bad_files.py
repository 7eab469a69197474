"""Files that nobody should send, through the delivery action: one clear sentence, at once, nothing loaded."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest
import sqlalchemy as sa
import xlsxwriter
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.submission import config, tables
from ckanext.satudataserang.submission.model import Submission

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context", "kept")

SECONDS = 20
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def book():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("Data")
        sheet.write_row(0, 0, ["kecamatan", "penduduk"])
        sheet.write_row(1, 0, ["Serang", 5])
    return out.getvalue()


def changed(change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return out.getvalue()


def bomb(megabytes):
    """A workbook whose sheet unpacks to so many megabytes of spaces: packed a few kilobytes for each."""
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, -15), b" " * (1 << 20)
    first = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = first + again * (megabytes - 1) + packer.flush(zlib.Z_FINISH)
    crc = 0
    for _each in range(megabytes):
        crc = zlib.crc32(piece, crc)
    body = changed(lambda old: old)
    info = zipfile.ZipInfo(SHEET)
    info.compress_type, info.CRC, info.file_size, info.compress_size = zipfile.ZIP_DEFLATED, crc, megabytes << 20, 0
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
        info.compress_size, info.header_offset = len(packed), new.fp.tell()
        new.fp.write(info.FileHeader() + packed)
        new.start_dir = new.fp.tell()
        new.filelist.append(info)
        new.NameToInfo[SHEET] = info
        new._didModify = True
    return out.getvalue()


XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
FILES = {
    "bom zip": (lambda: bomb(3_000), "data.xlsx", "buku-kerja-terlalu-besar"),
    "entitas luar": (lambda: changed(lambda old: XXE + old.replace(b"<v>5</v>", b"<v>&a;</v>")), "data.xlsx",
                     "buku-kerja-rusak"),
    "sejuta kolom": (lambda: b"k," * 999_999 + b"k\n1\n", "data.csv", "kolom-terlalu-banyak"),
    "program": (lambda: b"MZ\x90\0\x03\0\0\0" + bytes(4_000), "data.csv", "bukan-csv"),
    "program sebagai buku kerja": (lambda: b"\x7fELF" + bytes(4_000), "data.xlsx", "bukan-csv"),
    "bersandi": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "data.xlsx", "buku-kerja-bersandi"),
    "kosong": (lambda: b"", "data.csv", "berkas-kosong"),
    "terpotong": (lambda: book()[:-200], "data.xlsx", "buku-kerja-rusak"),
    "pemisah campur": (lambda: b"a;b;c\n1,2,3\n4,5,6\n", "data.csv", "pemisah-campur"),
    "rumus gagal": (lambda: b"kecamatan,penduduk\nSerang,#REF!\n", "data.csv", "rumus-galat"),
    "lembar tanpa batas": (lambda: changed(lambda old: old.replace(b'r="B2"', b'r="XFD1048576"')), "data.xlsx",
                           "lembar-terlalu-luas"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_delivery_of_it_is_not_valid_and_says_why(name, deliver, entry, public):
    make, file_name, code = FILES[name]
    sent = FileStorage(io.BytesIO(make()), filename=file_name)
    began = time.monotonic()
    made = deliver(upload=sent)
    assert time.monotonic() - began < SECONDS
    assert (made["state"], made["valid"]) == ("tidak_valid", False)
    errors = [one for one in made["findings"] if one["severity"] == "error"]
    assert [one["code"] for one in errors] == [code]
    assert errors[0]["message"].endswith(".")
    assert errors[0]["advice"]
    place = tables.place_of(entry)
    assert place is None or place.resource_id is None


@pytest.mark.parametrize("name", ["entitas luar", "program", "bersandi", "kosong", "terpotong", "bom zip"])
def test_on_a_dataset_it_is_not_even_taken_in(name, upload, draft):
    make, file_name, _code = FILES[name]
    dataset = draft(daftar_data_kode="DD-1")
    began = time.monotonic()
    with pytest.raises(tk.ValidationError) as refused:
        upload(dataset, make(), name=file_name, format=file_name.rpartition(".")[2].upper())
    assert time.monotonic() - began < SECONDS
    [sentence] = refused.value.error_dict["upload"]
    assert sentence.endswith(".")
    assert tk.get_action("package_show")({"ignore_auth": True}, {"id": dataset["id"]})["resources"] == []


def test_formulas_in_cells_stay_text(deliver, act, cast):
    made = deliver(upload=FileStorage(io.BytesIO(b'nama,n\n"=HYPERLINK(""http://x"")",1\n'), filename="data.csv"))
    assert made["state"] == "menunggu_pemeriksaan"


def test_gigabytes_of_zeros_are_refused_as_soon_as_they_are_too_many(deliver, tmp_path, monkeypatch, kept):
    monkeypatch.setitem(tk.config, "ckan.max_resource_size", 8)
    path = tmp_path / "nol.csv"
    with path.open("wb") as out:
        out.truncate(10 << 30)
    began = time.monotonic()
    with path.open("rb") as stream, pytest.raises(tk.ValidationError, match="lebih besar dari 8 MB"):
        deliver(upload=FileStorage(stream, filename="nol.csv"))
    assert time.monotonic() - began < 5
    model.Session.rollback()
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 0
    assert config.max_upload() == 8 << 20
    zeros = FileStorage(io.BytesIO(bytes(4 << 20)), filename="nol.csv")
    made = deliver(upload=zeros)
    assert [one["code"] for one in made["findings"]] == ["berkas-kosong"]
