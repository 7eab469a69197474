"""The looks of the portal: theme, home page, error pages, response headers and translations."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from . import facets
from .delivery import StaticDelivery

if TYPE_CHECKING:
    from ckan.common import CKANConfig

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class SatudataPortalPlugin(p.SingletonPlugin, DefaultTranslation):
    """Plugin `satudata_portal`."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)

    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "satudata-portal")

    def i18n_directory(self) -> str:
        return os.path.join(_PACKAGE, "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-satudataserang"

    def make_middleware(self, app: Any, config: CKANConfig) -> Any:
        return StaticDelivery(app)

    def dataset_facets(self, facets_dict: OrderedDict[str, str], package_type: str) -> OrderedDict[str, str]:
        return facets.titles()

    def organization_facets(
        self, facets_dict: OrderedDict[str, str], organization_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        titles = facets.titles()
        titles.pop("organization")
        return titles

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        return facets.with_recent(search_params)

    def after_dataset_search(self, search_results: dict[str, Any], search_params: dict[str, Any]) -> dict[str, Any]:
        return facets.with_words(search_results)
