"""Plugin `satudata_consistency`: the same figure wherever it is published."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudataserang.consistency import subscriptions
from ckanext.satudataserang.consistency.logic import auth


@tk.blanket.actions
@tk.blanket.auth_functions(auth.functions)
@tk.blanket.blueprints
@tk.blanket.helpers
class SatudataConsistencyPlugin(p.SingletonPlugin):
    """Rules of sameness, what they find, and the conflicts between OPDs."""

    p.implements(p.IConfigurer)
    p.implements(p.ISignal)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata_consistency")

    def get_signal_subscriptions(self) -> Any:
        return subscriptions.get()

    def get_commands(self) -> list[Any]:
        # The commands hang on the group `satudata`, which the catalogue registers.
        from ckanext.satudataserang.consistency import cli  # noqa: F401, PLC0415

        return []
