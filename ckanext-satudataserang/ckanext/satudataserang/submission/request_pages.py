"""The pages on which something is asked about one cell: that it does not apply, or more time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import forms, words
from ckanext.satudataserang.submission.forms import Refused
from ckanext.satudataserang.submission.pages import Form
from ckanext.satudataserang.submission.visitor import act, address, may

__all__ = ["Request", "exemption_sentence", "extension_sentence"]

EXEMPTION, EXTENSION = "pengecualian", "perpanjangan"
_LIVE = ("diusulkan", "disetujui")


class Request:
    """One kind of request about one cell."""

    def __init__(self, kind: str, kode: str, period: str) -> None:
        """Ask what is due. Raises ObjectNotFound, NotAuthorized, ValidationError."""
        self.kind = kind
        self.cell = Form(kode, period)
        tk.check_access(self._list, {"user": tk.current_user.name}, {"entry": self.cell.entry["id"]})

    @property
    def _list(self) -> str:
        return "satudata_exemption_list" if self.kind == EXEMPTION else "satudata_extension_list"

    @property
    def here(self) -> str:
        """The address of the page."""
        endpoint = "satudata_delivery.exempt" if self.kind == EXEMPTION else "satudata_delivery.extend"
        return address(endpoint, self.cell.entry, self.cell.period)

    def ask(self, values: Mapping[str, str]) -> str:
        """Send the request; returns what happens next. Raises Refused, ValidationError, NotAuthorized."""
        if not values["alasan"]:
            raise Refused({"alasan": tk._("Tulis alasannya; tanpa alasan permintaan tidak dapat diputuskan.")})
        entry = self.cell.entry["id"]
        if self.kind == EXEMPTION:
            act(
                "satudata_exemption_create",
                entry=entry,
                berlaku_dari=forms.day(values["dari"], "dari"),
                berlaku_sampai=forms.day(values["sampai"], "sampai"),
                reason=values["alasan"],
            )
            return tk._("Permintaan dikirim. Walidata memutuskannya; sampai saat itu tenggat tetap berlaku.")
        until = forms.day(values["sampai"], "sampai")
        act(
            "satudata_extension_create",
            entry=entry,
            period=self.cell.period,
            until=until,
            reason=values["alasan"],
        )
        return tk._("Tenggat diperpanjang sampai {day}.").format(day=formats.day(until, words.locale()))

    def revoke(self, request_id: str) -> str:
        """Take back what was granted; returns what happens next."""
        if self.kind == EXEMPTION:
            act("satudata_exemption_revoke", id=request_id)
            return tk._("Pengecualian dicabut. Periodenya kembali menjadi kewajiban.")
        act("satudata_extension_revoke", id=request_id)
        return tk._("Perpanjangan dicabut. Tenggat semula berlaku lagi.")

    def page(self, values: Mapping[str, str] | None = None, refused: Refused | None = None) -> dict[str, Any]:
        """Everything the template needs."""
        exempt = self.kind == EXEMPTION
        right = self.cell.allowed["exemption" if exempt else "extension"]
        return {
            "kind": self.kind,
            "entry": self.cell.entry,
            "when": words.period(self.cell.period),
            "here": self.here,
            "form_url": self.cell.here,
            "title": tk._("Minta pengecualian (tidak berlaku)") if exempt else tk._("Perpanjang tenggat"),
            "lead": tk._(
                "Pakai ini bila datanya memang tidak perlu ada untuk periode tertentu, misalnya programnya dihentikan. "
                "Bila tahun ini hanya tidak ada kejadian, kirim nihil."
            )
            if exempt
            else tk._("Hanya periode ini yang diperpanjang; jadwal entri tetap."),
            "reason_hint": tk._("Sebut dasarnya, misalnya nomor surat atau keputusan."),
            "ask_label": tk._("Kirim permintaan") if exempt else tk._("Perpanjang"),
            "standing": self._standing(),
            "may_ask": bool(right),
            "values": values or self._first_values(),
            "errors": self._summary(refused),
            "error_at": refused.fields if refused else {},
        }

    def _summary(self, refused: Refused | None) -> list[dict[str, str]]:
        if refused is None:
            return []
        return [{"message": said, "href": f"#{name}"} for name, said in refused.fields.items()]

    def _first_values(self) -> dict[str, str]:
        if self.kind == EXEMPTION:
            span = self.cell.given["period"]
            return {"dari": span["start"], "sampai": span["end"], "alasan": ""}
        return {"sampai": "", "alasan": ""}

    def _standing(self) -> list[dict[str, Any]]:
        entry = self.cell.entry["id"]
        if self.kind == EXEMPTION:
            found = act("satudata_exemption_list", entry=entry)["results"]
            return [
                {
                    "id": one["id"],
                    "sentence": exemption_sentence(one),
                    "said": words.state(one["state"]),
                    "revocable": one["state"] == "disetujui" and may("satudata_exemption_revoke", id=one["id"]),
                }
                for one in found
                if one["state"] in _LIVE
            ]
        found = act("satudata_extension_list", entry=entry, period=self.cell.period)["results"]
        return [
            {
                "id": one["id"],
                "sentence": extension_sentence(one),
                "said": None,
                "revocable": may("satudata_extension_revoke", id=one["id"]),
            }
            for one in found
            if not one["revoked_at"]
        ]


def exemption_sentence(one: Mapping[str, Any]) -> str:
    """An exemption in one sentence."""
    return tk._("Tidak berlaku {first} sampai {last}: {reason}").format(
        first=formats.day(one["berlaku_dari"], words.locale()),
        last=formats.day(one["berlaku_sampai"], words.locale()),
        reason=one["reason"],
    )


def extension_sentence(one: Mapping[str, Any]) -> str:
    """An extension in one sentence."""
    return tk._("Tenggat diperpanjang sampai {day}: {reason}").format(
        day=formats.day(one["until"], words.locale()), reason=one["reason"]
    )
