"""What the tests of the portal share: an OPD, a reader without an account, datasets."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client

from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.catalogue.datasets import complete_dataset


def act(action: str, **data: Any) -> Any:
    """Call an action as the portal itself."""
    user = call_action("get_site_user", context={"ignore_auth": True})
    return call_action(action, context={"user": user["name"], "ignore_auth": True}, **data)


@pytest.fixture
def opd():
    return factories.Organization(name="disdukcapil", title="Dinas Kependudukan dan Pencatatan Sipil")


@pytest.fixture
def make_dataset(opd):
    def make(**changes: Any) -> dict[str, Any]:
        return act("package_create", **complete_dataset(opd["id"], **changes))

    return make


@pytest.fixture
def page(app):
    """The text of a page as an anonymous visitor gets it."""

    def read(path: str, status: int = 200) -> str:
        return app.get(path, status=status).body

    return read


@pytest.fixture
def served(app):
    """A client of the whole portal, its middleware included; CKAN's own goes to the Flask application alone."""
    return Client(app.app)


@pytest.fixture
def portal_user():
    return call_action("get_site_user", context={"ignore_auth": True})["name"]
