"""How CKAN puts the catalogues together: ours wins, English loads it too, plurals hold whatever plugin comes last.

The applications here are configured as `ckan.config.middleware.flask_app` configures CKAN's: a list of folders and a
list of domains, core first, then the plugins in their order.
"""

from __future__ import annotations

from pathlib import Path

import flask
import flask_babel
import polib
import pytest
from flask_babel import gettext, ngettext
from i18n import catalogues

import ckan

CORE = (str(Path(str(ckan.__file__)).parent / "i18n"), "ckan")
OURS = (str(catalogues.FOLDER), catalogues.DOMAIN)


@pytest.fixture
def other(tmp_path: Path) -> tuple[str, str]:
    """A plugin with a catalogue in neither language, as ckanext-dcat has."""
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    return (str(tmp_path), "ckanext-other")


def speak(locale: str, *pairs: tuple[str, str]) -> flask.ctx.RequestContext:
    app = flask.Flask("portal")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folder for folder, _ in pairs)
    app.config["BABEL_DOMAIN"] = ";".join(domain for _, domain in pairs)
    flask_babel.Babel(app, locale_selector=lambda: locale)
    return app.test_request_context()


def test_ours_completes_and_corrects_core(other):
    with speak("id", CORE, OURS, other):
        assert gettext("Toggle navigation") == "Buka atau tutup menu"
        assert gettext("Resources") == "Berkas data"
        assert gettext("Download") == "Unduh"
        assert gettext("Kalimat Indonesia kita sendiri") == "Kalimat Indonesia kita sendiri"
    with speak("id", CORE):
        assert gettext("Toggle navigation") == "Toggle navigation"
        assert gettext("Resources") == "Sumberdaya"


def test_english_pages_load_our_english_catalogue(other, tmp_path):
    path = tmp_path / "ours" / "en" / "LC_MESSAGES" / f"{catalogues.DOMAIN}.po"
    path.parent.mkdir(parents=True)
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": catalogues.PLURAL_FORMS["en"]}
    made.append(polib.POEntry(msgid="Kelengkapan data", msgstr="Completeness of data"))
    made.append(polib.POEntry(msgid="{n} sel", msgid_plural="{n} sel", msgstr_plural={0: "{n} cell", 1: "{n} cells"}))
    made.save(str(path))
    path.with_suffix(".mo").write_bytes(catalogues.compiled(path))
    with speak("en", CORE, (str(tmp_path / "ours"), catalogues.DOMAIN), other):
        assert gettext("Kelengkapan data") == "Completeness of data"
        assert gettext("Resources") == "Resources"
        assert [ngettext("{n} sel", "{n} sel", n) for n in (1, 2)] == ["{n} cell", "{n} cells"]


@pytest.mark.parametrize("order", ["last", "first"])
def test_plurals_hold_wherever_we_stand_among_the_plugins(order, other, core):
    pairs = [CORE, other, OURS] if order == "last" else [CORE, OURS, other]
    plurals = [message for message in core.values() if message.plural]
    assert len(plurals) > 10
    with speak("id", *pairs):
        for number in (0, 1, 2, 11):
            assert ngettext("{num} Dataset", "{num} Datasets", number) == "{num} dataset"
            for message in plurals:
                text = flask_babel.get_domain().get_translations().ungettext(message.msgid, message.plural, number)
                assert text not in (message.msgid, message.plural), message.msgid
