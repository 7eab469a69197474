"""Plugin `satudata_submission`: deliveries, from the uploaded file to the DataStore and the facts of completeness."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from . import guarding, subscriptions
from .logic import auth, auth_tables


def _auth_functions() -> dict[str, Any]:
    """Our own, and those that chain to the DataStore's where it is there to be chained to."""
    own = {name: getattr(auth, name) for name in vars(auth) if name.startswith("satudata_")}
    return {**own, **(auth_tables.FUNCTIONS if p.plugin_loaded("datastore") else {})}


@tk.blanket.actions
@tk.blanket.auth_functions(_auth_functions)
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class SatudataSubmissionPlugin(p.SingletonPlugin):
    """Reads what is uploaded and records what was delivered."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.ISignal)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata_submission")

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        subscriptions.dataset_written(context, pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        subscriptions.dataset_written(context, pkg_dict)

    def before_resource_create(self, context: Any, resource: dict[str, Any]) -> None:
        guarding.look(context, resource)

    def before_resource_update(self, context: Any, current: dict[str, Any], resource: dict[str, Any]) -> None:
        guarding.look(context, resource, current)

    def get_signal_subscriptions(self) -> Any:
        return subscriptions.get()

    def get_commands(self) -> list[Any]:
        # The commands hang on the group `satudata`, which the catalogue registers.
        from . import cli  # noqa: F401, PLC0415

        return []
