"""Puts into a structure what it only names: shared code lists, those of the region, and standard variables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product

from ckanext.satudataserang.core.codes import Area, WilayahTable

from .model import Code, CodeList, Column, Structure
from .problems import Problem, StructureError
from .sound import AREA_PREFIX
from .variables import Variable
from .words import plain

#: Areas by the id of their list, and the levels it holds.
AREA_LISTS: Mapping[str, tuple[str, ...]] = {
    "wilayah:provinsi": ("provinsi",),
    "wilayah:kota": ("kabupaten", "kota"),
    "wilayah:kecamatan": ("kecamatan",),
    "wilayah:kelurahan": ("desa", "kelurahan"),
}
_LABELS = {
    "wilayah:provinsi": "Provinsi",
    "wilayah:kota": "Kabupaten/Kota",
    "wilayah:kecamatan": "Kecamatan",
    "wilayah:kelurahan": "Kelurahan",
}
_MEANING = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan", "referensi")


def resolve(
    structure: Structure, lists: Iterable[CodeList], variables: Mapping[str, Variable] | None = None
) -> Structure:
    """The structure with all it names.

    :param lists: shared code lists and those of the region (`area_lists`); a list of the structure's own goes
        before one of the same id
    :param variables: the register of variables by kode; a column takes over what it does not say itself
    :raises StructureError: for code lists and variables that are named and not there
    """
    known = {codes.id: codes for codes in (*lists, *structure.lists)}
    problems = [*_missing_lists(structure, known), *_missing_variables(structure, variables)]
    if problems:
        raise StructureError(problems)
    used = dict.fromkeys(column.code_list for column in structure.columns if column.code_list)
    return replace(
        structure,
        columns=tuple(meaning(column, variables or {}) for column in structure.columns),
        lists=tuple(known[name] for name in used),
    )


def meaning(column: Column, variables: Mapping[str, Variable]) -> Column:
    """The column with what its standard variable says, where it says nothing itself."""
    variable = variables.get(column.variable)
    if variable is None:
        return column
    return replace(column, **{name: getattr(column, name) or getattr(variable, name) for name in _MEANING})


def area_lists(table: WilayahTable) -> list[CodeList]:
    """The code lists of a region's areas, by level; a level without areas has no list.

    A name that several areas of a level bear gets its parent's behind it, and belongs to none of them alone.
    """
    lists = []
    for name, levels in AREA_LISTS.items():
        areas = [area for area in table.areas if area.level in levels]
        if areas:
            lists.append(CodeList(name, _LABELS[name], tuple(_area_codes(areas, table)), "Kode wilayah Kemendagri"))
    return lists


def expected_count(structure: Structure) -> int | None:
    """How many rows a period should have, by a resolved structure; None where it does not say."""
    if not structure.expected:
        return None
    return math.prod(len(_codes(structure, name)) for name in structure.expected)


def expected_values(structure: Structure) -> int | None:
    """How many compulsory values a period should have, by a resolved structure; None where it does not say."""
    rows = expected_count(structure)
    measures = [one for one in structure.columns if one.is_measure]
    required = [one for one in measures if one.required] or measures
    return rows * len(required) if rows and required else None


def expected_keys(structure: Structure) -> Iterator[tuple[str, ...]]:
    """The codes of every expected row, in the order of `structure.expected`, made one by one."""
    if structure.expected:
        yield from product(*(_codes(structure, name) for name in structure.expected))


def _codes(structure: Structure, column_id: str) -> tuple[str, ...]:
    codes = structure.codes_of(structure.column(column_id))
    return tuple(code.code for code in codes.codes) if codes else ()


def _area_codes(areas: list[Area], table: WilayahTable) -> Iterator[Code]:
    borne = Counter(plain(spelling) for area in areas for spelling in {area.name, *area.spellings})
    for area in areas:
        shared = borne[plain(area.name)] > 1
        parent = table.get(area.parent)
        behind = parent.name if parent else area.parent
        label = f"{area.name} ({behind})" if shared else area.name
        spellings = [text for text in area.spellings if borne[plain(text)] == 1 and plain(text) != plain(area.name)]
        digits = area.code.replace(".", "")
        others = [digits] if digits != area.code else []
        if area.bps and area.bps != digits:
            others.append(area.bps)
        yield Code(area.code, label, tuple(dict.fromkeys((*spellings, *others))))


def _missing_lists(structure: Structure, known: Mapping[str, CodeList]) -> Iterator[Problem]:
    for index, column in enumerate(structure.columns):
        if not column.code_list or column.code_list in known:
            continue
        sentence = "Kolom “{label}” memakai daftar kode “{name}” yang tidak ada."
        if column.code_list.startswith(AREA_PREFIX):
            sentence = (
                "Kolom “{label}” memakai daftar “{name}”, tetapi wilayah tingkat itu tidak ada dalam profil daerah."
            )
        yield Problem(f"columns[{index}].code_list", sentence, {"label": column.label, "name": column.code_list})


def _missing_variables(structure: Structure, variables: Mapping[str, Variable] | None) -> Iterator[Problem]:
    if variables is None:
        return
    for index, column in enumerate(structure.columns):
        if column.variable and column.variable not in variables:
            yield Problem(
                f"columns[{index}].variable",
                "Kolom “{label}” merujuk variabel “{name}” yang tidak ada dalam daftar variabel.",
                {"label": column.label, "name": column.variable},
            )
