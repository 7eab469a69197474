"""Which reader a file is for, by its content."""

from __future__ import annotations

from pathlib import Path

from ckanext.satudataserang.core.findings import Findings

from .aside import source_aside
from .layout import Layout
from .limits import Limits
from .sentences import tell
from .signatures import HEAD_BYTES, is_binary, shape_of
from .sources import Source
from .texts import text_source

_NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe,;|"
_MEGABYTE = 1 << 20


def source_of(path: Path, directory: Path, layout: Layout | None, limits: Limits, findings: Findings) -> Source | None:
    """The rows of a file; None with a finding where there are none to be had."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(_NOTHING) and size <= len(head):
        findings.add(tell("berkas-kosong"))
        return None
    shape, what = shape_of(head)
    if shape == "refused":
        findings.add(tell("bukan-csv", what=what))
        return None
    if shape == "text" and is_binary(head):
        findings.add(tell("berkas-kosong:nol" if not head.strip(b"\0") else "bukan-csv:biner"))
        return None
    most = {"text": limits.text_bytes, "html": limits.html_bytes}.get(shape, limits.workbook_bytes)
    if size > most:
        findings.add(tell("berkas-terlalu-besar", size=size // _MEGABYTE, most=most // _MEGABYTE))
        return None
    if shape == "text":
        return text_source(path, layout, findings)
    return source_aside(path, shape, directory, layout, limits, findings)
