"""Reads plain values of unknown origin as what they should be, and keeps what they are not."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .problems import Problem

#: Bounds of what is read at all, whoever wrote it.
MAX_NODES = 200_000
MAX_DEPTH = 8
MAX_LINE = 200
MAX_TEXT = 4_000
MAX_MEMBERS = 10_000
_MAX_PROBLEMS = 200
_MAX_DIGITS = 38
_SHOWN = 60
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Problems:
    """The problems found so far; past a bound only the first are kept."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, template: str, **params: object) -> None:
        """Take one in; params are shown cut and on one line."""
        if len(self.found) < _MAX_PROBLEMS:
            self.found.append(Problem(path, template, {name: shown(value) for name, value in params.items()}))


def shown(value: object) -> str:
    """A value as a sentence may show it."""
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "…"
    if isinstance(value, (Mapping, list, tuple, set)):
        return "{…}" if isinstance(value, Mapping) else "[…]"
    text = "".join(sign if sign.isprintable() else " " for sign in str(value)[: _SHOWN * 4])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def bounded(data: Any) -> str:
    """Why a value is not read at all (too deep, too much of it), as a sentence; empty where it is."""
    nodes, todo = 0, [(data, 0)]
    while todo:
        value, depth = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            return "Isinya bertingkat terlalu dalam untuk sebuah struktur data."
        if nodes > MAX_NODES:
            return "Isinya terlalu banyak untuk sebuah struktur data."
        if isinstance(value, Mapping):
            todo.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, (list, tuple)):
            todo.extend((inner, depth + 1) for inner in value)
    return ""


class Record:
    """A mapping that is asked for its members by name; each answer is of the type asked for."""

    def __init__(self, data: Any, path: str, problems: Problems, names: Collection[str]) -> None:
        self.path, self.problems = path, problems
        self._data: Mapping[Any, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            problems.add(path or ".", "Bagian ini harus berupa pasangan nama dan isi.")
        for name in self._data:
            if name not in names:
                self._unknown(name, names)

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def line(self, name: str, *, needed: bool = False, limit: int = MAX_LINE) -> str:
        """A text on one line, spaces joined."""
        return " ".join(self._text(name, needed=needed, limit=limit).split())

    def text(self, name: str) -> str:
        """A text of several lines."""
        return self._text(name, needed=False, limit=MAX_TEXT).strip()

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self.line(name) or default
        if value not in allowed:
            self.problems.add(
                self.at(name),
                "“{value}” tidak dikenal. Pakai salah satu: {allowed}.",
                value=value,
                allowed=", ".join(allowed),
            )
            return default
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self._data.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.problems.add(self.at(name), "Isi dengan true atau false, bukan “{value}”.", value=value)
        return False

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number in a range; None where nothing is said."""
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problems.add(
                self.at(name),
                "Isi dengan bilangan bulat {least} sampai {most}, bukan “{value}”.",
                least=least,
                most=most,
                value=value,
            )
            return None
        return value

    def number(self, name: str) -> Decimal | None:
        """A number; None where nothing is said."""
        value = self._data.get(name)
        if value is None or value == "":
            return None
        found = _decimal(value)
        if found is None:
            self.problems.add(
                self.at(name), "“{value}” bukan angka. Tulis tanpa tanda ribuan, misalnya 1234.5.", value=value
            )
        return found

    def lines(self, name: str, limit: int = MAX_MEMBERS) -> tuple[str, ...]:
        """A list of texts, each on one line and none empty."""
        found = []
        for number, value in enumerate(self.members(name, limit)):
            record = Record({"text": value}, f"{self.at(name)}[{number}]", self.problems, ("text",))
            text = record.line("text", needed=True, limit=MAX_TEXT if name == "referensi" else MAX_LINE)
            if text:
                found.append(text)
        return tuple(found)

    def members(self, name: str, limit: int = MAX_MEMBERS) -> list[Any]:
        """A list as it stands."""
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            self.problems.add(self.at(name), "Bagian ini harus berupa daftar.")
            return []
        if len(value) > limit:
            self.problems.add(
                self.at(name),
                "Daftar ini berisi {number} butir; paling banyak {limit}.",
                number=len(value),
                limit=limit,
            )
        return list(value[:limit])

    def each(self, name: str, limit: int = MAX_MEMBERS) -> Iterator[tuple[int, Any]]:
        """The members of a list with their number."""
        return enumerate(self.members(name, limit))

    def member(self, name: str, index: int, data: Any, names: Collection[str]) -> Record:
        """A member of a list as a record of its own."""
        return Record(data, f"{self.at(name)}[{index}]", self.problems, names)

    def exact(self, name: str) -> str:
        """A text as it stands, spaces and all."""
        return self._text(name, needed=False, limit=MAX_TEXT)

    def _text(self, name: str, *, needed: bool, limit: int) -> str:
        value = self._data.get(name)
        place = self.path if name == "text" and self.path.endswith("]") else self.at(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.problems.add(place, "Tulis sebagai teks (di antara tanda kutip), bukan “{value}”.", value=value)
            return ""
        if len(value) > limit:
            self.problems.add(place, "Teksnya {number} huruf; paling banyak {limit}.", number=len(value), limit=limit)
            return ""
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t\r" for sign in value):
            self.problems.add(place, "Teksnya memuat tanda yang tidak terbaca. Ketik ulang teks itu.")
            return ""
        if needed and not value.strip():
            self.problems.add(place, "Bagian ini belum diisi.")
        return unicodedata.normalize("NFC", value)

    def _unknown(self, name: Any, names: Collection[str]) -> None:
        if len(self.problems.found) >= _MAX_PROBLEMS:
            return
        near = difflib.get_close_matches(str(name)[:MAX_LINE], list(names), n=1)
        if near:
            self.problems.add(
                self.at(shown(name)), "“{name}” tidak dikenal. Mungkin maksudnya “{near}”.", name=name, near=near[0]
            )
        else:
            self.problems.add(self.at(shown(name)), "“{name}” tidak dikenal; hapus bagian ini.", name=name)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    if isinstance(value, int) and abs(value) >= 10**_MAX_DIGITS:
        return None
    text = (
        format(Decimal(repr(value)), "f") if isinstance(value, float) and math.isfinite(value) else str(value).strip()
    )
    if not _NUMBER.fullmatch(text) or len(text) > _MAX_DIGITS + 2:
        return None
    return Decimal(text)
