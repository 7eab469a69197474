"""The lifecycle of a delivery: what the table allows and nothing else."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core import lifecycle
from ckanext.satudataserang.core.lifecycle import INPUT, OPEN, ORDER, ROLE, STANDING, STATES, Lifecycle

TABLE = yaml.safe_load(files("ckanext.satudataserang.schemas").joinpath("hak_akses.yaml").read_text("utf-8"))
LIFE = Lifecycle.from_rows(TABLE["transitions"])
ROLES = ("publik", "produsen", "pendukung", "walidata", "pembina", "sistem")

#: Written down once more by hand: from, to, who (own OPD), who (another OPD).
ALLOWED = {
    ("draf", "diajukan"): ({"produsen", "pendukung", "walidata"}, {"walidata"}),
    ("diajukan", "tidak_valid"): ({"sistem"}, {"sistem"}),
    ("diajukan", "menunggu_pemeriksaan"): ({"sistem"}, {"sistem"}),
    ("menunggu_pemeriksaan", "disetujui"): ({"walidata"}, {"walidata"}),
    ("menunggu_pemeriksaan", "dikembalikan"): ({"walidata"}, {"walidata"}),
    ("disetujui", "menunggu_pemeriksaan"): ({"pembina"}, {"pembina"}),
    ("disetujui", "terbit"): ({"walidata"}, {"walidata"}),
}

anything = {
    "from_": st.sampled_from(STATES),
    "to": st.sampled_from(STATES),
    "role": st.sampled_from(ROLES),
    "own": st.booleans(),
    "prioritas": st.booleans(),
    "rechecked": st.booleans(),
    "noted": st.booleans(),
}


@given(**anything)
def test_only_what_the_table_says_is_allowed(from_, to, role, own, prioritas, rechecked, noted):
    refusal = LIFE.check(from_, to, role, own, prioritas=prioritas, rechecked=rechecked, noted=noted)
    known = ALLOWED.get((from_, to))
    if known is None or ((from_, to) == ("disetujui", "menunggu_pemeriksaan") and not prioritas):
        assert refusal
        assert refusal.kind == ORDER
    elif role not in known[0 if own else 1]:
        assert refusal
        assert refusal.kind == ROLE
    elif to == "terbit" and prioritas and not rechecked:
        assert refusal
        assert refusal.code == "belum-diperiksa-pembina"
    elif not noted and to in ("dikembalikan", "menunggu_pemeriksaan") and role != "sistem":
        assert refusal
        assert refusal.kind == INPUT
    else:
        assert refusal is None


@given(**anything)
def test_every_refusal_is_one_finished_sentence(from_, to, role, own, prioritas, rechecked, noted):
    refusal = LIFE.check(from_, to, role, own, prioritas=prioritas, rechecked=rechecked, noted=noted)
    if refusal:
        assert str(refusal).endswith(".")
        assert "{" not in str(refusal)


@given(
    st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(ROLES), st.booleans()), max_size=12),
    st.booleans(),
)
def test_whatever_people_try_a_delivery_ends_up_only_where_the_lifecycle_leads(moves, prioritas):
    state, passed = "draf", ["draf"]
    for to, role, own in moves:
        if LIFE.check(state, to, role, own, prioritas=prioritas, rechecked=True) is None:
            state = to
            passed.append(to)
    if state == "terbit":
        assert "menunggu_pemeriksaan" in passed
        assert passed[-2] == "disetujui"
    assert "ditarik" not in passed


@given(st.sampled_from(STATES), st.lists(st.sampled_from(ROLES)), st.booleans(), st.booleans())
def test_open_to_is_what_check_allows(state, roles, prioritas, rechecked):
    held = dict.fromkeys(roles, True)
    found = LIFE.open_to(state, held, prioritas=prioritas, rechecked=rechecked)
    for to in STATES:
        alone = [LIFE.check(state, to, role, True, prioritas=prioritas, rechecked=rechecked) for role in held]
        assert (to in found) == (None in alone)


def test_an_unknown_state_is_named_and_shortened():
    refusal = LIFE.check("draf", "x" * 500, "walidata", True)
    assert refusal
    assert refusal.kind == INPUT
    assert len(str(refusal)) < 300


def test_states_are_open_standing_or_draft():
    assert OPEN | STANDING | {"draf"} == set(STATES)
    assert not OPEN & STANDING


def test_a_table_with_an_unknown_state_or_reach_is_refused():
    for row in (
        {"dari": "draf", "ke": "entah", "peran": {"walidata": "semua"}},
        {"dari": "draf", "ke": "diajukan", "peran": {"walidata": "kadang"}},
    ):
        with pytest.raises(ValueError, match="unknown"):
            Lifecycle.from_rows([row])


def test_every_state_has_a_word():
    assert set(lifecycle.WORDS) == set(STATES)
