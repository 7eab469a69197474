"""From plain values (YAML, JSON, a form) to a structure, and back. The shape is told in docs/struktur.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, cast

from .model import (
    CONFIDENCE,
    OUTLIERS,
    RELATIONS,
    TYPES,
    Code,
    CodeList,
    Column,
    ColumnType,
    Confidence,
    Outliers,
    Relation,
    Rule,
    Structure,
)
from .problems import Problem, StructureError
from .reading import MAX_TEXT, Problems, Record, bounded
from .sound import check, check_lists

#: Bounds of one structure.
MAX_COLUMNS = 500
MAX_RULES = 200
MAX_LISTS = 100
MAX_CODES = 10_000
MAX_SYNONYMS = 50
MAX_VERSION = 1_000_000
MAX_DECIMALS = 12

_STRUCTURE = (
    "kode", "nama", "version", "opd", "urusan", "description", "referensi", "keyakinan",
    "columns", "expected", "rules", "lists",
)  # fmt: skip
_COLUMN = (
    "id", "label", "type", "konsep", "definisi", "klasifikasi", "ukuran", "satuan", "referensi", "required", "key",
    "minimum", "maximum", "pattern", "code_list", "decimals", "personal", "variable", "synonyms", "outliers",
)  # fmt: skip
_RULE = ("id", "parts", "relation", "whole", "tolerance", "message")
_LIST = ("id", "label", "codes", "referensi")
_CODE = ("code", "label", "synonyms")


def structure(data: Any, known_lists: Collection[str] | None = None) -> Structure:
    """Read a structure.

    :param data: the shape of `as_dict`; what is left out has its default
    :param known_lists: ids of the shared code lists and those of the region; None: a list that the structure does not
        hold itself is not looked for (`resolve` does)
    :raises StructureError: with every problem at once
    """
    too_much = bounded(data)
    if too_much:
        raise StructureError([Problem(".", too_much)])
    problems = Problems()
    record = Record(data, "", problems, _STRUCTURE)
    found = Structure(
        kode=record.line("kode", needed=True),
        nama=record.line("nama", needed=True),
        version=record.whole("version", 1, MAX_VERSION) or 1,
        opd=record.line("opd"),
        urusan=record.line("urusan"),
        description=record.text("description"),
        referensi=record.lines("referensi", 50),
        keyakinan=cast(Confidence, record.choice("keyakinan", CONFIDENCE, "sedang")),
        columns=tuple(_column(record, index, value) for index, value in record.each("columns", MAX_COLUMNS)),
        expected=record.lines("expected", MAX_COLUMNS),
        rules=tuple(_rule(record, index, value) for index, value in record.each("rules", MAX_RULES)),
        lists=tuple(_list(record, index, value) for index, value in record.each("lists", MAX_LISTS)),
    )
    check(found, problems, known_lists)
    if problems.found:
        raise StructureError(problems.found)
    return found


def code_lists(data: Any) -> tuple[CodeList, ...]:
    """Read code lists that several structures share. Raises StructureError."""
    too_much = bounded(data)
    if too_much:
        raise StructureError([Problem(".", too_much)])
    problems = Problems()
    record = Record({"lists": data}, "", problems, ("lists",))
    found = tuple(_list(record, index, value) for index, value in record.each("lists", MAX_LISTS))
    check_lists(found, problems)
    if problems.found:
        raise StructureError(problems.found)
    return found


def _column(parent: Record, index: int, data: Any) -> Column:
    record = parent.member("columns", index, data, _COLUMN)
    return Column(
        id=record.line("id", needed=True),
        label=record.line("label", needed=True),
        type=cast(ColumnType, record.choice("type", TYPES, "text")),
        konsep=record.line("konsep"),
        definisi=record.text("definisi"),
        klasifikasi=record.line("klasifikasi"),
        ukuran=record.line("ukuran"),
        satuan=record.line("satuan"),
        referensi=record.line("referensi", limit=MAX_TEXT),
        required=record.flag("required"),
        key=record.flag("key"),
        minimum=record.number("minimum"),
        maximum=record.number("maximum"),
        pattern=record.exact("pattern"),
        code_list=record.line("code_list"),
        decimals=record.whole("decimals", 0, MAX_DECIMALS),
        personal=record.flag("personal"),
        variable=record.line("variable"),
        synonyms=record.lines("synonyms", MAX_SYNONYMS),
        outliers=cast(Outliers, record.choice("outliers", OUTLIERS, "history")),
    )


def _rule(parent: Record, index: int, data: Any) -> Rule:
    record = parent.member("rules", index, data, _RULE)
    return Rule(
        id=record.line("id", needed=True),
        parts=record.lines("parts", MAX_COLUMNS),
        relation=cast(Relation, record.choice("relation", RELATIONS, "=")),
        whole=record.line("whole", needed=True),
        tolerance=record.number("tolerance") or Decimal(0),
        message=record.line("message", limit=MAX_TEXT),
    )


def _list(parent: Record, index: int, data: Any) -> CodeList:
    record = parent.member("lists", index, data, _LIST)
    codes = tuple(_code(record, number, value) for number, value in record.each("codes", MAX_CODES))
    return CodeList(
        record.line("id", needed=True),
        record.line("label", needed=True),
        codes,
        record.line("referensi", limit=MAX_TEXT),
    )


def _code(parent: Record, index: int, data: Any) -> Code:
    if isinstance(data, str):
        # Where code and label are one, the label alone is enough.
        data = {"code": data, "label": data}
    record = parent.member("codes", index, data, _CODE)
    return Code(
        record.line("code", needed=True), record.line("label", needed=True), record.lines("synonyms", MAX_SYNONYMS)
    )


def as_dict(found: Structure) -> dict[str, Any]:
    """A structure as plain values, for JSON and YAML; ``structure(as_dict(s)) == s``. Defaults are left out."""
    return _said(
        {
            "kode": found.kode,
            "nama": found.nama,
            "version": found.version,
            "opd": found.opd,
            "urusan": found.urusan,
            "description": found.description,
            "referensi": list(found.referensi),
            "keyakinan": found.keyakinan,
            "columns": [column_as_dict(column) for column in found.columns],
            "expected": list(found.expected),
            "rules": [_rule_as_dict(rule) for rule in found.rules],
            "lists": [list_as_dict(codes) for codes in found.lists],
        }
    )


def column_as_dict(column: Column) -> dict[str, Any]:
    """A column as plain values. Defaults are left out."""
    values = {name: getattr(column, name) for name in _COLUMN}
    values["minimum"], values["maximum"] = _plain_number(column.minimum), _plain_number(column.maximum)
    values["synonyms"] = list(column.synonyms)
    if column.outliers == "history":
        del values["outliers"]
    return {**_said(values), "type": column.type}


def list_as_dict(codes: CodeList) -> dict[str, Any]:
    """A code list as plain values."""
    return _said(
        {
            "id": codes.id,
            "label": codes.label,
            "referensi": codes.referensi,
            "codes": [
                _said({"code": code.code, "label": code.label, "synonyms": list(code.synonyms)}) for code in codes.codes
            ],
        }
    )


def _rule_as_dict(rule: Rule) -> dict[str, Any]:
    return _said(
        {
            "id": rule.id,
            "parts": list(rule.parts),
            "relation": rule.relation,
            "whole": rule.whole,
            "tolerance": _plain_number(rule.tolerance) if rule.tolerance else None,
            "message": rule.message,
        }
    )


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], ()) and value is not False}


def _plain_number(value: Decimal | None) -> int | str | None:
    if value is None:
        return None
    # JSON readers keep whole numbers only up to 2**53.
    return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else format(value, "f")
