"""Every code that is said has a name in the catalogue, and its documentation is printed from there."""

from __future__ import annotations

import ast
from pathlib import Path

from ckanext.satudataserang.core import checks
from ckanext.satudataserang.core.checks import catalogue
from ckanext.satudataserang.core.tables.sentences import SENTENCES

CORE = Path(checks.__file__).parents[1]
DOCS = Path(__file__).parents[3] / "docs" / "pemeriksaan.md"


def made_checks():
    """The code and the file of each `Check(…)`."""
    for folder in ("checks", "tables"):
        for path in (CORE / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                is_check = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Check"
                if is_check and node.args and isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value, path.name


def test_every_check_is_listed():
    listed = catalogue.catalogue()
    missing = {(code, name) for code, name in made_checks() if code not in listed}
    assert not missing
    assert len(list(made_checks())) > 30


def test_every_code_of_a_files_form_has_a_name():
    codes = {name.partition(":")[0] for name in SENTENCES}
    assert codes - set(catalogue.FORM_TITLES) == set()


def test_entries_say_what_is_wrong_and_what_to_do():
    for entry in catalogue.catalogue().values():
        assert entry.title[0].isupper(), entry
        assert not entry.title.endswith("."), entry
        assert all(text.rstrip().endswith((".", "!", "?", "…")) for text in (*entry.messages, *entry.advice)), entry
        assert "error" not in [one.value for one in entry.severities] or entry.advice, entry.code


def test_the_documentation_is_printed_from_it():
    assert DOCS.read_text() == catalogue.as_markdown()


def test_names_are_found_by_code():
    assert catalogue.title_of("kunci-ganda") == "Baris yang sama dua kali"
    assert catalogue.title_of("belum-ada-namanya") == "Belum ada namanya"
