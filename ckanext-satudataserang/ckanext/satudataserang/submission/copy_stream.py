"""Rows of a table as PostgreSQL's COPY reads them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_CHUNK = 1 << 18


class CopyStream(io.RawIOBase):
    """The rows as COPY's text format, made while PostgreSQL reads: memory stays at one chunk.

    `rows` counts what was read; `numbered` puts this number before each row. psycopg2 turns an exception of the source
    into its own; the real one is in `error`.
    """

    def __init__(self, rows: Iterable[Sequence[object]], width: int, *, numbered: bool = False) -> None:
        self.rows = 0
        self._numbered = numbered
        self.error: Exception | None = None
        self._width = width
        self._lines = self._encode(rows)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            try:
                chunk = next(self._lines, b"")
            except Exception as error:
                self.error = error
                raise
            if not chunk:
                break
            parts.append(chunk)
            length += len(chunk)
        data = b"".join(parts)
        if size < 0:
            self._rest = b""
            return data
        self._rest = data[size:]
        return data[:size]

    def _encode(self, rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
        lines: list[str] = []
        length = 0
        for row in rows:
            if len(row) != self._width:
                message = f"row {self.rows + 1} has {len(row)} values, the table {self._width} columns"
                raise ValueError(message)
            line = "\t".join([value if type(value) is str else _text(value) for value in row])
            if line.count("\t") != self._width - 1 or "\\" in line or "\n" in line or "\r" in line:
                line = "\t".join([_NEEDS_ESCAPE.sub(lambda m: _ESCAPES[m[0]], _text(value)) for value in row])
            self.rows += 1
            lines.append(f"{self.rows}\t{line}" if self._numbered else line)
            length += len(line)
            if length >= _CHUNK:
                yield ("\n".join(lines) + "\n").encode()
                lines, length = [], 0
        if lines:
            yield ("\n".join(lines) + "\n").encode()


def _text(value: object) -> str:
    """Return a value as PostgreSQL's text input reads it; NULL is the empty text."""
    if value is None:
        return ""
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
