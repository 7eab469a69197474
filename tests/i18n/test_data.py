"""Messages in data: sentences of the core, titles of metadata points, and what CKAN says without a `_()` of its own."""

from __future__ import annotations

from pathlib import Path

from i18n import data


def test_sentences_of_core_are_messages(tmp_path: Path):
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "x.py").write_text(
        '''
"""Dokumentasi modul bukan pesan."""
MISSING = "Berkas {file} tidak ada. " "Lengkapi, lalu ulangi."
_RULES: tuple = (Rule("kode-aturan", ERROR, "Nilai kosong. Isi angkanya."), {"a": "Kosong sama sekali."})
NAME, CODES = "Bukan kalimat", ("kode satu", "kode_dua")
PATTERN = r"Pola (?:\\d+) dan seterusnya."
lower = "Bukan tetapan."
def f():
    found.add(error("kode-aturan", "Kolom {column} kosong."))
    database.ask("Pilih semua baris dari tabel.")
'''
    )
    assert [text for _, text in data.sentences(tmp_path)] == [
        "Berkas {file} tidak ada. Lengkapi, lalu ulangi.",
        "Nilai kosong. Isi angkanya.",
        "Kosong sama sekali.",
        "Kolom {column} kosong.",
    ]


def test_titles_of_metadata_points_are_messages(tmp_path: Path):
    points = tmp_path / "points.yaml"
    assert list(data.titles(points)) == []
    points.write_text("rules:\n  - {id: a, title: Judul}\n  - {id: b, title: Konsep}\n")
    assert [text for _, text in data.titles(points)] == ["Judul", "Konsep"]


def test_both_are_among_our_own_messages(own):
    files = {path for message in own.values() for path in message.files}
    assert "schemas/metadata_points.yaml" in files
    assert any(path.startswith("ckanext/satudataserang/core/") for path in files)


def test_the_places_where_ckan_speaks_without_extraction_still_stand():
    """When CKAN moves them, the list has to be looked at again."""
    import ckan

    folder = Path(str(ckan.__file__)).parents[1]
    marks = {
        "ckan/templates/package/snippets/additional_info.html": "_(pkg_dict.state)",
        "ckan/logic/__init__.py": "_(field_name.replace('_', ' '))",
        "ckan/views/group.py": "not found or you have no permission to view it",
    }
    assert set(data.CORE_SPOKEN.values()) == set(marks)
    for path, mark in marks.items():
        assert mark in (folder / path).read_text()
