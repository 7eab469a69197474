"""Plugin `satudata_sikondang`: import of the export of SIKONDANG, the city's former statistics application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p
import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    import click


@tk.blanket.config_declarations
class SatudataSikondangPlugin(p.SingletonPlugin):
    """Plugin `satudata_sikondang`."""

    p.implements(p.IClick)

    def get_commands(self) -> list[click.Command]:
        # The command hangs itself into the group `satudata`, which the catalogue registers.
        from ckanext.satudataserang.sikondang import cli  # noqa: F401, PLC0415

        return []
