"""The SDI profile: what Satu Data Indonesia adds to DCAT-AP.

List it after ckanext-dcat's own: `ckanext.dcat.rdf.profiles = euro_dcat_ap_3 sdi_dcat`. It adds triples and mends what
the profiles before it wrote from free text, and leaves reading RDF to them. (`euro_dcat_ap_3` already covers
`euro_dcat_ap_scheming`; with both, every contact and period would stand there twice.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.dcat.profiles import RDFProfile
from ckanext.dcat.profiles.base import CleanedURIRef, URIRefOrLiteral
from ckanext.dcat.utils import publisher_uri_organization_fallback
from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.catalogue.uris import wilayah_uri

from . import vocabulary
from .vocabulary import DCAT

#: Licences of CKAN's list with an address of their own that outlives the list.
LICENCES = {
    "cc-by": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc-nc": "https://creativecommons.org/licenses/by-nc/4.0/",
    "odc-by": "https://opendatacommons.org/licenses/by/1-0/",
    "odc-odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
}

_ABSOLUTE = re.compile(r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$", re.IGNORECASE)


class SdiDcatProfile(RDFProfile):
    """SDI terms on top of DCAT-AP."""

    g: Graph

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Node) -> dict[str, Any]:
        """Leave the dictionary as the DCAT profiles read it."""
        return dataset_dict

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: Node) -> None:
        """Name the list of bidang urusan the datasets are classified by."""
        self.g.bind("sdi", vocabulary.namespace())
        self.g.add((catalog_ref, DCAT.themeTaxonomy, vocabulary.urusan_scheme()))

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Node) -> None:
        """Add the SDI terms of one dataset, section by section."""
        self.g.bind("sdi", vocabulary.namespace())
        self._standard(dataset_dict, dataset_ref)
        self._urusan(dataset_dict, dataset_ref)
        self._frequency(dataset_dict)
        self._area(dataset_dict, dataset_ref)
        self._producer(dataset_dict, dataset_ref)
        self._activity(dataset_dict, dataset_ref)
        self._licence(dataset_dict, dataset_ref)
        self._mend_references(dataset_ref)

    def _standard(self, dataset: dict[str, Any], ref: Node) -> None:
        """Konsep, definisi, klasifikasi, ukuran, satuan and the other terms of the dataset itself."""
        self._terms("dataset", dataset, ref)

    def _urusan(self, dataset: dict[str, Any], ref: Node) -> None:
        """The bidang urusan as a concept: a theme beside the EU's."""
        kode = dataset.get("urusan")
        if not kode:
            return
        concept = vocabulary.add_urusan(self.g, str(kode))
        self.g.add((ref, vocabulary.namespace().urusan, concept))
        self.g.add((ref, DCAT.theme, concept))

    def _frequency(self, dataset: dict[str, Any]) -> None:
        """The names of the frequency, beside the EU's address for it."""
        known = tables.frequencies().get(str(dataset.get("frequency") or ""))
        if known:
            for language, text in known.labels.items():
                self.g.add((URIRef(known.uri), SKOS.prefLabel, Literal(text, lang=language)))

    def _area(self, dataset: dict[str, Any], ref: Node) -> None:
        """The area by kode wilayah."""
        kode = dataset.get("kode_wilayah")
        if not kode:
            return
        area_ref, area = URIRef(wilayah_uri(str(kode))), get_region().wilayah.get(str(kode))
        self.g.add((ref, DCTERMS.spatial, area_ref))
        self.g.add((area_ref, RDF.type, DCTERMS.Location))
        self.g.add((area_ref, DCTERMS.identifier, Literal(str(kode))))
        if area and (area_ref, SKOS.prefLabel, None) not in self.g:
            self.g.add((area_ref, SKOS.prefLabel, Literal(area.name)))

    def _producer(self, dataset: dict[str, Any], ref: Node) -> None:
        """The OPD as Produsen Data, with its code; it is the publisher too unless another is named."""
        uri = publisher_uri_organization_fallback(dataset)
        if not uri:
            return
        sdi, agent = vocabulary.namespace(), CleanedURIRef(uri)
        self.g.add((ref, sdi.produsenData, agent))
        self.g.add((agent, RDF.type, FOAF.Agent))
        if (ref, DCTERMS.publisher, None) not in self.g:
            self.g.add((ref, DCTERMS.publisher, agent))
        # The DCAT-AP profile has read the OPD already when the OPD is the publisher.
        opd = self._org_cache.get(dataset["organization"]["id"]) or dataset["organization"]
        if (agent, FOAF.name, None) not in self.g:
            self.g.add((agent, FOAF.name, Literal(opd.get("title") or opd.get("name"))))
        for predicate, key, language in (
            (DCTERMS.identifier, "kode", None),
            (sdi.singkatan, "singkatan", "id"),
            (sdi.jenisOpd, "jenis", None),
            (sdi.jabatanPenanggungJawab, "jabatan_penanggung_jawab", "id"),
        ):
            if opd.get(key):
                self.g.add((agent, predicate, Literal(opd[key], lang=language)))

    def _activity(self, dataset: dict[str, Any], ref: Node) -> None:
        """The statistical activity the data comes from."""
        if not (dataset.get("kegiatan_judul") or dataset.get("kegiatan_cara_pengumpulan")):
            return
        sdi, activity = vocabulary.namespace(), BNode()
        self.g.add((ref, PROV.wasGeneratedBy, activity))
        self.g.add((activity, RDF.type, PROV.Activity))
        self.g.add((activity, RDF.type, sdi.KegiatanStatistik))
        if dataset.get("kegiatan_judul"):
            self.g.add((activity, RDFS.label, Literal(dataset["kegiatan_judul"], lang="id")))
        self._terms("activity", dataset, activity)

    def _licence(self, dataset: dict[str, Any], ref: Node) -> None:
        """The licence as an address, on the dataset and on every distribution that names none of its own."""
        uri = LICENCES.get(dataset.get("license_id") or "") or dataset.get("license_url")
        if not uri:
            return
        licence = URIRefOrLiteral(uri)
        self.g.add((ref, DCTERMS.license, cast(Node, licence)))
        for distribution in self.g.objects(ref, DCAT.distribution):
            if (distribution, DCTERMS.license, None) not in self.g:
                self.g.add((distribution, DCTERMS.license, cast(Node, licence)))

    def _terms(self, of: str, dataset: dict[str, Any], ref: Node) -> None:
        """Write the vocabulary's terms that come straight from a field."""
        sdi = vocabulary.namespace()
        for term in vocabulary.terms():
            if term.of == of and term.field:
                for raw in _values(dataset.get(term.field)):
                    self.g.add((ref, sdi[term.name], vocabulary.value(term, raw)))

    def _mend_references(self, ref: Node) -> None:
        """Turn what is no address into one, or into text.

        Publishers type addresses by hand. One with a space in it makes the whole catalogue page fail in Turtle, one
        without "https:" points at the catalogue itself.
        """
        for subject in (ref, *self._parts(ref)):
            for predicate, found in list(self.g.predicate_objects(subject)):
                if isinstance(found, URIRef) and not _ABSOLUTE.match(found):
                    self.g.remove((subject, predicate, found))
                    self.g.remove((found, None, None))
                    self.g.add((subject, predicate, _reference(str(found))))

    def _parts(self, ref: Node) -> Iterator[Node]:
        for predicate in (DCAT.distribution, DCAT.contactPoint, DCTERMS.publisher, DCTERMS.creator):
            yield from list(self.g.objects(ref, predicate))


def _values(raw: Any) -> list[Any]:
    """The values of a field, one or many; nothing for empty ones and flags that are down."""
    if raw is None or raw == "" or raw is False or str(raw).lower() == "false":
        return []
    return [item for item in raw if item not in (None, "")] if isinstance(raw, list) else [raw]


def _reference(text: str) -> URIRef | Literal:
    cleaned = CleanedURIRef(text)
    return cast(URIRef, cleaned) if _ABSOLUTE.match(str(cleaned)) else Literal(text)
