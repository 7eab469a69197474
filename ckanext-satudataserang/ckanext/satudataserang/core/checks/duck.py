"""A database of its own for one check: bounded memory, one folder to spill into, and nothing else within reach."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ckanext.satudataserang.core.tables.kinds import literal

MEMORY = "256MB"
THREADS = 2
#: The folder of the check that is written to when memory is full.
SPILL = "tumpah"
_LONGEST = 1 << 22
#: So much of a file is read at a time: more, and one thread ends long before the other; fewer would not hold two lines.
_PIECE = 2 * _LONGEST


def database(directory: Path, source: Path, memory: str = MEMORY, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that reads `source`, reads and writes in `directory`, and nothing besides.

    What memory cannot hold is written under `directory`. No extension is loaded, no setting can be changed later.
    """
    spill = directory / SPILL
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    connection.execute(f"SET allowed_directories = [{literal(str(directory))}]")
    connection.execute(f"SET allowed_paths = [{literal(str(source))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def scan(path: Path, columns: list[tuple[str, str]], delimiter: str, skip: int) -> str:
    """The rows of a grid's file as a table expression; `columns` are names and SQL types."""
    typed = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, columns = {{{typed}}}, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', skip = {int(skip)}, comment = '', "
        f"strict_mode = true, null_padding = false, max_line_size = {_LONGEST}, buffer_size = {_PIECE})"
    )
