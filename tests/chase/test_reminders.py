"""Reminders through a real mail server: to whom, once, again after a failure, never when they must not."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudataserang.chase import config, post, reminders, schedule
from ckanext.satudataserang.chase.model import Mail, MailItem
from ckanext.satudataserang.consistency.model import Conflict
from ckanext.satudataserang.core.deadlines import WIB

from tests.chase.conftest import NOW

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "app")


def states():
    return dict(model.Session.execute(sa.select(Mail.state, sa.func.count()).group_by(Mail.state)).tuples().all())


def test_one_letter_per_person_with_all_their_items(town, inbox, monkeypatch):
    monkeypatch.setitem(tk.config, config.SEKDA, "sekda@contoh.go.id")
    done = reminders.run(NOW)
    assert done.sent.sent == 6
    assert inbox.recipients == [
        f"{name}@contoh.go.id" for name in ("ani", "budi", "citra", "kepala-a", "sekda", "wati")
    ]
    staff, head, walidata = (inbox.text(f"{name}@contoh.go.id") for name in ("ani", "kepala-a", "wati"))
    assert all(f"Data {kode}," in staff for kode in ("A-14", "A-3", "A0"))
    assert not any(f"Data {kode}," in staff for kode in ("A-5", "A7", "A14", "A40", "B3"))
    assert "Data A7," in head
    assert "Data A14," in walidata
    assert "Data A14," not in head
    assert "Selain itu masih ada 3 data lain yang terlambat." in staff


def test_links_are_absolute_and_open_the_cell(town, inbox):
    reminders.run(NOW)
    text = inbox.text("citra@contoh.go.id")
    assert "http://portal.test/" in text
    assert "/B3/2026" in text
    assert "http://portal.test/tugas" in text


def test_headers_say_that_a_machine_wrote(town, inbox):
    reminders.run(NOW)
    for letter in inbox.letters:
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["List-Id"] == "<pengingat.portal.test>"
        assert letter["Message-ID"].endswith("@portal.test>")
        assert letter["From"].addresses[0].addr_spec == "portal@contoh.go.id"
        assert {part.get_content_type() for part in letter.iter_parts()} == {"text/plain", "text/html"}
    assert len({letter["Message-ID"] for letter in inbox.letters}) == len(inbox.letters)


def test_a_second_run_sends_nothing(town, inbox):
    reminders.run(NOW)
    before = len(inbox.envelopes)
    again = reminders.run(NOW + timedelta(hours=5))
    assert (again.noted, again.sent.sent) == (0, 0)
    assert len(inbox.envelopes) == before


def test_the_next_step_is_told_on_its_day(town, inbox):
    reminders.run(NOW)
    inbox.envelopes.clear()
    reminders.run(NOW + timedelta(days=3))
    # A-3 and B3 are now due, which is a step of its own; what was told of the others stands.
    assert inbox.recipients == [f"{name}@contoh.go.id" for name in ("ani", "budi", "citra")]
    assert "Data A-3," in inbox.text("ani@contoh.go.id")
    assert "Data A0," not in inbox.text("ani@contoh.go.id")


@pytest.fixture
def unequal(town):
    """A difference between figures of Dinas A and Dinas B."""
    now = datetime(2026, 11, 20, tzinfo=timezone.utc)
    figures = {"left_value": 1234, "left_unit": "jiwa", "right_value": 1230, "right_unit": "jiwa", "unit": "jiwa"}
    made = Conflict(
        id="beda-1", rule="uji", kind="sama", left_entry=town["A40"], left_column="x", right_entry=town["B3"],
        right_column="y", period="2025", area="", classes="", difference=4, severity="peringatan", state="terbuka",
        opened_at=now, changed_at=now, detail={}, **figures,
    )  # fmt: skip
    model.Session.add(made)
    model.Session.commit()
    return made


def test_people_of_both_opds_read_about_figures_that_differ(unequal, inbox):
    reminders.run(NOW)
    for name in ("ani", "budi", "citra"):
        text = inbox.text(f"{name}@contoh.go.id")
        assert "Dinas A: 1.234 jiwa (Data A40); Dinas B: 1.230 jiwa (Data B3); selisih 4 jiwa." in text
        assert "http://portal.test/kesamaan/beda-1" in text
    for name in ("kepala-a", "wati"):
        assert "berbeda" not in inbox.text(f"{name}@contoh.go.id")
    inbox.envelopes.clear()
    # Told once; nothing else is new.
    reminders.run(NOW + timedelta(hours=5))
    assert inbox.envelopes == []


def test_a_difference_is_told_where_nothing_else_is_owed(unequal, inbox):
    reminders.run(NOW - timedelta(days=60))
    assert inbox.recipients == [f"{name}@contoh.go.id" for name in ("ani", "budi", "citra")]
    assert [letter["Subject"] for letter in inbox.letters] == ["Pengingat: 1 angka berbeda dengan data lain"] * 3


@pytest.mark.parametrize("change", ["state", "explanation", "sample"])
def test_what_is_settled_explained_or_a_sample_is_in_no_letter(unequal, inbox, change):
    if change == "sample":
        model.Session.execute(sa.text("UPDATE satudata_plan_entry SET source_system = 'contoh'"))
    else:
        setattr(unequal, change, "dijelaskan")
    model.Session.commit()
    reminders.run(NOW - timedelta(days=60))
    assert inbox.envelopes == []


def test_a_letter_about_a_difference_that_is_gone_is_not_sent(unequal, inbox):
    inbox.refused["citra@contoh.go.id"] = "450 nanti"
    reminders.run(NOW - timedelta(days=60))
    assert states() == {"terkirim": 2, "antre": 1}
    inbox.refused.clear()
    unequal.state = "selesai"
    model.Session.commit()
    reminders.send(NOW - timedelta(days=59))
    assert states() == {"terkirim": 2, "batal": 1}


def test_quiet_once_delivered(town, inbox, make_dataset, deliver):
    opd = model.Group.get("dinas-b").id
    dataset = make_dataset("b3", opd, "B3")
    deliver((town["B3"], dataset, "2026", "2026-11-20", {"filled_values": 6}))
    reminders.run(NOW)
    assert "citra@contoh.go.id" not in inbox.recipients


def test_a_letter_that_waits_is_dropped_when_all_of_it_came(town, inbox, make_dataset, deliver, set_deadlines):
    inbox.refused["citra@contoh.go.id"] = "451 nanti saja"
    reminders.run(NOW)
    assert states() == {"terkirim": 4, "antre": 1}
    inbox.refused.clear()
    inbox.envelopes.clear()
    dataset = make_dataset("b3", model.Group.get("dinas-b").id, "B3")
    deliver((town["B3"], dataset, "2026", "2026-11-20", {"filled_values": 6}))
    done = reminders.send(NOW + timedelta(hours=1))
    assert (done.sent, done.cancelled) == (0, 1)
    assert inbox.envelopes == []
    assert states() == {"terkirim": 4, "batal": 1}


def test_a_failure_is_logged_and_tried_again_later_and_later(town, inbox):
    inbox.refused["citra@contoh.go.id"] = "550 kotak surat tidak ada"
    now = NOW
    reminders.run(now)
    mail = model.Session.scalar(sa.select(Mail).where(Mail.recipient == "citra@contoh.go.id"))
    waits = []
    while mail.state == "antre":
        assert "550" in mail.error
        assert reminders.send(mail.next_attempt_at - timedelta(seconds=1)).failed == 0, "not before its time"
        waits.append(mail.next_attempt_at - now)
        now = mail.next_attempt_at
        reminders.send(now)
        model.Session.refresh(mail)
    assert mail.state == "gagal"
    assert mail.attempts == config.max_attempts()
    assert waits == sorted(waits)
    inbox.refused.clear()
    inbox.envelopes.clear()
    call_action("satudata_mail_retry", id=mail.id)
    # The cell has passed on to other steps meanwhile, but what was promised to be sent is sent.
    done = reminders.send(datetime.now(timezone.utc) + timedelta(minutes=1))
    assert done.sent == 1
    assert inbox.recipients == ["citra@contoh.go.id"]


def test_one_refusal_keeps_no_other_letter_back(town, inbox):
    inbox.refused["ani@contoh.go.id"] = "550 tidak ada"
    done = reminders.run(NOW)
    assert (done.sent.sent, done.sent.failed) == (4, 1)


@pytest.mark.parametrize("settings", [{"smtp.mail_from": ""}, {"smtp.server": ""}, {"smtp.server": "127.0.0.1:9"}])
def test_without_a_mail_server_nothing_changes_and_the_reason_is_said(town, inbox, monkeypatch, settings):
    for key, value in settings.items():
        monkeypatch.setitem(tk.config, key, value)
    with pytest.raises(tk.ValidationError) as refused:
        call_action("satudata_reminder_run")
    assert "smtp." in str(refused.value.error_dict["surel"])
    assert states() == {}
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(MailItem)) == 0
    with pytest.raises(tk.ValidationError):
        call_action("satudata_mail_retry")


def test_a_dry_run_tells_and_changes_nothing(town, inbox, monkeypatch):
    monkeypatch.setitem(tk.config, "smtp.mail_from", "")
    found = reminders.summary(reminders.run(NOW, dry_run=True).digests)
    assert [one["recipient"].split("@")[0] for one in found] == ["ani", "budi", "citra", "kepala-a", "wati"]
    assert {item["kode"] for item in found[0]["items"]} == {"A-14", "A-3", "A0"}
    assert inbox.envelopes == []
    assert states() == {}


def test_hostile_titles_and_names_cannot_bend_a_letter(town, inbox, make_user):
    hostile = "Data\r\nBcc: musuh@contoh.id\r\n\r\n<script>alert(1)</script>"
    model.Session.execute(sa.text("UPDATE satudata_plan_entry SET judul = :text"), {"text": hostile})
    model.Session.execute(sa.text('UPDATE "group" SET title = :text'), {"text": hostile})
    model.Session.execute(sa.text('UPDATE "user" SET fullname = :text'), {"text": hostile})
    model.Session.execute(
        sa.text("UPDATE \"user\" SET email = :text WHERE name = 'budi'"), {"text": "budi@x.id\nBcc: musuh@contoh.id"}
    )
    model.Session.commit()
    reminders.run(NOW)
    assert inbox.recipients == [f"{name}@contoh.go.id" for name in ("ani", "citra", "kepala-a", "wati")]
    for letter in inbox.letters:
        assert letter["Bcc"] is None
        assert "<script" not in letter.get_body(("html",)).get_content()
        assert len(str(letter["Subject"]).splitlines()) == 1


def test_steps_and_hour_are_the_operators(town, inbox, monkeypatch):
    monkeypatch.setitem(tk.config, config.STEPS, "9:opd -5:walidata")
    reminders.run(NOW)
    assert inbox.recipients == ["ani@contoh.go.id", "budi@contoh.go.id", "wati@contoh.go.id"]
    # Made up for within a week: A7 of two days ago is not at step 9 yet, A14 of five days ago is.
    assert "Data A14," in inbox.text("ani@contoh.go.id")
    assert "Data A-5," in inbox.text("wati@contoh.go.id")


def test_mails_stop_while_the_figures_cannot_be_trusted(town, inbox, monkeypatch):
    monkeypatch.setattr(reminders, "stopped", lambda _session: "Pengingat dihentikan sementara: hitungan gagal")
    with pytest.raises(tk.ValidationError, match="dihentikan"):
        call_action("satudata_reminder_run")
    assert states() == {}
    assert inbox.envelopes == []


def test_the_days_job_plans_the_next_and_a_job_id_only_once(town, inbox, monkeypatch):
    planned = []
    monkeypatch.setattr(schedule, "_plan", lambda job_id, at, job: planned.append((job_id, at)))
    schedule.run_daily()
    job_id, at = planned[0]
    assert (at.hour, at.minute, at.tzinfo) == (7, 0, WIB)
    assert at > datetime.now(WIB)
    assert job_id == f"satudata_chase_daily_{at:%Y%m%d}"


def test_planning_twice_leaves_one_job(with_plugins):
    at = datetime.now(WIB) + timedelta(days=30)
    job_id = f"satudata_chase_test_{at:%Y%m%d%H%M%S%f}"
    schedule._plan(job_id, at, schedule.run_sending)
    schedule._plan(job_id, at, schedule.run_daily)
    job = tk.job_from_id(job_id)
    assert job.func_name.endswith("run_sending")
    job.delete()


@pytest.mark.slow
def test_two_runs_at_once_send_every_letter_once(town, inbox, set_deadlines, request):
    """Two processes of the command line, started together."""
    set_deadlines({town["A-3"]: 3, town["B3"]: 3, town["A14"]: -14}, now=datetime.now(timezone.utc))
    program = Path(sys.executable).with_name("ckan")
    command = [program, "-c", request.config.option.ckan_ini, "satudata", "remind"]
    environment = {
        **os.environ,
        "CKAN_SMTP_SERVER": f"127.0.0.1:{inbox.port}",
        "CKAN_SMTP_MAIL_FROM": "portal@contoh.go.id",
    }
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=200) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum(int(out.strip().splitlines()[-1].split()[0]) for out, _ in said) == len(inbox.envelopes)
    keys = model.Session.execute(sa.select(MailItem.recipient, MailItem.mail_id).distinct()).all()
    assert len(inbox.recipients) == len(set(inbox.recipients)) == len(keys)
    assert {"ani@contoh.go.id", "citra@contoh.go.id", "wati@contoh.go.id"} <= set(inbox.recipients)
    assert len({letter["Message-ID"] for letter in inbox.letters}) == len(inbox.letters)


def test_a_letter_locked_by_another_worker_is_passed_over(town, inbox):
    inbox.refused["citra@contoh.go.id"] = "451 nanti"
    reminders.run(NOW)
    inbox.refused.clear()
    later = NOW + timedelta(hours=1)
    with model.ensure_engine().begin() as other:
        other.execute(sa.text("SELECT * FROM satudata_mail WHERE state = 'antre' FOR UPDATE"))
        assert reminders.send(later).sent == 0
    assert reminders.send(later).sent == 1


def test_an_address_that_is_none_is_refused_before_the_server_hears_of_it(town, inbox):
    from ckanext.satudataserang.core.reminder_texts import Letter
    from ckanext.satudataserang.core.reminders import Person

    with pytest.raises(post.PostError, match="tidak sah"):
        post.send(Person("a@b.id\nRCPT TO:<c@d.id>", "A"), Letter("s", "t", "h"), "1")
    assert inbox.envelopes == []
