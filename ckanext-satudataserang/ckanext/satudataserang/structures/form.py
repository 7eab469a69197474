"""The form of a structure: rows of fields in, a content out, and where in the form each problem belongs.

Rows carry tokens (``k0`` a column, ``a0`` a rule, ``d0`` a code list), so that rules and columns go on pointing at one
another while names are still being typed. Adding, moving and removing rows are steps that give another form back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ckanext.satudataserang.core.tables.columns import column_ids

HEAD = ("kode", "nama", "opd", "urusan", "description", "referensi", "keyakinan")
COLUMN = (
    "label", "id", "type", "satuan", "definisi", "konsep", "klasifikasi", "ukuran", "referensi", "minimum", "maximum",
    "decimals", "pattern", "code_list", "variable", "synonyms", "outliers",
)  # fmt: skip
FLAGS = ("required", "key", "personal", "expected")
RULE = ("id", "relation", "whole", "tolerance", "message")
LIST = ("id", "label", "referensi", "codes")
#: More rows than this a form does not take; what is larger comes as a file.
MOST_ROWS = 200
_OWN = "daftar:"
_PLACE = re.compile(r"(columns|rules|lists)\[(\d+)\](?:\.(\w+))?")
_EXPECTED = re.compile(r"expected\[(\d+)\]")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


class Posted(Protocol):
    """What was sent by a form."""

    def get(self, key: str, default: str = "", /) -> Any: ...
    def getlist(self, key: str, /) -> Sequence[str]: ...


@dataclass(frozen=True)
class Row:
    """A row of the form: its token, its texts by name, the flags that are set, the tokens it points at."""

    token: str
    texts: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    def blank(self, *names: str) -> bool:
        """Whether nothing was typed into these fields."""
        return not any(self.texts.get(name, "").strip() for name in names)


@dataclass(frozen=True)
class Form:
    """A structure while it is being changed."""

    head: Mapping[str, str]
    columns: tuple[Row, ...] = ()
    rules: tuple[Row, ...] = ()
    lists: tuple[Row, ...] = ()


# ---------------------------------------------------------------- from a content


def of_content(content: Mapping[str, Any]) -> Form:
    """The form that holds a content."""
    lists = tuple(_list_row(f"d{number}", one) for number, one in enumerate(content.get("lists", ())))
    own = {one["id"]: f"d{number}" for number, one in enumerate(content.get("lists", ()))}
    tokens = {one["id"]: f"k{number}" for number, one in enumerate(content.get("columns", ()))}
    expected = set(content.get("expected", ()))
    return Form(
        head={name: _text(content.get(name)) for name in HEAD},
        columns=tuple(_column_row(tokens[one["id"]], one, own, expected) for one in content.get("columns", ())),
        rules=tuple(_rule_row(f"a{number}", one, tokens) for number, one in enumerate(content.get("rules", ()))),
        lists=lists,
    )


def _column_row(token: str, column: Mapping[str, Any], own: Mapping[str, str], expected: set[str]) -> Row:
    texts = {name: _text(column.get(name)) for name in COLUMN}
    texts["type"] = texts["type"] or "text"
    texts["outliers"] = texts["outliers"] or "history"
    if texts["code_list"] in own:
        texts["code_list"] = _OWN + own[texts["code_list"]]
    flags = {name for name in FLAGS if column.get(name) is True} | ({"expected"} if column["id"] in expected else set())
    return Row(token, texts, frozenset(flags))


def _rule_row(token: str, rule: Mapping[str, Any], tokens: Mapping[str, str]) -> Row:
    texts = {name: _text(rule.get(name)) for name in RULE}
    texts["relation"] = texts["relation"] or "="
    texts["whole"] = tokens.get(texts["whole"], "")
    return Row(token, texts, parts=tuple(tokens[one] for one in rule.get("parts", ()) if one in tokens))


def _list_row(token: str, one: Mapping[str, Any]) -> Row:
    lines = []
    for code in one.get("codes", ()):
        plain = {"code": code, "label": code} if isinstance(code, str) else code
        parts = [plain["code"], plain["label"], ", ".join(plain.get("synonyms", ()))]
        while len(parts) > 1 and (not parts[-1] or (len(parts) == 2 and parts[0] == parts[1])):  # noqa: PLR2004
            parts.pop()
        lines.append(" | ".join(parts))
    return Row(token, {**{name: _text(one.get(name)) for name in LIST}, "codes": "\n".join(lines)})


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return "\n".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


# ---------------------------------------------------------------- from what was sent


def of_post(posted: Posted) -> Form:
    """The form as it was sent; rows in the order they were sent in."""
    columns = tuple(
        Row(
            token,
            {name: posted.get(f"{token}.{name}", "") for name in COLUMN},
            frozenset(name for name in FLAGS if posted.get(f"{token}.{name}")),
        )
        for token in _tokens(posted, "kolom", "k")
    )
    rules = tuple(
        Row(
            token,
            {name: posted.get(f"{token}.{name}", "") for name in RULE},
            parts=tuple(dict.fromkeys(posted.getlist(f"{token}.parts"))),
        )
        for token in _tokens(posted, "aturan", "a")
    )
    lists = tuple(
        Row(token, {name: posted.get(f"{token}.{name}", "") for name in LIST})
        for token in _tokens(posted, "daftar", "d")
    )
    return Form({name: posted.get(name, "") for name in HEAD}, columns, rules, lists)


def _tokens(posted: Posted, name: str, letter: str) -> list[str]:
    known = re.compile(rf"{letter}\d{{1,4}}")
    found = dict.fromkeys(token for token in posted.getlist(name) if known.fullmatch(token))
    return list(found)[:MOST_ROWS]


# ---------------------------------------------------------------- steps


def stepped(form: Form, step: str) -> tuple[Form, str]:
    """The form after a step of its rows, and the token of the row to look at then; unknown steps change nothing."""
    what, _, token = step.partition(":")
    add = {"tambah-kolom": ("columns", "k"), "tambah-aturan": ("rules", "a"), "tambah-daftar": ("lists", "d")}
    if what in add:
        name, letter = add[what]
        return _added(form, name, letter)
    name = {"k": "columns", "a": "rules", "d": "lists"}.get(token[:1], "")
    rows = list(getattr(form, name)) if name else []
    place = next((number for number, row in enumerate(rows) if row.token == token), None)
    if place is None:
        return form, ""
    if what == "hapus":
        del rows[place]
        return replace(form, **{name: tuple(rows)}), rows[min(place, len(rows) - 1)].token if rows else ""
    to = {"naik": place - 1, "turun": place + 1}.get(what, -1)
    if 0 <= to < len(rows):
        rows[place], rows[to] = rows[to], rows[place]
    return replace(form, **{name: tuple(rows)}), token


def _added(form: Form, name: str, letter: str) -> tuple[Form, str]:
    rows: tuple[Row, ...] = getattr(form, name)
    if len(rows) >= MOST_ROWS:
        return form, ""
    free = max((int(row.token[1:]) for row in rows), default=-1) + 1
    texts = {"k": {"type": "text", "outliers": "history"}, "a": {"relation": "<="}, "d": {}}[letter]
    return replace(form, **{name: (*rows, Row(f"{letter}{free}", texts))}), f"{letter}{free}"


# ---------------------------------------------------------------- to a content


@dataclass(frozen=True)
class Filled:
    """What a form says: a content to be checked, and the tokens of its rows in the content's order."""

    content: dict[str, Any]
    columns: tuple[Row, ...]
    rules: tuple[Row, ...]
    lists: tuple[Row, ...]
    expected: tuple[str, ...]

    def field_of(self, place: str) -> str:
        """The name of the form's field that a place of the content (``columns[2].minimum``) is typed into."""
        if found := _EXPECTED.match(place):
            number = int(found[1])
            return f"{self.expected[number]}.expected" if number < len(self.expected) else ""
        found = _PLACE.match(place)
        if not found:
            return place if place in HEAD else place.partition("[")[0] if place.partition("[")[0] in HEAD else ""
        rows, number = getattr(self, found[1]), int(found[2])
        if number >= len(rows):
            return ""
        first = {"columns": "label", "rules": "whole", "lists": "label"}[found[1]]
        return f"{rows[number].token}.{found[3] or first}"


