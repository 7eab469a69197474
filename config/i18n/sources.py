"""Where messages come from: our own package, and the installed CKAN parts whose pages our users see.

Both are read from the code that really runs here, not from a `.pot` shipped beside it: the wheel's `ckan.pot` is made
from another theme than the one installed, so some of its messages never appear and some shown ones are missing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir

from . import data, python

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOT = ROOT / "ckanext-satudataserang"
PACKAGE = SOURCE_ROOT / "ckanext" / "satudataserang"
SCHEMAS = ROOT / "schemas"

#: Method per file pattern, first match wins. Python files of tests and of migrations hold no user's sentences.
OWN_METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migration/**", "ignore"),
    ("**/vendor/**", "ignore"),
    ("**.min.js", "ignore"),
    ("**.py", "python"),
    ("**.js", "javascript"),
    ("**/templates/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("**/templates/**.xml", "ckan"),
]

CORE_METHODS = [
    ("**/tests/**", "ignore"),
    ("tests/**", "ignore"),
    ("templates/tests/**", "ignore"),
    ("**/public/**/vendor/**", "ignore"),
    ("**/vendor/**", "ignore"),
    ("**/2.8_templates/**", "ignore"),
    ("**.min.js", "ignore"),
    ("**.py", "python"),
    ("**.js", "javascript"),
    ("**.html", "ckan"),
    ("**.txt", "ckan"),
]

#: CKAN parts whose messages the Indonesian catalogue completes. Example, test and retired parts are left out.
CORE_PARTS = (
    "ckan",
    "ckanext.activity",
    "ckanext.audioview",
    "ckanext.datapusher",
    "ckanext.datastore",
    "ckanext.datatablesview",
    "ckanext.dcat",
    "ckanext.expire_api_token",
    "ckanext.imageview",
    "ckanext.resourceproxy",
    "ckanext.scheming",
    "ckanext.stats",
    "ckanext.tabledesigner",
    "ckanext.textview",
    "ckanext.tracking",
    "ckanext.videoview",
    "ckanext.webpageview",
)


@dataclass(slots=True)
class Message:
    """One message as the code asks for it.

    `msgid` is the text in the source, `plural` its plural or "" and `files` where it stands: paths with `/`,
    relative to the folder the package lies in, sorted, without line numbers so that unrelated edits change nothing.
    """

    msgid: str
    plural: str = ""
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def own_messages(package: Path = PACKAGE, schemas: Path = SCHEMAS) -> dict[str, Message]:
    """Messages of our own package, by msgid. Raises `ValueError` when one msgid is used with two plurals."""
    base = package.parent.parent
    found = list(_extract(package, base, OWN_METHODS, silent=False))
    for path, text in data.sentences(package / "core"):
        found.append(_Found(path.relative_to(base).as_posix(), text, "", ()))
    for path, text in data.check_titles(package / "core"):
        found.append(_Found(path.relative_to(base).as_posix(), text, "", ()))
    for path, text in data.titles(schemas / "metadata_points.yaml"):
        found.append(_Found(f"schemas/{path.name}", text, "", ()))
    return _collect(found)


def core_messages(parts: Iterable[str] = CORE_PARTS) -> dict[str, Message]:
    """Messages of the installed CKAN parts, by msgid. Parts that are not installed are skipped."""
    spoken = [_Found(path, text, "", ()) for text, path in data.CORE_SPOKEN.items()]
    return _collect([*spoken, *(found for part in parts for found in _extract_part(part))])


@dataclass(slots=True, frozen=True)
class _Found:
    path: str
    msgid: str
    plural: str
    comments: tuple[str, ...]


def _extract_part(part: str) -> Iterator[_Found]:
    spec = importlib.util.find_spec(part)
    if spec is None or not spec.submodule_search_locations:
        return
    folder = Path(next(iter(spec.submodule_search_locations)))
    base = folder.parents[part.count(".")]
    yield from _extract(folder, base, CORE_METHODS, silent=True)


def _extract(folder: Path, base: Path, methods: list[tuple[str, str]], *, silent: bool) -> Iterator[_Found]:
    functions = [(pattern, _METHODS.get(method, method)) for pattern, method in methods]
    options = {pattern: {"silent": str(silent), "encoding": "utf-8"} for pattern, method in methods if method == "ckan"}
    for name, _line, message, comments, _context in extract_from_dir(
        str(folder), functions, options, comment_tags=("Translators:", "Penerjemah:"), strip_comment_tags=False
    ):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if not singular:
            continue
        path = (folder / name).relative_to(base).as_posix()
        yield _Found(path, singular, plural or "", tuple(comments))


#: Extractors by their function, so that no entry point needs to be installed.
_METHODS: dict[str, Any] = {"ckan": "ckan.lib.extract:extract_ckan", "python": python.extract}


def _collect(found: Iterable[_Found]) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    for item in found:
        message = messages.setdefault(item.msgid, Message(item.msgid))
        if item.plural and message.plural and item.plural != message.plural:
            problem = f"{item.path}: {item.msgid!r} has two plurals: {message.plural!r} and {item.plural!r}"
            raise ValueError(problem)
        message.plural = message.plural or item.plural
        message.files.add(item.path)
        message.comments.extend(comment for comment in item.comments if comment not in message.comments)
    return dict(sorted(messages.items()))
