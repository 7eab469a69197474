"""The tables of the bundle: name, what it holds, how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import helpers
from ckanext.satudataserang.completeness import words
from ckanext.satudataserang.completeness.evidence import statements
from ckanext.satudataserang.completeness.rules import metadata_rules, rules

#: A column that is told from the rest of a row rather than read.
Told = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Table:
    """One table: its statement, and columns put behind those that it gives. `about` is asked for when it is shown."""

    name: str
    statement: str
    about: Callable[[], str]
    told: Mapping[str, Told] = field(default_factory=dict)


def tables() -> tuple[Table, ...]:
    """Every table that is read from the database, in the order in which the bundle holds them."""
    open_, readable = _formats("mqa.non_proprietary"), _formats("mqa.machine_readable")
    return (
        Table(
            "dataset",
            statements.DATASETS,
            lambda: tk._("dataset yang terbit untuk umum"),
            {"alamat": lambda row: tk.url_for("dataset.read", id=row["dataset"], qualified=True, locale="default")},
        ),
        Table(
            "standar_data",
            statements.STANDARD,
            lambda: tk._("standar data tiap dataset: konsep, definisi, klasifikasi, ukuran, satuan"),
        ),
        Table("metadata", statements.METADATA, lambda: tk._("semua keterangan tiap dataset, satu baris per ruas")),
        Table(
            "nilai_metadata",
            statements.METADATA_POINTS,
            lambda: tk._("poin keterangan tiap dataset dan aturan yang belum terpenuhi"),
        ),
        Table(
            "format_lisensi",
            statements.RESOURCES,
            lambda: tk._("berkas tiap dataset: format, lisensi, sidik SHA-256"),
            {
                "format_terbuka": lambda row: row["format"] in open_,
                "terbaca_mesin": lambda row: row["format"] in readable,
            },
        ),
        Table(
            "kode_referensi",
            statements.CODES,
            lambda: tk._("kode referensi yang dipakai dan seberapa sering"),
            {"nama": _code_name},
        ),
        Table("rencana", statements.PLAN, lambda: tk._("Daftar Data tahun ini dengan jadwal dan sifat aksesnya")),
        Table("kesepakatan", statements.AGREEMENTS, lambda: tk._("langkah tiap entri Daftar Data, dari usulan")),
        Table("rilis", statements.RELEASES, lambda: tk._("tiap periode yang ditunggu: tenggat, kapan tiba, keadaan")),
        Table("pemeriksaan", statements.CHECKS, lambda: tk._("tiap kiriman dan hasil pemeriksaannya")),
        Table(
            "temuan",
            statements.FINDINGS,
            lambda: tk._("jumlah temuan pemeriksaan menurut jenisnya"),
            {"arti": lambda row: words.reason(row["kode_temuan"])},
        ),
        Table(
            "alur", statements.STEPS, lambda: tk._("langkah tiap kiriman: diajukan, dikembalikan, disetujui, terbit")
        ),
        Table("berkas_kiriman", statements.FILES, lambda: tk._("sidik SHA-256 tiap berkas yang dikirim")),
        Table("kelonggaran", statements.LENIENCE, lambda: tk._("pengecualian dan perpanjangan tenggat, dengan alasan")),
        Table("deret_waktu", statements.SERIES, lambda: tk._("berapa periode yang sudah lengkap untuk tiap data")),
        Table(
            "rekomendasi",
            statements.RECOMMENDATIONS,
            lambda: tk._("kegiatan statistik di balik dataset, dengan identitas rekomendasinya"),
        ),
    )


def measures(shown: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of `ukuran`: every measure of the city and of every OPD, as satudata_completeness_show gives them."""
    city = {"name": "", "title": tk._("seluruh OPD"), **shown["city"]}
    for scope, group in (("kota", city), *(("opd", group) for group in shown["groups"])):
        for name, measure in group["measures"].items():
            yield (
                scope,
                group["name"],
                group["title"],
                name,
                measure["numerator"],
                measure["denominator"],
                None if measure["rate"] is None else round(measure["rate"], 6),
                None,
            )
        index = None if group["index"] is None else round(group["index"], 4)
        yield (scope, group["name"], group["title"], "indeks", None, None, index, group["band"])


MEASURES = ("lingkup", "opd", "nama_opd", "ukuran", "pembilang", "penyebut", "nilai", "pita")
DEFINITIONS = ("hal", "nama", "bobot", "keterangan", "versi_aturan")
CHANNELS = ("kanal", "alamat", "keterangan")


def definitions() -> Iterator[tuple[Any, ...]]:
    """Rows of `definisi`: measures with weight and formula, bands with their bounds, rules of the metadata points."""
    version = rules().version
    for name, weight in rules().weights.items():
        said = words.measure(name)
        yield ("ukuran", said.label, weight, said.formula, version)
    for band in rules().bands:
        text = tk._("di bawah {bound}").format(bound=band.below) if band.below <= 100 else tk._("selebihnya")  # noqa: PLR2004
        yield ("pita", words.band(band.id), None, text, version)
    for rule in metadata_rules():
        yield ("metadata", rule.id, rule.points, tk._(rule.title), version)


def channels() -> Sequence[tuple[str, str, str]]:
    """Rows of `kanal`: by which ways the data reach their users on this portal."""

    def at(endpoint: str, **values: Any) -> str:
        return tk.url_for(endpoint, **values, qualified=True, locale="default")

    return (
        (tk._("situs"), at("home.index"), tk._("halaman untuk orang, juga di ponsel")),
        (tk._("pencarian dataset"), at("dataset.search"), tk._("semua dataset yang terbit")),
        (tk._("kelengkapan"), at("satudata_completeness.index"), tk._("angka kelengkapan dengan rinciannya")),
        (tk._("API CKAN"), at("api.action", logic_function="package_search", ver=3), tk._("antarmuka program, JSON")),
        (tk._("API data"), at("api.action", logic_function="datastore_search", ver=3), tk._("isi tabel, JSON")),
        (tk._("katalog DCAT"), at("dcat.read_catalog", _format="ttl"), tk._("katalog untuk portal lain, RDF")),
    )


def _formats(rule_id: str) -> frozenset[str]:
    return next((frozenset(rule.argument) for rule in metadata_rules() if rule.id == rule_id), frozenset())


def _code_name(row: Mapping[str, Any]) -> str:
    kode = row["kode"]
    if row["jenis"] == "urusan":
        return helpers.satudata_urusan_name(kode)
    if row["jenis"] == "kode_wilayah":
        return helpers.satudata_area_title(kode)
    if row["jenis"] == "frequency":
        return words.frequency(kode) if "/" not in kode else helpers.satudata_frequency_label(kode)
    return kode
