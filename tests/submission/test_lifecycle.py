"""A delivery from draft to publication, and every way in which a step is refused."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from flask import g

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.submission import due, jobs, queue
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import ConflictError
from ckanext.satudataserang.submission.signals import submissions_changed

from .conftest import amend
from .samples import ROWS

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context", "kept")


def table_of(resource_id):
    found = tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": resource_id, "sort": "_id"})
    return [{key: value for key, value in row.items() if key != "_id"} for row in found["records"]]


@pytest.fixture
def publish(deliver, act, cast):
    """Deliver, approve and publish; keywords are parameters of the delivery."""

    def call(**data):
        sent = deliver(**data)
        return act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui", publish=True)

    return call


def test_from_typed_rows_to_the_published_table(deliver, act, cast, public):
    sent = deliver()
    assert sent["state"] == "menunggu_pemeriksaan"
    assert (sent["filled_values"], sent["expected_values"], sent["valid"]) == (2, 6, True)
    assert sent["reasons"] == ["nilai-kosong"]
    approved = act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")
    assert approved["state"] == "disetujui"
    assert approved["next"] == ["terbit"]
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert (done["state"], done["problem"], done["dataset_id"]) == ("terbit", "", public["id"])
    assert table_of(done["resource_id"]) == [
        {"periode": "2025", "kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 10},
        {"periode": "2025", "kode_wilayah": "36.73.02", "kecamatan": "Kasemen", "penduduk": 20},
    ]
    steps = [(event["action"], event["from_state"], event["to_state"]) for event in done["events"]]
    assert steps == [
        ("buat", None, "draf"),
        ("kirim", "draf", "diajukan"),
        ("periksa", "diajukan", "menunggu_pemeriksaan"),
        ("setujui", "menunggu_pemeriksaan", "disetujui"),
        ("minta_terbit", "disetujui", "disetujui"),
        ("terbit", "disetujui", "terbit"),
    ]


def test_a_draft_is_filled_replaced_and_handed_in(deliver, act, cast):
    draft = deliver(submit=False)
    assert (draft["state"], draft["next"]) == ("draf", ["diajukan"])
    assert act(cast.walidata, "submission_list", waiting=True)["count"] == 0
    changed = act(cast.pendukung, "submission_update", id=draft["id"], rows=[{"kecamatan": "Serang", "penduduk": 0}])
    assert changed["reasons"] == ["semua-nol"]
    again = act(cast.produsen, "submission_update", id=draft["id"], rows=ROWS, note="Sementara")
    assert (again["note"], again["filled_values"]) == ("Sementara", 2)
    sent = act(cast.produsen, "submission_transition", id=draft["id"], to="diajukan")
    assert sent["state"] == "menunggu_pemeriksaan"
    with pytest.raises(ConflictError, match="tidak dapat diubah"):
        act(cast.produsen, "submission_update", id=draft["id"], rows=ROWS)
    with pytest.raises(ConflictError, match="tidak dapat diubah"):
        act(cast.produsen, "submission_discard", id=draft["id"])


def test_a_draft_is_continued_by_its_owner_and_named_to_others(deliver, act, cast):
    first = deliver(submit=False)
    assert deliver(submit=False, note="Lagi")["id"] == first["id"]
    with pytest.raises(ConflictError, match="sedang mengisi draf"):
        deliver(cast.pendukung, submit=False)
    sent = deliver(cast.pendukung)
    assert (sent["state"], sent["id"] != first["id"]) == ("menunggu_pemeriksaan", True)
    assert act(cast.produsen, "submission_form", entry="DD-1", period="2025")["draft"]["id"] == first["id"]
    with pytest.raises(ConflictError, match="sedang mengisi draf"):
        act(cast.pendukung, "submission_update", id=first["id"], rows=ROWS, changed="2020-01-01T00:00:00+00:00")
    assert act(cast.pendukung, "submission_discard", id=first["id"]) == {"id": first["id"]}
    assert model.Session.get(Submission, first["id"]) is None


def test_what_is_invalid_stays_with_the_opd_and_mending_keeps_the_chain(deliver, act, cast):
    bad = deliver(rows=[{"kecamatan": "Serang", "penduduk": 0}])
    assert (bad["state"], bad["valid"], bad["reasons"]) == ("tidak_valid", False, ["semua-nol"])
    with pytest.raises(ConflictError, match="Buat kiriman baru"):
        act(cast.walidata, "submission_transition", id=bad["id"], to="disetujui")
    good = deliver()
    assert (good["state"], good["chain_id"]) == ("menunggu_pemeriksaan", bad["id"])
    assert act(cast.produsen, "submission_show", id=bad["id"])["superseded_by"] == good["id"]


def test_a_return_needs_a_note_and_may_carry_notes_per_finding(deliver, act, cast):
    sent = deliver()
    with pytest.raises(tk.ValidationError, match="catatan") as refused:
        act(cast.walidata, "submission_transition", id=sent["id"], to="dikembalikan", note="  ")
    assert list(refused.value.error_dict) == ["note"]
    notes = [{"code": "nilai-kosong", "row": 2, "column": "penduduk", "note": "Lengkapi 4 kecamatan"}]
    back = act(cast.walidata, "submission_transition", id=sent["id"], to="dikembalikan", notes=notes)
    assert back["state"] == "dikembalikan"
    assert back["events"][-1]["notes"] == notes
    shown = act(cast.produsen, "submission_form", entry="DD-1", period="2025")["open"]
    assert shown["returned"]["notes"] == notes
    assert [row["penduduk"] for row in shown["rows"]] == ["10", "20"]
    assert deliver()["chain_id"] == sent["id"]


def test_a_newer_delivery_takes_the_place_of_a_waiting_one(deliver, act, cast):
    first, second = deliver(), deliver(note="Lebih lengkap")
    with pytest.raises(ConflictError, match="sudah diganti"):
        act(cast.walidata, "submission_transition", id=first["id"], to="disetujui")
    assert [row["id"] for row in act(cast.walidata, "submission_list", waiting=True)["results"]] == [second["id"]]


def test_an_approved_delivery_is_locked_until_it_is_published(deliver, act, cast):
    sent = deliver()
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")
    with pytest.raises(ConflictError, match="menunggu terbit"):
        deliver()
    assert act(cast.produsen, "submission_form", entry="DD-1", period="2025")["allowed"]["create"] is False


@pytest.mark.usefixtures("public")
def test_a_correction_gives_its_reason_and_takes_the_published_place(publish, deliver, act, cast):
    first = publish()
    with pytest.raises(tk.ValidationError, match="alasan koreksi") as refused:
        deliver()
    assert list(refused.value.error_dict) == ["correction_reason"]
    rows = [{**ROWS[0], "penduduk": 11}, ROWS[1]]
    second = publish(rows=rows, correction_reason="Salah ketik di Serang")
    assert (second["state"], second["corrects"]) == ("terbit", first["id"])
    assert [row["penduduk"] for row in table_of(second["resource_id"])] == [11, 20]
    public = act(None, "submission_history", entry="DD-1", period="2025")["results"]
    assert [(row["correction_reason"], row["superseded"]) for row in public] == [
        ("Salah ketik di Serang", False),
        ("", True),
    ]
    assert not {"created_by", "file_sha256", "events", "note"} & set(public[0])


@pytest.mark.usefixtures("public")
def test_nil_needs_a_word_and_empties_the_period(publish, deliver, act, cast):
    with pytest.raises(tk.ValidationError, match="keterangan"):
        deliver(nil=True)
    done = publish()
    nil = publish(nil=True, note="Pendataan ditiadakan", correction_reason="Data lama keliru")
    assert (nil["state"], nil["nil"], nil["filled_values"]) == ("terbit", True, 0)
    assert table_of(done["resource_id"]) == []


@pytest.mark.usefixtures("public")
def test_static_data_are_confirmed_once_a_year(publish, deliver, act, cast, entry):
    amend(entry.id, frequency="statis")
    year = f"statis-{due.today().year}"
    with pytest.raises(ConflictError, match="Belum ada data statis"):
        deliver(period=year, confirms=True)
    with pytest.raises(tk.ValidationError, match="hanya untuk data statis"):
        deliver(period="statis", confirms=True)
    first = publish(period="statis")
    assert first["state"] == "terbit"
    with pytest.raises(tk.ValidationError, match="koreksi untuk periode"):
        deliver(period=year)
    done = publish(period=year, confirms=True)
    assert (done["state"], done["confirms"]) == ("terbit", True)
    assert len(table_of(first["resource_id"])) == 2


@pytest.mark.usefixtures("public")
def test_data_prioritas_pass_the_pembina(deliver, act, cast, entry):
    amend(entry.id, prioritas=[2025])
    sent = deliver()
    with pytest.raises(ConflictError, match="setelah Walidata menyetujui"):
        act(cast.pembina, "submission_recheck", id=sent["id"], ok=True)
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui", publish=True)
    with pytest.raises(ConflictError, match="Pembina"):
        act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert [row["id"] for row in act(cast.pembina, "submission_list", waiting=True)["results"]] == [sent["id"]]
    assert act(cast.walidata, "submission_list", waiting=True)["count"] == 0
    with pytest.raises(tk.ValidationError, match="catatan"):
        act(cast.pembina, "submission_recheck", id=sent["id"], ok=False)
    back = act(cast.pembina, "submission_recheck", id=sent["id"], ok=False, note="Bandingkan dengan BPS")
    assert back["state"] == "menunggu_pemeriksaan"
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")
    checked = act(cast.pembina, "submission_recheck", id=sent["id"], ok=True)
    assert (checked["state"], bool(checked["rechecked_at"])) == ("disetujui", True)
    with pytest.raises(ConflictError, match="sudah menyetujui"):
        act(cast.pembina, "submission_recheck", id=sent["id"], ok=True)
    assert act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")["state"] == "terbit"


@pytest.mark.usefixtures("public")
def test_taking_a_year_out_of_prioritas_bypasses_nobody(deliver, act, cast, entry):
    amend(entry.id, prioritas=[2025])
    sent = deliver()
    amend(entry.id, prioritas=[])
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui", publish=True)
    assert (done["state"], done["prioritas"]) == ("disetujui", True)
    with pytest.raises(ConflictError, match="Pembina"):
        act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    act(cast.pembina, "submission_recheck", id=sent["id"], ok=False, note="Bandingkan dengan BPS")
    act(cast.walidata, "submission_transition", id=sent["id"], to="dikembalikan", note="Bandingkan dengan BPS")
    again = deliver()
    act(cast.walidata, "submission_transition", id=again["id"], to="disetujui", publish=True)
    assert act(cast.pembina, "submission_recheck", id=again["id"], ok=True)["rechecked_at"]
    assert act(cast.walidata, "submission_transition", id=again["id"], to="terbit")["state"] == "terbit"
    # What is handed in from now on follows the plan as it is.
    assert deliver(correction_reason="Salah ketik")["prioritas"] is False


def test_the_pembina_has_no_say_in_other_data(deliver, act, cast):
    sent = deliver()
    act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")
    with pytest.raises(ConflictError, match="bukan Data Prioritas"):
        act(cast.pembina, "submission_recheck", id=sent["id"], ok=True)
    with pytest.raises(ConflictError, match="tidak dapat menjadi"):
        act(cast.pembina, "submission_recheck", id=sent["id"], ok=False, note="Kurang")


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("2025-Q3", "berjadwal tahunan"),
        ("2014", "sebelum entri DD-1 berlaku"),
        ("2031", "belum dimulai"),
        ("triwulan satu", "tidak dikenali"),
        ("2025\0", None),
        ("statis", "bukan data statis"),
        ("", "period"),
    ],
)
def test_a_period_that_is_not_owed_is_named(deliver, period, sentence):
    if sentence is None:
        assert deliver(period=period)["period"] == "2025"
        return
    with pytest.raises(tk.ValidationError) as refused:
        deliver(period=period)
    assert list(refused.value.error_dict) == ["period"]
    assert sentence in str(refused.value.error_dict)


def test_an_entry_that_ended_takes_what_was_owed_until_then(deliver, entry):
    amend(entry.id, state="berakhir", berlaku_sampai=date(2024, 12, 31))
    assert deliver(period="2024")["state"] == "menunggu_pemeriksaan"
    with pytest.raises(tk.ValidationError, match="tidak berlaku lagi"):
        deliver(period="2025")
    amend(entry.id, state="usulan")
    with pytest.raises(tk.ValidationError, match="belum berlaku"):
        deliver(period="2024")


def test_unknown_things_are_not_found(deliver, act, cast):
    with pytest.raises(tk.ObjectNotFound, match="tidak ditemukan"):
        deliver(entry="XX-9")
    for name in ("submission_show", "submission_diff", "submission_file"):
        with pytest.raises(tk.ObjectNotFound):
            act(cast.walidata, name, id="tidak-ada\0")
    with pytest.raises(tk.ValidationError, match="tidak dikenal"):
        act(cast.walidata, "submission_transition", id=deliver()["id"], to="entah")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "berkas-kosong"),
        (b"kecamatan;penduduk\n", "tanpa-baris"),
        (b"PK\x03\x04" + b"\0" * 200, None),
        (b"kecamatan;tahun;penduduk\nSerang;2025;1\nKasemen;2024;2\n", "periode-lain"),
        (b"kecamatan;tahun;penduduk\nSerang;2025;1\nKasemen;;2\n", "baris-tanpa-periode"),
        (b"kecamatan;penduduk\nSerang;\nKasemen;-\n", "isian-kosong"),
        (b"kecamatan;penduduk\nSerang;0\nKasemen;0\n", "semua-nol"),
        (b"kecamatan;penduduk\nSerang;1;9\n", "lebar-baris"),
    ],
)
def test_a_file_that_cannot_stand_is_not_valid_and_says_why(deliver, file_of, content, code):
    sent = deliver(upload=file_of(content, "../../etc/pass\\wd.csv"))
    assert sent["state"] == "tidak_valid"
    assert sent["file_name"] == "wd.csv"
    assert sum(sent["totals"].values()) >= 1
    if code:
        assert code in sent["reasons"]


@pytest.mark.usefixtures("public")
def test_columns_are_those_of_the_standing_table(publish, deliver):
    publish()
    sent = deliver(period="2024", rows=[{"kecamatan": "Serang", "penduduk": "banyak", "luas": 3}])
    found = {(finding["code"], finding["severity"], finding["column"]) for finding in sent["findings"]}
    assert ("kolom-kurang", "error", "kode_wilayah") in found
    assert ("kolom-baru", "warning", "luas") in found
    assert ("bukan-angka", "error", "penduduk") in found
    assert sent["state"] == "tidak_valid"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("teks", "daftar baris"),
        ([["Serang", 1]], "daftar baris"),
        ([{"a": [1]}], "teks atau angka"),
        ([{"a": 1}] * 5001, "5000 baris"),
        ([{f"k{n}": 1 for n in range(201)}], "200 kolom"),
    ],
)
def test_rows_have_a_shape_and_limits(deliver, rows, sentence):
    with pytest.raises(tk.ValidationError, match=sentence):
        deliver(rows=rows)


def test_content_is_of_one_kind(deliver, act, cast, file_of):
    with pytest.raises(tk.ValidationError, match="Pilih satu cara"):
        deliver(rows=ROWS, nil=True, note="x")
    with pytest.raises(tk.ValidationError, match="Belum ada isinya"):
        act(cast.produsen, "submission_create", entry="DD-1", period="2025")
    with pytest.raises(tk.ValidationError, match="Belum ada isinya"):
        deliver(upload=file_of("", ""))


def test_a_file_larger_than_allowed_is_refused(deliver, file_of, monkeypatch, kept):
    monkeypatch.setitem(tk.config, "ckan.max_resource_size", 0)
    with pytest.raises(tk.ValidationError, match="lebih besar dari 0 MB"):
        deliver(upload=file_of("a;b\n1;2\n"))
    assert not [path for path in kept.rglob("*") if path.is_file()]


def test_a_large_file_is_checked_by_a_job(deliver, file_of, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.delivery.at_once_mb", 0)
    sent = deliver(upload=file_of("kecamatan;penduduk\nSerang;1\n"))
    assert sent["state"] == "diajukan"
    titles = [each["title"] for each in tk.get_action("job_list")({"ignore_auth": True}, {"queues": [queue.QUEUE]})]
    assert f"Periksa {sent['id']}" in titles
    jobs.check(sent["id"])
    jobs.check(sent["id"])
    model.Session.expire_all()
    row = model.Session.get(Submission, sent["id"])
    assert (row.state, row.filled_values) == ("menunggu_pemeriksaan", 1)


def test_a_lost_check_is_made_up_for(deliver, file_of, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.satudataserang.delivery.at_once_mb", 0)
    sent = deliver(upload=file_of("kecamatan;penduduk\nSerang;1\n"))
    assert jobs.sweep()[0] == 1
    model.Session.expire_all()
    assert model.Session.get(Submission, sent["id"]).state == "menunggu_pemeriksaan"


def test_of_two_at_once_one_wins_and_the_other_is_told(deliver, cast, entry, app):
    barrier, results = threading.Barrier(4), []

    def send():
        barrier.wait()
        try:
            results.append(deliver(cast.produsen)["id"])
        except ConflictError as refused:
            results.append(refused)
        finally:
            model.Session.remove()

    def run():
        with app.flask_app.test_request_context():
            send()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [each for each in results if isinstance(each, str)]
    told = [each for each in results if isinstance(each, ConflictError)]
    assert len(results) == 4
    assert won
    assert len(won) + len(told) == 4
    for refused in told:
        assert refused.code == "didahului"
        assert "sudah mengirim data periode ini pada" in refused.message
    query = sa.select(sa.func.count()).where(Submission.superseded_by.is_(None), Submission.entry_id == entry.id)
    assert model.Session.scalar(query) == 1


def test_a_page_that_did_not_know_of_another_delivery_is_told(deliver, act, cast):
    seen = act(cast.produsen, "submission_form", entry="DD-1", period="2025")["seen"]
    first = deliver(cast.pendukung)
    with pytest.raises(ConflictError, match="sudah mengirim data periode ini") as refused:
        deliver(seen=seen)
    assert refused.value.error_dict["id"] == [first["id"]]
    assert deliver(seen=first["id"])["chain_id"] == first["id"]


def test_others_hear_of_what_changes_a_cell_and_of_nothing_else(deliver, act, cast, entry):
    heard = []

    def listen(_sender, **kwargs):
        heard.append(kwargs)

    with submissions_changed.connected_to(listen):
        deliver(submit=False)
        assert heard == []
        sent = deliver()
        act(cast.walidata, "submission_transition", id=sent["id"], to="dikembalikan", note="Kurang")
    assert heard == [{"entry_ids": [entry.id], "dataset_ids": []}] * 2


def test_the_api_answers_409_and_403(app, deliver, cast):
    sent = deliver()
    token = {
        name: tk.get_action("api_token_create")({"ignore_auth": True}, {"user": name, "name": "uji"})["token"]
        for name in (cast.walidata, cast.produsen)
    }

    def post(name, **data):
        # The context around the test keeps who acted last.
        g.pop("_login_user", None)
        return app.post(
            "/api/3/action/satudata_submission_transition",
            json={"id": sent["id"], **data},
            headers={"Authorization": token[name]},
            status=None,
        )

    early = post(cast.walidata, to="terbit")
    assert early.status_code == 409
    assert early.json["error"]["code"] == ["urutan"]
    assert "Langkah berikutnya" in early.json["error"]["message"][0]
    mine = post(cast.produsen, to="disetujui")
    assert mine.status_code == 403
    assert "tidak berhak" in mine.json["error"]["message"]
    assert post(cast.walidata, to="disetujui").status_code == 200


@pytest.mark.parametrize(
    ("who", "to", "sentence"),
    [("walidata", "terbit", "Langkah berikutnya"), ("produsen", "disetujui", "tidak berhak"), ("x", "terbit", "“x”")],
)
def test_the_command_line_refuses_what_the_api_refuses(cli, deliver, cast, who, to, sentence):
    from ckan.cli.cli import ckan

    sent = deliver()
    refused = cli.invoke(ckan, ["satudata", "submission", "move", "--user", getattr(cast, who, who), sent["id"], to])
    assert refused.exit_code == 1
    assert sentence in refused.output
    assert "Traceback" not in refused.output
    assert model.Session.scalar(sa.select(Submission.state).where(Submission.id == sent["id"])) == sent["state"]
