"""Pages and permissions: where login lands, what each role sees, the log of coaching, letters."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action, call_auth

from ckanext.satudataserang.chase import coaching, reminders
from ckanext.satudataserang.chase.model import Coaching, Mail

from tests.chase.conftest import NOW

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "app")

ACTIONS_OF_THE_WALIDATA = (
    "satudata_chase_list",
    "satudata_reminder_letter",
    "satudata_reminder_run",
    "satudata_mail_list",
    "satudata_mail_retry",
    "satudata_coaching_create",
)


@pytest.fixture
def visit(app):
    """Return a function that gets a page as a user: (address, name) -> response, redirects not followed."""

    def get(address, name=None, method="get", **options):
        headers = {}
        if name:
            token = call_action("api_token_create", {"user": name}, user=name, name="uji")["token"]
            headers = {"Authorization": token}
        return getattr(app, method)(address, headers=headers, follow_redirects=False, **options)

    return get


def test_who_is_not_logged_in_is_sent_to_log_in_and_back(town, visit):
    answer = visit("/tugas?opd=dinas-a")
    assert answer.status_code == 302
    assert "/user/login" in answer.location
    assert unquote(answer.location).endswith("next=/tugas?opd=dinas-a")


def test_login_lands_on_the_tasks(town):
    assert tk.config["ckan.auth.route_after_login"] == "satudata_chase.tasks"


def test_a_template_is_offered_only_where_there_is_one(town, visit, make_entries, recompute):
    once = {"opd": "dinas-a", "frequency": "tahunan", "berlaku_dari": "2025-01-01", "berlaku_sampai": "2025-12-31"}
    make_entries(
        {**once, "kode": "A-KEC", "judul": "Data A-KEC", "level_wilayah": "kecamatan"},
        {**once, "kode": "A-LAIN", "judul": "Data A-LAIN", "level_wilayah": "kota"},
    )
    recompute()
    page = visit("/tugas?kelompok=terlambat", "ani").body
    assert "/kirim/A-KEC/2025/templat.xlsx" in page
    assert page.count("templat.xlsx") == 1
    assert visit("/kirim/A-KEC/2025/templat.xlsx", "ani").status_code == 200
    # Nobody has said which columns the other one has.
    assert "Data A-LAIN" in page
    assert visit("/kirim/A-LAIN/2025/templat.xlsx", "ani").status_code == 404


def test_the_people_of_an_opd_see_theirs_and_no_others(town, visit):
    page = visit("/tugas", "ani")
    assert page.status_code == 200
    for said in ("Dinas A", "Data A14", "Terlambat", "Segera jatuh tempo", "Isi"):
        assert said in page.body
    assert "Data B3" not in page.body
    assert visit("/tugas?opd=dinas-b", "ani").status_code == 403
    assert visit("/penagihan", "ani").status_code == 403
    assert visit("/tugas/dinas-a/surat.pdf", "ani").status_code == 403
    assert visit("/tugas?opd=tidak-ada", "wati").status_code == 404
    assert visit("/tugas?opd=a%00b", "wati").status_code == 404


def test_who_has_no_opd_is_sent_on(town, visit, make_user):
    make_user("tamu")
    for name in ("wati", "tamu"):
        answer = visit("/tugas", name)
        assert answer.status_code == 302
        assert "/user/login" not in answer.location
    assert visit("/tugas?opd=dinas-a", "wati").status_code == 200


def test_an_opd_without_any_duty_is_told_what_this_page_will_show(town, visit, make_opd, make_user):
    make_user("dedi", make_opd("kosong", "Badan Kosong"))
    assert "Daftar Data" in visit("/tugas", "dedi").body


@pytest.mark.parametrize("action", ACTIONS_OF_THE_WALIDATA)
def test_the_chase_is_the_walidatas(town, action):
    parameters = {"opd": "dinas-a"}
    assert call_auth(action, {"user": "wati", "model": model}, **parameters)
    for name in ("ani", "budi", "citra", ""):
        with pytest.raises(tk.NotAuthorized):
            call_auth(action, {"user": name, "model": model}, **parameters)


@pytest.mark.parametrize("action", ["satudata_todo_list", "satudata_coaching_list"])
def test_an_opds_own_list_is_its_peoples(town, action, make_user):
    make_user("pina", grant="pembina")
    for name in ("ani", "budi", "wati", "pina"):
        assert call_auth(action, {"user": name, "model": model}, opd="dinas-a")
    for name in ("citra", ""):
        with pytest.raises(tk.NotAuthorized):
            call_auth(action, {"user": name, "model": model}, opd="dinas-a")


def test_the_overview_shows_every_opd_and_the_log(town, visit, inbox):
    inbox.refused["citra@contoh.go.id"] = "550 kotak surat tidak ada"
    reminders.run(NOW)
    page = visit("/penagihan", "wati").body
    for said in ("Dinas A", "Dinas B", "citra@contoh.go.id", "550", "Coba lagi", "Pembinaan"):
        assert said in page
    assert "Dinas B" not in visit("/penagihan?saring=terlambat", "wati").body.split('id="surat"')[0].split("<table")[1]
    answer = visit("/penagihan/surat/ulang", "wati", "post", data={})
    assert answer.status_code == 302
    mail = model.Session.scalar(sa.select(Mail).where(Mail.recipient == "citra@contoh.go.id"))
    model.Session.refresh(mail)
    assert (mail.state, mail.attempts) == ("antre", 0)
    assert visit("/penagihan/surat/ulang", "ani", "post", data={}).status_code == 403


def test_the_dashboard_leads_those_who_may_read_it_to_the_coaching_of_an_opd(town, visit):
    link = 'href="/penagihan/dinas-a"'
    for name in ("wati", "ani"):
        assert link in visit("/kelengkapan/dinas-a", name).body
    assert link not in visit("/kelengkapan/dinas-a").body
    assert 'href="/penagihan/dinas-b"' not in visit("/kelengkapan/dinas-b", "ani").body


def test_everybody_sees_the_measures_before_and_after_coaching_and_nothing_of_what_was_said(town, visit):
    assert "Sebelum dan sesudah pembinaan" not in visit("/kelengkapan/dinas-a").body
    log = {"kind": "kunjungan", "topic": "Sandi rahasia", "entries": "A7", "outcome": "Hasil tertutup"}
    for day in ("2026-02-03", "2026-05-04", "2026-06-05", "2026-07-06"):
        assert visit("/penagihan/dinas-a", "wati", "post", data={**log, "date": day}).status_code == 302
    told = call_action("satudata_coaching_effect_list", {"user": "", "ignore_auth": False}, opd="dinas-a")
    assert (told["count"], told["results"][0]["date"]) == (4, "2026-07-06")
    assert set(told["results"][0]) == {"date", "kind", "before", "after"}
    measured = told["results"][0]["before"]
    shown = call_action("satudata_completeness_show", opd="dinas-a", dari=measured["dari"], sampai=measured["sampai"])[
        "groups"
    ][0]["measures"]
    assert measured["measures"] == {name: shown[name] for name in measured["measures"]}
    page = visit("/kelengkapan/dinas-a").body
    section = page.split('id="pembinaan"')[1].split("</section>")[0]
    assert section.count("<h3>") == 3
    assert "3 yang terbaru dari 4" in section
    assert "12 bulan sebelum" in section
    for hidden in ("Sandi rahasia", "Hasil tertutup", "wati"):
        assert hidden not in page
        assert hidden not in str(told)
    assert 'id="pembinaan"' not in visit("/kelengkapan/dinas-b").body


def test_the_log_of_coaching(town, visit):
    form = {
        "date": "2026-05-04",
        "kind": "klinik",
        "topic": "Mengisi data triwulanan",
        "entries": "A7, A14",
        "outcome": "Sepakat mengirim\nsebelum akhir bulan",
    }
    assert visit("/penagihan/dinas-a", "wati", "post", data=form).status_code == 302
    (made,) = call_action("satudata_coaching_list", opd="dinas-a")["results"]
    assert made["entries"] == ["A7", "A14"]
    page = visit("/penagihan/dinas-a", "wati").body
    assert "Mengisi data triwulanan" in page
    assert "Data A14" in page, "the message to send"
    assert "Mengisi data triwulanan" in visit("/penagihan/dinas-a", "ani").body
    assert "Catat pembinaan" not in visit("/penagihan/dinas-a", "ani").body
    address = f"/penagihan/dinas-a/{made['id']}"
    assert visit(address, "ani", "post", data={**form, "topic": "Lain"}).status_code == 403
    assert visit(address, "wati", "post", data={**form, "topic": "Lain"}).status_code == 302
    assert call_action("satudata_coaching_list", opd="dinas-a")["results"][0]["topic"] == "Lain"
    assert visit(f"{address}/hapus", "ani", "post", data={}).status_code == 403
    assert visit(f"{address}/hapus", "wati", "post", data={}).status_code == 302
    assert call_action("satudata_coaching_list", opd="dinas-a")["count"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("date", "kemarin"), ("date", "2999-01-01"), ("kind", "rapat"), ("topic", "  "), ("entries", "A7, B3")],
)
def test_a_wrong_entry_of_the_log_is_named_and_nothing_kept(town, visit, field, value):
    form = {"date": "2026-05-04", "kind": "klinik", "topic": "Topik", "entries": "", "outcome": "", field: value}
    answer = visit("/penagihan/dinas-a", "wati", "post", data=form)
    assert answer.status_code == 400
    assert f'id="error-{field}"' in answer.body
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Coaching)) == 0


def test_months_before_and_after_a_day(town):
    from datetime import date

    assert coaching.windows(date(2026, 5, 4), NOW) == {
        "before": ("2025-05", "2026-04"),
        "after": ("2026-05", "2026-11"),
    }
    assert coaching.windows(date(2020, 1, 31), NOW)["after"] == ("2020-01", "2020-12")


def test_the_letter_is_a_pdf_and_the_message_a_text(town, visit):
    letter = visit("/tugas/dinas-a/surat.pdf", "wati")
    assert letter.status_code == 200
    assert letter.headers["Content-Type"] == "application/pdf"
    assert letter.data.startswith(b"%PDF-")
    message = visit("/tugas/dinas-a/pesan.txt", "wati")
    assert message.headers["Content-Type"].startswith("text/plain")
    assert "Data A14" in message.body
    assert "Data A-3" not in message.body, "what is not due yet is not asked for"
    assert visit("/tugas/dinas-b/surat.pdf", "wati").status_code == 200
