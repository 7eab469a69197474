"""What changed in the codes that a column may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .model import CodeList, Column, Structure
from .words import plain

_NAMED = 10


@dataclass(frozen=True)
class ListChange:
    """A change of a column's codes; `template` holds ``{label}``, the column's, and the names of `params`."""

    code: str
    template: str
    breaking: bool
    params: Mapping[str, str] = field(default_factory=dict)


def list_changes(old: Structure, new: Structure, one: Column, other: Column) -> Iterator[ListChange]:
    """The changes of a column's codes between two versions."""
    if not one.code_list and not other.code_list:
        return
    if not other.code_list:
        yield ListChange("kode", "Kolom “{label}” tidak lagi memakai daftar kode.", breaking=False)
        return
    if not one.code_list:
        yield ListChange(
            "kode",
            "Kolom “{label}” sekarang hanya menerima kode dari daftar “{new}”.",
            breaking=True,
            params={"new": other.code_list},
        )
        return
    before, after = _codes(old, one), _codes(new, other)
    if before is None or after is None:
        if one.code_list != other.code_list:
            yield ListChange(
                "kode",
                "Daftar kode kolom “{label}” diganti dari “{old}” menjadi “{new}”.",
                breaking=True,
                params={"old": one.code_list, "new": other.code_list},
            )
        return
    yield from _code_changes(before, after)


def _code_changes(before: CodeList, after: CodeList) -> Iterator[ListChange]:
    old = {code.code: code for code in before.codes}
    new = {code.code: code for code in after.codes}
    gone = [code.label for code in before.codes if code.code not in new]
    added = [code.label for code in after.codes if code.code not in old]
    if gone:
        yield ListChange(
            "kode-dihapus", "Kode kolom “{label}” yang tidak lagi diterima: {old}.", breaking=True,
            params={"old": _listed(gone)},
        )  # fmt: skip
    if added:
        yield ListChange(
            "kode-baru", "Kode baru pada kolom “{label}”: {new}.", breaking=False, params={"new": _listed(added)}
        )
    for code in after.codes:
        earlier = old.get(code.code)
        if earlier is None or earlier.label == code.label:
            continue
        known = plain(earlier.label) in {plain(text) for text in (code.code, code.label, *code.synonyms)}
        yield ListChange(
            "kode-berganti-label",
            "Label kode {kode} pada kolom “{label}” berubah dari “{old}” menjadi “{new}”.",
            breaking=not known,
            params={"kode": code.code, "old": earlier.label, "new": code.label},
        )


def _codes(structure: Structure, column: Column) -> CodeList | None:
    return next((codes for codes in structure.lists if codes.id == column.code_list), None)


def _listed(labels: list[str]) -> str:
    shown = ", ".join(labels[:_NAMED])
    return shown if len(labels) <= _NAMED else f"{shown}, dan {len(labels) - _NAMED} lainnya"
