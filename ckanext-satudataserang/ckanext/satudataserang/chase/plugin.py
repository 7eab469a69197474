"""Plugin `satudata_chase`: what an OPD owes, reminders that ask for it, letters, and the log of coaching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from ckanext.satudataserang.chase import config as settings
from ckanext.satudataserang.chase import effects, schedule
from ckanext.satudataserang.completeness.interfaces import IOfficePage, Section


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.config_declarations
class SatudataChasePlugin(p.SingletonPlugin):
    """To-do lists, reminders and coaching."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(IOfficePage)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "satudata_chase")

    def configure(self, config: Any) -> None:
        # What cannot be read is found when the portal starts, not at seven in the morning.
        try:
            settings.steps()
            settings.hour()
        except ValueError as err:
            raise CkanConfigurationException(str(err)) from err
        if settings.enabled():
            schedule.plan_daily()

    def office_sections(self, opd: Mapping[str, Any]) -> list[Section]:
        return effects.sections(opd)

    def get_commands(self) -> list[Any]:
        # The commands hang on the group `satudata`, which the catalogue registers.
        from ckanext.satudataserang.chase import cli  # noqa: F401, PLC0415

        return []
