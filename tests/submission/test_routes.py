"""One file, every way in: the same findings on the page, through the API, from the command line and on a dataset."""

from __future__ import annotations

import io
import json
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import g, has_app_context
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.structures.model import StructureRow, StructureVersion
from ckanext.satudataserang.submission import job
from ckanext.satudataserang.submission.model import Load, Submission

from .conftest import amend

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "kept")

AREAS = {1: "Serang", 2: "Kasemen", 3: "Walantaka", 4: "Curug", 5: "Cipocok Jaya", 6: "Taktakan"}
STRUCTURE = {
    "kode": "uji-penduduk",
    "nama": "Penduduk menurut Kecamatan",
    "opd": "Disdukcapil",
    "urusan": "2.12",
    "columns": [
        {"id": "kode_wilayah", "label": "Kecamatan", "required": True, "key": True, "code_list": "wilayah:kecamatan"},
        {"id": "penduduk", "label": "Penduduk", "type": "integer", "required": True, "minimum": 0},
        {"id": "laki_laki", "label": "Laki-laki", "type": "integer", "minimum": 0},
        {"id": "luas", "label": "Luas Wilayah", "type": "numeric", "decimals": 2},
        {"id": "keterangan", "label": "Keterangan"},
    ],
    "expected": ["kode_wilayah"],
    "rules": [{"id": "bagian", "parts": ["laki_laki"], "relation": "<=", "whole": "penduduk"}],
}
HEAD = "Kecamatan;Penduduk;Laki-laki;Luas Wilayah;Keterangan\n"


def lines(*rows):
    return HEAD + "".join(f"{row}\n" for row in rows)


def book(*rows, merged=()):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for span, text in merged:
            sheet.merge_range(span, text)
    return out.getvalue()


GOOD = [f"36.73.0{n};{1000 + n};{500 + n};{10 + n},5;" for n in AREAS]
MESSY = (
    "REKAPITULASI PENDUDUK KOTA\n\n"
    + lines(*(f'{name};"1.{100 + n}";5{n};1{n},25;' for n, name in AREAS.items()))
    + "Jumlah;6.621;321;81,5;\n\nSumber: pelayanan kecamatan\n"
)
#: Name of the file -> what it holds, and codes that have to be among the findings.
FILES = {
    "rapi.csv": (lines(*GOOD), set()),
    "berantakan.csv": (MESSY, {"di-bawah-tabel"}),
    "kode-salah.csv": (lines(*GOOD[:5], "36.99.77;9;4;1,5;"), {"kode-tidak-dikenal"}),
    "kunci-ganda.csv": (lines(*GOOD, GOOD[0]), {"kunci-ganda"}),
    "kurang-baris.csv": (lines(*GOOD[:4]), {"baris-kurang"}),
    "bukan-angka.csv": (lines(*GOOD[:4], "36.73.05;banyak;1;1;", "36.73.06;-5;1;1;"), set()),
    "aturan.csv": (lines(*GOOD[:5], "36.73.06;10;400;1,5;"), set()),
    "pencilan.csv": (lines("36.73.01;900000;5;1,5;", *GOOD[1:]), {"nilai-mencolok"}),
    "nama-sekali.csv": (lines(GOOD[0], ";9;4;1,5;", GOOD[1], ";9;4;1,5;"), {"nama-kelompok-kosong", "wajib-kosong"}),
    "bertingkat.xlsx": (
        book(
            ["Kecamatan", "Jiwa", "", "Luas Wilayah", "Keterangan"],
            ["", "Penduduk", "Laki-laki", "", ""],
            *([name, 1000 + n, 500 + n, 10.5, ""] for n, name in AREAS.items()),
            merged=[("B1:C1", "Jiwa")],
        ),
        set(),
    ),
    "angka-teks.xlsx": (
        book(HEAD.strip().split(";"), *([f"36.73.0{n}", f"1.{n}00", "5", "1,5", ""] for n in AREAS)),
        set(),
    ),
    "tahun-mendatar.csv": ("Kecamatan;2023;2024;2025\nSerang;1;2;3\nKasemen;4;5;6\n", {"kolom-kurang"}),
}
PERSONAL = lines(*GOOD[:5], "36.73.06;1006;506;16,5;NIK 3673014107900003")


