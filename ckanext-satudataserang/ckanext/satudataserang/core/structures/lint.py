"""Advice on structures, columns, variables and titles: the naming rules of INDAH, and concepts told in full."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from ckanext.satudataserang.core.placeholders import is_placeholder
from ckanext.satudataserang.core.units import UnitTable

from .model import Column, Structure
from .naming import faults
from .variables import Variable
from .words import plain

Weight = Literal["error", "warning"]


@dataclass(frozen=True)
class Advice:
    """One piece of advice. `error`: the standard of data is not met; `warning`: it could be better.

    `path` is the place in the plain shape (``columns[2].definisi``), `template` an Indonesian sentence with ``{names}``
    of `params`, and so is `advice`, which says what to do.
    """

    path: str
    code: str
    severity: Weight
    template: str
    advice: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence, in Indonesian."""
        return self.template.format(**self.params)

    @property
    def what_to_do(self) -> str:
        """The advice, in Indonesian."""
        return self.advice.format(**self.params)


#: What Standar Data asks of what is measured (Perpres 39/2019 Ps. 5), and of every concept by INDAH.
_CONCEPT = (("konsep", "konsep"), ("definisi", "definisi"), ("referensi", "referensi"))
_MEASURED = (("ukuran", "ukuran"), ("satuan", "satuan"))


def lint(
    structure: Structure,
    units: UnitTable | None = None,
    places: Collection[str] = (),
    others: Collection[str] = (),
) -> list[Advice]:
    """Advice on a structure whose columns have taken over what their variables say (`resolve`, or `resolve.meaning`).

    :param units: the vocabulary of units; without it units are not looked up
    :param places: names of the region's areas
    :param others: names of the other structures, which must not be the same
    """
    found = lint_name(structure.nama, "nama", places)
    if plain(structure.nama) in {plain(name) for name in others}:
        found.append(_advice("nama", "tidak-unik", "error", "Nama “{name}” sudah dipakai struktur lain.",
                             "Bedakan namanya, atau pakai struktur yang sudah ada.", name=structure.nama))  # fmt: skip
    if not structure.opd:
        found.append(_advice("opd", "tanpa-pemilik", "warning", "Struktur belum menyebut OPD pengelolanya.",
                             "Isi singkatan OPD yang memelihara struktur ini."))  # fmt: skip
    found.extend(_key_advice(structure))
    for index, column in enumerate(structure.columns):
        found.extend(lint_column(column, f"columns[{index}]", units, places))
    found.extend(_rule_advice(structure, units))
    found.extend(_variable_advice(structure))
    return found


def lint_column(
    column: Column, path: str = "", units: UnitTable | None = None, places: Collection[str] = ()
) -> list[Advice]:
    """Advice on one column; `path` goes before the places."""
    found = lint_name(column.label, f"{path}.label", places)
    found.extend(_concept_advice(column, column.label, path, column.is_measure, units))
    if column.key and column.personal:
        found.append(_advice(f"{path}.personal", "kunci-pribadi", "warning",
                             "Kolom kunci “{label}” adalah data pribadi; setelah disamarkan barisnya sukar dibedakan.",
                             "Pakai nomor urut atau kode lain sebagai kunci.", label=column.label))  # fmt: skip
    if column.key and column.type == "numeric":
        found.append(_advice(f"{path}.key", "kunci-pecahan", "warning",
                             "Kolom kunci “{label}” berisi angka pecahan; pembulatan dapat mengubah kuncinya.",
                             "Pakai kode atau bilangan bulat sebagai kunci.", label=column.label))  # fmt: skip
    return found


def lint_variable(
    variable: Variable, path: str = "", units: UnitTable | None = None, places: Collection[str] = ()
) -> list[Advice]:
    """Advice on a standard variable."""
    found = lint_name(variable.nama, f"{path}.nama", places)
    measured = variable.type in ("integer", "numeric")
    found.extend(_concept_advice(variable, variable.nama, path, measured, units))
    if not variable.opd:
        found.append(_advice(f"{path}.opd", "tanpa-pemilik", "error", "Variabel “{label}” belum memiliki OPD pemilik.",
                             "Tetapkan satu OPD yang menentukan artinya.", label=variable.nama))  # fmt: skip
    return [replace(one, path=one.path.lstrip(".")) for one in found]


