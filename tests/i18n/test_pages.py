"""CKAN itself, with all plugins: each language's pages are in that language."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def speaking(app):
    """Return a function that opens a request in a language."""

    def speak(language: str):
        return app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": language})

    return speak


def test_core_messages_are_indonesian(speaking):
    with speaking("id"):
        assert tk._("Toggle navigation") == "Buka atau tutup menu"
        assert tk._("Resources") == "Berkas data"
        assert tk._("Missing value") == "Wajib diisi"


def test_core_messages_stay_english_on_english_pages(speaking):
    with speaking("en"):
        assert tk._("Toggle navigation") == "Toggle navigation"
        assert tk._("Resources") == "Resources"


def test_plurals_are_indonesian_whatever_plugin_comes_last(speaking):
    with speaking("id"):
        for number in (0, 1, 2):
            text = tk.ungettext("{number} dataset found", "{number} datasets found", number).format(number=number)
            assert text == f"{number} dataset ditemukan"


def test_our_own_messages_are_in_both_languages(speaking):
    with speaking("id"):
        assert tk._("Isian ini wajib diisi.") == "Isian ini wajib diisi."
    with speaking("en"):
        assert tk._("Isian ini wajib diisi.") == "This field is required."


@pytest.mark.parametrize(
    ("address", "said", "not_said"),
    [
        ("/user/login", "Nama pengguna atau surel", "Username or Email"),
        ("/en/user/login", "Username or Email", "Nama pengguna atau surel"),
    ],
)
def test_a_page_speaks_one_language(app, address, said, not_said):
    body = app.get(address).body
    assert said in body
    assert not_said not in body
