"""A file in one step for the tests of reading: opened and checked."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ckanext.satudataserang.core.checks import engine
from ckanext.satudataserang.core.checks.table import Table
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.tables.opening import opened


def read_table(stream: BinaryIO, *, wanted: Mapping[str, str] | None = None) -> Table:
    """Read and check a table as it comes; every problem is in the table's findings, none is raised.

    :param stream: the file, read from its start to its end
    :param wanted: types a person chose, by column name
    """
    directory = Path(tempfile.mkdtemp(prefix="satudata-"))
    try:
        stream.seek(0)
        path = directory / "berkas"
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        grid = opened(path, "", directory=directory)
        table = engine.check(grid, Wishes(types=wanted or {}), directory=directory)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    weakref.finalize(table, shutil.rmtree, directory, ignore_errors=True)
    return table
