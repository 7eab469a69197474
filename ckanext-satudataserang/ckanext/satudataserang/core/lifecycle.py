"""The lifecycle of a delivery: which step leads where, and who may take it (Perpres 39/2019 Ps. 25-36).

The steps are data (`schemas/hak_akses.yaml`, `transitions`); this module reads them as plain values and answers one
question: may this step be taken? What is refused is refused with a sentence for the person who asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

DRAF, DIAJUKAN, TIDAK_VALID, MENUNGGU, DISETUJUI, DIKEMBALIKAN, TERBIT, DITARIK = STATES = (
    "draf",
    "diajukan",
    "tidak_valid",
    "menunggu_pemeriksaan",
    "disetujui",
    "dikembalikan",
    "terbit",
    "ditarik",
)
#: What has come to its end: published, or withdrawn.
STANDING = frozenset({TERBIT, DITARIK})
#: What is on its way there, or returned. A draft is neither.
OPEN = frozenset(STATES) - STANDING - {DRAF}
#: Content of these never changes any more and nothing takes their place before they are published.
LOCKED = frozenset({DISETUJUI})

EVERY_OPD, OWN_OPD = "semua", "sendiri"
#: The role under which the checks and the loader move a delivery; no person has it.
SYSTEM = "sistem"

ORDER, ROLE, INPUT = "urutan", "peran", "isian"

WORDS: Mapping[str, str] = {
    DRAF: "draf",
    DIAJUKAN: "diajukan",
    TIDAK_VALID: "tidak valid",
    MENUNGGU: "menunggu pemeriksaan",
    DISETUJUI: "disetujui",
    DIKEMBALIKAN: "dikembalikan",
    TERBIT: "terbit",
    DITARIK: "ditarik",
}


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be taken: `kind` is ORDER, ROLE or INPUT; `message` an Indonesian template of `values`."""

    kind: str
    code: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence, filled in."""
        return self.message.format(**self.values)


@dataclass(frozen=True)
class Step:
    """One step: from a state to another, and who may take it (`reach`: role -> `semua` or `sendiri`).

    `note`: the step needs a reason. `priority_only`: it exists for Data Prioritas alone.
    """

    from_: str
    to: str
    reach: Mapping[str, str]
    note: bool = False
    priority_only: bool = False

    def allows(self, role: str, *, own: bool) -> bool:
        """Whether a role may take the step; `own`: for its own OPD."""
        reach = self.reach.get(role)
        return reach == EVERY_OPD or (reach == OWN_OPD and own)


class Lifecycle:
    """All steps there are; what is not among them is forbidden."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps: Mapping[tuple[str, str], Step] = {(step.from_, step.to): step for step in steps}
        for step in self.steps.values():
            if {step.from_, step.to} - set(STATES) or set(step.reach.values()) - {EVERY_OPD, OWN_OPD}:
                message = f"unknown state or reach: {step}"
                raise ValueError(message)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Lifecycle:
        """Read `{dari, ke, peran: {role: reach}, catatan: bool, prioritas: bool}`. Raises ValueError, KeyError."""
        return cls(
            Step(
                row["dari"], row["ke"], row["peran"], bool(row.get("catatan", False)), bool(row.get("prioritas", False))
            )
            for row in rows
        )

    def check(
        self,
        from_: str,
        to: str,
        role: str,
        own: bool,
        *,
        prioritas: bool = False,
        rechecked: bool = False,
        noted: bool = True,
    ) -> Refusal | None:
        """Say why a role may not take a step, None when it may.

        :param own: the delivery is of an OPD to which the person belongs in this role
        :param prioritas: the entry is Data Prioritas in the period's year
        :param rechecked: the Pembina has agreed
        :param noted: a reason was given
        """
        return self.check_any(from_, to, {role: own}, prioritas=prioritas, rechecked=rechecked, noted=noted)

    def check_any(
        self,
        from_: str,
        to: str,
        roles: Mapping[str, bool],
        *,
        prioritas: bool = False,
        rechecked: bool = False,
        noted: bool = True,
    ) -> Refusal | None:
        """`check` for a person with several roles (role -> own): one that may is enough."""
        if to not in STATES:
            return _unknown(to)
        step = self.steps.get((from_, to))
        if step is None or (step.priority_only and not prioritas):
            return self._out_of_order(from_, to)
        if not any(step.allows(role, own=own) for role, own in roles.items()):
            return _not_yours(step)
        if to == TERBIT and prioritas and not rechecked:
            return Refusal(
                ORDER,
                "belum-diperiksa-pembina",
                "Data Prioritas terbit setelah diperiksa ulang Pembina Data. Tunggu persetujuan Pembina lebih dahulu.",
            )
        if step.note and not noted:
            return Refusal(
                INPUT, "tanpa-catatan", "Tulis catatan: jelaskan alasannya supaya pengirim tahu apa yang diperbaiki."
            )
        return None

    def open_to(
        self, from_: str, roles: Mapping[str, bool], *, prioritas: bool = False, rechecked: bool = False
    ) -> list[str]:
        """The states to which a person may take a delivery from here, in the order of STATES."""
        return [
            to
            for to in STATES
            if self.check_any(from_, to, roles, prioritas=prioritas, rechecked=rechecked, noted=True) is None
        ]

    def _out_of_order(self, from_: str, to: str) -> Refusal:
        values = {"now": WORDS.get(from_, from_), "to": WORDS[to]}
        if from_ == to:
            return Refusal(ORDER, "sudah", "Kiriman ini sudah berstatus “{now}”. Muat ulang halamannya.", values)
        if from_ in STANDING:
            return Refusal(
                ORDER,
                "terkunci",
                "Kiriman yang sudah “{now}” tidak diubah lagi. Untuk memperbaikinya, buat kiriman koreksi.",
                values,
            )
        following = [WORDS[step.to] for (start, _end), step in self.steps.items() if start == from_]
        message = "Kiriman yang berstatus “{now}” tidak dapat menjadi “{to}”."
        if following:
            values["next"] = ", ".join(following)
            message += " Langkah berikutnya: {next}."
        else:
            message += " Buat kiriman baru untuk periode ini."
        return Refusal(ORDER, "urutan", message, values)


def _unknown(to: str) -> Refusal:
    return Refusal(
        INPUT,
        "status-tidak-dikenal",
        "Status “{to}” tidak dikenal. Pakai salah satu dari: {known}.",
        {"to": to[:40], "known": ", ".join(STATES)},
    )


def _not_yours(step: Step) -> Refusal:
    values = {"now": WORDS[step.from_], "to": WORDS[step.to]}
    if set(step.reach) == {SYSTEM}:
        message = "Dari “{now}” ke “{to}” hanya berubah oleh pemeriksaan otomatis. Tunggu hasilnya."
    elif step.to == TERBIT:
        message = "Hanya Walidata yang menerbitkan data."
    else:
        message = "Peran Anda tidak berhak mengubah kiriman ini dari “{now}” menjadi “{to}”."
    return Refusal(ROLE, "peran", message, values)
