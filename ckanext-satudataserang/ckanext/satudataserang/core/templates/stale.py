"""Whether a filled template is for what it is handed in for, and by the agreed structure of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ckanext.satudataserang.core.checks.base import Check
from ckanext.satudataserang.core.findings import Finding, Severity, error
from ckanext.satudataserang.core.structures.diff import diff
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.templates.stamp import parse

OTHER_ENTRY = "templat-entri-lain"
OTHER_PERIOD = "templat-periode-lain"
OUTDATED = "templat-usang"

#: So many changes are told; who has to download the template again does not need all.
_MOST_CHANGES = 12
_AGAIN = "Unduh templat yang baru di halaman kiriman, salin isian Anda ke sana, lalu unggah lagi."
_ENTRY = Check(
    OTHER_ENTRY,
    Severity.ERROR,
    title="Templat untuk data lain",
    message="Templat ini untuk entri {other}, bukan {entry}.",
    advice="Pilih berkas untuk {entry}, atau unduh templatnya di halaman kiriman ini.",
)
_PERIOD = Check(
    OTHER_PERIOD,
    Severity.ERROR,
    title="Templat untuk periode lain",
    message="Templat ini untuk periode {other}, sedangkan yang dikirim periode {period}.",
    advice="Kirim berkas ini di halaman periode {other}, atau unduh templat periode {period}.",
)
_OLD = Check(
    OUTDATED,
    Severity.ERROR,
    title="Templat yang sudah usang",
    message="Templat ini memakai susunan kolom {old}; yang berlaku sekarang {new}.",
    advice=_AGAIN,
    variants={
        "sebelum": "Templat ini dibuat sebelum susunan kolomnya disepakati; yang berlaku sekarang {new}.",
        "lagi": "Dan {n} perubahan lain.",
    },
)
CHECKS = (_ENTRY, _PERIOD, _OLD)


def stale(
    stamp: Mapping[str, str],
    structure: Structure | None,
    *,
    entry: str,
    period: str,
    old: Callable[[str, int], Structure | None] = lambda _kode, _version: None,
) -> list[Finding]:
    """What is wrong with the template a file was made from; nothing where the file bears no stamp.

    :param stamp: what the file says about itself (`Grid.stamp`)
    :param structure: the agreed one of today, None where there is none
    :param entry: kode of the plan entry that is delivered
    :param period: key of the period that is delivered
    :param old: gives a version of a structure, to tell what has changed since
    """
    if not any(stamp.values()):
        return []
    told = parse(stamp)
    found = []
    if told.entri and told.entri != entry:
        found.append(_ENTRY.found(value=told.entri, other=told.entri, entry=entry))
    if told.periode and told.periode != period:
        found.append(_PERIOD.found(value=told.periode, other=told.periode, period=period))
    return found or _outdated(told.struktur, told.versi, structure, old)


def _outdated(
    kode: str, version: int, structure: Structure | None, old: Callable[[str, int], Structure | None]
) -> list[Finding]:
    if structure is None or (kode, version) == (structure.kode, structure.version):
        return []
    before = old(kode, version) if kode and version else None
    changes = diff(before, structure) if before is not None else []
    if before is not None and not changes and kode == structure.kode:
        return []
    now, then = f"{structure.kode} versi {structure.version}", f"{kode} versi {version}"
    found = [_OLD.found("" if kode and version else "sebelum", old=then, new=now)]
    # What makes old files useless comes first; each change is a line of its own.
    told = sorted(changes, key=lambda one: not one.breaking)[:_MOST_CHANGES]
    found.extend(error(OUTDATED, change.template, _AGAIN, params=dict(change.params)) for change in told)
    if len(changes) > _MOST_CHANGES:
        found.append(_OLD.found("lagi", n=len(changes) - _MOST_CHANGES))
    return found
