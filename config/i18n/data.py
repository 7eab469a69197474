"""Messages that stand in data or are put together while CKAN runs, so that no extractor sees them at a `_()`.

- `core/` knows no gettext: its sentences are upper-case constants there (`MISSING_TABLE = "Berkas {file} …"`, or inside
  a table such as `_RULES = (Rule(…), …)`), or what a problem is made of (`error("kode", "Kolom {column} …", …)`),
  translated at the edge by `tk._(template).format(…)`.
- Names of checks stand in `core/checks` and `core/tables`, as `Check(…, title=…)` and in `FORM_TITLES`.
- Titles of metadata points stand in `schemas/metadata_points.yaml`.
- CKAN translates states, field names and group types it only knows at run time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

#: A sentence, in contrast to a code, a column's name or a pattern: several words, an end, no backslash.
_SENTENCE = re.compile(r"[A-Z“\"{][^\\]*\s[^\\]*[.?!…:]\s*\Z")

_NO_SENTENCES = frozenset({"ask", "execute", "compile"})

_CORE_STATES = "ckan/templates/package/snippets/additional_info.html"
_CORE_FIELDS = "ckan/logic/__init__.py"
_CORE_GROUPS = "ckan/views/group.py"

CORE_SPOKEN: dict[str, str] = {
    "active": _CORE_STATES,
    "draft": _CORE_STATES,
    "deleted": _CORE_STATES,
    "Author email": _CORE_FIELDS,
    "Fullname": _CORE_FIELDS,
    "License id": _CORE_FIELDS,
    "Maintainer email": _CORE_FIELDS,
    "Notes": _CORE_FIELDS,
    "Old password": _CORE_FIELDS,
    "Owner org": _CORE_FIELDS,
    "Password1": _CORE_FIELDS,
    "Password2": _CORE_FIELDS,
    "Tag string": _CORE_FIELDS,
    "group not found or you have no permission to view it": _CORE_GROUPS,
    "organization not found or you have no permission to view it": _CORE_GROUPS,
}


def sentences(core: Path) -> Iterator[tuple[Path, str]]:
    """The sentences in upper-case constants and in calls of the modules in `core`, with their file."""
    for path in sorted(core.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        values = [value for node in module.body if (value := _constant_value(node)) is not None]
        for text in dict.fromkeys([*_texts(part for value in values for part in ast.walk(value)), *_said(module)]):
            yield path, text


def _said(module: ast.Module) -> Iterator[str]:
    """Sentences that are handed to a call; those that ask a database are none."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") not in _NO_SENTENCES:
            yield from _texts([*node.args, *(keyword.value for keyword in node.keywords)])


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SENTENCE.match(node.value):
            yield node.value


def check_titles(core: Path) -> Iterator[tuple[Path, str]]:
    """The names of the checks of a table, with their file: `title=` of each `Check`, and those of a file's form."""
    for path in sorted((core / "checks").glob("*.py")) + sorted((core / "tables").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Check":
                named = [one.value for one in node.keywords if one.arg == "title"]
            elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "FORM_TITLES":
                named = node.value.values if isinstance(node.value, ast.Dict) else []
            else:
                continue
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield path, value.value


def titles(points: Path) -> Iterator[tuple[Path, str]]:
    """The titles of the metadata points, with their file; nothing when the file is not there."""
    if not points.exists():
        return
    for rule in yaml.safe_load(points.read_text(encoding="utf-8")).get("rules", []):
        yield points, rule["title"]


def _constant_value(node: ast.stmt) -> ast.expr | None:
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        names = [node.target.id]
    else:
        return None
    return node.value if names and all(name.isupper() for name in names) else None
