"""A draft of a structure from an example table: the file is read as a delivery is, its columns counted and guessed."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import region, tables
from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.findings import localized
from ckanext.satudataserang.core.structures.guess import Example, Guess, guess, unique_in
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.structures import read
from ckanext.satudataserang.structures.refusals import invalid

#: An example is small; what is larger is cut by who uploads it.
MOST_BYTES = 20 * 1024 * 1024
#: So many rows are counted, and so many distinct values of a column kept.
_MOST_ROWS, _MOST_VALUES = 20_000, 2_000
_SHOWN = 10
_CHUNK = 1 << 20


def drafted(stream: BinaryIO, name: str) -> Guess:
    """Guess a structure from a file. Raises ValidationError with what is wrong with the file."""
    with tempfile.TemporaryDirectory(prefix="satudata-contoh-") as folder:
        path = Path(folder) / "berkas"
        _keep(stream, path)
        grid = opened(path, name, directory=Path(folder))
        table = check(grid, directory=Path(folder))
        try:
            errors = [one for one in table.findings if one.severity == "error"]
            if not table.columns or not table.rows:
                raise invalid(field="upload", message=_said(errors))
            rows = [cells for _, cells in islice(table.records(), _MOST_ROWS)]
            personal = {one.column_id for one in table.personal}
            columns = [(one.title, one.type.name, one.id in personal) for one in table.columns]
        finally:
            table.close()
    titles = [title for title, _kind, _personal in columns]
    examples = [
        replace(_example(title, kind, [row[place] for row in rows]), personal=about_persons)
        for place, (title, kind, about_persons) in enumerate(columns)
    ]
    return guess(
        examples,
        unique=unique_in(titles, [[cell or "" for cell in row] for row in rows]),
        lists=read.code_lists().values(),
        areas=region.get_region().wilayah,
        units=tables.units(),
    )


def _keep(stream: BinaryIO, path: Path) -> None:
    size = 0
    with path.open("wb") as kept:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                message = tk._("Contoh ini lebih besar dari {mb} MB. Potong menjadi beberapa ratus baris saja.")
                raise invalid(field="upload", message=message.format(mb=MOST_BYTES // (1024 * 1024)))
            kept.write(chunk)


def _said(errors: Sequence[object]) -> str:
    if not errors:
        return tk._("Tidak ada tabel yang terbaca dalam berkas ini. Unggah berkas dengan baris judul dan baris data.")
    return " ".join(" ".join(localized(one, tk._)) for one in errors[:_SHOWN])  # type: ignore[arg-type]


def _example(title: str, kind: str, cells: Sequence[str | None]) -> Example:
    values = Counter(cell for cell in cells if cell not in (None, ""))
    numbers = [found for value in values if (found := _number(value or "")) is not None] if kind != "text" else []
    exponents = [number.as_tuple().exponent for number in numbers]
    return Example(
        title=title,
        type=kind,
        values={str(value): count for value, count in values.most_common(_MOST_VALUES)},
        rows=len(cells),
        empty=len(cells) - sum(values.values()),
        distinct=len(values),
        minimum=min(numbers, default=None),
        maximum=max(numbers, default=None),
        decimals=max((max(0, -one) for one in exponents if isinstance(one, int)), default=0),
    )


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
