"""The register of standard variables: one meaning and one owning OPD for each, in the shape of MS-Var."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

from .model import CONFIDENCE, TYPES, ColumnType, Confidence
from .problems import Problem, StructureError
from .reading import MAX_TEXT, Problems, Record, bounded

_KODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
MAX_VARIABLES = 5_000


@dataclass(frozen=True)
class Variable:
    """One variable as BPS's metadata of variables (MS-Var) asks for it.

    `opd` is the abbreviation of the OPD that owns it. `alias` are other names, `referensi` what it was chosen by
    (law, standard, publication), `referensi_waktu` the time its values speak of, `aturan_validasi` the conditions of
    its values in words, `pertanyaan` the question of a form where there is one, `akses_umum` whether all may see it.
    """

    kode: str
    nama: str
    opd: str = ""
    alias: tuple[str, ...] = ()
    konsep: str = ""
    definisi: str = ""
    referensi: str = ""
    referensi_waktu: str = ""
    type: ColumnType = "integer"
    klasifikasi: str = ""
    aturan_validasi: str = ""
    pertanyaan: str = ""
    akses_umum: bool = True
    ukuran: str = ""
    satuan: str = ""
    keyakinan: Confidence = "sedang"


_NAMES = tuple(field.name for field in fields(Variable))


def variable(data: Any) -> Variable:
    """Read one variable from plain values. Raises StructureError with every problem."""
    return variables([data])[0]


def variables(data: Any) -> tuple[Variable, ...]:
    """Read a list of variables from plain values. Raises StructureError with every problem."""
    too_much = bounded(data)
    if too_much:
        raise StructureError([Problem(".", too_much)])
    problems = Problems()
    register = Record({"variables": data}, "", problems, ("variables",))
    found = [_variable(register, index, value) for index, value in register.each("variables", MAX_VARIABLES)]
    seen: set[str] = set()
    for index, one in enumerate(found):
        if one.kode in seen:
            problems.add(f"variables[{index}].kode", "Kode variabel “{kode}” dipakai lebih dari sekali.", kode=one.kode)
        seen.add(one.kode)
    if problems.found:
        raise StructureError(problems.found)
    return tuple(found)


def variable_as_dict(found: Variable) -> dict[str, Any]:
    """A variable as plain values; ``variable(variable_as_dict(v)) == v``."""
    values: Mapping[str, Any] = {name: getattr(found, name) for name in _NAMES}
    said = {name: value for name, value in values.items() if value not in ("", ())}
    return {**said, **({"alias": list(found.alias)} if found.alias else {})}


def _variable(parent: Record, index: int, data: Any) -> Variable:
    record = parent.member("variables", index, data, _NAMES)
    kode = record.line("kode", needed=True)
    if kode and not _KODE.fullmatch(kode):
        record.problems.add(
            record.at("kode"),
            "“{kode}” tidak dapat dipakai sebagai kode variabel. Mulai dengan huruf kecil, lalu huruf kecil, angka, "
            "dan garis bawah, paling panjang 63.",
            kode=kode,
        )
    return Variable(
        kode=kode,
        nama=record.line("nama", needed=True),
        opd=record.line("opd"),
        alias=record.lines("alias", 50),
        konsep=record.line("konsep"),
        definisi=record.text("definisi"),
        referensi=record.line("referensi", limit=MAX_TEXT),
        referensi_waktu=record.line("referensi_waktu"),
        type=cast(ColumnType, record.choice("type", TYPES, "integer")),
        klasifikasi=record.line("klasifikasi"),
        aturan_validasi=record.text("aturan_validasi"),
        pertanyaan=record.text("pertanyaan"),
        akses_umum=record.flag("akses_umum", default=True),
        ukuran=record.line("ukuran"),
        satuan=record.line("satuan"),
        keyakinan=cast(Confidence, record.choice("keyakinan", CONFIDENCE, "sedang")),
    )
