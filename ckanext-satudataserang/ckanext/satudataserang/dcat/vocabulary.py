"""The SDI vocabulary: its terms as data, and the graph that publishes them with the list of bidang urusan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rdflib import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from ckanext.satudataserang.catalogue import tables

from . import config

DCAT = Namespace("http://www.w3.org/ns/dcat#")
EU_THEME = Namespace("http://publications.europa.eu/resource/authority/data-theme/")

_DOMAINS = {"dataset": DCAT.Dataset, "agent": FOAF.Agent, "activity": PROV.Activity}
_RANGES = {"text": RDF.langString, "code": XSD.string, "year": XSD.gYear, "flag": XSD.boolean}


@dataclass(frozen=True)
class Term:
    """A property of the vocabulary. `kind` is text, code, year, flag or iri; `of` is dataset, agent or activity."""

    name: str
    kind: str
    of: str
    field: str | None
    label: dict[str, str]
    comment: dict[str, str]


@cache
def terms() -> tuple[Term, ...]:
    """All properties, in the order of the file."""
    return tuple(
        Term(row["name"], row["kind"], row.get("of", "dataset"), row.get("field"), row["label"], row["comment"])
        for row in _data()["properties"]
    )


def namespace() -> Namespace:
    """The namespace of the terms on this portal."""
    return Namespace(config.vocabulary())


def urusan_ref(kode: str) -> URIRef:
    """The concept of a bidang urusan."""
    return namespace()[f"urusan-{kode}"]


def urusan_scheme() -> URIRef:
    """The list all bidang urusan are in."""
    return namespace()["UrusanPemerintahan"]


def value(term: Term, raw: Any) -> Literal:
    """A stored value as the literal its term asks for."""
    if term.kind == "text":
        return Literal(str(raw), lang="id")
    if term.kind == "year":
        return Literal(str(raw), datatype=XSD.gYear)
    if term.kind == "flag":
        return Literal(True)
    return Literal(str(raw))


def graph() -> Graph:
    """The vocabulary itself: ontology, classes, properties and the concepts of bidang urusan."""
    sdi, g = namespace(), Graph()
    g.bind("sdi", sdi)
    g.bind("dcat", DCAT)
    ontology = URIRef(str(sdi).rstrip("#/"))
    g.add((ontology, RDF.type, OWL.Ontology))
    _say(g, ontology, DCTERMS.title, _data()["title"])
    _say(g, ontology, DCTERMS.description, _data()["description"])
    for row in _data()["classes"]:
        ref = sdi[row["name"]]
        g.add((ref, RDF.type, RDFS.Class))
        g.add((ref, RDFS.subClassOf, URIRef(row["parent"])))
        _describe(g, ref, ontology, row["label"], row["comment"])
    for term in terms():
        _add_term(g, sdi[term.name], ontology, term)
    _add_urusan(g, ontology)
    return g


def classes() -> list[dict[str, Any]]:
    """The classes as written in the file."""
    return list(_data()["classes"])


def _add_term(g: Graph, ref: URIRef, ontology: URIRef, term: Term) -> None:
    g.add((ref, RDF.type, RDF.Property))
    g.add((ref, RDF.type, OWL.ObjectProperty if term.kind == "iri" else OWL.DatatypeProperty))
    g.add((ref, RDFS.domain, _DOMAINS[term.of]))
    if term.kind in _RANGES:
        g.add((ref, RDFS.range, _RANGES[term.kind]))
    _describe(g, ref, ontology, term.label, term.comment)


def _add_urusan(g: Graph, ontology: URIRef) -> None:
    scheme = urusan_scheme()
    g.add((scheme, RDF.type, SKOS.ConceptScheme))
    g.add((scheme, RDFS.isDefinedBy, ontology))
    g.add((scheme, SKOS.prefLabel, Literal("Bidang urusan pemerintahan", lang="id")))
    g.add((scheme, SKOS.prefLabel, Literal("Government affairs", lang="en")))
    for kode, one in tables.urusan().items():
        ref = urusan_ref(kode)
        add_urusan(g, kode)
        g.add((ref, SKOS.topConceptOf, scheme))
        if one.tema:
            g.add((ref, SKOS.broadMatch, EU_THEME[one.tema]))


def add_urusan(g: Graph, kode: str) -> URIRef:
    """Describe a bidang urusan in a graph; the concept."""
    ref, known = urusan_ref(kode), tables.urusan().get(kode)
    g.add((ref, RDF.type, SKOS.Concept))
    g.add((ref, SKOS.notation, Literal(kode)))
    g.add((ref, SKOS.inScheme, urusan_scheme()))
    if known:
        g.add((ref, SKOS.prefLabel, Literal(known.nama, lang="id")))
    return ref


def _describe(g: Graph, ref: URIRef, ontology: URIRef, label: dict[str, str], comment: dict[str, str]) -> None:
    g.add((ref, RDFS.isDefinedBy, ontology))
    _say(g, ref, RDFS.label, label)
    _say(g, ref, RDFS.comment, comment)


def _say(g: Graph, ref: URIRef, predicate: URIRef, texts: dict[str, str]) -> None:
    for language, text in texts.items():
        g.add((ref, predicate, Literal(text, lang=language)))


@cache
def _data() -> dict[str, Any]:
    text = files("ckanext.satudataserang.dcat").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
