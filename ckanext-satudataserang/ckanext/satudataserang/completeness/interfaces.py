"""What other capabilities may add to the dashboard without the dashboard knowing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p


@dataclass(frozen=True)
class Section:
    """A part of a page: a template, and what it finds there as `section`."""

    template: str
    data: Mapping[str, Any]


class IOfficePage(p.Interface):
    """Sections on the public page of one OPD, after its history."""

    def office_sections(self, opd: Mapping[str, Any]) -> list[Section]:
        """What is shown of an OPD, which has an `id`, a `name` and a `title`; nothing by default.

        The page is everybody's: whoever may see more sees it elsewhere.
        """
        return []


def office_sections(opd: Mapping[str, Any]) -> list[Section]:
    """What the plugins show of an OPD, in the order in which they are configured."""
    return [section for plugin in p.PluginImplementations(IOfficePage) for section in plugin.office_sections(opd)]
