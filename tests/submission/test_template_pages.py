"""Templates through their addresses: who may have them, what they hold, and the file with remarks."""

from __future__ import annotations

import fcntl
import io
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import g, has_app_context

from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.core.templates.stamp import parse, parse_line
from ckanext.satudataserang.submission import config, template_files
from ckanext.satudataserang.submission.model import Submission

from .conftest import amend

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "kept")

XLSX, CSV = "/kirim/DD-1/2025/templat.xlsx", "/kirim/DD-1/2025/templat.csv"


@pytest.fixture
def get(app):
    """Fetch an address as somebody; None is a visitor."""

    def fetch(user, address, status=200):
        if has_app_context():
            g.pop("_login_user", None)
        headers = {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
        return app.get(address, headers=headers, status=status)

    return fetch


def sheet(answer, name="Data"):
    return openpyxl.load_workbook(io.BytesIO(answer.data))[name]


def cells(page):
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_a_table_nobody_has_made_is_laid_out_by_areas(get, cast, entry):
    answer = get(cast.produsen, XLSX)
    assert answer.headers["Content-Disposition"] == "attachment; filename=DD-1-2025.xlsx"
    found = cells(sheet(answer))
    assert found[0][:3] == ["Kode wilayah", "Wilayah", "Nilai"]
    assert len(found) == 1 + 6
    told = dict(cells(sheet(answer, "_satudata")))
    assert (told["entri"], told["periode"]) == ("DD-1", "2025")


def test_everybody_may_have_what_was_agreed(get, cast, entry):
    assert cells(sheet(get(None, XLSX)))[0][0] == "Kode wilayah"


def test_text_template_carries_its_stamp(get, cast, entry):
    lines = get(None, CSV).data.decode("utf-8-sig").splitlines()
    assert parse(parse_line(lines[0]) or {}).periode == "2025"
    assert lines[1].startswith("Kode wilayah;Wilayah;Nilai")


def test_the_former_address_leads_on(get, cast, entry):
    assert "entri=DD-1" in get(cast.produsen, "/kirim/DD-1/2025/contoh.csv").data.decode()


@pytest.fixture
def last_year(act, cast, entry, public, deliver):
    done = deliver(period="2024", rows=[{"kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 1234}])
    done = act(cast.walidata, "submission_transition", id=done["id"], to="disetujui", publish=True)
    assert done["state"] == "terbit", done["problem"]
    return done


def test_last_figures_stand_beside(get, cast, last_year):
    found = cells(sheet(get(cast.produsen, XLSX)))
    at = found[0].index("‹2024: penduduk›")
    assert [row[at] for row in found[1:]] == [1234]
    assert found[1][:3] == ["36.73.01", "Serang", None]


def test_figures_are_for_who_may_read_their_table(get, cast, last_year, public):
    model.Session.execute(sa.update(model.Package).where(model.Package.id == public["id"]).values(private=True))
    model.Session.commit()
    titles = cells(sheet(get(None, XLSX)))[0]
    assert not any(str(title).startswith("‹") for title in titles)


@pytest.mark.parametrize("address", ["/kirim/DD-9/2025/templat.xlsx", "/kirim/DD-1/2025-07/templat.csv"])
def test_what_is_not_owed_has_no_template(get, cast, entry, address):
    get(cast.produsen, address, status=404)


def test_without_any_columns_the_page_says_so(get, cast, entry):
    amend(entry.id, level_wilayah="")
    assert "susunan kolom" in get(cast.produsen, XLSX, status=404).text


def test_the_api_names_columns_and_addresses(act, cast, entry):
    told = act(None, "template_show", entry="DD-1", period="2025")
    assert [one["id"] for one in told["columns"]] == ["kode_wilayah", "nama_wilayah", "kolom_1"]
    assert told["rows"] == 6
    assert told["urls"]["xlsx"].endswith(XLSX)


BAD = "kode_wilayah;kecamatan;penduduk\n36.73.01;Serang;12\n36.73.02;Kasemen;dua belas\n"


@pytest.fixture
def bad(last_year, deliver, file_of):
    return deliver(upload=file_of(BAD))


def test_the_file_with_remarks(get, cast, bad):
    assert bad["state"] == "tidak_valid"
    answer = get(cast.produsen, f"/kiriman/{bad['id']}/temuan.xlsx")
    page = sheet(answer)
    assert page["C3"].value == "dua belas"
    assert "dua belas" in page["C3"].comment.text
    assert page["B3"].comment is None
    listed = sheet(answer, "Temuan")
    assert listed.max_row > 2


def test_only_who_may_have_the_file_may_have_it_with_remarks(get, cast, bad):
    address = f"/kiriman/{bad['id']}/temuan.xlsx"
    get(cast.stranger, address, status=403)
    assert "/user/login" in get(None, address).request.path
    get(cast.walidata, address)


def test_of_a_large_file_one_at_a_time_gets_its_remarks(get, cast, bad, large, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, config.AT_ONCE_MB, 0)
    address = f"/kiriman/{bad['id']}/temuan.xlsx"
    with large.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "Coba lagi" in get(cast.produsen, address, status=503).text
    assert sheet(get(cast.produsen, address))["C3"].value == "dua belas"
    assert not documents._kept


def test_nothing_has_no_file(get, act, cast, entry):
    nil = act(cast.produsen, "submission_create", entry="DD-1", period="2025", nil=True, note="Tidak ada kejadian.")
    get(cast.produsen, f"/kiriman/{nil['id']}/temuan.xlsx", status=404)
    assert model.Session.scalar(sa.select(Submission.nil))


@pytest.fixture
def large(monkeypatch, ckan_config, tmp_path):
    """Every template is a large one; nothing is kept yet, and nobody waits long."""
    monkeypatch.setattr(template_files, "AT_ONCE", 0)
    monkeypatch.setattr(documents, "_PATIENCE", 0.2)
    folder = Path(ckan_config["ckan.storage_path"]) / "satudata"
    folder.mkdir(parents=True, exist_ok=True)
    documents._kept.clear()
    yield folder / "dokumen.lock"
    documents._kept.clear()


def test_a_large_template_is_made_once_and_one_at_a_time(get, cast, entry, large):
    first = get(None, XLSX).data
    assert len(documents._kept) == 1
    with large.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert get(None, XLSX).data == first
        refused = get(None, CSV, status=503)
        assert "Templat ini besar" in refused.text
        assert "Coba lagi" in refused.text
    assert get(None, CSV).data.decode("utf-8-sig").splitlines()[1].startswith("Kode wilayah;Wilayah;Nilai")


def test_figures_that_only_some_may_read_are_never_kept(get, cast, last_year, public, large):
    model.Session.execute(sa.update(model.Package).where(model.Package.id == public["id"]).values(private=True))
    model.Session.commit()
    titles = cells(sheet(get(cast.produsen, XLSX)))[0]
    assert "‹2024: penduduk›" in titles
    assert not documents._kept
    assert "‹2024: penduduk›" not in cells(sheet(get(None, XLSX)))[0]
