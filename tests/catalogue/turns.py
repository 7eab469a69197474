"""Somebody else whose turn it is to have a document made."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path

import pytest


@pytest.fixture
def made_elsewhere(monkeypatch, ckan_config):
    """While this context lasts, another process makes a document; nobody waits long, and nothing is kept before."""
    from ckanext.satudataserang.catalogue import documents

    @contextmanager
    def context():
        folder = Path(ckan_config["ckan.storage_path"]) / "satudata"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dokumen.lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    monkeypatch.setattr(documents, "_PATIENCE", 0.2)
    documents._kept.clear()
    yield context
    documents._kept.clear()
