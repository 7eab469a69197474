"""Plugin `satudata_structures`: the agreed structures of data, and the register of standard variables."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudataserang.structures.logic import auth


@tk.blanket.actions
@tk.blanket.auth_functions(auth.functions)
@tk.blanket.blueprints
@tk.blanket.helpers
class SatudataStructuresPlugin(p.SingletonPlugin):
    """Which columns, codes and rules were agreed for which data."""

    p.implements(p.IConfigurer)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata_structures")

    def get_commands(self) -> list[Any]:
        # The commands hang on the group `satudata`, which the catalogue registers.
        from ckanext.satudataserang.structures import cli  # noqa: F401, PLC0415

        return []
