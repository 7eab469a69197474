"""Writing the zip: every table as CSV and JSON, each file with its hash, the same bytes for the same rows.

Rows go to disk one by one, and from there into the zip, so memory does not grow with the tables.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from ckanext.satudataserang.completeness.exports import BOM
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe

_BLOCK = 1 << 20
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True)
class Written:
    """One file of the zip: its path, size in bytes, SHA-256 and, for a table, its rows without the head."""

    path: str
    size: int
    sha256: str
    rows: int | None = None


class Archive:
    """A zip that is being written to `target`; all its files bear the same `day`."""

    def __init__(self, target: BinaryIO, folder: Path, day: date) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._folder = folder
        self._day = day
        self.written: list[Written] = []

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write a table as `data/<name>.csv` and `.json` and return the number of its rows."""
        as_csv, as_json = self._folder / "table.csv", self._folder / "table.json"
        counted = 0
        with as_csv.open("w", encoding="utf-8", newline="") as lines, as_json.open("w", encoding="utf-8") as records:
            lines.write(BOM)
            writer = csv.writer(lines, lineterminator="\r\n")
            writer.writerow(columns)
            records.write("[")
            for row in rows:
                plain = [_plain(value) for value in row]
                writer.writerow([_cell(value) for value in plain])
                record = json.dumps(dict(zip(columns, plain, strict=True)), ensure_ascii=False)
                records.write(f"{',' if counted else ''}\n{record}")
                counted += 1
            records.write("\n]\n")
        for path in (as_csv, as_json):
            self._take(path, f"data/{name}{path.suffix}", counted)
            path.unlink()
        return counted

    def text(self, path: str, content: str) -> None:
        """Write a text file."""
        source = self._folder / "text"
        source.write_bytes(content.encode("utf-8"))
        self._take(source, path)
        source.unlink()

    def close(self, about: dict[str, Any]) -> dict[str, Any]:
        """Write `manifest.json`, `about` with the list of all files, finish the zip, and return the manifest."""
        manifest = {**about, "files": [asdict(one) for one in self.written]}
        self.text("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
        self._zip.close()
        return manifest

    def _take(self, source: Path, path: str, rows: int | None = None) -> None:
        info = zipfile.ZipInfo(path, (self._day.year, self._day.month, self._day.day, 0, 0, 0))
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _REGULAR_FILE, _UNIX
        info.file_size = source.stat().st_size
        with source.open("rb") as content:
            digest = hashlib.sha256()
            while block := content.read(_BLOCK):
                digest.update(block)
            content.seek(0)
            with self._zip.open(info, "w") as member:
                shutil.copyfileobj(content, member, _BLOCK)
        self.written.append(Written(path, info.file_size, digest.hexdigest(), rows))


def _plain(value: Any) -> Any:
    """A value as JSON has it; moments stand in western Indonesian time."""
    if isinstance(value, datetime):
        # CKAN keeps its own moments in UTC without saying so.
        return (
            value.astimezone(WIB) if value.tzinfo else value.replace(tzinfo=timezone.utc).astimezone(WIB)
        ).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    return spreadsheet_safe(text) if isinstance(text, str) else text
