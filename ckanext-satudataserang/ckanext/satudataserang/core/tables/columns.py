"""Names of columns: what the DataStore accepts, kept close to the title in the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: PostgreSQL cuts longer names without a word.
MAX_BYTES = 63

_CODE_NAMES = re.compile(
    r"(?:kode|id|nik|nip|npwp|nisn|npsn|nuptk|nib|nop|kk|hp|kode_?pos)(?:_.*)?|.*_(?:kode|id|nik|nip|npwp|npsn|nisn)"
    r"|(?:no|nomor|nomer|telepon|telp|fax|faks)_.*|telepon|telp|fax|faks"
)
_NUMBER_NAMES = frozenset({"no", "nomor", "nomer", "urut", "urutan", "no_urut", "nomor_urut"})
#: PostgreSQL has columns of its own of these names in every table.
_SYSTEM_NAMES = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_TIME_NAMES = frozenset({"tahun", "thn", "year", "triwulan", "semester", "bulan", "periode", "tanggal", "minggu"})
_AREAS = (
    "wilayah|provinsi|kabupaten|kota|kabupaten_kota|kab_kota|kecamatan|kelurahan|desa|desa_kelurahan|kelurahan_desa"
)
_CLASS_NAMES = re.compile(
    rf"rincian(?:_\d+)?|lat(?:itude)?|lintang|lon(?:g|gitude)?|bujur|nama_(?:{_AREAS})|(?:{_AREAS})"
)


def column_ids(titles: Sequence[str]) -> list[str]:
    """Turn titles into column names: lower case, letters and digits of any script, joined by ``_``.

    The names are unique, at most 63 bytes, never empty and never begin with ``_``; an empty title becomes
    ``kolom_<number>``.
    """
    taken = set(_SYSTEM_NAMES)
    names = []
    for number, title in enumerate(titles, start=1):
        base = _cut(_plain(title), MAX_BYTES) or f"kolom_{number}"
        name, copy = base, 2
        while name in taken:
            suffix = f"_{copy}"
            name, copy = _cut(base, MAX_BYTES - len(suffix)) + suffix, copy + 1
        taken.add(name)
        names.append(name)
    return names


def is_code(column_id: str) -> bool:
    """Tell whether a column holds codes by its name: these stay text, because 36.70 is not 36.7 and 0361 not 361."""
    return bool(_CODE_NAMES.fullmatch(column_id)) and column_id not in _NUMBER_NAMES


def is_ordinal(column_id: str) -> bool:
    """Tell whether a column numbers the rows by its name."""
    return column_id in _NUMBER_NAMES


def is_key(column_id: str) -> bool:
    """Tell whether a column says what a row is about (area, time, class, running number), not what was measured."""
    return (
        is_code(column_id)
        or column_id in _NUMBER_NAMES
        or column_id in _TIME_NAMES
        or bool(_CLASS_NAMES.fullmatch(column_id))
    )


def _plain(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    folded = unicodedata.normalize("NFC", folded)
    kept = "".join(sign if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc") else " " for sign in folded)
    return "_".join(kept.split())


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode("utf-8", "ignore").rstrip("_")