@pytest.fixture
def agreed(entry):
    """The entry follows a structure, and 2017-2024 stand published beside what these tests deliver."""
    at = datetime.now(timezone.utc)
    row = StructureRow(
        kode=STRUCTURE["kode"], nama="Uji", opd_id=entry.opd_id, current_version=1, created=at, modified=at
    )
    model.Session.merge(row)
    model.Session.flush()
    content = parse.as_dict(parse.structure(STRUCTURE, known_lists=["wilayah:kecamatan"]))
    model.Session.merge(
        StructureVersion(kode=row.kode, version=1, content=content, state="berlaku", proposed_by="uji", created_at=at)
    )
    model.Session.commit()
    amend(entry.id, structure_id=row.kode)
    yield entry
    model.Session.rollback()
    model.Session.execute(sa.delete(StructureRow).where(StructureRow.kode == row.kode))
    model.Session.commit()


def told(findings):
    return sorted((one["code"], one["row"] or 0, one["column"], one["message"]) for one in findings)


class Routes:
    """Every way in for one file, as the editor of the OPD; each answers what was found."""

    def __init__(self, app, cli, cast, dataset, act, folder):
        self.app, self.cli, self.cast, self.dataset, self.act, self.folder = app, cli, cast, dataset, act, folder
        self.token = factories.APIToken(user=cast.produsen)["token"]

    def file(self, name, content):
        return FileStorage(io.BytesIO(content), filename=name)

    def _forget(self):
        if has_app_context():
            g.pop("_login_user", None)

    def check(self, name, content):
        sent = {"entry": "DD-1", "period": "2025", "upload": (io.BytesIO(content), name)}
        return self._api("satudata_submission_check", sent)["findings"]

    def create(self, name, content):
        sent = {"entry": "DD-1", "period": "2025", "upload": (io.BytesIO(content), name), "submit": "false"}
        made = self._api("satudata_submission_create", sent)
        self.act(self.cast.produsen, "submission_discard", id=made["id"])
        return made["findings"]

    def _api(self, action, data):
        self._forget()
        answer = self.app.post(
            f"/api/3/action/{action}",
            data=data,
            headers={"Authorization": self.token},
            content_type="multipart/form-data",
        )
        return json.loads(answer.body)["result"]

    def page(self, name, content):
        self._forget()
        sent = {"cara": "unggah", "aksi": "draf", "berkas": (io.BytesIO(content), name), "dilihat": ""}
        headers = {"Authorization": self.token}
        self.app.post("/kirim/DD-1/2025", data=sent, headers=headers, content_type="multipart/form-data")
        model.Session.expire_all()
        [row] = model.Session.scalars(sa.select(Submission).where(Submission.state == "draf"))
        findings = row.findings
        self.act(self.cast.produsen, "submission_discard", id=row.id)
        return findings

    def command(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        done = self.cli.invoke(ckan, ["satudata", "check", str(path), "--entry", "DD-1", "--period", "2025", "--json"])
        found = json.loads(done.output[done.output.index("{") :])
        assert done.exit_code == (0 if found["valid"] else 1)
        return found["findings"]

    def resource(self, name, content):
        made = tk.get_action("resource_create")(
            {"user": self.cast.produsen},
            {
                "package_id": self.dataset["id"],
                "name": name,
                "format": name.rpartition(".")[2].upper(),
                "periode": "2025",
                "upload": self.file(name, content),
            },
        )
        return self._loaded(made["id"])

    def form(self, name, content):
        self._forget()
        before = {each["id"] for each in self._resources()}
        sent = {
            "id": "", "save": "again", "name": name, "url": name, "url_type": "upload", "periode": "2025",
            "format": name.rpartition(".")[2].upper(), "upload": (io.BytesIO(content), name),
        }  # fmt: skip
        answer = self.app.post(
            f"/dataset/{self.dataset['name']}/resource/new",
            data=sent,
            headers={"Authorization": self.token},
            content_type="multipart/form-data",
            follow_redirects=False,
        )
        new = {each["id"] for each in self._resources()} - before
        return self._loaded(new.pop()) if new else answer

    def _resources(self):
        model.Session.expire_all()
        return tk.get_action("package_show")({"ignore_auth": True}, {"id": self.dataset["id"]})["resources"]

    def _loaded(self, resource_id):
        job.load(resource_id)
        model.Session.expire_all()
        found = model.Session.get(Load, resource_id).findings
        tk.get_action("resource_delete")({"ignore_auth": True, "user": self.cast.produsen}, {"id": resource_id})
        return found


@pytest.fixture
def routes(app, cli, cast, agreed, draft, upload, act, tmp_path):
    dataset = draft(daftar_data_kode="DD-1")
    years = "".join(f"36.73.0{n};{year};{1000 + n + year % 7};1;1;\n" for year in range(2017, 2025) for n in AREAS)
    past = upload(dataset, HEAD.replace("Kecamatan;", "Kecamatan;Tahun;") + years, name="lalu.csv")
    job.load(past["id"])
    model.Session.expire_all()
    assert model.Session.get(Load, past["id"]).state == "selesai", model.Session.get(Load, past["id"]).findings
    return Routes(app, cli, cast, dataset, act, tmp_path)


def test_the_same_file_gives_the_same_findings_on_every_route(routes):
    differing, silent = {}, {}
    for name, (text, codes) in FILES.items():
        content = text if isinstance(text, bytes) else text.encode()
        ways = (routes.check, routes.create, routes.page, routes.command, routes.resource, routes.form)
        found = {way.__name__: told(way(name, content)) for way in ways}
        if any(each != found["check"] for each in found.values()):
            differing[name] = found
        if missing := codes - {each[0] for each in found["check"]}:
            silent[name] = (missing, found["check"])
    assert differing == {}
    assert silent == {}


def test_typed_rows_give_the_findings_of_the_same_file(routes, act, cast):
    titles = ["kode_wilayah", "penduduk", "laki_laki"]
    values = [[f"36.73.0{n}", "banyak" if n == 2 else str(n), "9"] for n in (1, 2, 2, 7)]
    rows = [dict(zip(titles, each, strict=True)) for each in values]
    text = "\n".join(",".join(each) for each in [titles, *values]) + "\n"
    cell = {"entry": "DD-1", "period": "2025"}
    typed = act(cast.produsen, "submission_check", **cell, rows=rows, columns=titles)
    made = act(cast.produsen, "submission_create", **cell, rows=rows, columns=titles, submit=False)
    assert typed["valid"] is False
    assert told(typed["findings"]) == told(made["findings"]) == told(routes.check("isi.csv", text.encode()))


def test_personal_data_never_reach_a_public_file(routes, upload, cast):
    found = routes.check("nik.csv", PERSONAL.encode())
    [nik] = [one for one in found if one["code"] == "data-pribadi-nik"]
    with pytest.raises(tk.ValidationError) as refused:
        routes.resource("nik.csv", PERSONAL.encode())
    said = " ".join(refused.value.error_dict["upload"])
    assert nik["message"] in said
    assert "/kirim/DD-1/2025" in said
    answer = routes.form("nik.csv", PERSONAL.encode())
    assert nik["message"] in answer.body
    with pytest.raises(tk.ValidationError, match="Hanya Walidata"):
        upload(routes.dataset, PERSONAL, data_pribadi_diputuskan="boleh saja")
    sent = {
        "package_id": routes.dataset["id"], "name": "nik.csv", "format": "CSV", "periode": "2025",
        "upload": routes.file("nik.csv", PERSONAL.encode()), "data_pribadi_diputuskan": "Nomor contoh dari pedoman.",
    }  # fmt: skip
    made = tk.get_action("resource_create")({"user": cast.walidata}, sent)
    job.load(made["id"])
    model.Session.expire_all()
    assert model.Session.get(Load, made["id"]).state == "selesai"
    kept = tk.get_action("resource_patch")({"user": cast.produsen}, {"id": made["id"], "description": "Baru"})
    assert kept["data_pribadi_diputuskan"] == "Nomor contoh dari pedoman."
    with pytest.raises(tk.ValidationError, match="data pribadi"):
        upload(routes.dataset, PERSONAL, replaces=made, periode="2025")


@pytest.mark.parametrize("hidden", [False, True])
def test_personal_data_on_other_sheets_are_found(routes, upload, hidden):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet, other = made.add_worksheet("Data"), made.add_worksheet("Lain")
        for number, row in enumerate([HEAD.strip().split(";"), *(each.split(";") for each in GOOD)]):
            sheet.write_row(number, 0, row)
        other.write_row(0, 0, ["nama", "nik"])
        other.write_row(1, 0, ["contoh", "3673014107900003"])
        if hidden:
            other.hide()
    with pytest.raises(tk.ValidationError, match="Lembar “Lain”"):
        upload(routes.dataset, out.getvalue(), name="data.xlsx", format="XLSX", periode="2025")


def _book(change):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("Data")
        for number, row in enumerate([HEAD.strip().split(";"), *(each.split(";") for each in GOOD)]):
            sheet.write_row(number, 0, row)
        change(made, sheet)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _made, sheet: sheet.write_comment(1, 1, "NIK 3673014107900003"), "Catatan"),
        (lambda made, _sheet: made.set_properties({"comments": "telepon 0812 3456 7890"}), "Keterangan berkas"),
        (lambda made, _sheet: made.set_properties({"author": "Budi Contoh", "manager": "Siti Contoh"}), ""),
    ],
    ids=["comment", "properties", "author"],
)
def test_personal_data_beside_the_cells_are_found(routes, upload, change, said):
    fields = {"name": "data.xlsx", "format": "XLSX", "periode": "2025"}
    if not said:
        assert upload(routes.dataset, _book(change), **fields)["id"]
        return
    with pytest.raises(tk.ValidationError, match=said) as refused:
        upload(routes.dataset, _book(change), **fields)
    assert "/kirim/DD-1/2025" in " ".join(refused.value.error_dict["upload"])


