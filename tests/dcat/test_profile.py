"""A dataset of the SDI schema, written as RDF and read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from tests.catalogue.datasets import complete_dataset

from .conftest import SITE, act, make_opd, read

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SDI = Namespace(f"{SITE}/ns/sdi#")
EU = "http://publications.europa.eu/resource/authority"
FORMATS = [("ttl", "turtle"), ("xml", "xml"), ("rdf", "xml"), ("jsonld", "json-ld"), ("n3", "n3")]


EMPTY = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@dataclass
class Written:
    """A dataset with something in every field the profile writes, and what each format says of it."""

    dataset: dict[str, Any]
    opd: dict[str, Any]
    graphs: dict[str, Graph]


_WRITTEN: list[Written] = []


@pytest.fixture
def written(request):
    """Made once for the module: what is asked of it below changes nothing."""
    if not _WRITTEN:
        for name in ("with_plugins", "clean_db", "clean_index"):
            request.getfixturevalue(name)
        app = request.getfixturevalue("app")
        opd = make_opd()
        dataset = act(
            "package_create",
            **complete_dataset(
                opd["id"],
                temporal_coverage=[{"start": "2012-01-01", "end": "2016-12-31"}],
                prioritas_tahun=["2025", "2026"],
                daftar_data_kode="DD-2.12-001",
                dasar_hukum=["Perpres 39/2019", "UU 24/2013"],
                interpretasi="Angka naik berarti penduduk bertambah.",
                kegiatan_jenis_statistik="sektoral",
                kegiatan_unit_penanggung_jawab="Bidang Pendaftaran Penduduk",
                provenance="Dihimpun dari laporan bulanan kecamatan.",
                conforms_to=["https://contoh.go.id/standar/penduduk"],
                data_contoh=True,
                resources=[{"url": "https://contoh.go.id/penduduk.csv", "name": "Tabel", "format": "CSV"}],
            ),
        )
        graphs = {ending: read(app, f"/dataset/{dataset['name']}.{ending}", form) for ending, form in FORMATS}
        _WRITTEN.append(Written(dataset, opd, graphs))
    return _WRITTEN[0]


@pytest.fixture
def graph(written):
    return written.graphs["ttl"]


@pytest.fixture
def ref(written):
    return URIRef(f"{SITE}/dataset/{written.dataset['id']}")


@pytest.mark.parametrize("ending", [ending for ending, _form in FORMATS])
def test_every_format_says_the_same(written, ref, ending):
    """The five formats are read back by rdflib, and each holds the SDI terms."""
    found = written.graphs[ending]
    assert (ref, RDF.type, DCAT.Dataset) in found
    assert (ref, SDI.konsep, Literal("Penduduk", lang="id")) in found
    assert (ref, DCTERMS.spatial, URIRef(f"{SITE}/wilayah/36.73")) in found
    assert len(found) == len(written.graphs["ttl"])


def test_five_things_of_the_data_standard(graph, ref):
    assert graph.value(ref, SDI.konsep) == Literal("Penduduk", lang="id")
    assert str(graph.value(ref, SDI.definisi)).startswith("Orang yang tercatat menetap")
    assert graph.value(ref, SDI.klasifikasiPenyajian) == Literal("kecamatan", lang="id")
    assert graph.value(ref, SDI.ukuran) == Literal("jumlah")
    assert graph.value(ref, SDI.satuan) == Literal("orang")


def test_plan_schedule_and_law(graph, ref):
    assert graph.value(ref, SDI.kodeDaftarData) == Literal("DD-2.12-001")
    assert set(graph.objects(ref, SDI.tahunPrioritas)) == {
        Literal("2025", datatype=XSD.gYear),
        Literal("2026", datatype=XSD.gYear),
    }
    assert set(map(str, graph.objects(ref, SDI.dasarHukum))) == {"Perpres 39/2019", "UU 24/2013"}
    assert graph.value(ref, SDI.jadwalRilis) is not None
    assert graph.value(ref, SDI.levelPenyajian) == Literal("kecamatan")


def test_area_is_a_place_with_its_code(graph, ref):
    (area,) = graph.objects(ref, DCTERMS.spatial)
    assert area == URIRef(f"{SITE}/wilayah/36.73")
    assert (area, RDF.type, DCTERMS.Location) in graph
    assert graph.value(area, DCTERMS.identifier) == Literal("36.73")
    assert len(list(graph.objects(area, SKOS.prefLabel))) == 1


def test_themes_of_the_eu_and_of_urusan(graph, ref):
    concept = SDI["urusan-2.12"]
    assert set(graph.objects(ref, DCAT.theme)) >= {concept}
    assert any(str(theme).startswith(f"{EU}/data-theme/") for theme in graph.objects(ref, DCAT.theme))
    assert (concept, RDF.type, SKOS.Concept) in graph
    assert graph.value(concept, SKOS.notation) == Literal("2.12")
    assert graph.value(concept, SKOS.prefLabel) == Literal("Administrasi Kependudukan dan Pencatatan Sipil", lang="id")


def test_frequency_period_rights_provenance_and_standard(graph, ref):
    assert graph.value(ref, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/ANNUAL")
    assert graph.value(ref, DCTERMS.accessRights) == URIRef(f"{EU}/access-right/PUBLIC")
    assert graph.value(ref, DCTERMS.conformsTo) == URIRef("https://contoh.go.id/standar/penduduk")
    (period,) = graph.objects(ref, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)).startswith("2012-01-01")
    assert str(graph.value(period, DCAT.endDate)).startswith("2016-12-31")
    statement = graph.value(ref, DCTERMS.provenance)
    assert graph.value(statement, RDFS.label) == Literal("Dihimpun dari laporan bulanan kecamatan.")


def test_the_opd_is_publisher_and_producer_with_its_code(graph, ref, written):
    (publisher,) = graph.objects(ref, DCTERMS.publisher)
    assert publisher == URIRef(f"{SITE}/organization/{written.opd['id']}")
    assert graph.value(ref, SDI.produsenData) == publisher
    assert graph.value(publisher, FOAF.name) == Literal("Dinas Kependudukan dan Pencatatan Sipil")
    assert Literal("2.12.0.00") in set(graph.objects(publisher, DCTERMS.identifier))
    assert graph.value(publisher, SDI.singkatan) == Literal("Disdukcapil", lang="id")
    assert graph.value(publisher, SDI.jenisOpd) == Literal("dinas")


@EMPTY
def test_a_named_publisher_stays_publisher_beside_the_producer(make_dataset, fetch, opd):
    dataset = make_dataset(publisher=[{"name": "Diskominfo", "uri": "https://contoh.go.id/diskominfo"}])
    graph, ref = fetch(f"/dataset/{dataset['name']}.ttl"), URIRef(f"{SITE}/dataset/{dataset['id']}")
    producer = URIRef(f"{SITE}/organization/{opd['id']}")
    assert list(graph.objects(ref, DCTERMS.publisher)) == [URIRef("https://contoh.go.id/diskominfo")]
    assert graph.value(ref, SDI.produsenData) == producer
    assert graph.value(producer, FOAF.name) == Literal("Dinas Kependudukan dan Pencatatan Sipil")


def test_licence_stands_on_dataset_and_distribution(graph, ref):
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert list(graph.objects(ref, DCTERMS.license)) == [licence]
    (distribution,) = graph.objects(ref, DCAT.distribution)
    assert list(graph.objects(distribution, DCTERMS.license)) == [licence]


def test_statistical_activity(graph, ref):
    (activity,) = graph.objects(ref, PROV.wasGeneratedBy)
    assert (activity, RDF.type, SDI.KegiatanStatistik) in graph
    assert graph.value(activity, RDFS.label) == Literal("Pencatatan administrasi kependudukan", lang="id")
    assert graph.value(activity, SDI.caraPengumpulan) == Literal("kompilasi")
    assert graph.value(activity, SDI.metodePengumpulan) == Literal("sekunder")
    assert graph.value(activity, SDI.jenisStatistik) == Literal("sektoral")


def test_contact_stands_once(graph, ref):
    assert len(list(graph.objects(ref, DCAT.contactPoint))) == 1


def test_sample_data_says_so(graph, ref):
    assert graph.value(ref, SDI.dataContoh) == Literal(True)


@EMPTY
def test_addresses_typed_by_hand_do_not_break_the_page(make_dataset, fetch):
    """A blank is encoded, what is no whole address becomes text; nothing is lost and Turtle is written."""
    dataset = make_dataset(
        url="dinas contoh.go.id/penduduk",
        resources=[{"url": "https://contoh.go.id/a b.csv", "name": "Tabel", "format": "CSV"}],
    )
    graph, ref = fetch(f"/dataset/{dataset['name']}.ttl"), URIRef(f"{SITE}/dataset/{dataset['id']}")
    assert list(graph.objects(ref, DCAT.landingPage)) == [Literal("dinas%20contoh.go.id/penduduk")]
    (distribution,) = graph.objects(ref, DCAT.distribution)
    assert list(graph.objects(distribution, DCAT.accessURL)) == [URIRef("https://contoh.go.id/a%20b.csv")]


@EMPTY
def test_a_renamed_opd_is_renamed_in_rdf_at_once(make_dataset, fetch, opd):
    dataset = make_dataset()
    path, ref = f"/dataset/{dataset['name']}.ttl", URIRef(f"{SITE}/dataset/{dataset['id']}")
    assert list(fetch(path).objects(ref, SDI.dataContoh)) == []
    act("organization_patch", id=opd["id"], title="Dinas Dukcapil")
    graph = fetch(path)
    assert graph.value(graph.value(ref, DCTERMS.publisher), FOAF.name) == Literal("Dinas Dukcapil")
