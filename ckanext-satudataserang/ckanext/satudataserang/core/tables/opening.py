"""From a file as it was handed in to the grid of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.structures.model import Structure

from .dialect import detect_dialect
from .encoding import detect_encoding
from .grid import Grid, Layout, TitleMatch
from .limits import Limits
from .records import text_records
from .sentences import tell


def opened(
    path: Path,
    name: str,
    *,
    directory: Path,
    layout: Layout | None = None,
    structure: Structure | None = None,
    remembered: Mapping[str, str] | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    thorough: bool = False,
) -> Grid:
    """Read a file's form and find its table; nothing is raised for what is in the file.

    :param name: what the file was called, which decides nothing
    :param directory: where a file made plain may be written; it has to live as long as the grid
    :param layout: how it was read before, or is to be read
    :param structure: what the columns are to be
    :param remembered: what people took titles for before: title -> column id
    :param thorough: write the table anew even where the file could be scanned as it is
    """
    findings = Findings()
    layout = layout or Layout("csv")
    if path.stat().st_size == 0:
        findings.add(tell("berkas-kosong"))
        return Grid(path, findings, layout)
    with path.open("rb") as stream:
        encoding = detect_encoding(stream)
    if encoding.name is None:
        findings.add(tell("pengodean-tidak-dikenal"))
        return Grid(path, findings, layout)
    with path.open(encoding=encoding.name, newline="") as text:
        dialect = detect_dialect(text.read(1 << 16))
    _number, titles = next(iter(text_records(path, encoding.name, dialect.delimiter)))
    shown = tuple(title.strip() for title in titles)
    matches = tuple(
        TitleMatch(title, column.id, "label")
        for title in shown
        for column in (structure.columns if structure else ())
        if column.label == title
    )
    layout = Layout("csv", encoding=encoding.name, delimiter=dialect.delimiter)
    return Grid(path, findings, layout, shown, dialect.delimiter, skip=1, matches=matches)
