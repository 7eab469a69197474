"""How much of what a delivery should hold is there."""

from __future__ import annotations

import math

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.periods import ALL_ZERO, PeriodFacts

from .base import Check
from .subject import Subject

NOL = Check(
    ALL_ZERO,
    Severity.ERROR,
    title="Semua nilai nol",
    message="Semua nilai nol, sehingga tidak dapat dibedakan dari data yang belum diisi.",
    advice="Isi datanya. Bila memang tidak ada kejadian pada periode ini, pakai pernyataan nihil.",
)
KOSONG = Check(
    "isian-kosong",
    Severity.ERROR,
    title="Tidak ada nilai",
    message="Tidak ada satu pun nilai wajib yang terisi.",
    advice="Isi datanya. Bila memang tidak ada kejadian pada periode ini, pakai pernyataan nihil.",
)
SEBAGIAN = Check(
    "nilai-kosong",
    Severity.WARNING,
    title="Nilai wajib yang belum lengkap",
    message="Baru {filled} dari {expected} nilai wajib yang terisi.",
    advice="Lengkapi nilai yang kosong bila datanya sudah ada.",
)
CHECKS = (NOL, KOSONG, SEBAGIAN)


def expected_values(subject: Subject, fact: PeriodFacts) -> int:
    """How many values a delivery should have: by its structure, by the plan, or what its rows have room for."""
    agreed = by_structure(subject.wishes.structure, fact)
    return agreed or subject.wishes.expected_values or fact.expected


def check(subject: Subject, fact: PeriodFacts) -> None:
    """Report a delivery without values, of zeros alone, or with fewer values than expected."""
    if not fact.rows:
        return
    if fact.filled == 0:
        subject.add([(NOL if fact.all_zero else KOSONG).found()])
        return
    expected = expected_values(subject, fact)
    if fact.filled < expected:
        subject.add([SEBAGIAN.found(filled=fact.filled, expected=expected)])


def by_structure(structure: Structure | None, fact: PeriodFacts) -> int:
    """How many values a structure expects for a period; 0 where it does not say."""
    if structure is None or not structure.expected:
        return 0
    lists = [structure.codes_of(structure.column(name)) for name in structure.expected]
    rows = math.prod(len(codes.codes) if codes else 0 for codes in lists)
    measures = [one for one in structure.columns if one.is_measure]
    required = [one for one in measures if one.required] or measures
    return max(rows, fact.rows) * len(required)
