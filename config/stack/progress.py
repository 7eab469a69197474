"""What the operator sees: numbered steps with their time, then a table of accounts."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Progress:
    """Prints `[3/9] Solr ... 1,2 dtk` as work goes on; on a terminal the line is finished in place."""

    total: int
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """One step. What the body appends to the list it is given stands behind the time."""
        self.done += 1
        label = f"[{self.done}/{self.total}] {title}"
        if self.stream.isatty():
            self._write(f"{label} …")
        begun = time.monotonic()
        details: list[str] = []
        try:
            yield details
        except BaseException:
            self._line(f"{label}: GAGAL setelah {seconds(time.monotonic() - begun)}")
            raise
        tail = f" — {'; '.join(details)}" if details else ""
        self._line(f"{label}: {seconds(time.monotonic() - begun)}{tail}")
        for note in self.notes:
            self._line(f"      {note}")
        self.notes.clear()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def _line(self, text: str) -> None:
        start = "\r\x1b[K" if self.stream.isatty() else ""
        self._write(f"{start}{text}\n")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def seconds(value: float) -> str:
    """A duration as Indonesians write it: `0,4 dtk`, `1 mnt 05 dtk`."""
    if value < 60:  # noqa: PLR2004 - a minute
        return f"{value:.1f} dtk".replace(".", ",")
    whole = round(value)
    return f"{whole // 60} mnt {whole % 60:02d} dtk"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain-text table with columns as wide as their widest cell."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[index]) for line in lines) for index in range(len(head))]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in ruled
    )
