"""The reports on paper say what the actions count, one page to an OPD, whatever is put into the address."""

from __future__ import annotations

import re
from collections import OrderedDict
from io import BytesIO

import pytest
from pypdf import PdfReader

from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue import documents, formats, pdf
from ckanext.satudataserang.completeness import words
from ckanext.satudataserang.completeness.reports import asking
from ckanext.satudataserang.core.measures import MEASURES

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

YEAR = 2016


def opened(app, address, **kwargs):
    response = app.get(address, **kwargs)
    assert response.headers["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(response.body_bytes if hasattr(response, "body_bytes") else response.get_data()))


def flat(text):
    """A text without its line breaks and extra spaces."""
    return re.sub(r"\s+", " ", text)


def pages_of(reader):
    return [flat(page.extract_text()) for page in reader.pages]


def said(measure):
    """How a page writes a measure: "33 % 5 dari 15 "."""
    share = flat(formats.percent(measure["numerator"], measure["denominator"], "id"))
    numerator, denominator = (formats.number(measure[part], "id") for part in ("numerator", "denominator"))
    return f"{share} {numerator} dari {denominator} "


@pytest.fixture(scope="module")
def shown():
    return lambda **given: call_action("satudata_completeness_show", year=YEAR, **given)


def test_one_page_each_for_all_opds(app, shown):
    found = shown()
    pages = pages_of(opened(app, f"/kelengkapan/rapor.pdf?tahun={YEAR}"))
    groups = sorted(found["groups"], key=lambda group: group["title"].casefold())
    assert len(pages) == len(groups) > 0
    for number, (page, group) in enumerate(zip(pages, groups, strict=True), start=1):
        assert group["title"] in page
        assert f"halaman {number} dari {len(pages)}" in page
        assert f"aturan v{found['rule_version']}" in page
        for name in MEASURES:
            measure = group["measures"][name]
            if measure["denominator"]:
                assert said(measure) in page, (group["name"], name)
            else:
                with pdf.in_indonesian():
                    assert words.measure(name).empty in page
        if group["index"] is not None:
            assert formats.one_decimal(group["index"], "id") in page
        if group["obligations"]:
            counts = " ".join(str(count) for count in group["states"].values())
            assert counts in page
        assert ("tidak dibandingkan" in page) == group["few"]


def test_page_of_one_opd_names_the_oldest_missing_cells(app, shown):
    (page,) = pages_of(opened(app, f"/kelengkapan/opd/dinkes/rapor.pdf?tahun={YEAR}"))
    lacking = call_action(
        "satudata_cell_list", opd="dinkes", year=YEAR, measure="kelengkapan", part="remainder", limit=1000
    )["results"]
    assert len(lacking) > 5
    oldest = sorted(lacking, key=lambda cell: (cell["deadline"], cell["kode"], cell["period"]))[:5]
    table = page[page.index("Paling lama belum lengkap") :]
    with pdf.in_indonesian():
        at = [table.index(f"{cell['judul']} {words.period(cell['period'])}") for cell in oldest]
        assert all(words.state(cell["state"]) in table for cell in oldest)
    assert at == sorted(at)
    missing = shown(opd="dinkes")["groups"][0]["measures"]["kelengkapan"]
    assert f"{missing['denominator'] - missing['numerator']} belum lengkap" in page


def test_page_tells_the_mends_and_what_they_bring(app):
    (page,) = pages_of(opened(app, f"/kelengkapan/opd/disdik/rapor.pdf?tahun={YEAR}"))
    found = call_action("satudata_completeness_mends", opd="disdik", year=YEAR, limit=1)
    assert len(found["best"]) == 3
    for mend in found["best"]:
        assert mend["judul"] in page
    assert f"indeks menjadi {formats.one_decimal(found['after'], 'id')}" in page


def test_a_page_stays_one_page_with_the_longest_of_titles(app, make_entries, recompute, seeded_city):
    long = "Jumlah penduduk yang " + "sangat terperinci menurut kelompok umur dan pekerjaan " * 6
    make_entries(*({"kode": f"PJG-{n}", "judul": f"{n} {long}"[:250], "opd": "kosong"} for n in range(12)))
    recompute()
    assert len(opened(app, f"/kelengkapan/opd/kosong/rapor.pdf?tahun={YEAR}").pages) == 1


def test_summary_of_the_city_adds_up(app, shown):
    found = shown()
    text = " ".join(pages_of(opened(app, f"/kelengkapan/ringkasan.pdf?tahun={YEAR}")))
    for measure in found["city"]["measures"].values():
        assert not measure["denominator"] or said(measure) in text
    assert " ".join(str(count) for count in found["city"]["states"].values()) in text
    for group in found["groups"]:
        assert group["title"] in text
    few = text.index("Kewajiban kurang dari 5")
    free = text.index("Tanpa kewajiban pada masa ini")
    for group in found["groups"]:
        place = text.index(group["title"])
        if not group["obligations"]:
            assert place > free
        else:
            assert (few < place < free) == group["few"]
        for name in ("kelengkapan", "validitas"):
            measure = group["measures"][name]
            if group["obligations"] and measure["denominator"]:
                assert f"{measure['numerator']}/{measure['denominator']}" in text


def test_summary_warns_where_the_last_count_failed(app, monkeypatch):
    status = call_action("satudata_completeness_status")
    address = f"/kelengkapan/ringkasan.pdf?tahun={YEAR}"
    assert "Perhitungan terakhir gagal" not in " ".join(pages_of(opened(app, address)))
    asked = asking.act

    def told(name, **given):
        return {**status, "ok": False} if name == "satudata_completeness_status" else asked(name, **given)

    monkeypatch.setattr(asking, "act", told)
    # A count that really fails is another run, and so another document; here only the answer is.
    documents._kept.clear()
    assert "Perhitungan terakhir gagal" in " ".join(pages_of(opened(app, address)))


def test_same_figures_same_bytes(app):
    first, second = (app.get(f"/kelengkapan/ringkasan.pdf?tahun={YEAR}").get_data() for _ in range(2))
    assert first == second


def test_in_indonesian_from_an_english_page_too(app):
    english = app.get(f"/en/kelengkapan/opd/dinkes/rapor.pdf?tahun={YEAR}").get_data()
    assert english == app.get(f"/kelengkapan/opd/dinkes/rapor.pdf?tahun={YEAR}").get_data()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/kelengkapan/opd/tidak-ada/rapor.pdf", 404),
        ("/kelengkapan/opd/%00/rapor.pdf", 404),
        ("/kelengkapan/rapor.pdf?tahun=abc", 400),
        ("/kelengkapan/ringkasan.pdf?tahun=%00", 400),
        ("/kelengkapan/ringkasan.pdf?dari=2016-05&sampai=2016-01", 400),
    ],
)
def test_a_wrong_address_gets_a_kind_page(app, address, status):
    response = app.get(address, status=status)
    assert response.headers["Content-Type"].startswith("text/html")


