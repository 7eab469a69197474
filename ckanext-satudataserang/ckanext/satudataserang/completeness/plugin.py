"""Plugin `satudata_completeness`: what is due, what came, and the honest dashboard over it."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness import subscriptions, touched


def _blueprints() -> list[Any]:
    from ckanext.satudataserang.completeness import report_views, views  # noqa: PLC0415

    return [report_views.satudata_reports, views.satudata_completeness]


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints(_blueprints)
@tk.blanket.helpers
class SatudataCompletenessPlugin(p.SingletonPlugin):
    """Cells, figures and their pages."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.ISignal)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata_completeness")

    def configure(self, config: Any) -> None:
        # A month is frozen at its close also where nobody has touched anything since the queue was last emptied.
        touched.plan_nightly()

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        subscriptions.dataset_written(context, pkg_dict["id"])

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        subscriptions.dataset_written(context, pkg_dict["id"])

    def delete(self, entity: Any) -> None:
        subscriptions.dataset_written({}, entity.id)

    def get_signal_subscriptions(self) -> Any:
        return subscriptions.get()

    def get_commands(self) -> list[Any]:
        # The commands hang on the group `satudata`, which the catalogue registers.
        from ckanext.satudataserang.completeness import cli, report_cli  # noqa: F401, PLC0415

        return []
