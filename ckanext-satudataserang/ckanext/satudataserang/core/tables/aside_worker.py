"""The process that reads workbooks and web pages, alone and within bounds, so that a hostile one takes nobody along.

Run as ``python -m … FILE DIRECTORY WISHES``. It writes the rows of one sheet to `ROWS` in the directory, numbered, and
what it found beside them to `RESULT`; without `RESULT` it was ended on the way.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROWS, RESULT = "lembar.csv", "lembar.json"
#: Merged cells are of interest where titles may stand.
_BLOCK_ROWS = 2_000
_MOST_BLOCKS = 50_000
_LOOKED_ROWS = 500
_LOOKED_SHEETS = 60
_STAMP, _TOLD_SHEET = "_satudata", "lembar"
_ASIDE = ("petunjuk", "panduan", "readme", "cara ", "referensi", "daftar kode", "metadata", "keterangan", "cover")
_LONGEST_ROWS = 2 << 30


@dataclass
class Sheets:
    """What one file holds: sheets people see, hidden ones, the one read, merged blocks, the stamp; or a problem."""

    form: str
    sheets: list[str] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    blocks: Sequence[Sequence[int]] = ()
    stamp: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    percent: Sequence[int] = ()
    hidden: Sequence[int] = (0, 0)


def main(arguments: Sequence[str]) -> int:
    """Read one file. Returns 0 when `RESULT` says how it went."""
    path, directory, wishes = Path(arguments[0]), Path(arguments[1]), json.loads(arguments[2])
    bound(int(wishes["memory"]), int(wishes["seconds"]))
    from .xlsx import WorkbookError  # noqa: PLC0415 (within the bounds)

    try:
        found = _read(path, directory, wishes)
    except WorkbookError as problem:
        found = Sheets("xlsx", problem=problem.code)
    except MemoryError:
        found = Sheets("xlsx", problem="buku-kerja-terlalu-besar")
    (directory / RESULT).write_text(json.dumps(asdict(found)), encoding="utf-8")
    return 0


def bound(memory: int, seconds: int) -> None:
    """Let this process hold so many bytes and work for so many seconds, and no more."""
    import resource  # noqa: PLC0415 (of POSIX alone)

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LONGEST_ROWS, _LONGEST_ROWS))


def _read(path: Path, directory: Path, wishes: Mapping[str, Any]) -> Sheets:
    if wishes["shape"] == "html":
        return _web_page(path, directory, wishes)
    from .books import Book  # noqa: PLC0415 (only what is needed is loaded)

    book = Book(path, wishes)
    found = Sheets(book.form, sheets=book.visible)
    found.hidden_sheets = [name for name in book.names if name not in book.visible]
    found.stamp = book.stamp()
    wanted = wishes["sheet"] or found.stamp.get(_TOLD_SHEET, "")
    if wishes["sheet"] and wanted not in book.names:
        return Sheets(book.form, sheets=book.visible, problem="lembar-tidak-ada")
    names = [name for name in book.visible or book.names if name != _STAMP][:_LOOKED_SHEETS]
    if not names:
        return Sheets(book.form, problem="berkas-kosong")
    found.sheet = wanted if wanted in book.names else max(names, key=lambda name: _worth(name, book.beginning(name)))
    _write(directory / ROWS, book.rows(found.sheet))
    found.blocks = [block for block in book.blocks(found.sheet) if block[0] <= _BLOCK_ROWS][:_MOST_BLOCKS]
    found.percent = book.percent_columns.get(found.sheet, ())
    found.hidden = book.hidden.get(found.sheet, (0, 0))
    return found


def _web_page(path: Path, directory: Path, wishes: Mapping[str, Any]) -> Sheets:
    from .web_tables import web_tables  # noqa: PLC0415

    tables = web_tables(path, int(wishes["cells"]))
    if not tables:
        return Sheets("html", problem="bukan-csv:html")
    names = [f"Tabel {number}" for number in range(1, len(tables) + 1)]
    by_name = dict(zip(names, tables, strict=True))
    wanted = wishes["sheet"]
    if wanted and wanted not in by_name:
        return Sheets("html", sheets=names, problem="lembar-tidak-ada")
    sheet = wanted or max(names, key=lambda name: _worth(name, by_name[name].rows))
    _write(directory / ROWS, iter(by_name[sheet].rows))
    return Sheets("html", names, sheet=sheet, blocks=by_name[sheet].blocks)


def _worth(name: str, rows: Sequence[tuple[int, Sequence[str]]]) -> float:
    """How much a sheet looks like a table of data: cells in rows of several, and a name that says nothing else."""
    counts = [sum(map(bool, cells)) for _number, cells in rows]
    worth = sum(count for count in counts if count > 1) + sum(counts) / 1_000
    plain = name.casefold()
    return worth / 20 if plain.startswith("_") or any(plain.startswith(word) for word in _ASIDE) else worth


def _write(path: Path, rows: Iterator[tuple[int, Sequence[str]]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="", buffering=1 << 20) as out:
        # The writer quotes signs of its own line end only, and either may stand in a cell.
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([number, *cells] for number, cells in rows if any(cells))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
