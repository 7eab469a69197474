"""The template as a text file.

The delimiter is ``;``: a spreadsheet set to Indonesian writes the decimal sign as a comma and therefore parts columns
by semicolons; a file with commas would open in one column. The byte order mark makes it read the letters as UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe
from ckanext.satudataserang.core.sheets import BOM
from ckanext.satudataserang.core.templates.model import Template
from ckanext.satudataserang.core.templates.stamp import beside, line

DELIMITER = ";"


def as_csv(template: Template) -> Iterator[str]:
    """A template line by line: the stamp, the titles, the laid out rows with names of codes beside them at the end."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")
    named = [column for column in template.laid_out if column.by_code]
    yield f"{BOM}{line(template.stamp)}\r\n"
    yield _line(out, writer, [*(one.title for one in template.columns), *(beside(one.names) for one in named)])
    for key in template.lines():
        told = dict(zip((column.id for column in template.laid_out), key, strict=True))
        cells = [column.entered(told[column.id]) if column.id in told else "" for column in template.columns]
        yield _line(out, writer, [*cells, *(column.label(told[column.id]) for column in named)])


def _line(out: io.StringIO, writer: Any, cells: Sequence[str]) -> str:
    out.seek(0)
    out.truncate()
    writer.writerow([spreadsheet_safe(cell) for cell in cells])
    return out.getvalue()
