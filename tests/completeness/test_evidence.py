"""The evidence bundle: every hash is right, every total equals the API, every claimed indicator has its files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime, timezone

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.completeness.evidence import archive, indicators

pytestmark = pytest.mark.usefixtures("with_plugins", "seeded_city")

YEAR = 2016


@pytest.fixture
def make_bundle():
    """Return a function that makes the bundle: (manifest, zip)."""
    from ckanext.satudataserang.completeness.evidence.action import TARGET

    def make(year: int = YEAR) -> tuple[dict, bytes]:
        target = io.BytesIO()
        manifest = tk.get_action("satudata_evidence_bundle")({"ignore_auth": True, TARGET: target}, {"year": year})
        return manifest, target.getvalue()

    return make


def rows_of(content: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        text = found.read(f"data/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def records_of(content: bytes, name: str) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return json.loads(found.read(f"data/{name}.json"))


def test_manifest_tells_every_file(make_bundle):
    manifest, content = make_bundle()
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert json.loads(found.read("manifest.json"))["files"] == manifest["files"]
        told = {one["path"]: one for one in manifest["files"]}
        assert set(found.namelist()) == {*told, "manifest.json"}
        for path, one in told.items():
            data = found.read(path)
            assert hashlib.sha256(data).hexdigest() == one["sha256"]
            assert len(data) == one["size"]
            if path.endswith(".csv"):
                name = path.removeprefix("data/").removesuffix(".csv")
                assert len(rows_of(content, name)) == len(records_of(content, name)) == one["rows"]
        assert told["README.txt"]["rows"] is None


def test_totals_equal_the_api(make_bundle):
    manifest, content = make_bundle()
    shown = call_action("satudata_completeness_show", year=YEAR)
    assert manifest["totals"]["measures"] == shown["city"]["measures"]
    assert manifest["rule_version"] == shown["rule_version"]

    releases = rows_of(content, "rilis")
    due = [row for row in releases if row["dihitung"] == "true"]
    cells = call_action("satudata_cell_list", year=YEAR, limit=1000)
    assert len(releases) == cells["count"] > 0
    whole = shown["city"]["measures"]["kelengkapan"]
    assert len(due) == whole["denominator"] > 0
    assert sum(row["lengkap"] == "true" for row in due) == whole["numerator"] > 0
    for state, count in shown["city"]["states"].items():
        assert sum(row["keadaan"] == state for row in due) == count
    by_key = {(row["kode"], row["periode"]): row for row in releases}
    for cell in cells["results"]:
        assert by_key[cell["kode"], cell["period"]]["keadaan"] == cell["state"]

    assert len(rows_of(content, "dataset")) == _public_datasets()
    entries = call_action("satudata_completeness_entry_list", year=YEAR, limit=1000)
    assert len(rows_of(content, "rencana")) == entries["count"]
    told = {(row["opd"], row["ukuran"]): row for row in rows_of(content, "ukuran")}
    for group in ({"name": "", **shown["city"]}, *shown["groups"]):
        for name, measure in group["measures"].items():
            row = told[group["name"], name]
            assert (int(row["pembilang"]), int(row["penyebut"])) == (measure["numerator"], measure["denominator"])
    points = call_action("satudata_completeness_entry_list", year=YEAR, limit=1)["metadata_points"]
    kept = {row["dataset"]: int(row["poin"]) for row in rows_of(content, "nilai_metadata")}
    serving = {row["dataset_name"] for row in entries["results"] if row["published"]}
    assert sum(kept[name] for name in serving) == points > 0


def _public_datasets() -> int:
    return (
        model.Session.query(model.Package)
        .filter(model.Package.state == "active", ~model.Package.private, model.Package.type == "dataset")
        .count()
    )


def test_every_claimed_indicator_has_its_files(make_bundle):
    _, content = make_bundle()
    claimed = indicators.indicators()
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        names = set(found.namelist())
        readme = found.read("README.txt").decode()
    for one in claimed:
        assert one.kode in readme
        assert {f"data/{name}.{ending}" for name in one.tables for ending in ("csv", "json")} <= names
    assert [row["kode"] for row in rows_of(content, "indikator")] == [one.kode for one in claimed]
    assert {one.kode for one in claimed} >= {"10101", "10201", "10301", "10401", "20301", "20302", "40302", "50302"}
    assert all(name.removesuffix(".csv").removeprefix("data/") in readme for name in names if name.endswith(".csv"))


def test_same_data_same_bytes(make_bundle):
    assert make_bundle()[1] == make_bundle()[1]


def test_only_what_the_public_may_see(make_bundle):
    _, content = make_bundle()
    assert {row["dataset"] for row in rows_of(content, "dataset")} >= {"kes-1", "luar-daftar"}
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        everything = b"".join(found.read(name) for name in found.namelist())
    # dik-1 is private.
    assert b"dik-1" not in everything
    for user in model.Session.query(model.User):
        assert user.id.encode() not in everything


def test_spreadsheets_run_nothing(make_bundle):
    _, content = make_bundle()
    assert "'=Terminal" in {row["judul"] for row in rows_of(content, "rencana")}
    assert "=Terminal" in {row["judul"] for row in records_of(content, "rencana")}


def test_lateness_and_states_of_a_delivery(make_bundle):
    _, content = make_bundle()
    late = next(row for row in rows_of(content, "rilis") if (row["kode"], row["periode"]) == ("KES-T", "2016-Q1"))
    assert late["lengkap"] == "true"
    checks = {(row["kode"], row["periode"]): row for row in rows_of(content, "pemeriksaan")}
    assert checks["KES-3", "2016"]["valid"] == "false"
    assert checks["KES-4", "2016"]["nihil"] == "true"
    assert checks["KES-3", "2016"]["temuan"] == "duplikat-bertentangan; sandi-yang-tidak-dikenal"
    found = {row["kode_temuan"]: row for row in rows_of(content, "temuan")}
    assert int(found["duplikat-bertentangan"]["kiriman"]) == 1


def test_walidata_and_pembina_may_have_it(app):
    address = f"/kelengkapan/bukti-epss.zip?tahun={YEAR}"
    assert app.get(address, follow_redirects=False).status_code in (302, 403)
    for role, status in ((None, 403), (roles.WALIDATA, 200), (roles.PEMBINA, 200)):
        user = factories.UserWithToken()
        if role:
            roles.grant(user["id"], role, user["id"])
            model.Session.commit()
        response = app.get(address, headers={"Authorization": user["token"]}, status=status)
        if status == 200:
            assert response.headers["Content-Type"] == "application/zip"
            assert f"bukti-epss-{YEAR}.zip" in response.headers["Content-Disposition"]
            assert zipfile.is_zipfile(io.BytesIO(response.get_data()))
        with pytest.raises(tk.NotAuthorized) if status == 403 else _nothing():
            context = {"user": user["name"], "ignore_auth": False}
            assert call_action("satudata_evidence_bundle", context, tahun=YEAR)["year"] == YEAR


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


@pytest.mark.parametrize("year", [None, "abc", 1, 99999])
def test_a_wrong_year_is_refused(year):
    with pytest.raises(tk.ValidationError):
        call_action("satudata_evidence_bundle", year=year)


def test_on_the_command_line(cli, tmp_path):
    from ckanext.satudataserang.catalogue.cli import satudata
    from ckanext.satudataserang.completeness import report_cli  # noqa: F401

    target = tmp_path / "bukti.zip"
    done = cli.invoke(satudata, ["evidence", str(YEAR), str(target)])
    assert done.exit_code == 0, done.output
    assert zipfile.is_zipfile(target)
    assert [path.name for path in tmp_path.iterdir()] == ["bukti.zip"]
    nowhere = cli.invoke(satudata, ["evidence", str(YEAR), str(tmp_path / "tidak" / "ada.zip")])
    assert nowhere.exit_code == 1
    assert "tidak dapat ditulis" in nowhere.output


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(rows: int) -> int:
        with (tmp_path / "out.zip").open("wb") as target:
            writing = archive.Archive(target, tmp_path, date(2026, 1, 1))
            tracemalloc.start()
            writing.table("banyak", ("a", "b"), ((number, "isi " * 20) for number in range(rows)))
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            writing.close({})
        return most

    peak(10)
    assert peak(40_000) < 2 * peak(4_000) + 1_000_000


def test_moments_are_told_in_western_indonesian_time(tmp_path):
    target = io.BytesIO()
    writing = archive.Archive(target, tmp_path, date(2026, 1, 1))
    aware = datetime(2026, 1, 1, 17, 0, tzinfo=timezone.utc)
    writing.table("waktu", ("a", "b"), [(aware, aware.replace(tzinfo=None))])
    writing.close({})
    assert records_of(target.getvalue(), "waktu") == [dict.fromkeys("ab", "2026-01-02T00:00:00+07:00")]
