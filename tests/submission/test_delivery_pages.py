"""The pages on which an OPD delivers: what they ask, what they take, what they keep, whom they refuse."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import g, has_app_context

from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.submission.model import Exemption, Extension, Submission

# No request context of the test's own: the signed-in user of each request would be remembered in it.
pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "kept")

FORM = "/kirim/DD-1/2025"
HISTORY = "/riwayat/DD-1/2025"
KECAMATAN = ["Cipocok Jaya", "Curug", "Kasemen", "Serang", "Taktakan", "Walantaka"]


def forget_who_acted():
    """What fixtures did without a request may have left its (missing) account in the test's own context."""
    if has_app_context():
        g.pop("_login_user", None)


@pytest.fixture
def browse(app):
    """Return a function that opens a page as somebody: ``browse(user, address, data=None, status=200)``."""
    tokens: dict[str, str] = {}

    def ask(user, address, data=None, status=200, **options):
        headers = {}
        forget_who_acted()
        if user:
            tokens[user] = tokens.get(user) or factories.APIToken(user=user)["token"]
            headers["Authorization"] = tokens[user]
        call = app.get if data is None else app.post
        given = {} if data is None else {"data": data, "follow_redirects": True}
        answer = call(address, headers=headers, status=status, **given, **options)
        return BeautifulSoup(answer.body, "html.parser")

    return ask


def boxes(page):
    """What a browser would send of the grid: hidden and visible fields with their values."""
    form = page.select_one("[data-kr-grid]")
    assert form is not None, page.text
    found = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    return {**found, **{one["name"]: one.text for one in form.select("textarea[name]")}}


def filled(page, value="12", **more):
    """The grid with the same number in every box of a number."""
    numbers = [one["name"] for one in page.select("[data-kr-grid] tbody input[inputmode=decimal]")]
    return {**boxes(page), **dict.fromkeys(numbers, value), **more}


def text(page):
    return " ".join(page.select_one("[role=main]").text.split())


def states():
    return list(model.Session.scalars(sa.select(Submission.state).order_by(Submission.created_at)))


@pytest.fixture
def published(browse, cast, entry, public, act):
    """The period 2025 stands published with 12 in every kecamatan."""
    browse(cast.produsen, FORM, filled(browse(cast.produsen, FORM), aksi="kirim"))
    [row] = model.Session.scalars(sa.select(Submission))
    done = act(cast.walidata, "submission_transition", id=row.id, to="disetujui", publish=True)
    assert done["state"] == "terbit", done["problem"]
    return done


def test_the_form_says_what_is_asked(browse, cast, entry):
    page = browse(cast.produsen, FORM)
    assert page.h1.text == "Penduduk, 2025"
    asked = " ".join(page.select_one(".kr-asked").text.split())
    assert "30 Januari 2026" in asked
    assert "lewat" in asked
    assert [link.text for link in page.select(".kr-ways a")] == ["Isi di sini", "Unggah berkas", "Nihil"]


def test_a_new_table_offers_the_areas_of_the_city(browse, cast, entry):
    page = browse(cast.produsen, FORM)
    names = [one.text for one in page.select(".kr-grid .kr-class")]
    assert sorted(names) == KECAMATAN
    assert page.select_one("input[name=judul-0]")["value"] == "Nilai"


def test_typed_sent_and_waiting(browse, cast, entry):
    sent = filled(browse(cast.produsen, FORM), "1.234,5", aksi="kirim", catatan="dari catatan dinas")
    sent["judul-0"] = "Jumlah penduduk"
    page = browse(cast.produsen, FORM, sent)
    assert "Sudah dikirim, menunggu Walidata" in text(page)
    [row] = model.Session.scalars(sa.select(Submission))
    assert (row.state, row.filled_values, row.note) == ("menunggu_pemeriksaan", 6, "dari catatan dinas")
    assert not page.select("[data-kr-grid]")
    again = browse(cast.produsen, f"{FORM}?lagi=ya")
    assert {one["value"] for one in again.select("[inputmode=decimal]")} == {"1234,5"}


