"""The translation tools lie in `config/i18n` and are run from there, not installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from i18n.sources import Message

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "config"))


@pytest.fixture(scope="session")
def core() -> dict[str, Message]:
    """CKAN's messages; reading them takes seconds."""
    from i18n import sources

    return sources.core_messages()


@pytest.fixture(scope="session")
def own() -> dict[str, Message]:
    """Our own messages."""
    from i18n import sources

    return sources.own_messages()
