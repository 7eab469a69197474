"""What cells look like, as far as it says where a table begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .period_titles import period_of_title

_NUMBER = re.compile(r"[+\-−–]?\s?\(?(?:rp\.?\s*)?[+\-−–]?\d[\d.,\s\u00a0]*%?\)?(?:\s*%|[-−–])?", re.IGNORECASE)
_MISSING = frozenset({"-", "–", "—", "--", "n/a", "na", "n.a.", "…", "...", "..", "nan", "null"})
_ORDINAL = re.compile(r"\((\d{1,3}|[a-z])\)|(\d{1,3})", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:(?:grand|sub)[\s-]*)?(?:jumlah|total|jml)\.?(?:\s*/\s*(?:jumlah|total))?"
    r"(?:\s+(?:total|jumlah|seluruhnya|keseluruhan|seluruh|semua|umum|akhir|besar))?"
    r"(?:\s+(?:kota|kabupaten|kab\.|provinsi|prov\.)\s+[\w .'-]{2,40})?(?:\s*[:=])?"
    r"|\(?(?:jumlah|total)\)?|rata\s*-\s*rata|rerata",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:sumber(?:\s+data)?|source|catatan|note|notes|keterangan|ket|penjelasan|diolah(?:\s+oleh)?|mengetahui"
    r"|dicetak|diunduh|dibuat oleh|nb|n\.b\.)\.?\s*[:：,;].*|\*+\)?\s*\S.*|\d\)\s+\S.*|[¹²³⁴⁵].*"
    r"|sumber(?:\s+data)?|catatan|keterangan|mengetahui|diolah dari .*|data diolah.*|sumber\s*/\s*source.*",
    re.IGNORECASE | re.DOTALL,
)
#: Alone in a column of its own, beside figures, these point to a note: `*`, `r)`, `¹`.
_MARK = re.compile(r"\*{1,3}\)?|[¹²³⁴⁵⁶⁷⁸⁹]+\)?|[a-e]\)|[rpe]\)?|[1-9]\)")
_CAPTION = re.compile(r"(?:tabel|table|tab\.)\s*[0-9]", re.IGNORECASE)
_UNIT_CELL = re.compile(r"[(\[](?=[^()\[\]]*[^\d\s().,])[^()\[\]]{2,40}[)\]]|\(%\)")
#: In brackets behind a title, or alone in the row under the titles, these are the unit.
UNIT_WORDS = frozenset({
    "orang", "jiwa", "kk", "%", "persen", "unit", "buah", "ha", "hektar", "hektare", "km", "km2", "km²", "m2", "m²",
    "m3", "m³", "meter", "kg", "ton", "kw", "kuintal", "kwintal", "liter", "ekor", "rp", "rupiah", "idr", "siswa",
    "kasus", "jiwa/km2", "jiwa/km²", "ribu rupiah", "juta rupiah", "ribu jiwa", "rumah tangga",
})  # fmt: skip
#: Stands for the result of a formula that was never calculated.
NO_RESULT = "#TANPA-HASIL!"
#: What a workbook shows where a formula failed.
ERROR_VALUES = frozenset({NO_RESULT, "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


def blank(cells: Sequence[str]) -> bool:
    """Whether nothing stands in any of the cells."""
    joined = "".join(cells)
    return not joined or joined.isspace()


def filled(cells: Sequence[str]) -> list[int]:
    """The places in which something stands."""
    return [index for index, cell in enumerate(cells) if cell and not cell.isspace()]


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without the empty ones at the end."""
    places = filled(cells)
    return list(cells[: places[-1] + 1]) if places else []


def is_number(cell: str) -> bool:
    """Whether a cell is a number as people write them."""
    plain = cell.strip()
    return bool(plain) and bool(_NUMBER.fullmatch(plain[:60]))


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().casefold() in _MISSING


def is_title(cell: str) -> bool:
    """Whether a cell may be a title: any text, and of the numbers only periods (``2019``)."""
    return not is_number(cell) or period_of_title(cell) is not None


def is_mark(cell: str) -> bool:
    """Whether a cell is the mark of a note and nothing else."""
    return _MARK.fullmatch(cell.strip()) is not None


def is_caption(cell: str) -> bool:
    """Whether a cell numbers a table (``Tabel 3.1.2 Luas Wilayah``), which no title of a column does."""
    return _CAPTION.match(cell.strip()) is not None


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row is a total of those above: its first word says so."""
    return any(_TOTAL.fullmatch(" ".join(cells[index].split())[:80]) for index in filled(cells)[:1])


def is_note(cells: Sequence[str]) -> bool:
    """Whether a row is a remark by its first word (``Sumber: …``)."""
    return any(_NOTE.fullmatch(cells[index].strip()[:400]) for index in filled(cells)[:1])


def are_ordinals(cells: Sequence[str]) -> bool:
    """Whether a row numbers the columns, as tables for print do: ``(1) (2) (3)``."""
    texts = [cells[index].strip() for index in filled(cells)]
    if len(texts) < 2 or not all(_ORDINAL.fullmatch(text) for text in texts):  # noqa: PLR2004
        return False
    numbers = [text.strip("()") for text in texts]
    return numbers in (
        [str(number) for number in range(1, len(texts) + 1)],
        [chr(ord("a") + place) for place in range(len(texts))],
        [chr(ord("A") + place) for place in range(len(texts))],
    )


def are_units(cells: Sequence[str]) -> bool:
    """Whether a row under the titles says the units of the columns: ``(jiwa) (km2)``, ``orang orang %``."""
    places = filled(cells)
    texts = [" ".join(cells[index].split()).casefold() for index in places]
    return bool(texts) and all(_UNIT_CELL.fullmatch(text) or text in UNIT_WORDS for text in texts)


def are_bracketed(cells: Sequence[str]) -> bool:
    """Whether all that stands in a row stands in brackets."""
    return all(cells[index].strip().startswith("(") for index in filled(cells))