def test_a_draft_is_kept_with_what_cannot_be_read(browse, cast, entry):
    sent = filled(browse(cast.produsen, FORM), "10", aksi="kirim")
    sent["s-2-2"] = "dua belas"
    page = browse(cast.produsen, FORM, sent, status=400)
    summary = page.select_one(".kr-errors a")
    assert summary["href"] == "#s-2-2"
    assert "bukan angka" in summary.text
    assert page.select_one("#s-2-2")["value"] == "dua belas"
    assert page.select_one("#s-2-2")["aria-invalid"] == "true"
    assert states() == ["draf"]
    page = browse(cast.produsen, FORM)
    assert page.select_one("#s-2-2")["value"] == "dua belas"
    # Mended, it goes out from the draft.
    sent = {**boxes(page), "s-2-2": "12", "aksi": "kirim"}
    browse(cast.produsen, FORM, sent)
    assert states() == ["menunggu_pemeriksaan"]


def test_a_draft_can_be_saved_and_thrown_away(browse, cast, entry):
    page = browse(cast.produsen, FORM, filled(browse(cast.produsen, FORM), "5", aksi="draf"))
    assert "Draf disimpan" in page.text
    assert states() == ["draf"]
    browse(cast.produsen, FORM, {"aksi": "hapus", "cara": "isi"})
    assert states() == []


def test_an_empty_grid_is_kept_but_not_sent(browse, cast, entry):
    page = browse(cast.produsen, FORM, {**boxes(browse(cast.produsen, FORM)), "aksi": "kirim"}, status=400)
    assert states() == ["draf"]
    [link] = page.select(".kr-errors a")
    assert page.select_one(link["href"])
    assert "Nihil" in link.text
    # The classes are still there, so the clerk goes on where they were.
    assert sorted(one.text for one in page.select(".kr-grid .kr-class")) == KECAMATAN


def test_rows_can_be_added_and_what_they_are_about_changed(browse, cast, entry):
    first = browse(cast.produsen, FORM)
    more = browse(cast.produsen, FORM, filled(first, "3", aksi="baris"))
    assert len(more.select(".kr-grid tbody tr")) == len(KECAMATAN) + 5
    assert more.select_one("#s-0-2")["value"] == "3"
    opened = browse(cast.produsen, FORM, filled(first, "3", aksi="rincian"))
    assert len(opened.select(".kr-grid tbody th input.form-control")) == 2 * len(KECAMATAN)
    assert states() == []


def test_uploads(browse, cast, entry):
    content = b"kode_wilayah;kecamatan;penduduk\r\n36.73.01;Serang;10\r\n36.73.02;Kasemen;20\r\n"
    page = browse(cast.produsen, f"{FORM}?cara=unggah")
    assert "CSV" in text(page)
    refused = browse(cast.produsen, FORM, {"cara": "unggah", "aksi": "kirim"}, status=400)
    assert refused.select_one(".kr-errors a")["href"] == "#berkas"
    sent = {"cara": "unggah", "aksi": "kirim", "berkas": (io.BytesIO(content), "../../etc/<b>data.csv")}
    page = browse(cast.produsen, FORM, sent)
    [row] = model.Session.scalars(sa.select(Submission))
    assert (row.state, row.filled_values) == ("menunggu_pemeriksaan", 2)
    assert row.file_sha256 == hashlib.sha256(content).hexdigest()
    link = page.select_one(".kr-locked a[download]")
    assert "<b>data.csv" in link.text


def test_the_file_comes_back_byte_for_byte_and_is_never_shown(app, browse, cast, entry):
    content = b"<script>alert(1)</script>;b\r\n1;2\r\n"
    sent = {"cara": "unggah", "aksi": "kirim", "berkas": (io.BytesIO(content), "data.html")}
    browse(cast.produsen, FORM, sent)
    [row] = model.Session.scalars(sa.select(Submission))
    address = f"/kiriman/{row.id}/berkas"
    token = factories.APIToken(user=cast.walidata)["token"]
    answer = app.get(address, headers={"Authorization": token})
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].startswith("application/octet-stream")
    browse(cast.stranger, address, status=403)
    assert app.get(address, follow_redirects=False).status_code == 302
    browse(cast.walidata, "/kiriman/tidak-ada/berkas", status=404)


def test_an_invalid_file_names_its_places(browse, cast, entry, published):
    content = b"kode_wilayah;nama_wilayah;nilai\r\n36.73.01;Serang;banyak\r\n36.73.02;Kasemen;20\r\n"
    sent = {"cara": "unggah", "aksi": "kirim", "berkas": (io.BytesIO(content), "data.csv")}
    page = browse(cast.produsen, "/kirim/DD-1/2024", sent)
    assert model.Session.scalar(sa.select(Submission.state).where(Submission.period == "2024")) == "tidak_valid"
    links = [one for one in page.select(".kr-findings li a") if one["href"].startswith(("#s-", "#p-"))]
    assert links
    for link in links:
        assert page.select_one(link["href"]), link
    assert re.search(r"\d×", page.select_one(".kr-findings summary").text)


