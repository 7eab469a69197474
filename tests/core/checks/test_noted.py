"""What workbooks hold beside their cells, and what JSON holds: looked through within bounds; names are nothing."""

from __future__ import annotations

import io
import json
import shutil
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

from ckanext.satudataserang.core.checks.json_texts import personal_in_json
from ckanext.satudataserang.core.checks.noted import Noted, UnreadError, personal_noted
from ckanext.satudataserang.core.tables.limits import Limits

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