def test_personal_data_in_maps_and_other_json_are_found(routes, upload, cast):
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [106.15, -6.12]}, "properties": {}}
    clean = json.dumps({"type": "FeatureCollection", "features": [feature]})
    feature["properties"] = {"pemilik": "Contoh, NIK 3673014107900003"}
    personal = json.dumps({"type": "FeatureCollection", "features": [feature]})
    for name, kind in (("peta.geojson", "GeoJSON"), ("data.json", "JSON")):
        with pytest.raises(tk.ValidationError, match="NIK"):
            upload(routes.dataset, personal, name=name, format=kind)
        assert upload(routes.dataset, clean, name=name, format=kind)["id"]
    sent = {
        "package_id": routes.dataset["id"], "name": "peta", "format": "GeoJSON",
        "upload": routes.file("peta.geojson", personal.encode()), "data_pribadi_diputuskan": "Contoh dari pedoman.",
    }  # fmt: skip
    assert tk.get_action("resource_create")({"user": cast.walidata}, sent)["id"]


def test_personal_data_beside_the_table_are_found(routes, upload):
    below = lines(*GOOD) + "\n\nMengetahui;;;;\nNIP 197001011995031001;;;;\n"
    with pytest.raises(tk.ValidationError, match="di luar tabel"):
        upload(routes.dataset, below, periode="2025")
    unknown = lines(*GOOD).replace("Keterangan", "No HP").replace(",5;", ",5;081234567890")
    with pytest.raises(tk.ValidationError, match="nomor telepon"):
        upload(routes.dataset, unknown, periode="2025")


