"""Checks of a table's cells: from a grid (`core.tables.grid`) to a table with its findings, over all rows at once.

`engine.check` is the one way in; `registry` lists the checks, `catalogue` what each is called and advises.
"""

from __future__ import annotations
