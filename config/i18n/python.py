"""Extraction from Python by its syntax tree.

Babel reads tokens; before Python 3.12 an f-string is one token, so a call inside it (`f"{label} ({tk._('wajib')})"`)
would be found by some Pythons and missed by others.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import IO, Any


def extract(
    source: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Yield line, function, arguments (None for what is no plain text) and comments, as babel's extractors do."""
    for node in ast.walk(ast.parse(source.read())):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name in keywords and node.args:
            yield node.lineno, name, tuple(_text(argument) for argument in node.args), []


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None