def filled(form: Form) -> Filled:
    """What the form says. Rows nobody typed into are left out; names that are left open are made from labels."""
    columns = tuple(row for row in form.columns if not row.blank("label", "id"))
    lists = tuple(row for row in form.lists if not row.blank("label", "id", "codes"))
    rules = tuple(row for row in form.rules if row.parts or not row.blank("whole", "message"))
    ids = _column_ids(columns)
    list_ids = _list_ids(lists)
    expected = tuple(row.token for row in columns if "expected" in row.flags)
    content: dict[str, Any] = {name: form.head[name].strip() for name in HEAD}
    content["referensi"] = _lines(form.head["referensi"])
    content["columns"] = [_column(row, ids, list_ids) for row in columns]
    content["expected"] = [ids[token] for token in expected]
    content["rules"] = [_rule(row, ids, number) for number, row in enumerate(rules)]
    content["lists"] = [_list(row, list_ids) for row in lists]
    content = {name: value for name, value in content.items() if value not in ("", [])}
    return Filled(content, columns, rules, lists, expected)


def _column_ids(rows: Sequence[Row]) -> dict[str, str]:
    made = column_ids([row.texts["label"] or row.texts["id"] for row in rows])
    return {row.token: row.texts["id"].strip() or one for row, one in zip(rows, made, strict=True)}


