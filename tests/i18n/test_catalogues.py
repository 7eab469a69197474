"""The shipped catalogues are complete, well-formed and in step with the sources."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polib
import pytest
from i18n import catalogues, checks, gap, sources


@pytest.fixture(scope="module")
def indonesian() -> polib.POFile:
    return polib.pofile(str(catalogues.po_path("id")))


def catalogue(*entries: polib.POEntry, **metadata: str) -> polib.POFile:
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", **metadata}
    made.extend(entries)
    return made


def test_nothing_is_wrong_with_the_shipped_catalogues(own, core):
    """Fails when a message was added without `make i18n`, or without its English text."""
    assert checks.problems(catalogues.FOLDER, own, core) == []


def test_updating_changes_nothing_when_nothing_changed(own, core, tmp_path: Path):
    catalogues.update(tmp_path, own, core)
    assert catalogues.update(tmp_path, own, core) == []


def test_updating_is_stable_and_names_no_machine(own, core, tmp_path: Path):
    first, second = tmp_path / "a", tmp_path / "b"
    catalogues.update(first, own, core)
    catalogues.update(second, dict(reversed(own.items())), dict(reversed(core.items())))
    names = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert len(names) == 5
    for name in names:
        content = (first / name).read_bytes()
        assert content == (second / name).read_bytes()
        assert b"Creation-Date" not in content
        assert str(sources.ROOT).encode() not in content


def test_updating_keeps_translations_and_corrections_and_drops_what_is_gone(own, core, tmp_path: Path):
    path = catalogues.po_path("id", tmp_path)
    path.parent.mkdir(parents=True)
    catalogue(
        polib.POEntry(msgid="Dataset", msgstr="Himpunan"),  # CKAN has it too: a correction
        polib.POEntry(msgid="Never said by CKAN", msgstr="Tidak pernah"),
    ).save(str(path))
    catalogues.update(tmp_path, own, core)
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    assert entries["Dataset"] == "Himpunan"
    assert "Never said by CKAN" not in entries
    assert entries["Member"] == ""


def test_core_has_no_english_left_for_indonesian_readers(core, indonesian):
    ours = gap.coverage(core, catalogues.core_indonesian(), indonesian)
    alone = gap.coverage(core, catalogues.core_indonesian())
    assert [ours[kind][0] for kind in ("page", "mail", "message")] == [
        ours[kind][1] for kind in ("page", "mail", "message")
    ]
    assert sum(done for done, _ in ours.values()) >= 0.9 * sum(total for _, total in ours.values())
    assert sum(done for done, _ in alone.values()) < 0.5 * sum(total for _, total in alone.values())


def test_the_scripts_of_pages_count_as_pages(core):
    assert "page" in {gap.kind_of(m) for m in core.values() if any(path.endswith(".js") for path in m.files)}
    assert gap.kind_of(core["Toggle navigation"]) == "page"
    assert gap.kind_of(sources.Message("x", files={"ckan/logic/validators.py"})) == "message"
    assert gap.kind_of(sources.Message("x", files={"ckan/model/license.py"})) == "other"
    assert gap.kind_of(sources.Message("x", files={"ckan/templates/development/x.html"})) == "other"


def test_gaps_are_listed_with_the_visible_first():
    messages = {
        "a": sources.Message("a", files={"ckan/model/a.py"}),
        "b": sources.Message("b", files={"ckan/templates/b.html", "ckan/model/b.py"}),
        "c": sources.Message("c", files={"ckan/templates/c.html"}),
    }
    found = gap.gaps(messages, catalogue(polib.POEntry(msgid="c", msgstr="ce")))
    assert [(item.msgid, item.visible) for item in found] == [("b", True), ("a", False)]


WORDS = {
    # Words CKAN's catalogue uses that ours has settled otherwise (docs/istilah.md).
    "sumberdaya",
    "sumber daya",
    "kumpulan data",
    "silahkan",
    "password",
    "email",
    "cacat",
    "username",
    "di download",
    "upload",
}


@pytest.fixture(scope="module")
def shown(core, indonesian) -> dict[str, str]:
    """What Indonesian readers see: CKAN's catalogue with ours over it, without placeholders and tags."""
    texts = {
        entry.msgid: entry.msgstr or entry.msgstr_plural[0]
        for entry in [*catalogues.core_indonesian().translated_entries(), *indonesian]
        if entry.msgid in core
    }
    return {msgid: re.sub(r"%\(\w+\)s|\{[^}]*\}|<[^>]*>", "", text) for msgid, text in texts.items()}


def test_the_words_of_the_glossary_are_kept(shown):
    wrong = re.compile(rf"\b(?:{'|'.join(sorted(WORDS))})\b", re.IGNORECASE)
    assert {msgid: text for msgid, text in shown.items() if wrong.search(text)} == {}


