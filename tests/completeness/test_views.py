"""The pages say what the actions count, every figure leads to its rows, and nothing wrong in an address is a fault."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness import rendered
from ckanext.satudataserang.completeness.rules import rules, rules_on
from ckanext.satudataserang.core.measures import MEASURES, Ratio, index

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

CITY = "/kelengkapan?tahun=2016"


def open_page(app, address, status=200):
    return BeautifulSoup(app.get(address, status=status).body, "html.parser")


def figures_in(text):
    """The numbers of a text as written in Indonesian."""
    return [int(number.replace(".", "")) for number in re.findall(r"\d{1,3}(?:\.\d{3})+|\d+", text)]


_COUNTED: dict[str, int] = {}


def counted(app, address):
    """What a list says it counts; many figures lead to the same list, so each is opened once."""
    if address not in _COUNTED:
        _COUNTED[address] = count_list(app, address)
    return _COUNTED[address]


def count_list(app, address):
    """What a list says it counts, after checking that it lists as many rows as it says cells or entries."""
    page = open_page(app, address)
    shown = page.select_one("[data-jumlah]")
    assert figures_in(shown.text) == [int(shown["data-jumlah"])]
    query = parse_qs(urlsplit(address).query)
    of_values = query.get("ukuran", [""])[0] in ("kelengkapan_isian", "kelengkapan_metadata", "konsistensi")
    rows = page.select(".sk-list tbody tr")
    if not of_values:
        assert len(rows) == min(int(shown["data-jumlah"]), 50)
    return int(shown["data-jumlah"])


def with_part(address, part):
    return re.sub(r"bagian=\w+", f"bagian={part}", address)


def test_title_answers_the_question(app):
    page = open_page(app, CITY)
    # Due: 6 yearly cells and 4 quarters of dinkes, 5 of disdik, 1 of dishub. Complete: KES-1, KES-4, KES-T Q1.
    assert page.h1.text.strip() == "Kelengkapan data 2016: 19\N{NO-BREAK SPACE}% dari 16 yang jatuh tempo"


def test_year_without_anything_due(app):
    for year in (1900, 2200):
        assert "belum ada yang jatuh tempo" in open_page(app, f"/kelengkapan/dinkes?tahun={year}").h1.text
    assert "belum ada yang jatuh tempo" in open_page(app, "/kelengkapan?tahun=2030").h1.text


def test_newest_year_with_something_due_is_shown_first(app):
    assert "2016" in open_page(app, "/kelengkapan").h1.text


def test_tiles_lead_to_lists_of_the_same_count(app):
    pages = (CITY, "/kelengkapan?tahun=2015", f"{CITY}&urusan=1.02", "/kelengkapan/dinkes?tahun=2016")
    links = [link for address in pages for link in open_page(app, address).select(".sk-tiles a.sk-part")]
    # In this city nothing is compared, so konsistensi has no parts.
    assert len(links) == 2 * (len(MEASURES) - 1) * len(pages)
    for link in links:
        assert figures_in(link.text)[0] == counted(app, link["href"]), link["href"]


def test_states_lead_to_lists_of_the_same_count_and_add_up_to_what_is_due(app):
    for address in (CITY, "/kelengkapan/dinkes?tahun=2016", "/kelengkapan/disdik?tahun=2014"):
        page = open_page(app, address)
        links = page.select(".sk-states a")
        counts = [figures_in(link.text)[-1] for link in links]
        assert counts == [counted(app, link["href"]) for link in links]
        assert sum(counts) == figures_in(page.h1.text)[-1]


def test_every_cell_of_the_table_leads_to_lists_of_the_same_counts(app):
    pages = (CITY, f"{CITY}&urusan=1.02")
    links = [
        link for address in pages for link in open_page(app, address).select(".sk-table tbody td > a[href*=bagian]")
    ]
    assert len(links) >= (3 + 7) * len(MEASURES)
    for link in links:
        found = re.search(r"([\d.]+)/([\d.]+)", link.text)
        if found is None:
            assert figures_in(link.text) == [counted(app, link["href"])]
            continue
        numerator, denominator = (int(number.replace(".", "")) for number in found.groups())
        assert counted(app, link["href"]) == denominator, link["href"]
        assert counted(app, with_part(link["href"], "pembilang")) == numerator, link["href"]
        assert counted(app, with_part(link["href"], "sisa")) == denominator - numerator, link["href"]


def test_every_square_of_the_maps_leads_to_lists_of_the_same_counts(app):
    pages = (CITY, f"{CITY}&urusan=1.02", "/kelengkapan/dinkes?tahun=2016")
    opened = [open_page(app, address) for address in pages]
    assert len([link for page in opened for link in page.select(".sk-by-year td a")]) == 3 * (3 + 1 + 1)
    # Quarters end in March, June, September and December; years in December.
    assert [len(page.select(".sk-by-month td a")) for page in opened] == [4 + 1 + 1, 4, 0]
    for link in (link for page in opened for link in page.select(".sk-heat td a")):
        numerator, denominator = re.search(r"(\d+)/(\d+)", link.text).groups()
        assert counted(app, link["href"]) == int(denominator)
        assert counted(app, with_part(link["href"], "pembilang")) == int(numerator)


def test_rows_of_the_table_add_up_to_the_city(app):
    shown = call_action("satudata_completeness_show", year=2016)
    for name, measure in shown["city"]["measures"].items():
        for part in ("numerator", "denominator"):
            assert sum(group["measures"][name][part] for group in shown["groups"]) == measure[part]


def test_what_cannot_be_ranked_is_said(app):
    rows = {
        row.th.a["href"].split("/")[-1].split("?")[0]: row for row in open_page(app, CITY).select(".sk-table tbody tr")
    }
    assert "belum diperingkat" in rows["dishub"].text
    assert "belum diperingkat" not in rows["dinkes"].text
    assert "tidak ada kewajiban" in rows["kosong"].text
    assert "perlu diperbaiki" in rows["dinkes"].select_one(".sk-index").text
    assert list(rows)[:2] == ["dinkes", "disdik"]


def test_table_is_sorted_by_address_alone(app):
    firsts = {
        "nama": "kosong",
        "-nama": "dishub",
        "-kewajiban": "dinkes",
        "indeks": "disdik",
        "-tren": "dinkes",
        "-di_luar": "dinkes",
    }
    for sort, first in firsts.items():
        page = open_page(app, f"{CITY}&urut={sort}")
        assert page.select_one(".sk-table tbody th a")["href"].split("?")[0] == f"/kelengkapan/{first}", sort
        head = page.select_one(".sk-table thead th[aria-sort]")
        assert head["aria-sort"] == ("descending" if sort.startswith("-") else "ascending")
        turned = parse_qs(urlsplit(head.a["href"]).query)["urut"][0]
        assert turned == (sort[1:] if sort.startswith("-") else f"-{sort}")


def test_datasets_outside_the_plan_are_counted_and_listed(app):
    city = open_page(app, CITY)
    link = next(link for link in city.select(".sk-table td a") if link["href"].endswith("#di-luar"))
    assert link.text == "2"
    assert "1 data contoh" in link.parent.text
    section = open_page(app, link["href"].split("#")[0]).select_one("[aria-labelledby=di-luar]")
    assert len(section.select("li")) == 2
    assert len(section.select("li .sk-sample")) == 1
    assert section.find("a", href=re.compile("organization=dinkes"))


def test_sample_data_is_named_wherever_it_is_shown(app):
    assert "1 entri pada halaman ini adalah data contoh" in open_page(app, CITY).select_one(".sk-notice").text
    assert open_page(app, "/kelengkapan?tahun=2016&urusan=1.02").select_one(".sk-notice") is None
    opd = open_page(app, "/kelengkapan/disdik?tahun=2016")
    assert opd.select_one(".sk-notice")
    for address in (
        "/kelengkapan/sel?tahun=2016&opd=disdik",
        "/kelengkapan/entri?tahun=2016&opd=disdik",
        "/kelengkapan/entri/DIK-5",
        "/kelengkapan/entri/DIK-5/2016",
        f"{CITY}&urusan=1.01",
    ):
        assert len(open_page(app, address).select(".sk .sk-sample")) >= 1, address
    assert len(opd.select(".sk-grid .sk-sample")) == 1


def test_grid_has_a_symbol_and_a_word_in_every_square_and_leads_to_the_cell(app):
    page = open_page(app, "/kelengkapan/dinkes?tahun=2016")
    squares = page.select(".sk-grid td a")
    assert len(squares) == 6 * 3 + 4
    words = {square["href"]: square["aria-label"] for square in squares}
    assert words["/kelengkapan/entri/KES-1/2016"] == "tepat waktu"
    assert words["/kelengkapan/entri/KES-2/2015"] == "terlambat"
    assert words["/kelengkapan/entri/KES-2/2016"] == "tidak valid"
    assert words["/kelengkapan/entri/KES-4/2016"] == "nihil"
    assert words["/kelengkapan/entri/KES-T/2016-Q3"] == "terlewat"
    for square in squares:
        cell = open_page(app, square["href"])
        assert words[square["href"]] in cell.h1.text


def test_reasons_are_sentences_and_lead_to_their_cells(app):
    page = open_page(app, "/kelengkapan/dinkes?tahun=2016")
    steps = page.select_one("[aria-labelledby=langkah]")
    assert "Nilai kembar saling bertentangan" in steps.text
    assert "sandi-yang-tidak-dikenal" in steps.text
    links = [link for link in steps.select("a") if "alasan=" in link["href"]]
    assert len(links) == 3
    assert [figures_in(link.text)[0] for link in links] == [counted(app, link["href"]) for link in links]


def test_lost_points_lead_to_their_lists(app):
    steps = open_page(app, "/kelengkapan/dinkes?tahun=2016").select_one("[aria-labelledby=langkah]")
    links = [link for link in steps.select("a") if "bagian=sisa" in link["href"] or "aturan=" in link["href"]]
    assert len(links) > 5
    for link in links:
        assert figures_in(link.text)[0] == counted(app, link["href"]), link["href"]


def test_private_dataset_is_not_named(app):
    """DIK-1 is open data, so its private dataset is not published; neither name nor title may show."""
    for address in (
        "/kelengkapan/entri?tahun=2016&opd=disdik",
        "/kelengkapan/entri/DIK-1",
        "/kelengkapan/entri/DIK-1/2016",
    ):
        assert "dik-1" not in str(open_page(app, address).select_one(".sk")).replace("DIK-1", "")


def test_lists_are_paged_and_narrowed(app, make_entries, recompute):
    make_entries(*({"kode": f"BANYAK-{n}", "judul": f"Data {n:03}", "opd": "dishub"} for n in range(60)))
    recompute()
    address = "/kelengkapan/sel?tahun=2016&opd=dishub"
    first, second = open_page(app, address), open_page(app, f"{address}&halaman=2")
    assert len(first.select(".sk-list tbody tr")) == 50
    assert len(second.select(".sk-list tbody tr")) == 11
    assert (
        first.select_one("[rel=next]")["href"]
        == f"{address.replace('tahun=2016&opd=dishub', 'opd=dishub&tahun=2016')}&halaman=2"
    )
    assert first.select_one("[rel=prev]") is None
    assert second.select_one("[rel=next]") is None


def linked_figures(page):
    """Every link of a page whose text begins with the count of the list it leads to."""
    for symbol in page.select(".sk a [aria-hidden=true]"):
        symbol.decompose()  # the symbol of "nihil" is a digit
    for link in page.select(".sk a[href*='/sel?'], .sk a[href*='/entri?']"):
        found = re.search(r"([\d.]+)/([\d.]+)", link.text)
        if found:
            denominator = link["href"].replace("bagian=pembilang", "bagian=penyebut")
            yield denominator, int(found[2].replace(".", ""))
            yield with_part(denominator, "pembilang"), int(found[1].replace(".", ""))
        elif figures_in(link.text):
            yield link["href"], figures_in(link.text)[0]


def test_every_linked_figure_of_the_pages_is_the_count_of_its_list(app):
    """Whatever figures a page comes to show: none may say another number than the list behind it."""
    seen = 0
    for address in (
        CITY,
        "/kelengkapan?dari=2015-07&sampai=2016-06",
        f"{CITY}&tema=HEAL",
        "/kelengkapan/dinkes?tahun=2016",
    ):
        for target, number in linked_figures(open_page(app, address)):
            assert counted(app, target) == number, (address, target)
            seen += 1
    assert seen > 200


def test_a_window_of_months_counts_only_what_ended_in_it(app):
    page = open_page(app, "/kelengkapan?dari=2016-01&sampai=2016-06")
    assert page.h1.text.strip() == "Kelengkapan data Januari–Juni 2016: 50\N{NO-BREAK SPACE}% dari 2 yang jatuh tempo"
    assert page.select_one("#field-dari")["value"] == "2016-01"
    assert all("dari=2016-01&sampai=2016-06" in link["href"] for link in page.select(".sk-tiles a.sk-part"))
    assert "Juli 2015–Juni 2016" in open_page(app, "/kelengkapan/dinkes?dari=2015-07&sampai=2016-06").h1.text
    assert "2015–2016" in open_page(app, "/kelengkapan?dari=2015-01&sampai=2016-12").h1.text


def test_trend_is_a_symbol_a_word_and_a_number(app):
    shown = call_action("satudata_completeness_show", year=2016)
    delta = {one["name"]: one["trend"]["12"]["index"] for one in shown["groups"]}
    assert delta["dinkes"] > 0
    page = open_page(app, f"{CITY}&banding=12")
    row = next(row for row in page.select(".sk-league tbody tr") if "/dinkes?" in row.th.a["href"])
    said = row.select_one(".sk-trend").text
    assert said.startswith("▲ naik ")
    assert float(said.split()[-1].replace(",", ".")) == pytest.approx(delta["dinkes"], abs=0.1)
    assert row.select_one("svg polyline")["points"].count(",") >= 2
    assert page.select_one(".sk-compare a[aria-current]").text.strip().startswith("12")
    assert open_page(app, f"{CITY}&banding=3").select_one(".sk-compare a[aria-current]").text.strip().startswith("3")
    rising = [link["href"].split("?")[0] for link in page.select(".sk-risers a")]
    ranked = [one for one in shown["groups"] if not one["few"] and (one["trend"]["12"]["index"] or 0) > 0]
    assert rising == [f"/kelengkapan/{one['name']}" for one in sorted(ranked, key=lambda one: -delta[one["name"]])]


def test_groups_by_urusan_and_theme_add_up_to_the_city(app):
    page = open_page(app, CITY)
    for key in ("urusan", "tema"):
        section = page.select_one(f"[aria-labelledby=menurut-{key}]")
        counts = [figures_in(row.select("td")[0].text)[0] for row in section.select("tbody tr")]
        assert sum(counts) == 16
        first = section.select_one("tbody th a")["href"]
        assert f"{key}=" in first
        assert figures_in(open_page(app, first).h1.text)[-1] == counts[0]


def test_days_late_are_told_in_a_chart_and_the_table_beside_it(app):
    for address in (CITY, "/kelengkapan/dinkes?tahun=2016"):
        section = open_page(app, address).select_one("[aria-labelledby=terlambat]")
        drawn = json.loads(section.select_one("[data-sk-chart]")["data-sk-chart"])
        told = [figures_in(row.select("td")[0].text)[0] for row in section.select("tbody tr")]
        assert drawn["series"][0]["values"] == told
        assert drawn["labels"] == [row.th.text for row in section.select("tbody tr")]
    assert sum(told) == 10


def test_every_chart_has_the_table_that_says_the_same(app):
    for address in (CITY, "/kelengkapan/dinkes?tahun=2016"):
        frames = open_page(app, address).select("[data-sk-chart]")
        assert len(frames) == 2
        for frame in frames:
            drawn = json.loads(frame["data-sk-chart"])
            cells = frame.parent.select_one("table").select("td")
            assert len(cells) >= len(drawn["labels"])
            assert frame["data-sk-title"]


def test_frozen_months_stand_beside_what_the_rules_of_today_make_of_them(app):
    assert "Indeks beku" not in open_page(app, "/kelengkapan/dinkes?tahun=2016").text
    call_action("satudata_snapshot_create", month="2016-12")
    call_action("satudata_snapshot_create", month="2016-02")
    try:
        months = {"opd": "dinkes", "dari": "2016-01", "sampai": "2016-12"}
        found = {one["month"]: one for one in call_action("satudata_snapshot_history", **months)["results"]}
        assert set(found) == {"2016-02", "2016-12"}
        shown = call_action("satudata_completeness_show", opd="dinkes", year=2016)["groups"][0]
        # The facts have not changed since, the weights have.
        frozen, again = (found["2016-12"][name] for name in ("index", "recomputed_index"))
        assert again == pytest.approx(shown["index"])
        assert found["2016-12"]["rule_version"] == rules_on(date(2016, 12, 31)).version != rules().version
        earlier = {name: Ratio(*parts) for name, parts in found["2016-12"]["measures"].items()}
        assert frozen == pytest.approx(index(earlier, rules_on(date(2016, 12, 31)).weights))
        assert frozen != pytest.approx(again)
        rows = open_page(app, "/kelengkapan/dinkes?tahun=2016").select(".sk-history tbody tr")
        told = {row.th.text: [cell.text for cell in row.select("td")] for row in rows}
        said = f"{frozen // 0.1 / 10:.1f} v{found['2016-12']['rule_version']}"
        assert told["Desember 2016"][-2] == said.replace(".", ",", 1)
        assert told["Desember 2016"][-1] == f"{again // 0.1 / 10:.1f}".replace(".", ",")
        assert "Februari 2016" in told
        assert told["Maret 2016"][-1] == "–"
    finally:
        model.Session.execute(sa.text("DELETE FROM satudata_snapshot"))
        model.Session.commit()


def test_a_failed_or_shrunken_count_is_said_on_top(app):
    runs = sa.text(
        "INSERT INTO satudata_run (kind, started, finished, ok, error, rule_version, entries, cells, shrunk) "
        "VALUES ('penuh', now(), now(), :ok, '', '2', 1, 1, :shrunk)"
    )
    for ok, shrunk, word in ((False, False, "tidak berhasil"), (True, True, "kurang dari separuh")):
        model.Session.execute(runs, {"ok": ok, "shrunk": shrunk})
        model.Session.commit()
        rendered._kept.clear()
        try:
            for address in (CITY, "/kelengkapan/dinkes?tahun=2016"):
                assert word in open_page(app, address).select_one(".sk-problem").text
        finally:
            model.Session.execute(sa.text("DELETE FROM satudata_run WHERE id = (SELECT max(id) FROM satudata_run)"))
            model.Session.commit()
            rendered._kept.clear()
    assert open_page(app, CITY).select_one(".sk-problem") is None


WRONG = (
    ("/kelengkapan?dari=2016-13&sampai=2016-12", 400, "2016-13"),
    ("/kelengkapan?dari=2016-07&sampai=2016-01", 400, "terbalik"),
    ("/kelengkapan?dari=2016-07", 400, "tidak dikenal"),
    ("/kelengkapan?banding=6", 400, "6"),
    ("/kelengkapan?tema=XXXX", 404, "XXXX"),
    ("/kelengkapan.csv?tabel=apa", 400, "liga"),
    ("/kelengkapan/tidak-ada/mengapa", 404, "tidak-ada"),
    ("/kelengkapan/dinkes/mengapa?halaman=99", 404, "99"),
    ("/kelengkapan/sel?dari=abc&sampai=2016-01", 400, "abc"),
    ("/kelengkapan?tahun=abc", 400, "abc"),
    ("/kelengkapan?tahun=1", 400, "2016"),
    ("/kelengkapan?tahun=99999999999999999999", 400, "empat angka"),
    ("/kelengkapan?urut=apa", 400, "apa"),
    ("/kelengkapan?urusan=9.99", 404, "9.99"),
    ("/kelengkapan/tidak-ada", 404, "tidak-ada"),
    ("/kelengkapan/tidak-ada.csv", 404, "tidak-ada"),
    ("/kelengkapan/dinkes?tahun=x", 400, "x"),
    ("/kelengkapan.csv?tahun=x", 400, "x"),
    ("/kelengkapan.xlsx?tahun=x", 400, "x"),
    ("/kelengkapan/sel?keadaan=hilang", 400, "terlewat"),
    ("/kelengkapan/sel?ukuran=ketersediaan", 400, "validitas"),
    ("/kelengkapan/sel?bagian=semua", 400, "pembilang"),
    ("/kelengkapan/sel?opd=tidak-ada", 404, "tidak-ada"),
    ("/kelengkapan/sel?entri=tidak-ada", 404, "tidak-ada"),
    ("/kelengkapan/sel?halaman=0", 400, "0"),
    ("/kelengkapan/sel?halaman=9999", 404, "9999"),
    (f"/kelengkapan/sel?halaman=0000001{'9' * 18}", 400, "0000001"),
    (f"/kelengkapan/sel?tahun=02016{'9' * 5000}", 400, "02016"),
    ("/kelengkapan/%00", 404, "tidak ditemukan"),
    ("/kelengkapan/entri/%00", 404, "tidak ditemukan"),
    ("/kelengkapan/entri/KES-1/%00", 404, "Tidak ada kewajiban"),
    ("/kelengkapan/sel.csv?keadaan=hilang", 400, "hilang"),
    ("/kelengkapan/entri?ukuran=validitas", 400, "validitas"),
    ("/kelengkapan/entri/tidak-ada", 404, "tidak-ada"),
    ("/kelengkapan/entri/KES-1/2031", 404, "2031"),
    ("/kelengkapan/entri/KES-1/2016?halaman=x", 400, "x"),
)
FILTERS = (
    "tahun",
    "dari",
    "sampai",
    "tema",
    "banding",
    "tabel",
    "opd",
    "urusan",
    "entri",
    "periode",
    "keadaan",
    "alasan",
    "ukuran",
    "bagian",
    "halaman",
)


def test_what_is_wrong_in_an_address_is_said_kindly(app):
    for address, status, word in WRONG:
        page = open_page(app, address, status)
        assert word in page.select_one(".sk-problem").text, address
        assert page.select_one(".sk a.btn")["href"] == "/kelengkapan"


def test_hostile_text_is_never_a_fault_nor_markup(app):
    for name in FILTERS:
        for path in ("/kelengkapan", "/kelengkapan/sel", "/kelengkapan/entri", "/kelengkapan/dinkes"):
            answer = app.get(path, query_string={name: "<script>alert(1)</script>'\"%\x00"})
            assert answer.status_code in (200, 400, 404), (path, name)
            assert "<script>alert(1)" not in answer.body


@pytest.fixture
def statements():
    """Return a function that counts the statements of a request."""

    def count(app, address) -> int:
        rendered._kept.clear()
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            seen.append(statement)

        engine = model.meta.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            assert app.get(address).status_code == 200
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count


def test_number_of_statements_does_not_grow(
    app, statements, make_entries, make_dataset, deliver, recompute, seeded_city
):
    addresses = (
        CITY,
        f"{CITY}&urusan=1.02",
        "/kelengkapan/dinkes?tahun=2016",
        "/kelengkapan/dinkes/mengapa?tahun=2016",
        "/kelengkapan/sel?tahun=2016",
        "/kelengkapan/entri?tahun=2016",
        "/kelengkapan/entri/KES-1",
        "/kelengkapan.csv?tahun=2016",
    )
    for address in addresses:
        app.get(address)
    before = {address: statements(app, address) for address in addresses}
    opd = seeded_city.opds["dinkes"]
    for n in range(45):
        kode = f"LAGI-{n}"
        entry = make_entries({"kode": kode, "judul": f"Data lagi {n}", "opd": "dinkes"})[kode]
        dataset = make_dataset(kode.lower(), opd, kode)
        deliver((entry, dataset, "2016", "2017-01-02", {"filled_values": 6}))
    recompute()
    assert call_action("satudata_completeness_show", year=2016)["city"]["obligations"] == 16 + 45
    assert {address: statements(app, address) for address in addresses} == before
    assert max(before.values()) < 60


def test_every_page_says_of_which_count_it_is(app):
    call_action("satudata_completeness_refresh")
    for end in ("", "/dinkes", "/dinkes/mengapa", "/sel", "/entri", "/entri/KES-1", "/entri/KES-1/2016"):
        foot = open_page(app, f"/kelengkapan{end}").select_one(".sk-foot").get_text(" ")
        assert all(said in foot for said in ("dihitung", "aturan v", "entri")), end


def test_rows_of_a_cell_come_from_the_table(app, seeded_city, make_entries, deliver, recompute):
    from ckanext.satudataserang.submission.store import Column, replace_table

    resource = model.Resource(
        package_id=seeded_city.datasets["KES-5"] if "KES-5" in seeded_city.datasets else seeded_city.datasets["KES-1"],
        name="Tabel",
        url="x",
        format="CSV",
        extras={"datastore_active": True},
    )
    model.Session.add(resource)
    model.Session.commit()
    columns = [Column("nama_wilayah"), Column("tahun", "integer"), Column("nilai", "numeric", label="Nilai")]
    replace_table(resource.id, columns, [["Serang", 2015, 7], ["Serang", 2016, 8], ["Curug", 2016, "1234.5"]])
    page = open_page(app, "/kelengkapan/entri/KES-1/2016")
    rows = [[cell.text for cell in row.select("td")] for row in page.select(".sk-list tbody tr")]
    assert rows == [["Serang", "2016", "8"], ["Curug", "2016", "1.234,5"]]
    assert page.find("a", href=re.compile(rf"/resource/{resource.id}\?filters=tahun"))
    assert open_page(app, "/kelengkapan/entri/KES-1/2014").select_one(".sk-list") is None


def test_pages_carry_no_script_of_their_own_and_name_their_language(app):
    page = open_page(app, CITY)
    assert not page.select(".sk script")
    assert page.html["lang"] == "id"
    foot = page.select_one(".sk-foot").text
    assert re.match(r"dihitung \d+ \w+ \d{4} \d\d\.\d\d WIB · aturan v\S+ · 16 sel · 13 entri", foot)
    for script in page.select("script"):
        assert script.get("src"), "nothing is written into the page"


def test_pages_stand_in_english(app):
    assert app.get("/en/kelengkapan?tahun=2016").status_code == 200
    assert app.get("/en/kelengkapan/dinkes?tahun=2016").status_code == 200


@pytest.mark.ckan_config("ckan.plugins", "satudata_completeness satudata_submission satudata_plan")
def test_pages_stand_on_stock_ckan_without_the_portal(app):
    for address in (CITY, "/kelengkapan/dinkes?tahun=2016", "/kelengkapan/entri/KES-1/2016", "/kelengkapan/sel"):
        page = open_page(app, address)
        assert page.select_one(".sk h1")
        assert page.find("link", href=re.compile("completeness.*css"))
        assert page.select_one(".satudata-header") is None