def test_nil_needs_a_reason_and_a_word(browse, cast, entry):
    empty = {"cara": "nihil", "aksi": "kirim"}
    page = browse(cast.produsen, FORM, empty, status=400)
    assert {one["href"] for one in page.select(".kr-errors a")} == {"#alasan-nihil", "#pernyataan"}
    assert states() == []
    told = {**empty, "catatan": "Tidak ada kejadian.", "pernyataan": "ya"}
    browse(cast.produsen, FORM, told)
    [row] = model.Session.scalars(sa.select(Submission))
    assert (row.state, row.nil, row.note) == ("menunggu_pemeriksaan", True, "Tidak ada kejadian.")


def test_earlier_values_stand_beside_the_boxes(browse, cast, published):
    page = browse(cast.produsen, "/kirim/DD-1/2024")
    box = page.select_one("[inputmode=decimal]")
    assert box["value"] == ""
    page = browse(cast.produsen, "/kirim/DD-1/2025?lagi=ya")
    box = page.select_one("[inputmode=decimal]")
    assert box["value"] == "12"
    assert "2025: 12" in page.select_one(f"#{box['aria-describedby']}").text


def test_a_correction_needs_a_reason_that_the_public_reads(browse, cast, published):
    page = browse(cast.produsen, FORM)
    assert "Sudah terbit" in text(page)
    assert not page.select("[data-kr-grid]")
    form = browse(cast.produsen, f"{FORM}?lagi=ya")
    refused = browse(cast.produsen, f"{FORM}?lagi=ya", filled(form, "13", aksi="kirim"), status=400)
    assert refused.select_one(".kr-errors a")["href"] == "#alasan-koreksi"
    assert {one["value"] for one in refused.select("tbody [inputmode=decimal]")} == {"13"}
    told = filled(refused, "13", aksi="kirim", alasan="Salah salin angka Serang.")
    browse(cast.produsen, f"{FORM}?lagi=ya", told)
    correction = model.Session.scalar(sa.select(Submission).where(Submission.corrects.is_not(None)))
    assert correction.correction_reason == "Salah salin angka Serang."


def test_a_returned_delivery_shows_the_notes_at_their_cells(browse, cast, entry, act):
    browse(cast.produsen, FORM, filled(browse(cast.produsen, FORM), "7", aksi="kirim"))
    [row] = model.Session.scalars(sa.select(Submission))
    notes = [{"code": "lonjakan", "row": 3, "column": "Nilai", "note": "Periksa <b>angka</b> ini."}]
    act(cast.walidata, "submission_transition", id=row.id, to="dikembalikan", note="Satu angka.", notes=notes)
    page = browse(cast.produsen, FORM)
    returned = page.select_one(".kr-returned")
    assert "Satu angka." in returned.text
    link = returned.select_one("a")
    assert page.select_one(link["href"])["value"] == "7"
    assert "Periksa <b>angka</b> ini." in page.select_one(f"{link['href']}-galat").text
    browse(cast.produsen, FORM, {**boxes(page), "aksi": "kirim"})
    assert sorted(states()) == ["dikembalikan", "menunggu_pemeriksaan"]


def test_two_clerks_at_once_one_is_told(browse, cast, entry):
    first, second = browse(cast.produsen, FORM), browse(cast.pendukung, FORM)
    browse(cast.produsen, FORM, filled(first, "1", aksi="kirim"))
    page = browse(cast.pendukung, FORM, filled(second, "2", aksi="kirim"), status=409)
    assert "sudah mengirim" in page.select_one(".kr-errors").text
    assert {one["value"] for one in page.select("tbody [inputmode=decimal]")} == {"2"}
    assert states() == ["menunggu_pemeriksaan"]


