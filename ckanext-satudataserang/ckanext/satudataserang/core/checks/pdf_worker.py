"""The process that looks through the text of a PDF document, alone and within bounds.

Run as ``python -m … FILE RESULT MEMORY SECONDS``. It writes to RESULT the kinds of data about persons with the page of
the first; without it, it was ended on the way, or the document could not be read.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudataserang.core.tables.aside_worker import bound

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_BESIDE = 0
#: What the library says of a drawing within a page that it leaves out.
_LEFT_OUT = "Impossible to decode"


class LeftOutError(Exception):
    """Something on a page could not be read."""


class _Heard(logging.Handler):
    """Remembers whether the library said that it left something out."""

    left_out = False

    def emit(self, record: logging.LogRecord) -> None:
        self.left_out |= str(record.msg).startswith(_LEFT_OUT)


def main(arguments: Sequence[str]) -> int:
    """Look through one document. Returns 0 when RESULT says what was found."""
    path, result, memory, seconds = arguments
    bound(int(memory), int(seconds))
    from .privacy import kinds_in  # noqa: PLC0415 (within the bounds)

    found: dict[str, int] = {}
    for page, text in texts(Path(path)):
        # Line by line, and across their ends: what a number is may go on in the next.
        for line in {*text.splitlines(), " ".join(text.split())}:
            for kind in kinds_in(line):
                found.setdefault(kind, page)
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    return 0


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a document with its page, then what stands beside them. Raises LeftOutError or what pypdf does."""
    from pypdf import PdfReader  # noqa: PLC0415 (within the bounds)

    heard = _Heard()
    logging.getLogger("pypdf").addHandler(heard)
    reader = PdfReader(path)
    for number, page in enumerate(reader.pages, start=1):
        yield number, page.extract_text()
        yield from ((number, text) for text in _in_annotations(page))
        if heard.left_out:
            raise LeftOutError
    yield from ((_BESIDE, text) for text in _in_objects(reader))


def _in_annotations(page: PageObject) -> Iterator[str]:
    """What comments and form fields of a page show: pictures of their own, drawn over the page."""
    from pypdf.generic import DictionaryObject, StreamObject  # noqa: PLC0415

    for reference in page.annotations or ():
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject):
            continue
        yield from _strings(annotation)
        looks = annotation.get("/AP", DictionaryObject()).get_object()
        normal = looks.get("/N") if isinstance(looks, DictionaryObject) else None
        normal = normal.get_object() if normal is not None else None
        if isinstance(normal, StreamObject):
            yield page.extract_xform_text(normal)  # pyright: ignore[reportArgumentType]


def _in_objects(reader: PdfReader) -> Iterator[str]:
    """Every text in any object of the document: titles, authors, outlines, fields, comments; whether shown or not."""
    from pypdf.generic import IndirectObject, NullObject, StreamObject  # noqa: PLC0415

    places = {(number, generation) for generation, held in reader.xref.items() for number in held}
    places |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(places):
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is None or isinstance(found, NullObject):
            continue
        yield from _strings(found)
        if isinstance(found, StreamObject) and found.get("/Type") == "/Metadata":
            yield found.get_data().decode("utf-8", "replace")
    if reader.trailer is not None:
        yield from _strings(reader.trailer)


def _strings(value: Any) -> Iterator[str]:
    """The texts in an object, not those of other objects that it refers to."""
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject  # noqa: PLC0415

    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, TextStringObject):
            yield str(one)
        elif isinstance(one, DictionaryObject):
            waiting += [held for _key, held in one.items()]
        elif isinstance(one, ArrayObject):
            waiting += list(one)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