def test_personal_data_around_the_table_of_a_web_page_are_found(routes, upload, cast):
    rows = [line.split(";") for line in lines(*GOOD).splitlines()]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    page = "<html><body><table>{}</table>{}</body></html>"
    as_book = {"name": "data.xls", "format": "XLS", "periode": "2025"}
    signed = page.format(table, "<p>Mengetahui,<br>NIP. 19700101 199503 1 001</p>")
    with pytest.raises(tk.ValidationError, match="di luar sel tabelnya") as refused:
        upload(routes.dataset, signed, **as_book)
    assert "19700101" not in str(refused.value.error_dict)
    assert upload(routes.dataset, page.format(table, "<p>Sumber: dinas@serangkota.go.id</p>"), **as_book)["id"]


def test_a_workbook_on_a_dataset_becomes_the_agreed_table(routes, upload):
    content, _codes = FILES["angka-teks.xlsx"]
    made = upload(routes.dataset, content, name="data.xlsx", format="XLSX", periode="2025")
    job.load(made["id"])
    model.Session.expire_all()
    assert model.Session.get(Load, made["id"]).state == "selesai", model.Session.get(Load, made["id"]).findings
    found = tk.get_action("datastore_info")({"ignore_auth": True}, {"id": made["id"]})
    assert [(one["id"], one["type"]) for one in found["fields"]] == [
        ("kode_wilayah", "text"),
        ("penduduk", "int8"),
        ("laki_laki", "int8"),
        ("luas", "numeric"),
        ("keterangan", "text"),
    ]
    rows = tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": made["id"], "sort": "_id"})
    assert rows["records"][0]["kode_wilayah"] == "36.73.01"
    query = sa.select(Submission).where(Submission.period == "2025", Submission.superseded_by.is_(None))
    [row] = model.Session.scalars(query)
    assert (row.state, row.valid, row.expected_values, row.filled_values) == ("menunggu_pemeriksaan", True, 6, 6)


