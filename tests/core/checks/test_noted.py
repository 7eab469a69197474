"""What workbooks hold beside their cells, and what JSON holds: looked through within bounds; names are nothing."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import struct
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

from ckanext.satudataserang.core.checks.json_texts import personal_in_json
from ckanext.satudataserang.core.checks.noted import Noted, UnreadError, personal_noted
from ckanext.satudataserang.core.checks.privacy import kinds_in
from ckanext.satudataserang.core.tables import biff_notes, notes, web_notes
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.xlsx import WorkbookError

from .old_workbooks import box, record, string, with_records

NIK, NIP = "3673014101900001", "198001012005011001"
CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


#: One number in two pieces of different looks.
COMMENT = (
    f"<comments xmlns='{MAIN}'><commentList><comment ref='A1'><text><r><t>3673</t></r><r><rPr><b/></rPr>"
    "<t>014101900001</t></r></text></comment></commentList></comments>"
)


def book(path, change=lambda _book: None):
    made = openpyxl.Workbook()
    made.properties.creator = "Budi Contoh"
    made.active.append(["kecamatan", "jumlah"])
    made.active.append(["Serang", 12])
    change(made)
    made.save(path)
    return path


def with_part(path, name, content):
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr(name, content)
    return path


def commented(made):
    made.active["B2"].comment = Comment(f"menurut NIP. {NIP}", "Budi Contoh")


def titled(made):
    made.properties.title = "hubungi fulan@example.com"


def propertied(made):
    made.custom_doc_props.append(StringProperty(name="Penanggung jawab", value="0812 3456 7890"))


def footed(made):
    made.active.oddFooter.left.text = f"NIP. {NIP}"


def prompted(made):
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="whole", operator="between", formula1="0", formula2="9")
    rule.prompt = f"Tanya {NIK}"
    made.active.add_data_validation(rule)
    rule.add("B2")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda _made: None, []),
        (commented, [Noted("nip", "catatan")]),
        (titled, [Noted("email", "keterangan")]),
        (propertied, [Noted("telepon", "keterangan")]),
        (footed, [Noted("nip", "catatan")]),
        (prompted, [Noted("nik", "catatan")]),
    ],
)
def test_what_stands_beside_the_cells(tmp_path, change, found):
    assert personal_noted(book(tmp_path / "a.xlsx", change)) == found


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("xl/comments9.xml", COMMENT, [Noted("nik", "catatan")]),
        ("xl/persons/person.xml", "<p><person displayName='Budi' userId='S::budi@example.com::1'/></p>",
         [Noted("email", "catatan")]),
        ("xl/pivotCache/pivotCacheDefinition1.xml", f"<c><sharedItems><s v='{NIK}'/></sharedItems></c>",
         [Noted("nik", "pivot")]),
        ("xl/drawings/drawing1.xml", f"<d><p><r><t>NIK&#160;{NIK[:4]} {NIK[4:]}</t></r></p></d>",
         [Noted("nik", "catatan")]),
        ("xl/drawings/vmlDrawing1.vml", f"<xml><div>NIP {NIP}<br></div></xml>", [Noted("nip", "catatan")]),
        ("docProps/thumbnail.jpeg", NIK, []),
    ],
)  # fmt: skip
def test_parts_of_an_archive(tmp_path, name, content, found):
    assert personal_noted(with_part(book(tmp_path / "a.xlsx"), name, content)) == found


def test_of_a_spreadsheet_of_opendocument(tmp_path):
    path = tmp_path / "data.ods"
    shutil.copy(CORPUS / "data.ods", path)
    assert personal_noted(path) == []
    with zipfile.ZipFile(path) as parts:
        content = parts.read("content.xml").decode()
        others = {name: parts.read(name) for name in parts.namelist() if name != "content.xml"}
    said = f"<text:p>NIK {NIK[:6]}<text:span>{NIK[6:]}</text:span></text:p>"
    cell, note = "<text:p>", f"<office:annotation>{said}</office:annotation><text:p>"
    assert cell in content
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("content.xml", content.replace(cell, note, 1))
        for name, part in others.items():
            parts.writestr(name, part)
    assert personal_noted(path) == [Noted("nik", "catatan")]


@pytest.mark.parametrize("name", ["persen.xls", "lama.xls", "galat.xls"])
def test_old_workbooks_are_looked_through(name):
    assert personal_noted(CORPUS / name) == []


WIDE = "".join(chr(0xFF10 + int(digit)) for digit in NIK)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (box("Catatan biasa"), []),
        (box(f"NIK {NIK}"), [Noted("nik", "catatan")]),
        (box("", f"NIK {NIK[:7]}", NIK[7:]), [Noted("nik", "catatan")]),
        (box(f"Angka: {WIDE}"), [Noted("nik", "catatan")]),
        (record(0x1C, bytes(6) + b"x" + NIK[:5].encode()) + record(0x1C, b"\xff\xff\0\0\0\0" + NIK[5:].encode()), []),
        (record(0x1C, bytes(6) + b"x " + NIK[:5].encode()) + record(0x1C, b"\xff\xff\0\0\0\0" + NIK[5:].encode()),
         [Noted("nik", "catatan")]),
        (record(0x14, string(f"&CNIP. {NIP}")), [Noted("nip", "catatan")]),
        (record(0x15, string("&Lhubungi 0812 3456 7890", wide=True)), [Noted("telepon", "catatan")]),
        (record(0x1C, struct.pack("<HHHH", 1, 1, 0, 7) + string("f\u0443lan@example.com", wide=True)),
         [Noted("email", "catatan")]),
        (record(0x1BE, b"\0" * 5 + string(f"Tanya {NIK}", wide=True)), [Noted("nik", "catatan")]),
        (record(0x100D, b"\0\0" + string(f"Grafik {NIP}")), [Noted("nip", "catatan")]),
        (record(0xEC, b"\x01" + f"foto {NIK}".encode("utf-16-le")), [Noted("nik", "catatan")]),
        (record(0xEB, bytes(range(256)) * 30) + record(0x3C, b"ab@cd.ef " * 900), []),
        (record(0x204, b"\0" * 6 + string(NIK)), []),
        (record(0x14, string("x")) + struct.pack("<HH", 0x15, 0xFFFF) + b"x", []),
    ],
    ids=range(15),
)  # fmt: skip
def test_beside_the_cells_of_an_old_workbook(tmp_path, records, found):
    assert personal_noted(with_records(CORPUS / "lama.xls", tmp_path / "a.xls", records)) == found


def test_what_a_pivot_table_of_an_old_workbook_keeps(tmp_path):
    sources = [record(0xCD, string("Budi")) + record(0xC9, struct.pack("<d", float(NIK))), record(0xCD, string(NIP))]
    path = with_records(CORPUS / "lama.xls", tmp_path / "a.xls", sources=sources)
    assert sorted(one.kind for one in personal_noted(path)) == ["nik", "nip"]
    assert {one.place for one in personal_noted(path)} == {"pivot"}
    harmless = [record(0xC9, struct.pack("<d", number)) for number in (12.5, float("nan"), float("inf"), -1e300)]
    assert personal_noted(with_records(CORPUS / "lama.xls", path, sources=[b"".join(harmless)])) == []


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 5631))
def test_whatever_is_in_an_old_workbook_it_is_refused_or_read(noise, place):
    for chain in (noise, record(0x1B6, noise) + record(0x3C, noise) + noise):
        assert all(isinstance(text, str) for text in [*biff_notes.texts(chain), *biff_notes.texts_of_source(chain)])
    content = bytearray((CORPUS / "lama.xls").read_bytes())
    content[place : place + len(noise)] = noise
    with TemporaryDirectory() as folder, contextlib.suppress(WorkbookError):
        path = Path(folder) / "a.xls"
        path.write_bytes(content)
        list(notes.texts(path, "ole"))


ROWS = "".join(f"<tr><td>Kec {n}</td><td>{n}</td></tr>" for n in range(6))
TABLE = f"<table>{ROWS}</table>"
AMOUNTS = "".join(f"<tr><td x:num='{10**15 + n * 7_919_000_311}'>1E+15</td></tr>" for n in range(200))


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        (f"<html><body><h1>Penduduk 2025</h1>{TABLE}<p>Sumber: dinas@serangkota.go.id, (0254) 200123</p>", set()),
        (f"<html><p>NIK {NIK[:5]}<b>{NIK[5:9]}</b>{NIK[9:]}</p>{TABLE}", {"nik"}),
        (f"<html>{TABLE}<div>Kepala Dinas<br>NIP. {NIP}</div>", {"nip"}),
        (f"<html><p>36730<p>14101900001</p>{TABLE}", set()),
        (f"<table><caption>{NIK}</caption>{ROWS}</table>", {"nik"}),
        (f"<html><title>fulan@example.com</title>{TABLE}", {"email"}),
        (f"<html><a href='mailto:fulan&#64;example.com'>x</a>{TABLE}", {"email"}),
        (f"<html><!-- <o:Author>0812 3456 7890</o:Author> -->{TABLE}", {"telepon"}),
        (f"<html><script>var a = '{NIK}'</script>{TABLE}", {"nik"}),
        (f"<table><tr><td title='a > {NIK}'>1</td></tr>{ROWS}</table>", {"nik"}),
        (f"<table><tr><td>1<!-- {NIK}", {"nik"}),
        (f"<html>{TABLE}</p x='{NIK}'>", {"nik"}),
        # What stands in cells is the table's.
        (f"<table><tr><td>{NIK}</td></tr>{ROWS}</table>", set()),
        (f"<table><tr><td>{NIK}<table>{ROWS}</table></td></tr></table>", {"nik"}),
        # Shown are only some of the digits.
        (f"<table><tr><td x:num='{NIK}'>3,67E+15</td></tr>{ROWS}</table>", {"nik"}),
        (
            "<table>" + "".join(f"<tr><td x:num='{10**15 + n * 7_919_000_311}'>1E+15</td></tr>" for n in range(200)),
            set(),
        ),
    ],
)
def test_around_the_tables_of_a_web_page(tmp_path, page, kinds):
    path = tmp_path / "a.xls"
    path.write_text(page)
    found = personal_noted(path)
    assert {one.kind for one in found} == kinds
    assert {one.place for one in found} <= {"halaman"}


def test_what_lies_too_deep_in_a_web_page_is_not_looked_through(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(f"<html>{TABLE}{'<div>' * 3_000}{NIK}")
    with pytest.raises(UnreadError):
        personal_noted(path)


@pytest.mark.parametrize(
    "page",
    ["<" * 1_000_000, "<!--" * 300_000, "<p>" * 100_000, "&#64;" * 300_000, "a@" * 500_000, "a@" + "b.1" * 300_000,
     "<td>1" * 100_000, "<a b='" * 100_000],
    ids=range(8),
)  # fmt: skip
def test_no_web_page_takes_long(tmp_path, page):
    path = tmp_path / "a.xls"
    path.write_text(f"<html>{TABLE}{page}")
    began = time.process_time()
    for _place, text in web_notes.texts(path):
        kinds_in(text)
    assert time.process_time() - began < 10


def test_other_files_have_nothing_beside(tmp_path):
    (tmp_path / "a.csv").write_text(f"a;b\n{NIK};1\n")
    assert personal_noted(tmp_path / "a.csv") == []


@pytest.mark.parametrize(
    "content",
    [
        lambda: "<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>",
        lambda: "<a><b></a>",
        lambda: "<a>" + "x" * (257 << 20) + "</a>",
    ],
    ids=["declared", "broken", "large"],
)
def test_what_cannot_be_looked_through_is_said(tmp_path, content):
    path = book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/comments9.xml", content())
    with pytest.raises(UnreadError):
        personal_noted(path)


def test_who_reads_is_bounded(tmp_path):
    with pytest.raises(UnreadError):
        personal_noted(book(tmp_path / "a.xlsx"), replace(Limits(), memory=1 << 20))


def found_in(text):
    return personal_in_json(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def geojson(properties, place=(106.150123456789, -6.12)):
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1)


@pytest.mark.parametrize(
    ("properties", "kinds"),
    [
        ({"nama": "Fulan", "jumlah": 12}, set()),
        ({"pemilik": f"NIK {NIK}"}, {"nik"}),
        ({"pemilik": int(NIK)}, {"nik"}),
        ({"kontak": "0812-3456-7890", "surel": "a@b.co"}, {"telepon", "email"}),
        ({"kontak": "dinas@serangkota.go.id", "telp": "0254-200123"}, set()),
        ({NIK: 1}, {"nik"}),
        ({"dalam": {"lagi": [[f"NIP\u00a0{NIP}"]]}}, {"nip"}),
    ],
)
def test_properties_of_a_map(properties, kinds):
    assert set(found_in(geojson(properties))) == kinds


def test_where_it_stands_and_how_it_is_written():
    assert found_in(f'[\n1,\n"{NIK}"]') == {"nik": 3}
    assert found_in('{"a": "36\\u0037301\\u0034101900001"}') == {"nik": 1}
    assert found_in(f'["{NIK}"]'.encode("utf-16")) == {"nik": 1}
    assert found_in(f'{{"a": "{NIK}') == {"nik": 1}
    assert found_in(b"\xff" + f'"{NIK}"'.encode()) == {"nik": 1}


@pytest.mark.parametrize("before", [(1 << 20) + at for at in range(-24, 25, 3)])
def test_at_the_seams_of_what_is_read_at_once(before):
    for value in (NIK, f'"{NIK}"', f'"x \\" {NIK}"'):
        assert found_in("[" + " " * before + value + "]") == {"nik": 1}


def test_coordinates_and_long_numbers_are_no_persons():
    assert found_in(geojson({}, (95.31415926535897, 36.73014101900001))) == {}
    assert found_in(json.dumps([1_000_000_000_000_000 + n * 7_919_000_311 for n in range(200)])) == {}
    assert found_in(json.dumps([int(NIK) + n for n in range(10)])) == {"nik": 1}


@pytest.mark.parametrize(
    "text",
    ['"' + '\\"' * 1_000_000, '"' * 2_000_000, "1" * 2_000_000, '"' + "a" * 2_000_000 + NIK + '"', "@" * 200_000 + '"',
     "[" * 1_000_000, '"' + "@" * 300_000 + '"', '"' + "a@" * 300_000 + '"', "\\" * 2_000_000],
    ids=range(9),
)  # fmt: skip
def test_nothing_takes_long(text):
    began = time.process_time()
    found_in(text)
    assert time.process_time() - began < 10
