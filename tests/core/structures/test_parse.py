"""Reading structures: what is sound comes back as it was, what is not is told, and nothing breaks the reader."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.structures.parse import as_dict, structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.store import from_yaml
from ckanext.satudataserang.core.structures.variables import variable, variable_as_dict, variables

from .samples import plain_structures, sample, shipped

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=30,
)


def changed(index, **members):
    """The sample with members of one column changed; None takes a member away."""
    data = sample()
    column = data["columns"][index]
    column.update(members)
    data["columns"][index] = {name: value for name, value in column.items() if value is not None}
    return data


def problems(data, known=None):
    with pytest.raises(StructureError) as caught:
        structure(data, known)
    return dict(caught.value.messages)


def told(read):
    """The problems of a reading; None where it went well."""
    try:
        read()
    except StructureError as refused:
        return refused.messages
    return None


def test_what_is_said_is_read():
    found = structure(sample())
    assert found.key == ("kode_wilayah", "jk")
    assert found.column("luas").minimum == Decimal("0.5")
    assert found.column("jumlah").synonyms == ("Jiwa",)
    assert found.rules[0].parts == ("laki", "perempuan")
    assert found.version == 1
    assert found.stamp == "penduduk@1"


@settings(deadline=None)
@given(plain_structures())
def test_there_and_back(data):
    found = structure(data)
    plain = as_dict(found)
    assert structure(plain) == found
    assert structure(json.loads(json.dumps(plain))) == found
    assert as_dict(structure(plain)) == plain


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(ANYTHING)
def test_whatever_it_is_given_it_answers(data):
    assert told(lambda: structure(data)) != []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.data())
def test_whatever_stands_in_a_member_it_answers(data):
    plain = sample()
    place = data.draw(st.sampled_from([plain, *plain["columns"], *plain["rules"], *plain["lists"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(ANYTHING)
    messages = told(lambda: structure(plain))
    assert all(path and message for path, message in messages or [])
    if messages is None:
        assert structure(as_dict(structure(plain))) == structure(plain)


@pytest.mark.parametrize(
    ("data", "path", "word"),
    [
        ([], ".", "pasangan"),
        (sample(kode="Penduduk Kota"), "kode", "huruf kecil"),
        (sample(kode=""), "kode", "belum diisi"),
        (sample(columns=[]), "columns", "belum memiliki kolom"),
        (sample(version=0), "version", "bilangan bulat"),
        (sample(kolom=[]), "kolom", "tidak dikenal"),
        (sample(colums=[]), "colums", "columns"),
        (sample(nama="a\0b"), "nama", "tidak terbaca"),
        (sample(nama="a" * 300), "nama", "300 huruf"),
        (changed(0, id="Kode Wilayah"), "columns[0].id", "nama kolom"),
        (changed(0, id="a" * 64), "columns[0].id", "63"),
        (changed(0, id="_id"), "columns[0].id", "nama kolom"),
        (changed(5, id="tahun"), "columns[5].id", "dipakai portal"),
        (changed(5, id="periode"), "columns[5].id", "dipakai portal"),
        (changed(5, id="laki"), "columns[5].id", "lebih dari sekali"),
        (changed(5, label="Laki laki"), "columns[5]", "dua kolom"),
        (changed(5, synonyms=["LUAS"]), "columns[6]", "dua kolom"),
        (changed(0, required=None), "columns[0].required", "wajib diisi"),
        (changed(1, code_list=None), "expected[1]", "daftar kode"),
        (changed(1, key=None), "expected[1]", "kunci"),
        (changed(3, type="jumlah"), "columns[3].type", "integer"),
        (changed(3, minimum=5, maximum=4), "columns[3].minimum", "melebihi"),
        (changed(3, minimum="banyak"), "columns[3].minimum", "bukan angka"),
        (changed(3, minimum="1.5"), "columns[3].minimum", "bulat"),
        (changed(3, minimum=float("nan")), "columns[3].minimum", "bukan angka"),
        (changed(3, minimum=10**400), "columns[3].minimum", "bukan angka"),
        (changed(3, decimals=2), "columns[3].decimals", "bilangan bulat"),
        (changed(3, type="text"), "rules[0].parts", "tidak berisi angka"),
        (changed(3, pattern="a"), "columns[3].pattern", "bukan teks"),
        (changed(2, minimum=1), "columns[2].minimum", "tidak berisi angka"),
        (changed(2, pattern="("), "columns[2].pattern", "tidak dapat dijalankan"),
        (changed(2, pattern="(?=a)b"), "columns[2].pattern", "tidak dapat dijalankan"),
        (changed(2, pattern="a" * 201), "columns[2].pattern", "terlalu panjang"),
        (changed(2, pattern="(a+)+"), "columns[2].pattern", "sudah berulang"),
        (changed(2, pattern="[ab]*a[ab]{900}"), "columns[2].pattern", "terlalu berat"),
        (changed(2, personal="ya"), "columns[2].personal", "true atau false"),
        (changed(2, label=5), "columns[2].label", "tanda kutip"),
        (sample(expected=["hilang"]), "expected[0]", "tidak ada"),
        (sample(rules=[{"id": "a", "parts": ["x"], "relation": "<=", "whole": "laki"}]), "rules[0].parts", "tidak ada"),
        (sample(rules=[{"id": "a", "parts": [], "whole": "laki"}]), "rules[0].parts", "belum menyebut"),
        (sample(rules=[{"id": "a", "parts": ["laki"], "whole": "laki"}]), "rules[0].whole", "dirinya sendiri"),
        (sample(rules=[{"id": "a", "parts": ["laki"], "relation": ">", "whole": "jumlah"}]), "rules[0].relation", "<="),
        (sample(lists=[{"id": "wilayah:desa", "label": "Desa", "codes": ["A"]}]), "lists[0].id", "daftar wilayah"),
        (sample(lists=[{"id": "jk", "label": "JK", "codes": []}]), "lists[0].codes", "kosong"),
        (sample(lists=[{"id": "jk", "label": "JK", "codes": ["A", "A"]}]), "lists[0].codes[1].code",
         "lebih dari sekali"),
        (sample(lists=[{"id": "jk", "label": "JK", "codes": ["A", {"code": "B", "label": "a"}]}]), "lists[0].codes[1]",
         "dua kode"),
        (sample(lists=[{"id": "jk", "label": "JK", "codes": [1]}]), "lists[0].codes[0]", "pasangan"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(data, path, word):
    found = problems(data)
    assert path in found
    assert word in found[path]


def test_everything_is_told_at_once():
    data = changed(3, minimum=5, maximum=4)
    data["columns"][0]["id"] = "Kode"
    data["rules"][0]["whole"] = "hilang"
    assert {"columns[3].minimum", "columns[0].id", "rules[0].whole"} <= set(problems(data))


def test_a_list_that_is_nowhere_is_told_where_all_are_known():
    data = changed(0, code_list="wilayah:desa")
    structure(data)
    assert "columns[0].code_list" in problems(data, known={"wilayah:kecamatan"})
    structure(sample(), known_lists={"wilayah:kecamatan"})


def test_too_many_columns():
    columns = [{"id": f"k{number}", "label": f"K {number}"} for number in range(501)]
    assert "500" in problems(sample(columns=columns, expected=[], rules=[]))["columns"]


def test_a_sentence_never_shows_more_than_a_line():
    for message in problems(sample(kode="x\n" * 90)).values():
        assert "\n" not in message
        assert len(message) < 300


def test_deep_and_endless_values_are_refused_at_once():
    began = time.perf_counter()
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    endless: dict = {}
    endless["columns"] = [endless] * 3
    for data in (deep, endless, sample(columns=[{}] * 300_000)):
        assert "terlalu" in problems(data)["."]
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "text",
    ["a: &a [x, x]\nb: [*a, *a]", "a: [", "\tx", "a: !!python/object/apply:os.system [ls]", "[" * 5_000, "a: 1_0:99e"],
)
def test_yaml_of_unknown_origin(text):
    assert told(lambda: structure(from_yaml(text)))


def test_yaml_that_is_too_large():
    with pytest.raises(StructureError, match="terlalu besar"):
        from_yaml("a" * 1_000_001)


def test_variables_there_and_back():
    for one in shipped().variables.values():
        assert variable(json.loads(json.dumps(variable_as_dict(one)))) == one


def test_a_variable_kode_is_borne_once():
    data = [{"kode": "a", "nama": "A"}, {"kode": "a", "nama": "B"}, {"kode": "B C", "nama": ""}]
    with pytest.raises(StructureError) as caught:
        variables(data)
    assert {path for path, _ in caught.value.messages} == {
        "variables[1].kode",
        "variables[2].kode",
        "variables[2].nama",
    }


@pytest.mark.parametrize(
    "text",
    [
        "[" * 400_000,
        "- " * 10_000,
        "{a: " * 20_000,
        "[" + "1," * 480_000 + "]",
        "a: " + "1:" * 300_000 + "1",
        "a: " + "9" * 900_000,
    ],
    ids=["deep flow", "deep block", "deep mappings", "many values", "a number of base sixty", "a long number"],
)
def test_a_text_that_takes_long_to_read_is_refused_before_it_is_read(text):
    began = time.process_time()
    with pytest.raises(StructureError):
        from_yaml(text)
    assert time.process_time() - began < 8


def test_names_that_nobody_knows_are_compared_only_as_long_as_they_are_told():
    began = time.process_time()
    problems({**sample(), **{f"kolom_{number}": 1 for number in range(50_000)}})
    assert time.process_time() - began < 4