def test_the_template_has_the_titles_and_the_classes_of_the_last_period(app, cast, published):
    token = factories.APIToken(user=cast.produsen)["token"]
    answer = app.get("/kirim/DD-1/2026/templat.csv", headers={"Authorization": token})
    lines = answer.body.lstrip("\ufeff").splitlines()
    assert lines[1] == "Kode wilayah;Wilayah;Nilai"
    assert "36.73.01;Serang;" in lines
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_history_shows_everybody_their_part(browse, cast, published):
    inside = text(browse(cast.produsen, HISTORY))
    for said in ("disetujui Walidata", published["file_sha256"], "DD-1-2025.csv"):
        assert said in inside
    outside = text(browse(None, HISTORY))
    assert "Terbit, belum pernah dikoreksi." in outside
    assert published["file_sha256"] not in outside
    assert "Draf" not in outside


def test_asking_for_an_exemption_and_for_more_time(browse, cast, entry):
    address = "/pengecualian/DD-1/2025"
    page = browse(cast.produsen, address)
    assert page.select_one("#dari")["value"] == "2025-01-01"
    asked = {"aksi": "ajukan", "dari": "2025-01-01", "sampai": "2025-12-31", "alasan": ""}
    refused = browse(cast.produsen, address, asked, status=400)
    assert refused.select_one(".kr-errors a")["href"] == "#alasan"
    browse(cast.produsen, address, {**asked, "dari": "kemarin", "alasan": "Program berhenti."}, status=400)
    page = browse(cast.produsen, address, {**asked, "alasan": "Program berhenti."})
    [row] = model.Session.scalars(sa.select(Exemption))
    assert (row.state, row.reason) == ("diusulkan", "Program berhenti.")
    assert "Program berhenti." in text(page)

    address = "/perpanjangan/DD-1/2025"
    asked = {"aksi": "ajukan", "sampai": "2030-01-31", "alasan": "Banjir."}
    browse(cast.produsen, address, asked, status=403)
    page = browse(cast.walidata, address, asked)
    [row] = model.Session.scalars(sa.select(Extension))
    assert row.until.isoformat() == "2030-01-31"
    browse(cast.walidata, address, {"aksi": "cabut", "id": row.id})
    assert model.Session.scalar(sa.select(Extension.revoked_at)) is not None
    assert states() == []


@pytest.mark.parametrize("address", [FORM, "/pengecualian/DD-1/2025", "/perpanjangan/DD-1/2025"])
def test_who_may_not(app, browse, cast, entry, address):
    answer = app.get(address, follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]
    browse(cast.stranger, address, status=403)
    browse(cast.stranger, address, {"aksi": "kirim", "cara": "isi", "s-0-0": "1"}, status=403)
    assert states() == []


def test_the_pembina_may_look_but_not_send(browse, cast, entry):
    page = browse(cast.pembina, FORM)
    assert not page.select("[data-kr-grid]")
    browse(cast.pembina, FORM, {"aksi": "kirim", "cara": "isi", "s-0-0": "1"}, status=403)
    assert states() == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/kirim/DD-1/2025-Q9", 404),
        ("/kirim/DD-1/2025-Q1", 404),
        ("/kirim/DD-1/1999", 404),
        ("/kirim/tidak-ada/2025", 404),
        ("/kirim/DD-1%00/2025", 404),
        ("/kirim/a/b/c/2025", 404),
        ("/kirim/DD-1/2025?cara=%00&lagi=%3Cb%3E", 200),
        ("/riwayat/DD-1/%3Cscript%3E", 404),
        ("/riwayat/DD-1/9999999999999999", 404),
        ("/pengecualian/DD-1/semalam", 404),
    ],
)
def test_hostile_addresses(browse, cast, entry, address, status):
    page = browse(cast.produsen, address, status=status)
    assert page.h1
    assert "<script>" not in str(page.select_one("[role=main]"))


def test_hostile_forms_change_nothing(browse, cast, entry):
    browse(cast.produsen, FORM, {"aksi": "terbit", "cara": "isi"}, status=400)
    browse(cast.produsen, FORM, {"aksi": "kirim", "cara": "../x"}, status=400)
    assert states() == []
    sent = {"aksi": "draf", "cara": "isi", "s-0-2": "<img src=x onerror=alert(1)>", "s-9999-0": "x", "judul-0": "=1+1"}
    page = browse(cast.produsen, FORM, sent)
    assert not page.select("img[src=x]")
    assert states() == ["draf"]


def test_an_entry_whose_kode_has_a_slash(browse, cast, entry):
    entry.kode = "DD/1"
    model.Session.commit()
    assert browse(cast.produsen, "/kirim/DD/1/2025").h1.text == "Penduduk, 2025"