def test_without_the_libraries_the_page_says_what_to_install(app, monkeypatch):
    def lacking(html: str) -> bytes:
        raise pdf.PdfError(pdf._lacking(OSError("libpango")))

    monkeypatch.setattr(pdf, "_written", lacking)
    monkeypatch.setattr(documents, "_kept", OrderedDict())
    response = app.get(f"/kelengkapan/ringkasan.pdf?tahun={YEAR}", status=503)
    assert "libpango-1.0-0" in response.body


def test_on_the_command_line(cli, tmp_path):
    target = tmp_path / "rapor.pdf"
    done = cli.invoke(_command(), ["report", str(YEAR), str(target), "--opd", "dinkes"])
    assert done.exit_code == 0, done.output
    assert len(PdfReader(target).pages) == 1
    wrong = cli.invoke(_command(), ["report", str(YEAR), str(tmp_path / "x.pdf"), "--opd", "tidak-ada"])
    assert wrong.exit_code == 1
    assert "tidak ditemukan" in wrong.output
    assert not (tmp_path / "x.pdf").exists()


def _command():
    from ckanext.satudataserang.catalogue.cli import satudata
    from ckanext.satudataserang.completeness import report_cli  # noqa: F401

    return satudata


def test_a_report_is_rendered_once_while_its_figures_hold(app, monkeypatch):
    written, write = [], pdf._written
    monkeypatch.setattr(pdf, "_written", lambda html: written.append(1) or write(html))
    documents._kept.clear()
    addresses = (f"/kelengkapan/opd/dishub/rapor.pdf?tahun={YEAR}", f"/kelengkapan/ringkasan.pdf?tahun={YEAR}")
    for address in addresses:
        first = app.get(address).get_data()
        # What a crawler hangs on to an address is no other document.
        assert app.get(f"{address}&x=1").get_data() == first
    assert len(written) == len(addresses)
    call_action("satudata_completeness_refresh", everything=True)
    app.get(addresses[0])
    assert len(written) == len(addresses) + 1
