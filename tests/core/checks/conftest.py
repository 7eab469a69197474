"""Every table is checked both ways: loaded at once, and after what one pass over the file proves."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.checks import proofs

BOTH = ("test_engine", "test_reference", "test_privacy", "test_outliers", "test_sections", "test_groups")


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__.rpartition(".")[2] in BOTH:
        metafunc.fixturenames.append("proven_first")
        metafunc.parametrize("proven_first", [False, True], ids=["loaded", "proven"], indirect=True)


@pytest.fixture
def proven_first(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(proofs, "WORTH", 0)