def test_people_are_addressed_as_anda(shown):
    assert [text for text in shown.values() if re.search(r"\b(?:anda|kamu|kau)\b", text)] == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "said"),
    [
        ("Hello {name}", "Halo {nama}", "placeholders or tags differ"),
        ("Hello %(name)s", "Halo", "placeholders or tags differ"),
        ("<b>Hello</b>", "<b>Halo", "placeholders or tags differ"),
        ('<a href="%(url)s">x</a>', '<a href="#">x</a>', "placeholders or tags differ"),
        ("Hello", "", "no translation"),
        ("Hello", " Halo", "blanks around"),
        ("100 % dari {n}", "100 % of {n}", None),
        ("%s of %s", "%s dari %s", None),
        ("%s of %s", "dari %s", "placeholders or tags differ"),
    ],
)
def test_faulty_entries_are_found(msgid, msgstr, said):
    found = list(checks.entry_problems(catalogue(polib.POEntry(msgid=msgid, msgstr=msgstr))))
    assert found == [] if said is None else said in found[0]


def test_faulty_plurals_are_found():
    entry = polib.POEntry(msgid="{n} a", msgid_plural="{n} as", msgstr_plural={0: "{n} x", 1: ""})
    assert "no translation" in next(checks.entry_problems(catalogue(entry)))
    entry.msgstr_plural[1] = "x"
    assert "placeholders" in next(checks.entry_problems(catalogue(entry)))
    entry.msgstr_plural[1] = "{n} x"
    assert list(checks.entry_problems(catalogue(entry))) == []


def test_faulty_forms_are_found():
    fuzzy = polib.POEntry(msgid="a", msgstr="x", flags=["fuzzy"])
    twice = [polib.POEntry(msgid="b", msgstr="x"), polib.POEntry(msgid="b", msgstr="y")]
    gone = polib.POEntry(msgid="c", msgstr="x", obsolete=True)
    found = "\n".join(checks.form_problems(catalogue(fuzzy, *twice, gone)))
    assert "'a' is marked fuzzy" in found
    assert "'b' stands 2 times" in found
    assert "'c' is obsolete" in found
    made = catalogue()
    made.metadata_is_fuzzy = True
    assert list(checks.form_problems(made)) == ["the header is marked fuzzy"]


def test_babel_finds_wrong_formats(tmp_path: Path):
    path = tmp_path / "x.po"
    catalogue(polib.POEntry(msgid="%d of %s", msgstr="%s dari %s")).save(str(path))
    assert len(list(checks.babel_problems(path))) == 1


def test_a_message_of_ckan_stays_itself_in_english():
    english = catalogue(polib.POEntry(msgid="Data", msgstr="Figures"), polib.POEntry(msgid="Format", msgstr="Format"))
    assert list(checks.clashes({"Data", "Format"}, english)) == [
        "en: 'Data' is also CKAN's; it cannot become 'Figures'"
    ]


def test_a_compiled_catalogue_out_of_step_is_found(own, core, tmp_path: Path):
    folder = tmp_path / "i18n"
    shutil.copytree(catalogues.FOLDER, folder)
    path = catalogues.po_path("id", folder)
    path.write_text(path.read_text().replace("Anggota", "Kawan", 1))
    assert any("does not match" in problem for problem in checks.problems(folder, own, core))


def test_own_messages_are_found_in_every_kind_of_file(tmp_path: Path):
    package = tmp_path / "ckanext" / "satudataserang"
    for name, content in {
        "portal/views.py": 'tk._("Dari " "Python")\ntk.ungettext("{n} satu", "{n} banyak", 2)',
        "portal/cli.py": "f\"{tk._('Dari teks')}\"\n_(variable)\n_(f'Bukan {ini}')",
        "portal/templates/a.html": "{% trans n=1 %}Dari\n  templat {{ n }}{% endtrans %}{{ _('Dari ungkapan') }}",
        "portal/assets/a.js": "ckan.module('a', function () { this._('Dari skrip'); });",
        "portal/templates/mail.txt": "{% trans %}Dari surel{% endtrans %}",
        "portal/migration/x.py": '_("Migrasi")',
    }.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    found = sources.own_messages(package, schemas=tmp_path)
    assert set(found) == {
        "Dari Python",
        "Dari teks",
        "{n} satu",
        "Dari templat %(n)s",
        "Dari ungkapan",
        "Dari skrip",
        "Dari surel",
    }
    assert found["{n} satu"].plural == "{n} banyak"
    assert found["Dari skrip"].files == {"ckanext/satudataserang/portal/assets/a.js"}


def test_one_message_with_two_plurals_is_refused(tmp_path: Path):
    package = tmp_path / "ckanext" / "satudataserang"
    package.mkdir(parents=True)
    (package / "a.py").write_text('ungettext("a", "b", n)\nungettext("a", "c", n)')
    with pytest.raises(ValueError, match="two plurals"):
        sources.own_messages(package, schemas=tmp_path)
