"""Rules from YAML, a form or the API; and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from ckanext.satudataserang.core.consistency.model import (
    KINDS,
    LEVELS,
    SEVERITIES,
    VARIABLE_RULE,
    Kind,
    Rule,
    Severity,
    Side,
)

_KODE = re.compile(r"[a-z0-9][a-z0-9-]{1,79}")
_COLUMN = re.compile(r"[^\x00-\x1f\"]{1,63}")
_LONGEST = 2_000
_MOST = 200
_KEYS = frozenset(
    "kode nama jenis kiri kanan tingkat kelas toleransi keparahan pemilik keterangan aktif".split()  # noqa: SIM905
)
_SIDE_KEYS = frozenset("entri variabel kolom saring jumlahkan satuan pembulatan".split())  # noqa: SIM905


class RuleError(ValueError):
    """A rule that cannot be used: `problems` are (path, Indonesian sentence)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in problems))
        self.problems = problems


class _Reading:
    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def wrong(self, path: str, sentence: str) -> None:
        self.problems.append((path, sentence))

    def text(self, data: Mapping[str, Any], key: str, path: str, *, needed: bool = False) -> str:
        value = data.get(key)
        if value is None or value == "":
            if needed:
                self.wrong(path, "Wajib diisi.")
            return ""
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            self.wrong(path, "Isinya harus teks.")
            return ""
        found = str(value).replace("\0", "\ufffd").strip()
        if len(found) > _LONGEST:
            self.wrong(path, f"Paling panjang {_LONGEST} huruf.")
        return found[:_LONGEST]

    def choice(self, data: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
        found = self.text(data, key, key) or default
        if found not in choices:
            self.wrong(key, f"“{found[:40]}” tidak dikenal. Pilih salah satu: {', '.join(filter(None, choices))}.")
            return default
        return found

    def number(self, data: Mapping[str, Any], key: str, path: str) -> Decimal | None:
        value = data.get(key)
        if value is None or value == "":
            return None
        try:
            found = Decimal(str(value).strip().replace(",", ".")) if not isinstance(value, bool) else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or found < 0 or found.adjusted() > 30:  # noqa: PLR2004
            self.wrong(path, "Tulis angka nol atau lebih, misalnya 0,5.")
            return None
        return found

    def names(self, value: Any, path: str) -> tuple[str, ...]:
        given = [value] if isinstance(value, (str, int)) else value
        if not isinstance(given, (list, tuple)) or len(given) > _MOST:
            self.wrong(path, "Isinya harus daftar nama.")
            return ()
        found = tuple(str(one).replace("\0", "\ufffd").strip()[:200] for one in given)
        return tuple(one for one in found if one)


def rule(data: Any) -> Rule:
    """Read a rule. Raises RuleError with everything that is wrong.

    A mapping with kode, nama, jenis, kiri and kanan (each with entri + kolom, or variabel), tingkat, kelas, toleransi
    (mutlak, relatif), keparahan, pemilik, keterangan, aktif.
    """
    if not isinstance(data, Mapping):
        raise RuleError([("", "Aturan harus berupa pasangan kunci dan nilai.")])
    read = _Reading()
    for key in sorted(set(map(str, data)) - _KEYS):
        read.wrong(key[:80], "Kunci ini tidak dikenal.")
    kode = read.text(data, "kode", "kode", needed=True)
    if kode and not _KODE.fullmatch(kode):
        read.wrong("kode", "Pakai huruf kecil, angka, dan tanda hubung, misalnya penduduk-kelurahan.")
    kind = cast("Kind", read.choice(data, "jenis", KINDS, "sama"))
    tolerance = data.get("toleransi") or {}
    if not isinstance(tolerance, Mapping):
        read.wrong("toleransi", "Isinya mutlak dan relatif.")
        tolerance = {}
    relative = read.number(tolerance, "relatif", "toleransi.relatif") or Decimal(0)
    if relative > 1:
        read.wrong("toleransi.relatif", "Tulis bagian dari 0 sampai 1; 0,01 berarti satu persen.")
    found = Rule(
        kode=kode,
        nama=read.text(data, "nama", "nama", needed=True),
        kind=kind,
        left=_side(read, data.get("kiri"), "kiri"),
        right=_side(read, data.get("kanan"), "kanan"),
        level=read.choice(data, "tingkat", ("", *LEVELS), ""),
        classes=None if data.get("kelas") is None else read.names(data["kelas"], "kelas"),
        absolute=read.number(tolerance, "mutlak", "toleransi.mutlak") or Decimal(0),
        relative=relative,
        severity=cast("Severity", read.choice(data, "keparahan", SEVERITIES, "peringatan")),
        owner=read.text(data, "pemilik", "pemilik"),
        description=read.text(data, "keterangan", "keterangan"),
        active=data.get("aktif") is not False,
    )
    if found.left == found.right and found.left.entry:
        read.wrong("kanan", "Kedua sisi sama persis, jadi tidak ada yang dibandingkan.")
    if read.problems:
        raise RuleError(read.problems)
    return found


def _side(read: _Reading, data: Any, path: str) -> Side:
    if not isinstance(data, Mapping):
        read.wrong(path, "Sebutkan variabel, atau entri dan kolomnya.")
        return Side()
    for key in sorted(set(map(str, data)) - _SIDE_KEYS):
        read.wrong(f"{path}.{key[:80]}", "Kunci ini tidak dikenal.")
    entry, variable, column = (read.text(data, key, f"{path}.{key}") for key in ("entri", "variabel", "kolom"))
    if bool(entry) == bool(variable):
        read.wrong(path, "Sebutkan salah satu: variabel baku, atau kode entri Daftar Data.")
    if entry and not column:
        read.wrong(f"{path}.kolom", "Sebutkan kolom mana pada tabel entri itu.")
    if column and not _COLUMN.fullmatch(column):
        read.wrong(f"{path}.kolom", "Nama kolom paling panjang 63 huruf, tanpa tanda kutip.")
    filters = data.get("saring") or {}
    if not isinstance(filters, Mapping):
        read.wrong(f"{path}.saring", "Isinya kolom dan nilai-nilai yang dipakai.")
        filters = {}
    return Side(
        entry=entry,
        variable=variable,
        column=column,
        filters=tuple(
            sorted((str(name), read.names(values, f"{path}.saring.{name}")) for name, values in filters.items())
        ),
        sum_over=read.names(data.get("jumlahkan") or (), f"{path}.jumlahkan"),
        unit=read.text(data, "satuan", f"{path}.satuan"),
        rounding=read.number(data, "pembulatan", f"{path}.pembulatan"),
    )


def as_dict(found: Rule) -> dict[str, Any]:
    """A rule in the shape that `rule` reads; what is not said is left out."""
    told: dict[str, Any] = {
        "kode": found.kode,
        "nama": found.nama,
        "jenis": found.kind,
        "kiri": _side_dict(found.left),
        "kanan": _side_dict(found.right),
        "tingkat": found.level,
        "kelas": None if found.classes is None else list(found.classes),
        "keparahan": found.severity,
        "pemilik": found.owner,
        "keterangan": found.description,
    }
    told = {key: value for key, value in told.items() if value not in ("", None)}
    tolerance = {"mutlak": found.absolute, "relatif": found.relative}
    if any(tolerance.values()):
        told["toleransi"] = {key: _plain(value) for key, value in tolerance.items() if value}
    if not found.active:
        told["aktif"] = False
    return told


def _side_dict(side: Side) -> dict[str, Any]:
    told: dict[str, Any] = {
        "entri": side.entry,
        "variabel": side.variable,
        "kolom": side.column,
        "saring": {name: list(values) for name, values in side.filters},
        "jumlahkan": list(side.sum_over),
        "satuan": side.unit,
        "pembulatan": None if side.rounding is None else _plain(side.rounding),
    }
    return {key: value for key, value in told.items() if value not in ("", None, [], {})}


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def of_variable(kode: str, nama: str, owner: str = "", *, absolute: Decimal, relative: Decimal) -> Rule:
    """The rule that a standard variable brings by itself: whoever publishes it publishes the same."""
    side = Side(variable=kode)
    return Rule(
        kode=f"{VARIABLE_RULE}{kode}",
        nama=nama,
        kind="sama",
        left=side,
        right=side,
        owner=owner,
        absolute=absolute,
        relative=relative,
    )
