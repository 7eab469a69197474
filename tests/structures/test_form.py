"""The form of a structure: what is typed becomes a content and comes back as it was, and problems find their field."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.store import load
from ckanext.satudataserang.structures import form as forms

SHIPPED = load(files("ckanext.satudataserang.schemas").joinpath("struktur")).structures


def posted(form):
    """What a browser sends for a form."""
    sent = MultiDict(dict(form.head))
    for name, rows in (("kolom", form.columns), ("aturan", form.rules), ("daftar", form.lists)):
        for row in rows:
            sent.add(name, row.token)
            for field, text in row.texts.items():
                sent.add(f"{row.token}.{field}", text)
            for flag in row.flags:
                sent.add(f"{row.token}.{flag}", "ya")
            for part in row.parts:
                sent.add(f"{row.token}.parts", part)
    return sent


@pytest.mark.parametrize("kode", sorted(SHIPPED))
def test_a_shipped_structure_goes_through_the_form_unchanged(kode):
    whole = SHIPPED[kode]
    form = forms.of_content(parse.as_dict(whole))
    back = forms.of_post(posted(form))
    assert back == form
    assert parse.structure(forms.filled(back).content) == whole


def test_rows_are_added_moved_and_taken_out_without_losing_what_points_at_them():
    form = forms.of_content(parse.as_dict(SHIPPED["stunting-balita-kelurahan"]))
    labels = [row.texts["label"] for row in form.columns]
    moved, token = forms.stepped(form, f"turun:{form.columns[0].token}")
    assert token == form.columns[0].token
    assert [row.texts["label"] for row in moved.columns] == [labels[1], labels[0], *labels[2:]]
    assert forms.filled(moved).content["rules"] == forms.filled(form).content["rules"]
    longer, token = forms.stepped(moved, "tambah-kolom")
    assert token not in {row.token for row in form.columns}
    assert longer.columns[-1].token == token
    shorter, _ = forms.stepped(longer, f"hapus:{token}")
    assert shorter == moved
    for nonsense in ("", "hapus:", "naik:k999", "turun:x1", "meledak:k0", f"naik:{form.columns[0].token}"):
        assert forms.stepped(form, nonsense)[0] == form


def test_names_are_made_from_titles_and_a_list_of_one_s_own_is_pointed_at_before_it_has_a_name():
    form = forms.Form(
        dict.fromkeys(forms.HEAD, "") | {"kode": "kios", "nama": "Kios"},
        columns=(
            forms.Row("k0", dict.fromkeys(forms.COLUMN, "") | {"label": "Jenis Kios", "type": "text",
                                                               "code_list": "daftar:d0", "outliers": "history"},
                      frozenset({"key", "expected"})),
            forms.Row("k1", dict.fromkeys(forms.COLUMN, "") | {"label": "Sewa", "type": "numeric", "minimum": "0,5",
                                                               "decimals": "2", "outliers": "history"}),
            forms.Row("k2", dict.fromkeys(forms.COLUMN, "")),
        ),
        lists=(forms.Row("d0", {"id": "", "label": "Jenis Kios", "referensi": "",
                                "codes": "B | Besar | gede, agung\nKecil\n\n"}),),
    )  # fmt: skip
    found = parse.structure(forms.filled(form).content)
    assert [column.id for column in found.columns] == ["jenis_kios", "sewa"]
    assert found.columns[0].required
    assert found.expected == ("jenis_kios",)
    assert [(code.code, code.label, code.synonyms) for code in found.lists[0].codes] == [
        ("B", "Besar", ("gede", "agung")),
        ("Kecil", "Kecil", ()),
    ]
    assert str(found.columns[1].minimum) == "0.5"


def test_a_problem_is_shown_at_the_field_it_is_about():
    form = forms.of_content(parse.as_dict(SHIPPED["stunting-balita-kelurahan"]))
    blank = forms.Row("k90", dict.fromkeys(forms.COLUMN, ""))
    wrong = forms.Row("k91", dict.fromkeys(forms.COLUMN, "") | {"label": "Batas", "type": "integer", "minimum": "tiga"})
    filled = forms.filled(forms.replace(form, columns=(blank, wrong, *form.columns)))
    with pytest.raises(StructureError) as refused:
        parse.structure(filled.content)
    assert [filled.field_of(one.path) for one in refused.value.problems] == ["k91.minimum"]
    assert filled.field_of("columns[99].id") == ""
    assert filled.field_of("lists[0]") in ("", "d0.label")
    assert filled.field_of("nama") == "nama"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["kolom", "aturan", "daftar", "k0.label", "k0.id", "k0.type", "k0.minimum", "k0.decimals", "k0.key",
                 "k0.expected", "k0.code_list", "a0.parts", "a0.whole", "d0.codes", "d0.label", "nama", "kode"]
            ),
            st.one_of(
                st.sampled_from(["k0", "k1", "a0", "d0", "daftar:d0", "integer", "k99999", "\0"]), st.text(max_size=20)
            ),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_whatever_is_sent_becomes_a_structure_or_sentences(pairs):
    filled = forms.filled(forms.of_post(MultiDict(pairs)))
    try:
        parse.structure(filled.content)
    except StructureError as error:
        for one in error.problems:
            assert one.message
            assert isinstance(filled.field_of(one.path), str)
