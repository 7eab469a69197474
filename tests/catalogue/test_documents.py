"""Costly documents: made once while they hold, one at a time on a machine."""

from __future__ import annotations

import fcntl
import threading

import pytest

from ckanext.satudataserang.catalogue import documents


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path, ckan_config):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    monkeypatch.setattr(documents, "_PATIENCE", 0.3)
    documents._kept.clear()
    yield tmp_path
    documents._kept.clear()


def test_the_second_who_asks_gets_what_was_made():
    made = []

    def make():
        made.append(1)
        return "a.pdf", b"x"

    assert documents.kept("a", make) == documents.kept("a", make) == ("a.pdf", b"x")
    assert len(made) == 1
    documents.kept("b", make)
    for _ in range(2):
        documents.kept(None, make)
    assert len(made) == 4


def test_what_fails_is_not_kept():
    def fail():
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            documents.kept("a", fail)
    assert documents.kept("a", lambda: ("", b"x")) == ("", b"x")


def test_only_so_many_bytes_are_kept(monkeypatch):
    monkeypatch.setattr(documents, "_MOST", 25)
    for number in range(4):
        documents.kept(number, lambda: ("", b"0123456789"))
    assert list(documents._kept) == [2, 3]
    documents.kept("large", lambda: ("", b"0" * 26))
    assert not documents._kept


def test_while_another_process_makes_one_others_are_asked_to_come_again(fresh, with_plugins, with_request_context):
    documents.kept("a", lambda: ("", b"x"))
    # The lock belongs to the open file, so this is as good as another process.
    with (fresh / "satudata" / "dokumen.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(documents.BusyError, match="Coba lagi"):
            documents.kept("b", lambda: ("", b"y"))
        assert documents.kept("a", lambda: ("", b"z")) == ("", b"x")
    assert documents.kept("b", lambda: ("", b"y")) == ("", b"y")


def test_those_who_ask_at_once_for_the_same_get_one(monkeypatch):
    monkeypatch.setattr(documents, "_PATIENCE", 30)
    begun, go, made, got = threading.Event(), threading.Event(), [], []

    def make():
        made.append(1)
        begun.set()
        assert go.wait(30)
        return "", b"x"

    threads = [threading.Thread(target=lambda: got.append(documents.kept("a", make))) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    go.set()
    for thread in threads:
        thread.join()
    assert (got, len(made)) == ([("", b"x")] * 2, 1)
