"""What comes with the software is brought in once, and never over what people changed."""

from __future__ import annotations

from dataclasses import replace

from ckanext.satudataserang.core.structures.store import Shipped
from ckanext.satudataserang.structures import read, seeding

from tests.plan.city import act

KODE = "kasus-dbd-kecamatan"


def seed(city):
    return seeding.seed({"user": city.sysadmin})


def shown(city, **data):
    return act("satudata_structure_show", city.walidata, id=KODE, **data)


def test_all_that_is_shipped_is_seeded_once(city):
    variables, structures = seed(city)
    found = seeding.shipped()
    assert (variables.created, structures.created) == (len(found.variables), len(found.structures))
    assert structures.skipped == []
    variables, structures = seed(city)
    assert (variables.same, structures.same) == (len(found.variables), len(found.structures))
    assert (structures.created, structures.updated, structures.proposed, variables.updated) == (0, 0, 0, 0)
    assert shown(city)["version"]["source"] == "bawaan"
    assert all(read.structure(kode).columns for kode in found.structures)


def test_what_is_new_holds_at_once_unless_people_changed_it(city, monkeypatch):
    seed(city)
    found = seeding.shipped()

    def ship(nama):
        changed = {**found.structures, KODE: replace(found.structures[KODE], nama=nama)}
        monkeypatch.setattr(seeding, "shipped", lambda: Shipped(changed, found.lists, found.variables))

    ship("Kasus DBD")
    assert seed(city)[1].updated == 1
    assert read.structure(KODE).nama == "Kasus DBD"
    content = {**shown(city)["content"], "nama": "Kasus Demam Berdarah", "opd": "Disar"}
    act(
        "satudata_structure_propose",
        city.walidata,
        id=KODE,
        content=content,
        base_version=2,
        reason="Dieja lengkap.",
        in_force=True,
    )
    ship("Demam Berdarah")
    assert seed(city)[1].proposed == 1
    assert read.structure(KODE).nama == "Kasus Demam Berdarah"
    assert shown(city, version=4)["version"]["state"] == "usulan"
    assert seed(city)[1].proposed == 0


def test_a_variable_that_people_changed_stays(city, monkeypatch):
    seed(city)
    found = seeding.shipped()
    kode = "jumlah_penduduk"
    content = {**act("satudata_variable_show", None, id=kode)["content"], "definisi": "Menurut Forum.", "opd": "Disar"}
    act("satudata_variable_update", city.walidata, id=kode, content=content, base_revision=1, reason="Forum.")
    newer = {**found.variables, kode: replace(found.variables[kode], definisi="Yang lain.")}
    monkeypatch.setattr(seeding, "shipped", lambda: Shipped(found.structures, found.lists, newer))
    assert seed(city)[0].updated == 0
    assert act("satudata_variable_show", None, id=kode)["content"]["definisi"] == "Menurut Forum."