def test_an_outlier_that_the_sender_explained_is_no_reason_any_more(routes, cast, act):
    content = FILES["pencilan.csv"][0].encode()
    given = {"entry": "DD-1", "period": "2025", "submit": False}
    found = {}
    for note in ("", "Dua kelurahan bergabung."):
        made = act(cast.produsen, "submission_create", upload=routes.file("a.csv", content), note=note, **given)
        row = model.Session.get(Submission, made["id"], populate_existing=True)
        severities = {one["severity"] for one in row.findings if one["code"] == "nilai-mencolok"}
        found[note] = ("nilai-mencolok" in row.reasons, severities)
        act(cast.produsen, "submission_discard", id=made["id"])
    assert list(found.values()) == [(True, {"warning"}), (False, {"info"})]


def test_a_file_that_lacks_a_column_is_shown_all_the_same(routes, cast, act):
    content = b"REKAP\n\nKecamatan;Banyaknya\nSerang;1.234\n"
    given = {"entry": "DD-1", "period": "2025", "submit": False}
    made = act(cast.produsen, "submission_create", upload=routes.file("a.csv", content), **given)
    row = model.Session.get(Submission, made["id"], populate_existing=True)
    assert "kolom-kurang" in row.totals
    assert row.reading["preview"] == row.reading["read"] == [["Serang", "1.234"]]


def test_the_command_prints_findings_by_rule(routes, tmp_path):
    path = tmp_path / "ganda.csv"
    path.write_text(FILES["kunci-ganda.csv"][0], encoding="utf-8")
    done = routes.cli.invoke(ckan, ["satudata", "check", str(path), "--entry", "DD-1", "--period", "2025"])
    assert done.exit_code == 1
    assert "kunci-ganda (" in done.output
    assert "belum dapat dikirim" in done.output
    refused = routes.cli.invoke(ckan, ["satudata", "check", str(path), "--entry", "DD-9", "--period", "2025"])
    assert refused.exit_code == 1
    assert "tidak ditemukan" in refused.output