def _list_ids(rows: Sequence[Row]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        name = row.texts["id"].strip() or _NO_SLUG.sub("-", row.texts["label"].casefold()).strip("-") or row.token
        found[row.token] = name if name not in found.values() else f"{name}-{row.token}"
    return found


def _column(row: Row, ids: Mapping[str, str], list_ids: Mapping[str, str]) -> dict[str, Any]:
    texts = {name: text.strip() for name, text in row.texts.items()}
    codes = texts["code_list"]
    found: dict[str, Any] = {
        **texts,
        "id": ids[row.token],
        "code_list": list_ids.get(codes.removeprefix(_OWN), "") if codes.startswith(_OWN) else codes,
        "synonyms": _lines(texts["synonyms"]),
        "minimum": _number(texts["minimum"]),
        "maximum": _number(texts["maximum"]),
        "decimals": _whole(texts["decimals"]),
        **{name: True for name in ("required", "key", "personal") if name in row.flags},
    }
    # A column of the key always has a value.
    if "key" in row.flags:
        found["required"] = True
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _rule(row: Row, ids: Mapping[str, str], number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": row.texts["id"].strip() or f"aturan-{number + 1}-{row.token}",
        "parts": [ids[token] for token in row.parts if token in ids],
        "relation": row.texts["relation"].strip() or "=",
        "whole": ids.get(row.texts["whole"], ""),
        "tolerance": _number(row.texts["tolerance"]),
        "message": row.texts["message"].strip(),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _list(row: Row, list_ids: Mapping[str, str]) -> dict[str, Any]:
    codes = []
    for line in row.texts["codes"].splitlines():
        code, _, rest = line.partition("|")
        label, _, others = rest.partition("|")
        if code.strip() or label.strip():
            plain: dict[str, Any] = {"code": code.strip(), "label": label.strip() or code.strip()}
            synonyms = [one.strip() for one in others.split(",") if one.strip()]
            codes.append({**plain, "synonyms": synonyms} if synonyms else plain)
    found = {
        "id": list_ids[row.token],
        "label": row.texts["label"].strip(),
        "referensi": row.texts["referensi"].strip(),
        "codes": codes,
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _number(text: str) -> str:
    """A number as people type it (``12,5``) as the content has it; what is none stays for the rules to refuse."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _whole(text: str) -> int | str | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else text  # noqa: PLR2004
