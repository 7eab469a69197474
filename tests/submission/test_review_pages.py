"""The queue: what waits, what is seen of it, what is decided, and who may; with CSRF protection on where it counts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import g, has_app_context

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories

from ckanext.satudataserang.submission.model import Exemption, Submission

# No request context of the test's own: the signed-in user of each request would be remembered in it.
pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "kept")

QUEUE = "/pemeriksaan"
REDIRECTS = (302, 303)
ROWS = [
    {"kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 10},
    {"kode_wilayah": "36.73.02", "kecamatan": "Kasemen", "penduduk": 20},
]


def forget_who_acted():
    """What fixtures did without a request may have left its (missing) account in the test's own context."""
    if has_app_context():
        g.pop("_login_user", None)


@pytest.fixture
def browse(app):
    """Return a function that opens a page as somebody: ``browse(user, address, data=None, status=200)``."""
    tokens: dict[str, str] = {}

    def ask(user, address, data=None, status=200):
        forget_who_acted()
        tokens[user] = tokens.get(user) or factories.APIToken(user=user)["token"]
        headers = {"Authorization": tokens[user]}
        if data is None:
            answer = app.get(address, headers=headers, status=status)
        else:
            answer = app.post(address, headers=headers, data=data, follow_redirects=False)
            if answer.status_code in REDIRECTS:
                # A request of its own, as in a browser.
                forget_who_acted()
                answer = app.get(answer.headers["Location"], headers=headers)
            assert answer.status_code == status
        return BeautifulSoup(answer.body, "html.parser")

    return ask


@pytest.fixture
def deliver(act, cast, entry):
    """Hand rows in for a period; returns the id of the delivery."""

    def call(period="2025", rows=ROWS, **more):
        return act(cast.produsen, "submission_create", entry=entry.kode, period=period, rows=rows, **more)["id"]

    return call


def text(page):
    return " ".join(page.select_one("#pemeriksaan").text.split())


def state(one):
    return model.Session.scalar(sa.select(Submission.state).where(Submission.id == one))


def test_the_queue_is_oldest_first_and_the_oldest_is_open(browse, cast, deliver):
    assert "Tidak ada yang menunggu" in text(browse(cast.walidata, QUEUE))
    first, second = deliver("2024"), deliver("2025")
    page = browse(cast.walidata, QUEUE)
    assert page.h1.text == "Pemeriksaan: 2 menunggu"
    assert [row["href"].rsplit("/", 1)[1] for row in page.select("[data-pr-row]")] == [first, second]
    assert page.select_one("[data-pr-row][aria-current]")["href"].endswith(first)
    assert page.select_one("[data-pr-id]")["data-pr-id"] == first
    assert "menunggu kurang dari 1 jam" in text(page)
    assert page.select_one("[name=berikut]")["value"] == second


def test_one_button_approves_publishes_and_opens_the_next(browse, cast, public, deliver):
    first, second = deliver("2024"), deliver("2025")
    page = browse(cast.walidata, f"{QUEUE}/{first}", {"putusan": "setujui", "berikut": second})
    assert state(first) == "terbit"
    assert "Terbit: Penduduk, 2024." in text(page)
    assert page.select_one("[data-pr-id]")["data-pr-id"] == second
    # What changes against the year before stands there, and large jumps are marked.
    jump = [{**ROWS[0], "penduduk": 100}, ROWS[1]]
    browse(cast.walidata, f"{QUEUE}/{second}", {"putusan": "setujui"})
    third = deliver("2025", jump, correction_reason="Salah ketik.")
    page = browse(cast.walidata, f"{QUEUE}/{third}")
    [row] = page.select(".pr-jump")
    assert [one.text.strip() for one in row.select("th, td")][:4] == ["Serang", "penduduk", "10", "100"]
    assert "Salah ketik." in text(page)


def test_returning_needs_a_reason_and_takes_remarks_on_findings(browse, cast, deliver):
    one = deliver()
    page = browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "kembalikan", "catatan": " "}, status=400)
    assert page.select_one("[data-pr-return]").has_attr("open")
    assert "Tulis catatan" in page.select_one(".pr-return .kr-wrong__text").text
    assert state(one) == "menunggu_pemeriksaan"
    remark = page.select_one(".kr-remark")["name"]
    told = {"putusan": "kembalikan", "catatan": "Lengkapi.", remark: "Empat kecamatan belum ada."}
    page = browse(cast.walidata, f"{QUEUE}/{one}", told)
    assert state(one) == "dikembalikan"
    assert "Dikembalikan ke" in text(page)
    assert "Empat kecamatan belum ada." in browse(cast.produsen, "/kirim/DD-1/2025").select_one(".kr-returned").text


