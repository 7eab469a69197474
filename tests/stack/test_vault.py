"""Secrets are generated, differ, survive, and only their owner reads them."""

from __future__ import annotations

import json
import os
import stat

from stack import vault


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_secret_is_made_long_and_of_its_own(tmp_path):
    secrets = vault.ensure_secrets(tmp_path / "secrets.json")
    assert set(secrets) == set(vault.NAMES)
    assert len(set(secrets.values())) == len(vault.NAMES)
    assert all(len(value) == 48 and set(value) <= set("0123456789abcdef") for value in secrets.values())


def test_two_instances_never_share_a_secret(tmp_path):
    one, two = (vault.ensure_secrets(tmp_path / name / "secrets.json") for name in ("satu", "dua"))
    assert not set(one.values()) & set(two.values())


def test_secrets_survive_and_a_new_name_joins_them(tmp_path):
    path = tmp_path / "secrets.json"
    first = dict(vault.ensure_secrets(path))
    del (shorter := dict(first))["solr"]
    path.write_text(json.dumps(shorter))
    second = vault.ensure_secrets(path)
    assert {name: second[name] for name in shorter} == shorter
    assert second["solr"]


def test_private_files_have_mode_600_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        vault.ensure_secrets(tmp_path / "secrets.json")
        vault.write_private_json(tmp_path / "accounts.json", {})
    finally:
        os.umask(before)
    assert mode(tmp_path / "secrets.json") == 0o600
    assert mode(tmp_path / "accounts.json") == 0o600


def test_a_file_opened_up_by_hand_is_closed_again(tmp_path):
    path = tmp_path / "secrets.json"
    vault.ensure_secrets(path)
    path.chmod(0o644)
    vault.ensure_secrets(path)
    assert mode(path) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.json"]
