"""The table of permissions as a document for people (`docs/hak_akses.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudataserang.catalogue import permissions, roles

_HEAD = """# Hak akses

Berkas ini dibuat dengan `ckan satudata permissions` dari `schemas/hak_akses.yaml`, tabel yang sama dengan yang dipakai
portal. Ubah tabelnya, bukan berkas ini.

| peran | siapa |
| --- | --- |
| publik | siapa saja, juga tanpa akun |
| produsen | penyunting (editor) sebuah OPD: Produsen Data |
| pendukung | admin sebuah OPD: Walidata pendukung |
| walidata | pemegang peran Walidata untuk seluruh daerah |
| pembina | pemegang peran Pembina Data untuk seluruh daerah |

`semua`: untuk setiap OPD. `sendiri`: untuk OPD tempat orang itu terdaftar. Kosong: tidak boleh. Sysadmin CKAN boleh
segalanya dan bukan peran di sini. Peran `walidata` dan `pembina` diberikan dengan `ckan satudata role add`.
"""
_SECTIONS = (
    ("actions", "Aksi", "aksi"),
    ("proposals", "Usulan Daftar Data", "yang dilakukan"),
    ("datasets", "Dataset (draf, privat, dan terbit)", "yang dilakukan"),
)
_SYSTEM = "sistem"


def document() -> str:
    """The whole document, as Markdown that ends with a line break."""
    found = permissions.table()
    parts = [_HEAD]
    for name, title, first in _SECTIONS:
        head = (first, *roles.ROLES)
        rows = [(f"`{row}`", *_reaches(reach)) for row, reach in found[name].items()]
        parts.append(f"## {title}\n\n{_table(head, rows)}")
    head = ("dari", "ke", *roles.ROLES, "syarat")
    rows = [(step["dari"], step["ke"], *_reaches(step["peran"]), _conditions(step)) for step in found["transitions"]]
    parts.append(f"## Langkah kiriman\n\nLangkah yang tidak ada di sini ditolak.\n\n{_table(head, rows)}")
    return "\n".join(parts)


def _reaches(reach: Mapping[str, str]) -> list[str]:
    return [reach.get(role, "") for role in roles.ROLES]


def _conditions(step: Mapping[str, Any]) -> str:
    found = {
        "dilakukan pemeriksaan otomatis": _SYSTEM in step["peran"],
        "dengan catatan": step.get("catatan"),
        "hanya Data Prioritas": step.get("prioritas"),
    }
    return ", ".join(text for text, holds in found.items() if holds)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