def test_what_was_decided_meanwhile_is_said(browse, cast, public, deliver):
    one = deliver()
    browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "setujui"})
    page = browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "setujui"})
    assert "terbit" in text(page)
    assert not page.select("[data-pr-approve]")
    assert state(one) == "terbit"


def test_missing_metadata_stands_beside_the_decision(browse, cast, deliver):
    one = deliver()
    page = browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "setujui"})
    assert state(one) == "disetujui"
    assert "belum terbit" in text(page)
    page = browse(cast.walidata, f"{QUEUE}/{one}")
    assert "Penerbitan tertahan" in text(page)
    assert page.select_one("[data-pr-approve]")["value"] == "terbitkan"
    assert page.find("a", string="Lengkapi metadata")


def test_priority_data_go_by_the_pembina(browse, cast, entry, public, deliver):
    entry.prioritas = [2025]
    model.Session.commit()
    one = deliver()
    assert not browse(cast.pembina, QUEUE).select("[data-pr-row]")
    page = browse(cast.walidata, f"{QUEUE}/{one}")
    assert "teruskan ke Pembina" in page.select_one("[data-pr-approve]").text
    browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "setujui"})
    assert state(one) == "disetujui"
    assert not browse(cast.walidata, QUEUE).select("[data-pr-row]")
    page = browse(cast.pembina, QUEUE)
    assert [button["value"] for button in page.select(".pr-actions [name=putusan]")] == [
        "sesuai",
        "kembalikan_walidata",
    ]
    browse(cast.pembina, f"{QUEUE}/{one}", {"putusan": "kembalikan_walidata", "catatan": ""}, status=400)
    browse(cast.pembina, f"{QUEUE}/{one}", {"putusan": "kembalikan_walidata", "catatan": "Beda dengan BPS."})
    assert state(one) == "menunggu_pemeriksaan"
    page = browse(cast.walidata, QUEUE)
    assert "Beda dengan BPS." in text(page)
    browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "setujui"})
    browse(cast.pembina, f"{QUEUE}/{one}", {"putusan": "sesuai"})
    page = browse(cast.walidata, QUEUE)
    assert page.select_one("[data-pr-approve]")["value"] == "terbitkan"
    browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "terbitkan"})
    assert state(one) == "terbit"


def test_requests_for_exemption_wait_in_the_same_queue(browse, act, cast, entry, deliver):
    span = {"berlaku_dari": "2024-01-01", "berlaku_sampai": "2024-12-31", "reason": "Program berhenti."}
    act(cast.produsen, "exemption_create", entry=entry.kode, **span)
    one = deliver()
    page = browse(cast.walidata, QUEUE)
    assert page.h1.text == "Pemeriksaan: 2 menunggu"
    assert "Program berhenti." in text(page)
    address = page.select_one("[data-pr-row][aria-current]")["href"]
    browse(cast.walidata, address, {"putusan": "tolak"}, status=400)
    page = browse(cast.walidata, address, {"putusan": "setujui", "berikut": one})
    assert model.Session.scalar(sa.select(Exemption.state)) == "disetujui"
    assert page.select_one("[data-pr-id]")["data-pr-id"] == one
    assert len(browse(cast.walidata, f"{QUEUE}?jenis=pengecualian").select("[data-pr-row]")) == 0


def test_filters(browse, cast, deliver):
    deliver()
    assert len(browse(cast.walidata, f"{QUEUE}?opd={cast.opd['name']}").select("[data-pr-row]")) == 1
    browse(cast.walidata, f"{QUEUE}?opd=tidak-ada", status=404)
    assert len(browse(cast.walidata, f"{QUEUE}?jenis=menunggu").select("[data-pr-row]")) == 1
    assert len(browse(cast.walidata, f"{QUEUE}?jenis=disetujui").select("[data-pr-row]")) == 0
    page = browse(cast.walidata, f"{QUEUE}?opd={cast.opd['name']}&jenis=menunggu")
    assert f"opd={cast.opd['name']}" in page.select_one("[data-pr-row]")["href"]


