"""Rows as the API gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its dates and moments in ISO 8601."""
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
