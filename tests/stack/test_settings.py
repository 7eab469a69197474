"""The operator's choices: what `.env` may look like, and what is said when it cannot be read."""

from __future__ import annotations

import pytest
from stack.errors import StackError
from stack.settings import Settings, parse_env


def test_lines_quotes_comments_and_exports():
    text = (
        "# catatan\n\nexport SATUDATA_JUDUL='Satu Data # Kota'\nSATUDATA_DAERAH = kota-serang  # profil\nSATUDATA_URL="
    )
    assert parse_env(text) == {
        "SATUDATA_JUDUL": "Satu Data # Kota",
        "SATUDATA_DAERAH": "kota-serang",
        "SATUDATA_URL": "",
    }


def test_unreadable_line_is_named_with_its_number():
    with pytest.raises(StackError, match=r"Baris 2 berkas \.env"):
        parse_env("A=1\nini bukan setelan\n")


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("SATUDATA_DAERAH=kota-serang\nSATUDATA_CONTOH=1\n")
    settings = Settings.read(tmp_path, {"SATUDATA_DAERAH": "kabupaten-lain", "HOME": "/root"})
    assert settings.profile == "kabupaten-lain"
    assert settings.sample is True
    assert "HOME" not in settings.values


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Ya", True), ("0", False), ("tidak", False), ("", False)]
)
def test_switches(value, expected):
    assert Settings({"SATUDATA_CONTOH": value}).sample is expected


def test_a_switch_that_is_neither_says_so():
    with pytest.raises(StackError, match=r"SATUDATA_CONTOH=mungkin tidak dikenal.*1 \(ya\)"):
        _ = Settings({"SATUDATA_CONTOH": "mungkin"}).sample


@pytest.mark.parametrize("value", ["0", "65", "dua", "-1", "1.5"])
def test_numbers_out_of_bounds_are_refused(value):
    with pytest.raises(StackError, match="bilangan antara 1 dan 64"):
        _ = Settings({"SATUDATA_WEB_PROSES": value}).web_workers


def test_the_example_file_is_readable_and_changes_nothing():
    from .conftest import ROOT

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    values = parse_env(text)
    assert Settings(values).profile == Settings({}).profile
    assert Settings(values).sample == Settings({}).sample
    assert not any("PASSWORD" in key or "SECRET" in key or "SANDI" in key for key in values)
