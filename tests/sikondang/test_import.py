"""The import command on a portal of its own: what it writes, that it can be repeated, and what it leaves alone."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan as ckan_command

from ckanext.satudataserang.catalogue.cli import satudata
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.sikondang import importer
from ckanext.satudataserang.sikondang.cli import sikondang
from ckanext.satudataserang.submission.facts import SubmissionRow, record_submissions
from ckanext.satudataserang.submission.model import Submission

from .conftest import VALUES, drop_imported

PROFILE = str(Path(__file__).parent / "daerah" / "kabupaten-contoh.yaml")

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudataserang.daerah", PROFILE),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "tables"),
]

HEALTH, HARVEST = "kesehatan-tenaga-kesehatan", "pertanian-dan-kebun-panen-padi"


@pytest.fixture
def run():
    """Run the import under the test's configuration; returns its output."""

    def invoke(folder, *options, status=0):
        # CKAN's own runner would load the configuration anew, without what the test set.
        result = CliRunner().invoke(satudata, ["sikondang", "import", str(folder), *options])
        assert result.exit_code == status, result.output
        return result.output

    return invoke


def show(name):
    return tk.get_action("package_show")(
        {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}, {"id": name}
    )


def state():
    """Everything an import writes, without the clock: datasets, resources, views, plan entries, deliveries."""
    statements = (
        "SELECT id, name, title, notes, state, extras::text, metadata_modified FROM package ORDER BY id",
        "SELECT id, package_id, url_type, extras FROM resource ORDER BY id",
        "SELECT resource_id, view_type FROM resource_view ORDER BY 1, 2",
        "SELECT kode, judul, opd_id, frequency, expected_values, modified FROM satudata_plan_entry ORDER BY 1",
        "SELECT id, entry_id, period, superseded_by, filled_values FROM satudata_submission ORDER BY 1",
    )
    return [[tuple(row) for row in model.Session.execute(sa.text(text))] for text in statements]


def counted():
    """The same without what tells two runs apart by nature: random ids and moments."""
    statements = (
        "SELECT id, name, title, notes, state, extras::text FROM package ORDER BY id",
        "SELECT id, package_id, url_type, extras FROM resource ORDER BY id",
        "SELECT resource_id, view_type FROM resource_view ORDER BY 1, 2",
        "SELECT kode, judul, frequency, expected_values FROM satudata_plan_entry ORDER BY 1",
        """SELECT dataset_id, period, valid, filled_values, zero_values, expected_values, content_sha256
           FROM satudata_submission WHERE superseded_by IS NULL ORDER BY 1, 2""",
    )
    return [[tuple(row) for row in model.Session.execute(sa.text(text))] for text in statements]


