"""What the operator reads when something is missing: one sentence with what, where and what to do."""

from __future__ import annotations

import errno
import io
import shutil
from collections import namedtuple

import pytest
from stack import accounts, cli, prerequisites, shell, suite
from stack.errors import StackError
from stack.progress import Progress, seconds, table


def test_without_root_and_sudo_the_packages_to_ask_for_are_named(monkeypatch):
    monkeypatch.setattr(prerequisites.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(prerequisites.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(StackError, match=r"bukan root dan tidak ada sudo.*maven redis-server"):
        prerequisites._privilege(["maven", "redis-server"])


def test_without_apt_the_packages_are_named_too(monkeypatch):
    monkeypatch.setattr(prerequisites.shutil, "which", lambda _: None)
    with pytest.raises(StackError, match=r"apt tidak tersedia"):
        prerequisites._privilege(["maven"])


def test_a_full_disk_says_how_much_is_needed(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(prerequisites.shutil, "disk_usage", lambda _: usage(10**10, 10**10, 5 * 10**7))
    with pytest.raises(StackError, match=r"tinggal 50 MB, sedangkan perlu sedikitnya 3000 MB"):
        prerequisites.check_disk(tmp_path / "belum" / "ada", least_mb=3000)


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("E: Temporary failure in name resolution", "Jaringan"),
        ("[ERROR] Could not transfer artifact", "Jaringan"),
        ("OSError: [Errno 28] No space left on device", "Disk penuh"),
        ("sesuatu yang lain", ""),
    ],
)
def test_ordinary_causes_are_recognised(output, word):
    assert shell._advice(output).startswith(word)


def test_a_failing_program_is_reported_with_its_last_lines_and_kept_in_the_log(tmp_path):
    log = tmp_path / "setup.log"
    with pytest.raises(StackError) as caught:
        shell.run(["sh", "-c", "echo baris penyebab; exit 3"], what="mencoba", log=log)
    assert "Gagal mencoba." in str(caught.value)
    assert "baris penyebab" in str(caught.value)
    assert str(log) in str(caught.value)
    assert "baris penyebab" in log.read_text()


def test_a_program_that_does_not_exist_is_named():
    with pytest.raises(StackError, match="program tidak-ada-di-sini tidak ditemukan"):
        shell.run(["tidak-ada-di-sini"], what="mencoba")


def test_a_program_that_hangs_is_ended():
    with pytest.raises(StackError, match="belum selesai setelah"):
        shell.run(["sleep", "30"], what="menunggu", timeout=0.2)


def test_the_command_ends_with_a_sentence_and_status_one(monkeypatch, capsys):
    def refuse(*_: object) -> int:
        message = "Port 5000 terpakai."
        raise StackError(message, "Pilih port lain.")

    monkeypatch.setitem(cli.COMMANDS, "status", (refuse, "portal", ""))
    assert cli.main(["status"]) == 1
    printed = capsys.readouterr()
    assert printed.err.strip() == "Port 5000 terpakai. Pilih port lain."
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(("code", "word"), [(errno.ENOSPC, "Disk penuh"), (errno.EACCES, "Tidak diizinkan")])
def test_the_systems_refusals_are_sentences(monkeypatch, capsys, code, word):
    def refuse(*_: object) -> int:
        raise OSError(code, "x", "/var/berkas")

    monkeypatch.setitem(cli.COMMANDS, "status", (refuse, "portal", ""))
    assert cli.main(["status"]) == 1
    assert capsys.readouterr().err.strip().startswith(f"{word} (/var/berkas)") or code == errno.EACCES


def test_an_unknown_command_shows_the_commands(capsys):
    assert cli.main(["terbang"]) == 2
    assert "Pemakaian" in capsys.readouterr().err


def test_reset_without_a_terminal_deletes_nothing(make_instance, capsys, monkeypatch):
    instance = make_instance("bukti")
    monkeypatch.setattr(cli.sys, "stdin", io.StringIO("bukti\n"))
    assert cli._reset(instance, []) == 1
    assert instance.folder.is_dir()
    assert "tidak ada yang dihapus" in capsys.readouterr().out


def test_reset_when_told_so_deletes_the_instance_and_nothing_else(make_instance):
    instance, other = make_instance("bukti"), make_instance("lain")
    instance.ports_file.unlink()
    assert cli._reset(instance, ["--yes"]) == 0
    assert not instance.folder.exists()
    assert other.folder.is_dir()


def test_the_suite_refuses_to_empty_a_portal(make_instance):
    with pytest.raises(StackError, match="bukan instans uji"):
        suite.test(make_instance("portal"), [])


def test_the_suite_runs_lint_types_imports_and_tests(make_instance):
    instance = make_instance("test_x")
    programs = [check.command[0] for check in suite.checks(instance, [])]
    assert programs == ["ruff", "ruff", "pyright", "lint-imports", "pytest"]
    assert [check.command[0] for check in suite.checks(instance, ["-k", "dcat"])] == ["pytest"]
    assert suite.checks(instance, ["-k", "dcat"])[0].command[-2:] == ("-k", "dcat")


def test_steps_are_numbered_and_say_when_they_fail():
    stream = io.StringIO()
    progress = Progress(2, stream=stream)
    with progress.step("Solr") as notes:
        notes.append("lengkap")
    with pytest.raises(ValueError, match="x"), progress.step("Redis"):
        raise ValueError("x")
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("[1/2] Solr: ")
    assert lines[0].endswith("lengkap")
    assert lines[1].startswith("[2/2] Redis: GAGAL setelah ")


@pytest.mark.parametrize(("value", "text"), [(0.42, "0,4 dtk"), (59.94, "59,9 dtk"), (65.2, "1 mnt 05 dtk")])
def test_durations(value, text):
    assert seconds(value) == text


def test_table_columns_are_as_wide_as_their_cells():
    assert table(("A", "B"), [("satu", "x")]).splitlines() == ["A     B", "----  -", "satu  x"]


def test_walidata_is_read_from_the_profile():
    assert accounts.walidata_slug("nama: Kota\nwalidata: diskominfo # pengelola\n") == "diskominfo"
    assert accounts.walidata_slug("# walidata: bukan\nnama: Kota\n") is None


def test_the_browser_is_found_where_it_is_installed():
    assert prerequisites.find_chromium() == next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def test_a_second_request_to_end_does_not_cut_the_cleaning_up_short(monkeypatch, capsys):
    import os
    import signal

    cleaned = []

    def work(*_: object) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            cleaned.append(True)
        return 0

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setitem(cli.COMMANDS, "status", (work, "portal", ""))
    try:
        assert cli.main(["status"]) == 130
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert cleaned == [True]
    assert "Dihentikan" in capsys.readouterr().err
