"""Rules of cells: what a spreadsheet refuses while it is typed, and the sentence it says then."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ckanext.satudataserang.core.templates.model import TemplateColumn

_TITLE, _MESSAGE = 32, 255
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_HUGE = Decimal(10) ** 15


def validation(column: TemplateColumn, source: Any) -> dict[str, Any] | None:
    """The rule of a column's cells as XlsxWriter takes it; None where any text may stand.

    :param source: what may be chosen: a list of texts or a range, None for anything
    """
    if source is not None:
        message = "Pilih salah satu dari daftar. Isian di luar daftar tidak dapat diterima."
        return _rule(column, message, validate="list", source=source)
    if column.is_number:
        return _rule(column, limits(column), **_between(column))
    if column.type == "date":
        message = "Isi tanggal yang benar, misalnya 31-01-2026."
        return _rule(column, message, validate="date", criteria="between", minimum=_FIRST_DAY, maximum=_LAST_DAY)
    if column.type == "boolean":
        return _rule(column, "Pilih ya atau tidak.", validate="list", source=["ya", "tidak"])
    return None


def limits(column: TemplateColumn) -> str:
    """What a number may be, in a sentence."""
    kind = "bilangan bulat" if column.type == "integer" else "angka"
    low, high = (None if one is None else written(one) for one in (column.minimum, column.maximum))
    if low is not None and high is not None:
        said = f"Isi {kind} dari {low} sampai {high}"
    elif low is not None:
        said = f"Isi {kind}, paling kecil {low}"
    elif high is not None:
        said = f"Isi {kind}, paling besar {high}"
    else:
        said = f"Isi {kind}"
    return f"{said}, tanpa satuan. Kosongkan bila datanya belum ada."


def written(number: Decimal) -> str:
    """A number as people here write it."""
    whole, _point, part = format(number, ",f").partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def _between(column: TemplateColumn) -> dict[str, Any]:
    kind = "integer" if column.type == "integer" else "decimal"
    low = column.minimum if column.minimum is not None else -_HUGE
    high = column.maximum if column.maximum is not None else _HUGE
    return {"validate": kind, "criteria": "between", "minimum": _number(low), "maximum": _number(high)}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _rule(column: TemplateColumn, message: str, **rule: Any) -> dict[str, Any]:
    return {
        "error_type": "stop",
        "error_title": "Periksa lagi isiannya",
        "error_message": message[:_MESSAGE],
        "input_title": column.title[:_TITLE],
        "input_message": f"{column.demand[:1].upper()}{column.demand[1:]}. {message}"[:_MESSAGE],
        "ignore_blank": True,
        **rule,
    }
