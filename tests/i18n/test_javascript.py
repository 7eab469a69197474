"""Scripts get their messages from files that `ckan translation js` builds from the catalogues of core and plugins."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from i18n import catalogues

from ckan.common import config
from ckan.lib import i18n as ckan_i18n

from ckanext.dcat.plugins import DCATPlugin
from ckanext.satudataserang.portal.plugin import SatudataPortalPlugin

OWN_SCRIPT_MESSAGE = "Kalimat dari skrip sendiri"


@pytest.fixture
def catalogue_folder(tmp_path: Path) -> Path:
    """Our catalogues with one more message, used in a script and given in English."""
    folder = tmp_path / "catalogues"
    shutil.copytree(catalogues.FOLDER, folder)
    with catalogues.pot_path(folder).open("a") as template:
        template.write(f'\n#: ckanext/satudataserang/portal/assets/js/x.js\nmsgid "{OWN_SCRIPT_MESSAGE}"\nmsgstr ""\n')
    with catalogues.po_path("en", folder).open("a") as english:
        english.write(f'\nmsgid "{OWN_SCRIPT_MESSAGE}"\nmsgstr "A sentence of our own script"\n')
    return folder


@pytest.fixture
def build(tmp_path: Path, catalogue_folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that builds the files as CKAN does and reads one language."""

    class Portal(SatudataPortalPlugin):
        def i18n_directory(self) -> str:
            return str(catalogue_folder)

    # Not constructed: a plugin's constructor registers it for the whole process.
    plugins: list[Any] = [object.__new__(Portal), object.__new__(DCATPlugin)]
    plugins[1].name = "dcat"
    monkeypatch.setattr(ckan_i18n, "PluginImplementations", lambda _interface: plugins)
    monkeypatch.setitem(config, "ckan.storage_path", str(tmp_path / "storage"))
    monkeypatch.setitem(config, "ckan.i18n_directory", "")

    def built(locale: str) -> dict[str, Any]:
        ckan_i18n.build_js_translations()
        return json.loads((tmp_path / "storage" / "i18n" / "js" / f"{locale}.js").read_text())

    return built


def test_core_scripts_speak_indonesian(build):
    texts = build("id")
    assert texts["There are unsaved modifications to this form"] == [
        None,
        "Ada perubahan yang belum disimpan pada formulir ini",
    ]
    assert texts["Cancel"] == [None, "Batal"]
    assert texts[""]["lang"] == "id"


def test_plurals_of_scripts_hold(build):
    (forms,) = [value for key, value in build("id").items() if key.startswith("Input is too short")]
    assert forms[1:] == ["Isian terlalu pendek, ketik sedikitnya %(num)d karakter"] * 2


def test_our_scripts_speak_english_on_english_pages(build):
    texts = build("en")
    assert texts[OWN_SCRIPT_MESSAGE] == [None, "A sentence of our own script"]
    assert texts[""]["plural-forms"] == catalogues.PLURAL_FORMS["en"]


def test_a_newer_catalogue_is_built_again_but_an_older_file_is_not(build, catalogue_folder, tmp_path):
    """CKAN compares file times only: after an upgrade the built files must be removed first."""
    build("en")
    path = catalogues.po_path("en", catalogue_folder)
    path.write_text(path.read_text().replace("A sentence of", "A phrase of"))
    built = tmp_path / "storage" / "i18n" / "js" / "en.js"
    os.utime(path, (1, 1))
    os.utime(catalogues.po_path("id", catalogue_folder), (1, 1))
    assert build("en")[OWN_SCRIPT_MESSAGE] == [None, "A sentence of our own script"]
    built.unlink()
    assert build("en")[OWN_SCRIPT_MESSAGE] == [None, "A phrase of our own script"]
