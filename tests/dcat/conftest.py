"""What the tests of DCAT share: an OPD as the real schema describes it, and datasets made through the API."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import Graph

from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.catalogue.datasets import complete_dataset

SITE = "http://portal.test"


def act(action: str, **data: Any) -> Any:
    """Call an action as the portal itself."""
    user = call_action("get_site_user", context={"ignore_auth": True})
    return call_action(action, context={"user": user["name"], "ignore_auth": True}, **data)


def make_opd() -> dict[str, Any]:
    return factories.Organization(
        name="disdukcapil",
        title="Dinas Kependudukan dan Pencatatan Sipil",
        kode="2.12.0.00",
        singkatan="Disdukcapil",
        jenis="dinas",
        jabatan_penanggung_jawab="Sekretaris Dinas",
    )


def read(app: Any, path: str, form: str = "turtle") -> Graph:
    """What an address of the portal answers, parsed."""
    response = app.get(path, status=200)
    return Graph().parse(data=response.get_data(as_text=True), format=form, publicID=SITE)


@pytest.fixture
def opd():
    return make_opd()


@pytest.fixture
def make_dataset(opd):
    """Make a published dataset with the real SDI schema; keyword arguments change its fields."""

    def make(**changes: Any) -> dict[str, Any]:
        return act("package_create", **complete_dataset(opd["id"], **changes))

    return make


@pytest.fixture
def fetch(app):
    """Fetch an address of the portal and parse what it answers."""

    def parse(path: str, form: str = "turtle") -> Graph:
        return read(app, path, form)

    return parse
