"""What an editor sees of loading on the page of a file."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.submission import job
from ckanext.satudataserang.submission.model import Load

# No request context of the test's own: the signed-in user of each request would be remembered in it.
pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues")


def test_the_page_shows_what_is_wrong_and_the_button_reloads(app, draft, upload, opd):
    dataset = draft()
    resource = upload(dataset, "a;b\n" + "1;2\n" * 10 + "<b>x</b>;2\n")
    token = factories.APIToken(user=opd[1]["name"])["token"]
    headers = {"Authorization": token}
    address = f"/dataset/{dataset['name']}/resource/{resource['id']}"
    waiting = app.get(address, headers=headers).body
    assert 'http-equiv="refresh"' in waiting
    assert "menunggu giliran" in waiting
    job.load(resource["id"])
    page = app.get(address, headers=headers).body
    assert "hampir seluruhnya angka, tetapi baris 12" in page
    assert "<b>x</b>" not in page
    assert 'http-equiv="refresh"' not in page
    button = f"{address}/muat-ulang"
    assert app.post(button, status=403).status_code == 403
    app.post(button, headers=headers, follow_redirects=False, status=302)
    assert model.Session.get(Load, resource["id"]).state == "antre"
