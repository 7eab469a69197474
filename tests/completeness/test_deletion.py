"""A dataset that is deleted or purged, by its name as well as by its id, no longer fills what it filled."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.completeness import touched
from ckanext.satudataserang.completeness.refresh import refresh

from tests.completeness.contents import contents

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)


@pytest.fixture
def dataset(make_opd, make_entries, make_dataset, deliver):
    """A dataset that fills one entry's year, of an OPD with another entry beside it."""
    opd = make_opd("dinkes", "Dinas Kesehatan")
    entries = make_entries(*({"kode": f"KES-{n}", "judul": f"Data {n}", "opd": "dinkes"} for n in (1, 2)))
    for n in (1, 2):
        made = make_dataset(f"kes-{n}", opd, f"KES-{n}")
        deliver((entries[f"KES-{n}"], made, "2016", "2017-02-01", {"filled_values": 6}))
    touched.refresh_touched(model.Session, NOW)
    refresh(model.Session, NOW, holidays=holidays())
    model.Session.commit()
    assert complete() == 2
    return call_action("package_show", id="kes-1")


def complete() -> int:
    """Complete cells of the city in 2016."""
    return call_action("satudata_completeness_show", year=2016)["city"]["measures"]["kelengkapan"]["numerator"]


@pytest.mark.parametrize("action", ["package_delete", "dataset_purge"])
@pytest.mark.parametrize("ref", ["name", "id"])
def test_a_deleted_dataset_fills_nothing(dataset, action, ref):
    call_action(action, context={"user": factories.Sysadmin()["name"]}, id=dataset[ref])

    touched.refresh_touched(model.Session, NOW)

    assert complete() == 1
    refreshed = contents()
    refresh(model.Session, NOW, holidays=holidays())
    assert contents() == refreshed


def test_the_page_deletes_by_name(app, dataset):
    token = factories.SysadminWithToken()["token"]
    app.post(f"/dataset/delete/{dataset['name']}", headers={"Authorization": token}, status=302, follow_redirects=False)

    touched.refresh_touched(model.Session, NOW)

    assert complete() == 1


def test_a_deleted_opd_owes_nothing(make_opd, make_entries):
    make_opd("dinkes", "Dinas Kesehatan")
    make_opd("dishub", "Dinas Perhubungan")
    make_entries(
        {"kode": "KES-1", "judul": "Puskesmas", "opd": "dinkes"},
        {"kode": "HUB-1", "judul": "Terminal", "opd": "dishub", "urusan": "2.15"},
    )
    touched.refresh_touched(model.Session, NOW)
    assert call_action("satudata_completeness_show", year=2016)["city"]["obligations"] == 2

    call_action("organization_delete", context={"user": factories.Sysadmin()["name"]}, id="dishub")
    touched.refresh_touched(model.Session, NOW)

    for group_by in ("opd", "urusan", "entry"):
        shown = call_action("satudata_completeness_show", year=2016, group_by=group_by)
        assert shown["city"]["obligations"] == 1
        assert [group["obligations"] for group in shown["groups"]] == [1]
    assert call_action("satudata_cell_list", year=2016)["count"] == 1
    assert [one["kode"] for one in call_action("satudata_completeness_options")["urusan"]] == ["1.02"]
