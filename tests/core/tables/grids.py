"""What a grid holds, as the tests compare it."""

from __future__ import annotations

import csv


def cells(grid):
    with grid.path.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text, delimiter=grid.delimiter))[grid.skip :]
    return [row[1:] for row in rows] if grid.numbered else rows


def codes(grid):
    return [finding.code for finding in grid.findings]
