"""The looks of the portal: theme, home page, error pages, response headers and translations."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

if TYPE_CHECKING:
    from ckan.common import CKANConfig

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class SatudataPortalPlugin(p.SingletonPlugin, DefaultTranslation):
    """Plugin `satudata_portal`."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)

    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "satudata-portal")

    def i18n_directory(self) -> str:
        return os.path.join(_PACKAGE, "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-satudataserang"