def lint_name(name: str, path: str = "", places: Collection[str] = ()) -> list[Advice]:
    """Advice on a name or title by itself."""
    return [
        Advice(path.lstrip("."), fault.code, "warning", fault.template, fault.advice, {"name": name, **fault.params})
        for fault in faults(name, places)
    ]


def _advice(path: str, code: str, severity: Weight, template: str, advice: str, **params: str) -> Advice:
    return Advice(path.lstrip("."), code, severity, template, advice, params)


def _concept_advice(
    one: Column | Variable, label: str, path: str, measured: bool, units: UnitTable | None
) -> Iterator[Advice]:
    for name, word in (*_CONCEPT, *(_MEASURED if measured else ())):
        text = getattr(one, name)
        if not text:
            yield _advice(f"{path}.{name}", f"tanpa-{name}", "error", "“{label}” belum memiliki {word}.",
                          "Lengkapi: setiap konsep harus memiliki nama, definisi, dan referensi; hasil ukur "
                          "juga ukuran dan satuan.", label=label, word=word)  # fmt: skip
    if one.definisi and is_placeholder(one.definisi, label):
        yield _advice(f"{path}.definisi", "definisi-kosong", "error", "Definisi “{label}” tidak menjelaskan apa pun.",
                      "Jelaskan apa yang dihitung, siapa atau apa yang termasuk, dan apa yang tidak.",
                      label=label)  # fmt: skip
    if one.satuan and units is not None and one.satuan not in units.names:
        near = units.canonical(one.satuan).unit
        advice = "Pakai “{near}”." if near else "Pilih dari daftar satuan, atau minta Walidata menambahkannya."
        yield _advice(f"{path}.satuan", "satuan-tidak-baku", "error", "Satuan “{unit}” pada “{label}” belum baku.",
                      advice, label=label,
                      unit=one.satuan, near=near.name if near else "")  # fmt: skip


def _key_advice(structure: Structure) -> Iterator[Advice]:
    if len(structure.columns) > 1 and not structure.key:
        yield _advice("columns", "tanpa-kunci", "warning", "Struktur belum memiliki kolom kunci.",
                      "Tandai kolom yang membedakan satu baris dari yang lain, agar baris ganda tampak.")  # fmt: skip
    if structure.key and not structure.expected:
        coded = all(structure.column(name).code_list for name in structure.key)
        if coded:
            yield _advice("expected", "tanpa-baris", "warning",
                          "Semua kunci berdaftar kode, tetapi baris yang diharapkan belum ditentukan.",
                          "Tentukan baris yang diharapkan supaya baris yang kurang ditemukan.")  # fmt: skip
    if structure.columns and not any(column.is_measure for column in structure.columns):
        yield _advice("columns", "tanpa-ukuran", "warning", "Tidak ada kolom yang berisi hasil ukur atau hitung.",
                      "Periksa apakah ada kolom angka yang masih bertipe teks.")  # fmt: skip


def _rule_advice(structure: Structure, units: UnitTable | None) -> Iterator[Advice]:
    named = {column.id: column.satuan for column in structure.columns}
    for index, rule in enumerate(structure.rules):
        used = {named[name] for name in (*rule.parts, rule.whole) if named.get(name)}
        if len(used) > 1 and not (rule.relation != "=" and _all_counts(used, units)):
            yield _advice(f"rules[{index}]", "aturan-beda-satuan", "error",
                          "Aturan “{id}” membandingkan kolom yang satuannya berbeda.",
                          "Samakan satuannya, atau hapus aturan itu.", id=rule.id)  # fmt: skip


def _all_counts(names: set[str], units: UnitTable | None) -> bool:
    """Whether all are units of counting: there are no more classes than pupils, though one is no pupil."""
    found = [units.canonical(name).unit for name in names] if units is not None else [None]
    return all(unit is not None and unit.dimension.startswith("cacah") for unit in found)


def _variable_advice(structure: Structure) -> Iterator[Advice]:
    seen: dict[str, str] = {}
    for index, column in enumerate(structure.columns):
        first = seen.setdefault(column.variable, column.label) if column.variable else column.label
        if first != column.label:
            yield _advice(f"columns[{index}].variable", "variabel-ganda", "warning",
                          "Kolom “{label}” dan “{other}” merujuk variabel baku yang sama.",
                          "Rujuk dari kolom yang memuat keseluruhannya saja; bagiannya diberi arti sendiri.",
                          label=column.label, other=first)  # fmt: skip
