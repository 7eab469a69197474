"""What every response carries, and how the portal's own files travel."""

from __future__ import annotations

import gzip
import io
import re

import pytest

import ckan.plugins as p
from ckan.tests import factories

from ckanext.satudataserang.portal.delivery import StaticDelivery

from .conftest import act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def policy(response) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, _, sources in (part.partition(" ") for part in parts)}


class TestPages:
    def test_a_public_page_runs_no_inline_script_and_asks_no_one_else(self, app, make_dataset):
        dataset = make_dataset()
        for path in ("/", "/dataset/", f"/dataset/{dataset['name']}", "/organization/", "/about", "/user/login"):
            self._check_public(app.get(path, status=200))

    def _check_public(self, response):
        directives = policy(response)
        assert directives["default-src"] == "'self'"
        assert directives["script-src"] == "'self'"
        assert directives["object-src"] == "'none'"
        assert directives["frame-ancestors"] == "'self'"
        assert directives["form-action"] == "'self'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)[^>]*>", response.body)
        handlers = re.findall(r"<[^>]+\son[a-z]+=", response.body)
        assert inline == []
        assert handlers == []
        loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', re.sub(r"<a\b[^>]*>", "", response.body))
        assert [url for url in loaded if not url.startswith("http://portal.test")] == []

    def test_errors_carry_them_too(self, app):
        response = app.get("/tidak-ada", status=404)
        assert policy(response)["script-src"] == "'self'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_forms_allow_what_ckans_modules_need(self, app):
        user = factories.SysadminWithToken()
        response = app.get("/dataset/new", headers={"Authorization": user["token"]}, status=200)
        assert policy(response)["script-src"] == "'self' 'unsafe-inline'"
        assert "base/" in response.body

    @pytest.mark.ckan_config("ckanext.satudataserang.csp.image_sources", "https://foto.contoh.go.id")
    @pytest.mark.ckan_config("ckanext.satudataserang.csp.frame_ancestors", "'self' https://contoh.go.id")
    def test_the_operator_may_widen_it(self, app):
        directives = policy(app.get("/"))
        assert directives["img-src"] == "'self' data: https://foto.contoh.go.id"
        assert directives["frame-ancestors"] == "'self' https://contoh.go.id"


class TestUploads:
    def test_a_file_is_saved_never_run(self, app, make_dataset, create_with_upload, portal_user):
        dataset, name, content = make_dataset(), "serang.json", b'{"a": "<script>alert(1)</script>"}'
        context = {"user": portal_user, "ignore_auth": True}
        resource = create_with_upload(content, name, context, package_id=dataset["id"], name=name, url=name)
        response = app.get(f"/dataset/{dataset['id']}/resource/{resource['id']}/download/{name}", status=200)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert policy(response)["default-src"] == "'none'"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.get_data() == content


class TestDelivery:
    def test_style_sheets_travel_compressed_and_stay(self, served):
        body = served.get("/").get_data(as_text=True)
        (address,) = re.findall(r'href="([^"]*_theme\.css)"', body)
        plain = served.get(address)
        assert "Content-Encoding" not in plain.headers
        packed = served.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(packed.get_data()) == plain.get_data()
        again = served.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
        assert again.status_code == 304
        assert again.get_data() == b""

    def test_pages_with_a_token_are_not_compressed(self, served):
        assert "Content-Encoding" not in served.get("/", headers={"Accept-Encoding": "gzip"}).headers

    def test_the_font_is_ours_and_preloaded(self, served):
        body = served.get("/").get_data(as_text=True)
        (address,) = re.findall(r'<link rel="preload" href="([^"]+\.woff2)"', body)
        response = served.get(address)
        assert response.get_data()[:4] == b"wOF2"
        assert "immutable" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("accept", ["", "br", "gzip;q=0", "identity"])
    def test_who_does_not_take_gzip_gets_none(self, accept):
        status, headers, body = _serve(b"body{}" * 100, accept)
        assert status == "200 OK"
        assert "Content-Encoding" not in headers
        assert body == b"body{}" * 100

    def test_a_changed_file_is_compressed_anew(self):
        app = StaticDelivery(_static(b"a{}" * 50, '"1"'))
        assert gzip.decompress(_call(app)[2]) == b"a{}" * 50
        app.app = _static(b"b{}" * 50, '"2"')
        assert gzip.decompress(_call(app)[2]) == b"b{}" * 50


def test_first_visit_weighs_less_than_300_kb(served, make_dataset):
    """The home page with everything it loads, as a browser with gzip gets it."""
    make_dataset()
    page = served.get("/").get_data(as_text=True)
    addresses = re.findall(r'<link[^>]+href="([^"]+\.(?:css|woff2|ico))"', page)
    addresses += re.findall(r'<script[^>]+src="([^"]+)"', page)
    assert len(addresses) >= 4
    loaded = [served.get(address, headers={"Accept-Encoding": "gzip"}) for address in addresses]
    assert [response.status_code for response in loaded] == [200] * len(addresses)
    assert len(page.encode()) + sum(len(response.get_data()) for response in loaded) <= 300_000


def test_the_portal_stands_without_the_dashboard(app):
    """The tile and the link are there exactly when the plugin is."""
    assert ("/kelengkapan" in app.get("/").body) is p.plugin_loaded("satudata_completeness")


def test_the_figure_of_completeness_is_the_actions(app):
    if not p.plugin_loaded("satudata_completeness"):
        pytest.skip("the completeness plugin is not loaded")
    year = act("satudata_completeness_options")["default_year"]
    shown = act("satudata_completeness_show", year=year, group_by="opd")
    measure = shown["city"]["measures"]["kelengkapan"]
    body = app.get("/").body
    expected = "jatuh tempo" if not measure["denominator"] else "lengkap"
    assert expected in body[body.index("satudata-figures") : body.index("judul-urusan")]


def _static(content: bytes, etag: str):
    def app(_environ, start_response):
        headers = [("Content-Type", "text/css; charset=utf-8"), ("Content-Length", str(len(content))), ("ETag", etag)]
        start_response("200 OK", headers)
        return io.BytesIO(content)

    return app


def _call(app, accept: str = "gzip") -> tuple[str, dict[str, str], bytes]:
    seen: dict = {}

    def start(status, headers, _exc_info=None) -> None:
        seen.update(status=status, headers=dict(headers))

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/webassets/x.css", "HTTP_ACCEPT_ENCODING": accept}
    body = b"".join(app(environ, start))
    return seen["status"], seen["headers"], body


def _serve(content: bytes, accept: str) -> tuple[str, dict[str, str], bytes]:
    return _call(StaticDelivery(_static(content, '"1"')), accept)
