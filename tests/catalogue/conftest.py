"""What the tests of the catalogue share: one OPD with its editor."""

from __future__ import annotations

import pytest

from ckan.tests import factories


@pytest.fixture
def editor():
    return factories.UserWithToken()


@pytest.fixture
def opd(editor):
    return factories.Organization(
        name="disdukcapil",
        title="Dinas Kependudukan dan Pencatatan Sipil",
        users=[{"name": editor["name"], "capacity": "editor"}],
    )