def test_who_may_not(app, browse, cast, deliver):
    one = deliver()
    for user in (cast.produsen, cast.pendukung, cast.stranger):
        browse(user, QUEUE, status=403)
        browse(user, f"{QUEUE}/{one}", status=403)
        browse(user, f"{QUEUE}/{one}", {"putusan": "setujui"}, status=403)
    browse(cast.pembina, f"{QUEUE}/{one}", {"putusan": "setujui"}, status=403)
    assert state(one) == "menunggu_pemeriksaan"
    answer = app.get(QUEUE, follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?halaman=0", 400),
        ("?halaman=%D9%A1", 400),
        ("?jenis=%3Cscript%3E", 400),
        ("?opd=%00", 200),
        ("/tidak-ada", 404),
        ("/%00", 404),
        ("/pengecualian/tidak-ada", 404),
    ],
)
def test_hostile_addresses(browse, cast, deliver, address, status):
    deliver()
    page = browse(cast.walidata, QUEUE + address, status=status)
    assert page.h1
    assert "<script>" not in str(page.select_one("[role=main]"))


def test_hostile_decisions_change_nothing(browse, cast, deliver):
    one = deliver()
    browse(cast.walidata, f"{QUEUE}/{one}", {"putusan": "hapus"}, status=400)
    browse(cast.walidata, f"{QUEUE}/{one}", {}, status=400)
    browse(cast.walidata, f"{QUEUE}/tidak-ada", {"putusan": "setujui"}, status=404)
    told = {"putusan": "kembalikan", "catatan": "x", "berikut": "https://example.org/"}
    page = browse(cast.walidata, f"{QUEUE}/{one}", told)
    assert "Tidak ada yang menunggu" in text(page)


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
class TestCsrf:
    """A session needs the token of its own page; an API token needs none."""

    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch):
        # One request without a session exempts its view from CKAN's check for the rest of the process.
        monkeypatch.setattr(csrf, "_exempt_views", set())

    def post(self, app, address, data, status):
        # The session cookie of the test client is for localhost.
        return app.post(address, data=data, base_url="http://localhost", status=status, follow_redirects=False)

    def test_without_its_token_a_form_is_refused(self, app, cast, deliver):
        one = deliver()
        app.set_session_user(model.User.get(cast.walidata).id)
        self.post(app, f"{QUEUE}/{one}", {"putusan": "setujui"}, 400)
        self.post(app, "/kirim/DD-1/2024", {"cara": "nihil", "aksi": "kirim", "catatan": "x", "pernyataan": "ya"}, 400)
        self.post(app, "/pengecualian/DD-1/2024", {"aksi": "ajukan", "alasan": "x"}, 400)
        assert model.Session.scalars(sa.select(Submission.state)).all() == ["menunggu_pemeriksaan"]

    def test_with_it_the_decision_is_taken(self, app, cast, deliver):
        one = deliver()
        app.set_session_user(model.User.get(cast.walidata).id)
        page = BeautifulSoup(app.get(f"{QUEUE}/{one}", base_url="http://localhost").body, "html.parser")
        fields = {field["name"]: field["value"] for field in page.select("#kembalikan input[type=hidden]")}
        self.post(app, f"{QUEUE}/{one}", {**fields, "putusan": "kembalikan", "catatan": "Lengkapi."}, 302)
        assert state(one) == "dikembalikan"


def test_priority_and_urusan_narrow_the_queue(browse, cast, act, entry, deliver):
    common, priority = deliver("2024"), deliver("2025")
    model.Session.execute(sa.update(Submission).where(Submission.id == priority).values(prioritas=True))
    model.Session.commit()

    def rows(query):
        found = browse(cast.walidata, f"{QUEUE}?{query}").select("[data-pr-row]")
        return [one["href"].rsplit("/", 1)[1].partition("?")[0] for one in found]

    assert rows("") == [common, priority]
    assert rows("prioritas=ya") == [priority]
    assert rows(f"urusan={entry.urusan}") == [common, priority]
    assert rows("urusan=9.99") == []
    page = browse(cast.walidata, f"{QUEUE}?prioritas=ya&urusan={entry.urusan}")
    assert page.select_one("#saring-prioritas option[selected]")["value"] == "ya"
    assert page.select_one("#saring-urusan option[selected]")["value"] == entry.urusan
    assert "prioritas=ya" in page.select_one("[data-pr-row]")["href"]
    listed = act(cast.walidata, "submission_list", waiting=True, prioritas="false")["results"]
    assert [one["id"] for one in listed] == [common]
    with pytest.raises(tk.ValidationError):
        act(cast.walidata, "submission_list", prioritas="mungkin")