@pytest.mark.usefixtures("offices")
class TestFirstRun:
    def test_the_sum_is_told(self, run, folder):
        """9 values: 5 imported, 1 collapsed, 2 contradicting, 1 quarantined."""
        output = run(folder())
        assert "Nilai dibaca 9 = diambil 5 + digabung 1 + ditinggalkan 2 + dikarantina 1." in output
        assert "Dataset: 3 dibuat" in output
        assert "Entri Daftar Data: 3 dibuat" in output

    def test_a_family_is_a_published_dataset_under_its_opd(self, run, folder):
        run(folder())
        dataset = show(HEALTH)
        assert (dataset["state"], dataset["organization"]["name"], dataset["urusan"]) == ("active", "dinkes", "1.02")
        assert (dataset["title"], dataset["satuan"], dataset["level_penyajian"]) == (
            "Tenaga Kesehatan",
            "orang",
            "kecamatan",
        )
        assert dataset["frequency"].endswith("/ANNUAL")
        assert dataset["temporal_coverage"][0]["start"] == "2016"
        assert dataset["metadata_warisan"] in (True, "true")
        assert not dataset.get("konsep")
        assert not dataset.get("definisi")
        assert show(HARVEST)["level_penyajian"] == "kabupaten"

    def test_the_table_has_key_dictionary_and_exact_values(self, run, folder, tables):
        run(folder())
        (resource,) = show(HEALTH)["resources"]
        rows = tables(resource["id"], "kode_wilayah, nama_wilayah, tahun, rincian_1, nilai, satuan, sumber, catatan")
        assert ("99.01.02", "Jambu Air", 2016, "Dokter", Decimal(3_000_000_000), "orang", "Dinkes", None) in rows
        assert ("99.01.01", "Contoh", 2016, "Bidan", Decimal(0), "orang", "Dinkes", "nol belum dipastikan") in rows
        assert len(rows) == 4
        info = tk.get_action("datastore_info")({"ignore_auth": True}, {"id": resource["id"]})
        assert [field["id"] for field in info["fields"]] == [
            "kode_wilayah", "nama_wilayah", "tahun", "rincian_1", "nilai", "satuan", "sumber", "catatan",
        ]  # fmt: skip
        assert all(field["info"]["label"] for field in info["fields"])
        with pytest.raises(tk.ValidationError):
            tk.get_action("datastore_upsert")(
                {"ignore_auth": True},
                {
                    "resource_id": resource["id"],
                    "method": "insert",
                    "force": True,
                    "records": [{"kode_wilayah": "99.01.01", "tahun": 2016, "rincian_1": "Dokter", "nilai": 1}],
                },
            )

    def test_decimals_are_kept_and_the_table_is_found_and_downloaded(self, run, folder, app):
        run(folder())
        found = tk.get_action("package_search")({}, {"q": "panen"})
        assert [dataset["name"] for dataset in found["results"]] == [HARVEST]
        (resource,) = found["results"][0]["resources"]
        assert resource["datastore_active"]
        rows = list(csv.DictReader(io.StringIO(app.get(f"/datastore/dump/{resource['id']}").body)))
        assert [row["nilai"] for row in rows] == ["10.25"]

    def test_a_family_without_values_has_a_plan_entry_and_a_draft(self, run, folder):
        run(folder())
        entries = {entry.judul: entry for entry in model.Session.scalars(sa.select(PlanEntry))}
        assert set(entries) == {"Tenaga Kesehatan", "Panen Padi", "Luas Kebun"}
        assert (entries["Luas Kebun"].opd_id, entries["Luas Kebun"].expected_values) == (
            model.Group.get("distan").id,
            1,
        )
        states = model.Session.execute(sa.text("SELECT title, state FROM package WHERE type = 'dataset'"))
        assert dict(states.all()) == {"Tenaga Kesehatan": "active", "Panen Padi": "active", "Luas Kebun": "draft"}
        entry = entries["Tenaga Kesehatan"]
        assert (entry.frequency, entry.level_wilayah, entry.expected_values) == ("tahunan", "kecamatan", 4)
        assert (entry.deadline_days, entry.grace_days, entry.kelas, entry.state) == (90, 14, "wajib", "berlaku")
        assert (str(entry.berlaku_dari), str(entry.berlaku_sampai)) == ("2015-01-01", "2016-12-31")

    def test_deliveries_say_what_is_filled_zero_and_invalid(self, run, folder):
        run(folder())
        entry = model.Session.scalar(sa.select(PlanEntry).where(PlanEntry.judul == "Tenaga Kesehatan"))
        found = {
            one.period: one
            for one in model.Session.scalars(sa.select(Submission).where(Submission.entry_id == entry.id))
        }
        this, last = found["2016"], found["2015"]
        assert (this.expected_values, this.filled_values, this.zero_values, this.valid) == (4, 3, 1, True)
        assert (last.filled_values, last.valid) == (0, False)
        assert "duplikat-bertentangan" in last.reasons
        assert this.origin == "impor"
        assert this.delivered_at == datetime.fromisoformat("2018-07-23T11:29:39+07:00")

    def test_the_report_lists_every_finding(self, run, folder, tmp_path):
        report = tmp_path / "laporan.csv"
        run(folder(), "--report", str(report))
        rows = list(csv.DictReader(report.read_text("utf-8").splitlines()))
        assert list(rows[0]) == ["table", "row_id", "rule", "old", "new", "advice"]
        assert {"duplikat-sama", "duplikat-bertentangan", "karantina", "nol-belum-dipastikan"} <= {
            r["rule"] for r in rows
        }

    def test_a_dry_run_writes_nothing_but_the_report(self, run, folder, tmp_path):
        before = state()
        output = run(folder(), "--dry-run", "--report", str(tmp_path / "laporan.csv"))
        assert "Percobaan saja" in output
        assert "Nilai dibaca 9" in output
        assert state() == before
        assert (tmp_path / "laporan.csv").is_file()


