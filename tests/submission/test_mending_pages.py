"""Mending an uploaded file on the page, saying how it is to be read, and deciding on personal data."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.core.tables.grid import Layout
from ckanext.satudataserang.submission import files, findings_view, mending, reading_view
from ckanext.satudataserang.submission.forms import Refused
from ckanext.satudataserang.submission.model import Submission

from .test_delivery_pages import browse, forget_who_acted, published  # noqa: F401 (fixtures)

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "kept")

LAST = "/kirim/DD-1/2024"
BAD = "kode_wilayah;wilayah;nilai\n36.73.01;Serang;banyak\n36.73.02;Kasemen;20\n36.73.03;Walantaka;sedikit\n"


def upload(content, name="dari kantor.csv", **more):
    return {"cara": "unggah", "aksi": "kirim", "berkas": (io.BytesIO(content.encode()), name), **more}


def hidden(page):
    form = page.select_one("form[data-kr-grid]")
    return {one["name"]: one.get("value", "") for one in form.select("input[name]")}


def rows_of(row):
    with files.path_of(row.file_sha256).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


@pytest.fixture
def refused(browse, cast, published):  # noqa: F811
    """A file of last year that was refused; gives the page and a way to open pages."""
    return browse(cast.produsen, LAST, upload(BAD)), browse


def test_findings_lead_to_boxes_that_mend_the_file(refused, cast):
    page, browse = refused  # noqa: F811
    # What was found stands before what is asked, also where there is but one column.
    assert [one["class"] for one in page.select(".kr-columns > *")] == [["kr-answer"], ["kr-asked"]]
    boxes = list(page.select("form[data-kr-grid] tbody .kr-wrong__box"))
    assert [one["value"] for one in boxes] == ["banyak", "sedikit"]
    for box in boxes:
        # The message is beside its box, and says so to who cannot see the colour.
        assert "Perbaiki" in page.select_one(f"#{box['aria-describedby']}").text
        assert page.select_one(f".kr-findings a[href='#{box['id']}']")
    told = {**hidden(page), boxes[0]["name"]: "10", boxes[1]["name"]: "30", "aksi": "periksa"}
    checked = browse(cast.produsen, LAST, told)
    assert "tidak ada yang menghalangi" in checked.text
    draft = model.Session.scalar(sa.select(Submission).where(Submission.state == "draf"))
    assert [row[-1] for row in rows_of(draft)] == ["nilai", "10", "20", "30"]
    # What was handed in stays as it was.
    before = model.Session.scalar(sa.select(Submission).where(Submission.state == "tidak_valid"))
    assert "banyak" in files.path_of(before.file_sha256).read_text()


def test_sending_is_not_offered_while_something_is_in_the_way(refused, cast):
    page, browse = refused  # noqa: F811
    assert not page.select("form[data-kr-grid] button[value=kirim]")
    assert "Belum dapat dikirim: 2 " in page.select_one("form[data-kr-grid] .kr-next").text
    # The same file is not sent again; another one may be.
    assert page.select_one("#berkas").has_attr("required")
    boxes = [one["name"] for one in page.select("form[data-kr-grid] tbody .kr-wrong__box")]
    checked = browse(cast.produsen, LAST, {**hidden(page), **dict.fromkeys(boxes, "10"), "aksi": "periksa"})
    assert checked.select("button[value=kirim]")
    assert "Belum dapat dikirim" not in checked.text


def test_what_was_typed_survives_turning_the_page(browse, cast, published):  # noqa: F811
    rows = [f"36.73.{n % 6 + 1:02d};Daerah {n};{'x' if n % 2 else n}" for n in range(120)]
    page = browse(cast.produsen, LAST, upload("kode_wilayah;wilayah;nilai\n" + "\n".join(rows)))
    box = page.select_one("form[data-kr-grid] tbody .kr-wrong__box")["name"]
    turned = browse(cast.produsen, LAST, {**hidden(page), box: "77", "ke": "2"})
    carried = turned.select("input[data-kr-carried]")
    assert [(one["name"], one["value"]) for one in carried] == [(box, "77")]
    assert not turned.select(f"tbody input[name='{box}']")
    every = browse(cast.produsen, LAST, {**hidden(turned), "ke": "semua-1"})
    back = browse(cast.produsen, LAST, {**hidden(turned), "ke": "1"})
    for shown in (every, back):
        assert shown.select_one(f"tbody input[name='{box}']")["value"] == "77"
        assert not shown.select("input[data-kr-carried]")
    # From the second page it is saved with the rest.
    browse(cast.produsen, LAST, {**hidden(turned), "aksi": "periksa"})
    draft = model.Session.scalar(sa.select(Submission).where(Submission.state == "draf"))
    assert "77" in [row[-1] for row in rows_of(draft)]


def test_the_file_with_remarks_is_offered(refused):
    page, _browse = refused
    assert page.select_one("a[href$='/temuan.xlsx']")


def grid(tmp_path, text, **layout):
    path = tmp_path / "a.csv"
    path.write_text(text)
    return mending.grid_of(path, "a.csv", Layout("csv", delimiter=";", encoding="utf-8", **layout).as_dict())


def finding(row, column, severity="error"):
    return {"code": "x", "severity": severity, "message": "Salah.", "advice": "", "row": row, "column": column}


def test_rows_come_in_pages(tmp_path, with_request_context):
    text = "a;b\n" + "".join(f"x;{n}\n" for n in range(200))
    bad = [finding(row, "b") for row in range(2, 62)]
    with grid(tmp_path, text) as found:
        first = mending.view(found, bad, typed={})
        last = mending.view(found, bad, page=99, typed={})
        every = mending.view(found, bad, page=3, every=True, typed={})
    assert (len(first.lines), first.pages, first.bad_rows) == (mending.PER_PAGE, 3, 60)
    assert [line.number for line in last.lines] == list(range(52, 62))
    assert every.lines[0].number == 2 + 2 * mending.PER_PAGE
    assert not every.lines[-1].cells[0].editable


def test_what_was_typed_is_shown_again(tmp_path, with_request_context):
    with grid(tmp_path, "a;b\nx;1\n") as found:
        shown = mending.view(found, [finding(2, "b")], typed={"p-2-1": "dua"})
    assert shown.lines[0].cells[1].value == "dua"


def test_what_is_found_in_titles_is_not_mended_in_rows(tmp_path, with_request_context):
    with grid(tmp_path, "a;b\nx;1\n") as found:
        assert mending.view(found, [finding(1, "b")], typed={}) is None
        assert mending.view(found, [finding(1, "b"), finding(2, "b")], typed={}).bad_rows == 1


CODES = [{"code": "36.73.01", "label": "Serang"}, {"code": "36.73.02", "label": "Kasemen"}]


@pytest.mark.parametrize(
    ("codes", "offered"),
    [
        (CODES, [("Serang", ""), ("Kasemen", "")]),
        ([*CODES, {"code": "36.73.03", "label": "SERANG"}], [("36.73.01", "Serang"), ("36.73.02", "Kasemen")]),
        ([], None),
    ],
)
def test_what_may_stand_in_a_column_is_offered(codes, offered):
    columns = [{"id": "w", "choices": codes}, {"id": "n"}]
    matches = [
        {"title": "Kecamatan", "column_id": "w"},
        {"title": "Nilai", "column_id": "n"},
        {"title": "?", "column_id": ""},
    ]
    found = mending.choices(columns, matches)
    assert (found.get("Kecamatan") or [None])[:2] == (offered or [None])
    assert set(found) == ({"Kecamatan"} if offered else set())


def test_boxes_name_what_may_stand_there(tmp_path, with_request_context):
    with grid(tmp_path, "Kecamatan;b\nx;1\n") as found:
        shown = mending.view(found, [finding(2, "b")], typed={}, allowed={"Kecamatan": [("Serang", "")]})
    kecamatan, other = shown.lines[0].cells
    assert shown.choices == {kecamatan.choices: [("Serang", "")]}
    assert not other.choices


def test_what_is_said_of_several_rows_is_said_once(with_request_context):
    one = "Baris {}: kolom “a” wajib diisi."
    findings = [
        *({**finding(row, "a"), "message": one.format(row)} for row in (2, 5, 9)),
        {**finding(7, "b"), "message": "“x” bukan angka."},
        {**finding(8, "c"), "message": "“x” bukan angka."},
    ]
    linked = lambda row, column: (findings_view.place(row, column), f"#{row}")  # noqa: E731
    (group,) = findings_view.grouped(findings, {"x": 30}, linked)
    told = [
        (item["place"], item["message"], [(each["row"], each["href"]) for each in item["also"]])
        for item in group["items"]
    ]
    assert told == [
        ("baris 2", "Kolom “a” wajib diisi.", [(5, "#5"), (9, "#9")]),
        ("baris 7, kolom b", "“x” bukan angka.", []),
        ("baris 8, kolom c", "“x” bukan angka.", []),
    ]
    assert (group["count"], group["more"]) == (30, 25)
    # Where each may be remarked on, each stands by itself.
    (apart,) = findings_view.grouped(findings, {}, linked, together=False)
    assert [item["number"] for item in apart["items"]] == [0, 1, 2, 3, 4]


def test_boxes_beyond_the_file_change_nothing(tmp_path):
    hostile = {"p-2-0": "y", "p-2-99": "z", "p-99999999-0": "q", "p--1": "r", "p-2-1x": "s"}
    with grid(tmp_path, "a;b\nx;1\n") as found:
        made = mending.mended(found, hostile, "../../rahasia.xlsx")
    assert made.stream.read().decode() == "a,b\ny,1\n"
    assert made.filename == "rahasia.csv"


READING = {
    "layout": {"form": "xlsx", "sheet": "A", "header": [3, 3], "first": 4, "columns": {}},
    "sheets": ["A", "B"],
    "titles": ["Jml Pddk", "Ket"],
    "matches": [
        {"title": "Jml Pddk", "column_id": "penduduk", "how": "fuzzy", "score": 71.0},
        {"title": "Ket", "column_id": "", "how": "none", "score": 0.0},
    ],
    "offered": None,
    "confirm": True,
    "preview": [["12", "-"]],
}
COLUMNS = [
    {"id": "penduduk", "title": "Penduduk", "required": True},
    {"id": "luas", "title": "Luas", "required": True},
]


def test_a_guess_is_asked_about(with_request_context):
    shown = reading_view.view(READING, COLUMNS)
    assert [one["title"] for one in shown["doubtful"]] == ["Jml Pddk"]
    assert shown["lacking"] == ["Luas"]
    assert (shown["sheet"], shown["header_row"]) == ("A", 3)


def test_the_files_own_text_stands_beside_what_it_is_read_as(with_request_context):
    read = {
        "titles": ["Kecamatan", "Jiwa", "Luas", "Ket"],
        "preview": [["Serang", "1.234", "25,8", "-"], ["Curug", "dua", "1.234,5", "1.5"]],
        "read": [["36.73.01", "1234", "25.8", ""], ["36.73.05", None, "1234.5", "1.5"]],
        "numbers": [1, 2],
    }
    shown = reading_view.view({**READING, **read}, COLUMNS)["preview"]
    assert [[(one["text"], one["read"]) for one in row] for row in shown] == [
        [("Serang", "36.73.01"), ("1.234", "1234"), ("25,8", ""), ("-", "kosong")],
        [("Curug", "36.73.05"), ("dua", "tidak terbaca"), ("1.234,5", "1234,5"), ("1.5", "")],
    ]
    # What was read before this was told shows the file alone.
    assert reading_view.view(READING, COLUMNS)["preview"][0][0] == {"text": "12", "read": "", "unread": False}


def test_answers_become_a_layout(with_request_context):
    same = {"baca-lembar": "A", "baca-baris": "3", "baca-kolom-0": "penduduk", "baca-kolom-1": "-"}
    chosen = Layout.from_dict(reading_view.answered(same, READING))
    assert chosen.columns == {"Jml Pddk": "penduduk", "Ket": ""}
    assert chosen.header == (3, 3)
    other = Layout.from_dict(reading_view.answered({**same, "baca-lembar": "B"}, READING))
    assert (other.sheet, other.open) == ("B", True)
    lower = Layout.from_dict(reading_view.answered({**same, "baca-baris": "5"}, READING))
    assert (lower.header, lower.first) == ((5, 5), 6)


def test_a_row_that_is_none_is_refused_at_its_field(with_request_context):
    with pytest.raises(Refused) as refusal:
        reading_view.answered({"baca-baris": "tiga"}, READING)
    assert "baca-baris" in refusal.value.fields


def test_an_offered_melt_is_taken_or_left(with_request_context):
    melt = {"titles": ["2023", "2024"], "periods": ["2023", "2024"], "period_title": "tahun", "value_title": "nilai"}
    offered = {**READING, "offered": melt}
    assert reading_view.view(offered, COLUMNS)["melt"]["pairs"] == ["2023 → 2023", "2024 → 2024"]
    assert reading_view.answered({"baca-lebur": "ya"}, offered)["melt"] == melt
    assert reading_view.answered({"baca-lebur": "tidak"}, offered)["melt"] is None


PERSONAL = (
    "kode_wilayah;wilayah;nilai;nik\n36.73.01;Serang;1;3673010101900001\n36.73.02;Kasemen;2;3673014203880002\n"
    "36.73.03;Walantaka;3;3673011506750003\n"
)


def test_once_masked_nothing_kept_beside_the_file_shows_them(browse, cast, published, act):  # noqa: F811
    text = PERSONAL.replace(";3;3673011506750003", ";tiga, NIK 3673011506750003;3673011506750003")
    browse(cast.produsen, LAST, upload(text, aksi="draf"))
    [row] = model.Session.scalars(sa.select(Submission).where(Submission.period == "2024"))
    kept = str(row.reading)
    assert "3673010101900001" not in kept
    assert "*" * 16 in kept
    # Whoever mends the file is told what is wrong with it.
    assert "3673011506750003" in str(row.findings)
    act(cast.walidata, "submission_privacy", id=row.id, decision="disamarkan")
    model.Session.expire_all()
    row = model.Session.get(Submission, row.id)
    assert {one["code"] for one in row.findings} >= {"bukan-angka", "data-pribadi-nik"}
    assert "3673011506750003" not in f"{row.findings} {row.reading} {row.problem}"
    shown = act(cast.pembina, "submission_show", id=row.id)
    assert "3673011506750003" not in str(shown)
    # What is found again is masked again, as long as the decision stands.
    act(cast.produsen, "submission_transition", id=row.id, to="diajukan")
    model.Session.expire_all()
    row = model.Session.get(Submission, row.id)
    assert (row.state, row.privacy) == ("tidak_valid", "disamarkan")
    assert {one["code"] for one in row.findings} >= {"bukan-angka", "data-pribadi-nik"}
    assert "3673011506750003" not in f"{row.findings} {row.reading}"


def test_personal_data_wait_for_a_decision(browse, cast, published, act):  # noqa: F811
    page = browse(cast.produsen, LAST, upload(PERSONAL))
    [row] = model.Session.scalars(sa.select(Submission).where(Submission.period == "2024"))
    assert (row.state, row.privacy) == ("menunggu_pemeriksaan", "ditahan")
    assert "Ada data pribadi" in page.text
    address = f"/pemeriksaan/{row.id}"
    desk = browse(cast.walidata, address)
    assert {one["value"] for one in desk.select("button[name=putusan]")} == {"disamarkan", "dilepas", "kembalikan"}
    refusal = browse(cast.walidata, address, {"putusan": "dilepas", "catatan": ""}, status=400)
    assert "alasan" in refusal.text
    decided = browse(cast.walidata, address, {"putusan": "disamarkan", "catatan": "", "berikut": row.id})
    assert "disamarkan" in decided.text
    model.Session.expire_all()
    row = model.Session.get(Submission, row.id)
    assert row.privacy == "disamarkan"
    assert browse(cast.walidata, address).select_one("button[value=setujui]")
