"""The catalogue's addresses: whole, paged, and kind to odd questions."""

from __future__ import annotations

import json
import re

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from tests.catalogue.datasets import complete_dataset

from .conftest import SITE, act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SDI = Namespace(f"{SITE}/ns/sdi#")
FORMATS = [("ttl", "turtle"), ("xml", "xml"), ("jsonld", "json-ld")]


@pytest.fixture
def datasets(opd):
    """Five datasets of two areas of government."""
    return [
        act(
            "package_create",
            **complete_dataset(
                opd["id"],
                name=f"data-{number}",
                title=f"Data kependudukan nomor {number}",
                urusan="2.12" if number % 2 else "1.02",
            ),
        )
        for number in range(5)
    ]


def test_catalogue_holds_every_dataset_but_no_draft(datasets, opd, fetch):
    act("package_create", title="Rancangan", owner_org=opd["id"], state="draft")
    expected = {URIRef(f"{SITE}/dataset/{dataset['id']}") for dataset in datasets}
    for ending, form in FORMATS:
        graph = fetch(f"/catalog.{ending}", form)
        found = set(graph.subjects(RDF.type, DCAT.Dataset))
        assert found == expected
        assert all((ref, SDI.konsep, Literal("Penduduk", lang="id")) in graph for ref in found)
        (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
        assert (catalogue, DCAT.themeTaxonomy, SDI.UrusanPemerintahan) in graph
        assert set(graph.objects(catalogue, DCAT.dataset)) == found


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
def test_pages_lead_on_until_all_was_read(datasets, fetch):
    """Following `next` from the first page finds each dataset once and then ends."""
    path, seen, pages = "/catalog.ttl", [], 0
    while path:
        graph = fetch(path)
        seen += [str(ref) for ref in graph.subjects(RDF.type, DCAT.Dataset)]
        following = next(iter(graph.objects(None, HYDRA.next)), None)
        path = str(following).removeprefix(SITE) if following else None
        pages += 1
    assert pages == 3
    assert sorted(seen) == sorted(f"{SITE}/dataset/{dataset['id']}" for dataset in datasets)


def test_an_unknown_format_or_dataset_is_not_found(make_dataset, app):
    name = make_dataset()["name"]
    for path in ("/catalog.zip", "/catalog.json", f"/dataset/{name}.zip", f"/dataset/{name}.exe", "/dataset/x.ttl"):
        assert "Halaman ini tidak ada" in app.get(path, status=404).body


def test_an_unreadable_question_is_refused_with_a_page(make_dataset, app):
    make_dataset()
    for query in ("fq=a:[", "q={!evil}", "page=abc", "page=0", "modified_since=kemarin"):
        app.get(f"/catalog.ttl?{query}", status=409)


def test_modified_since_understands_a_time_zone(datasets, fetch):
    early = fetch("/catalog.ttl?modified_since=2020-01-01T00:00:00%2B07:00")
    assert len(set(early.subjects(RDF.type, DCAT.Dataset))) == len(datasets)
    late = fetch("/catalog.ttl?modified_since=2900-01-01T00:00:00%2B07:00")
    assert set(late.subjects(RDF.type, DCAT.Dataset)) == set()


def test_vocabulary_is_served_and_names_every_term_in_both_languages(fetch):
    graph = fetch("/ns/sdi.ttl")
    properties = set(graph.subjects(RDF.type, RDF.Property))
    assert SDI.konsep in properties
    for term in properties:
        assert {label.language for label in graph.objects(term, RDFS.label)} == {"id", "en"}
        assert {comment.language for comment in graph.objects(term, RDFS.comment)} == {"id", "en"}
    concept = SDI["urusan-1.02"]
    assert graph.value(concept, SKOS.prefLabel) == Literal("Kesehatan", lang="id")
    assert (concept, SKOS.inScheme, SDI.UrusanPemerintahan) in graph


def test_vocabulary_formats_agree(fetch):
    assert len({len(fetch(f"/ns/sdi.{ending}", form)) for ending, form in FORMATS}) == 1


def test_every_term_written_is_a_term_published(datasets, fetch):
    """The profile uses no term of the namespace that the vocabulary does not define."""
    published = set(fetch("/ns/sdi.ttl").subjects())
    used = {
        term
        for triple in fetch("/catalog.ttl")
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(str(SDI))
    }
    assert used
    assert used <= published


def test_vocabulary_answers_people_and_machines(app):
    page = app.get("/ns/sdi", headers={"Accept": "text/html"}, status=200)
    assert "sdi:konsep" in page.body
    assert str(SDI) in page.body
    turtle = app.get("/ns/sdi", headers={"Accept": "text/turtle"}, status=200)
    assert turtle.content_type.startswith("text/turtle")
    app.get("/ns/sdi.zip", status=404)


def test_json_ld_in_a_page_cannot_close_its_script(make_dataset, app):
    """A title with markup stays inside the structured data, and reads back as it was typed."""
    title = 'Penduduk </script><script>alert("x")</script> & kecamatan'
    dataset = make_dataset(title=title, notes=f"Dihitung dari catatan administrasi. {title}")
    body = app.get(f"/dataset/{dataset['name']}", status=200).body
    assert "<script>alert" not in body
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    read = Graph().parse(data=json.dumps(json.loads(block)), format="json-ld")
    names = {str(name) for name in read.objects(None, URIRef("http://schema.org/name"))}
    assert title in names