@pytest.mark.usefixtures("offices")
class TestAgain:
    def test_a_second_run_changes_nothing(self, run, folder):
        """Not even a date of modification, nor an activity."""
        run(folder())
        before = state()
        activities = model.Session.scalar(sa.text("SELECT count(*) FROM activity"))
        output = run(folder())
        assert state() == before
        assert model.Session.scalar(sa.text("SELECT count(*) FROM activity")) == activities
        assert "Dataset: 0 dibuat, 0 diperbarui, 3 sudah sesuai." in output
        assert "Tabel ditulis: 0. Kiriman: 0 dicatat, 3 sudah sesuai." in output

    @pytest.mark.parametrize(
        ("stop", "after"), [("save", 0), ("save", 1), ("write_table", 0), ("write_table", 1), ("record", 0)]
    )
    def test_a_run_cut_short_is_finished_by_the_next(self, run, folder, tables, monkeypatch, stop, after):
        """Whether it stopped before a dataset, before its table, or before the deliveries."""
        place, name = {
            "save": (importer.datasets, "save"),
            "write_table": (importer.store, "write_table"),
            "record": (importer, "record_submissions"),
        }[stop]
        original = getattr(place, name)
        calls = []

        def cut_short(*args, **kwargs):
            calls.append(args)
            if len(calls) > after:
                raise KeyboardInterrupt
            return original(*args, **kwargs)

        run(folder())
        whole, rows = counted(), tables(show(HEALTH)["resources"][0]["id"])
        _forget_everything(show(HEALTH)["id"], show(HARVEST)["id"])
        with monkeypatch.context() as patch:
            patch.setattr(place, name, cut_short)
            run(folder(), status=1)
        model.Session.rollback()
        assert counted() != whole
        run(folder())
        assert counted() == whole
        assert tables(show(HEALTH)["resources"][0]["id"]) == rows
        assert tk.get_action("package_search")({}, {"q": "tenaga kesehatan"})["count"] == 1

    def test_what_people_mended_stays(self, run, folder):
        """Title, description and OPD of a dataset; agreed deadline and state of a plan entry."""
        run(folder())
        context = {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        tk.get_action("package_patch")(
            {**context, "satudata_impor_warisan": True},
            {"id": show(HEALTH)["id"], "title": "Tenaga kesehatan menurut kecamatan", "notes": "Sudah diperiksa."},
        )
        entry = model.Session.scalar(sa.select(PlanEntry).where(PlanEntry.judul == "Tenaga Kesehatan"))
        entry.deadline_days = 30
        model.Session.commit()
        more = [*VALUES, {"jenis_data": "1", "tahun": "2017", "jumlah": "4"}]
        output = run(folder(more))
        dataset = show(HEALTH)
        assert (dataset["title"], dataset["notes"]) == ("Tenaga kesehatan menurut kecamatan", "Sudah diperiksa.")
        assert dataset["temporal_coverage"][0]["end"] == "2017"
        model.Session.refresh(entry)
        assert entry.deadline_days == 30
        assert "Dataset: 0 dibuat, 1 diperbarui, 2 sudah sesuai." in output

    def test_another_export_replaces_values_and_withdraws_what_is_gone(self, run, folder, tables):
        run(folder())
        changed = [{**value, "jumlah": "99"} if value.get("jumlah") == "8" else value for value in VALUES]
        run(folder([value for value in changed if value.get("tahun") != "2015"]))
        assert Decimal(99) in {row[0] for row in tables(show(HEALTH)["resources"][0]["id"], "nilai")}
        entry = model.Session.scalar(sa.select(PlanEntry).where(PlanEntry.judul == "Tenaga Kesehatan"))
        standing = {
            one.period: one.state
            for one in model.Session.scalars(
                sa.select(Submission).where(Submission.entry_id == entry.id, Submission.superseded_by.is_(None))
            )
        }
        assert standing == {"2015": "ditarik", "2016": "terbit"}

    def test_a_delivery_of_the_opd_is_not_superseded(self, run, folder):
        run(folder())
        entry = model.Session.scalar(sa.select(PlanEntry).where(PlanEntry.judul == "Tenaga Kesehatan"))
        newer = SubmissionRow(
            period="2016",
            dataset_id=show(HEALTH)["id"],
            delivered_at=datetime(2020, 1, 1, tzinfo=timezone.utc),
            content_sha256="opd",
            entry_id=entry.id,
            expected_values=4,
            filled_values=4,
        )
        record_submissions([newer])
        run(folder())
        standing = model.Session.scalar(
            sa.select(Submission).where(
                Submission.entry_id == entry.id, Submission.period == "2016", Submission.superseded_by.is_(None)
            )
        )
        assert (standing.origin, standing.filled_values) == ("unggahan", 4)

    @pytest.mark.parametrize("nil", [False, True])
    def test_a_period_published_through_the_form_is_not_written_over(self, run, folder, tables, tmp_path, nil):
        run(folder())
        dataset = show(HEALTH)
        resource_id = dataset["resources"][0]["id"]
        entry = model.Session.scalar(sa.select(PlanEntry).where(PlanEntry.judul == "Tenaga Kesehatan"))
        own = SubmissionRow(
            period="2019",
            dataset_id=dataset["id"],
            delivered_at=datetime(2020, 1, 1, tzinfo=timezone.utc),
            content_sha256="opd",
            entry_id=entry.id,
            resource_id=resource_id,
            origin="formulir",
            nil=nil,
            expected_values=4,
            filled_values=0 if nil else 4,
        )
        record_submissions([own])
        if not nil:
            period = Submission.period == "2019"
            model.Session.execute(sa.update(Submission).where(period).values(file_sha256="opd"))
            model.Session.commit()
        rows = tables(resource_id)
        # The same export again: nothing is skipped, nothing is withdrawn.
        assert "Dilewati" not in run(folder())
        more = [*VALUES, {"jenis_data": "1", "tahun": "2017", "jumlah": "4"}]
        report = tmp_path / "laporan.csv"
        assert "Dilewati: 1 dataset" in run(folder(more), "--report", str(report))
        assert tables(resource_id) == rows
        standing = model.Session.execute(
            sa.select(Submission.period, Submission.state).where(
                Submission.entry_id == entry.id, Submission.superseded_by.is_(None)
            )
        ).all()
        assert dict(standing) == {"2015": "terbit", "2016": "terbit", "2019": "terbit"}
        [told] = [row for row in csv.DictReader(io.StringIO(report.read_text())) if row["rule"] == "dataset-dilewati"]
        assert (told["row_id"], told["old"], told["new"]) == (entry.kode, "Tenaga Kesehatan", "2019")
        assert "Percobaan" in run(folder(more), "--dry-run")

    def test_a_name_somebody_else_has_is_not_taken(self, run, folder):
        from ckan.tests import factories

        factories.Dataset(name=HEALTH, state="draft", owner_org=model.Group.get("distan").id)
        run(folder())
        names = model.Session.scalars(
            sa.select(model.Package.name).where(model.Package.title == "Tenaga Kesehatan")
        ).all()
        assert len(names) == 1
        assert names[0].startswith(f"{HEALTH}-")


class TestRefusals:
    def test_the_command_is_part_of_ckan(self, cli):
        """It hangs in the group `satudata` as soon as the plugin is loaded."""
        result = cli.invoke(ckan_command, ["satudata", "sikondang", "import", "--help"])
        assert result.exit_code == 0
        assert "--dry-run" in result.output
        assert sikondang.commands["import"].name == "import"

    def test_a_faulty_export_is_one_sentence_and_writes_nothing(self, run, folder, offices):
        before = state()
        output = run(folder([*VALUES, {"jenis_data": "1", "tahun": "1812"}]), status=1)
        assert output.strip().splitlines()[-1].startswith("Berkas tb_simpatik.csv baris 11 kolom tahun")
        assert state() == before

    def test_a_missing_table_is_named(self, run, folder, offices):
        target = folder()
        (target / "tb_wilayah.csv").unlink()
        assert "tb_wilayah.csv tidak ada" in run(target, status=1)

    def test_a_missing_folder_is_named(self, run, tmp_path):
        assert "tidak-ada" in run(tmp_path / "tidak-ada", status=1)

    def test_without_the_opds_nothing_is_written(self, run, folder):
        before = state()
        output = run(folder(), status=1)
        assert "dinkes" in output
        assert "ckan satudata seed" in output
        assert state() == before

    def test_a_report_that_cannot_be_written_stops_before_anything_else(self, run, folder, offices, tmp_path):
        before = state()
        output = run(folder(), "--report", str(tmp_path / "tidak" / "ada.csv"), status=1)
        assert "--report" in output
        assert state() == before


def _forget_everything(*dataset_ids):
    """Back to the portal before the first run, but for the OPDs."""
    context = {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    for dataset_id in dataset_ids:
        tk.get_action("dataset_purge")(dict(context), {"id": dataset_id})
    model.Session.execute(sa.text("TRUNCATE satudata_plan_entry, satudata_submission"))
    model.Session.commit()
    drop_imported()
