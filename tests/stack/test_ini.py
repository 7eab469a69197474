"""CKAN's configuration as it is written: complete, closed, and without what must not be there."""

from __future__ import annotations

import stat
from configparser import ConfigParser

import pytest
from stack import ini
from stack.errors import StackError


def read(path) -> dict[str, str]:
    parser = ConfigParser(defaults={"here": str(path.parent)})
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(path)
    return dict(parser["app:main"])


@pytest.fixture
def portal_ini(make_instance):
    instance = make_instance()
    ini.configure(instance)
    return read(instance.portal.ini)


def test_every_place_is_filled_in(make_instance):
    instance = make_instance("test_ini")
    ini.configure(instance)
    for site in instance.sites:
        assert "${" not in site.ini.read_text()


def test_written_for_its_owner_only(make_instance):
    instance = make_instance()
    assert ini.configure(instance) == [instance.portal]
    assert stat.S_IMODE(instance.portal.ini.stat().st_mode) == 0o600
    assert ini.configure(instance) == [], "an unchanged configuration must not restart the portal"


def test_services_are_reached_on_the_loopback_address_with_generated_passwords(make_instance, portal_ini):
    instance = make_instance()
    for key in ("sqlalchemy.url", "ckan.datastore.write_url", "ckan.datastore.read_url", "ckan.redis.url", "solr_url"):
        assert "127.0.0.1" in portal_ini[key]
    assert instance.secrets["ckan_db"] in portal_ini["sqlalchemy.url"]
    assert instance.secrets["redis"] in portal_ini["ckan.redis.url"]
    assert portal_ini["solr_password"] == instance.secrets["solr"]
    assert "datastore_ro:" in portal_ini["ckan.datastore.read_url"]


def test_dangerous_switches_are_off(portal_ini):
    assert portal_ini["ckan.datastore.sqlsearch.enabled"] == "false"
    plugins = portal_ini["ckan.plugins"].split()
    assert not {"resource_proxy", "tracking"} & set(plugins)
    for key in ("create_user_via_web", "create_user_via_api", "public_user_details", "anon_create_dataset"):
        assert portal_ini[f"ckan.auth.{key}"] == "false"
    assert "SESSION_COOKIE_DOMAIN" not in portal_ini


def test_our_plugins_come_before_those_whose_templates_they_extend(portal_ini):
    plugins = portal_ini["ckan.plugins"].split()
    assert plugins[0] == "satudata_portal"
    assert plugins.index("satudata") < plugins.index("scheming_datasets")
    assert plugins.index("satudata_dcat") < plugins.index("dcat")
    assert len(plugins) == len(set(plugins))


def test_every_plugin_of_the_project_is_enabled(portal_ini):
    from importlib.metadata import distribution

    points = distribution("ckanext-satudataserang").entry_points
    ours = {point.name for point in points if point.group == "ckan.plugins"}
    assert ours <= set(portal_ini["ckan.plugins"].split())


def test_behind_https_the_cookies_are_secure(make_instance):
    instance = make_instance(SATUDATA_URL="https://data.contoh.go.id/")
    ini.configure(instance)
    values = read(instance.portal.ini)
    assert values["ckan.site_url"] == "https://data.contoh.go.id"
    assert values["SESSION_COOKIE_SECURE"] == values["REMEMBER_COOKIE_SECURE"] == "true"


def test_a_per_cent_sign_in_a_title_survives(make_instance):
    instance = make_instance(SATUDATA_JUDUL="100% Terbuka")
    ini.configure(instance)
    assert read(instance.portal.ini)["ckan.site_title"] == "100% Terbuka"


def test_the_suite_has_databases_of_its_own(make_instance):
    instance = make_instance("test_ini")
    ini.configure(instance)
    owned = [
        value
        for site in instance.sites
        for value in (site.database, site.datastore, site.core, site.redis_db, site.storage, site.ini)
    ]
    assert len(owned) == len(set(owned))
    assert all(suite.testing for suite in instance.suites)
    for suite in instance.suites:
        assert read(suite.ini)["use"] == f"config:{suite.key}-base.ini"
        assert f"/{suite.database}" in read(suite.ini.with_name(f"{suite.key}-base.ini"))["sqlalchemy.url"]


def test_an_unknown_place_is_an_error():
    with pytest.raises(StackError, match=r"Templat x\.ini meminta nilai asing"):
        ini.render("a = ${asing}", {}, name="x.ini")


def test_a_value_cannot_smuggle_in_a_line():
    with pytest.raises(StackError, match="lebih dari satu baris"):
        ini.render("a = ${judul}", {"judul": "x\ndebug = true"}, name="x.ini")


def test_an_unknown_region_is_named(make_instance):
    with pytest.raises(StackError, match="Profil daerah kota-entah tidak ada"):
        ini.configure(make_instance(SATUDATA_DAERAH="kota-entah"))
