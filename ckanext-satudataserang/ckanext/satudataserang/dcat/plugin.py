"""Metadata out as DCAT: the SDI profile, its vocabulary, and guards around ckanext-dcat's endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p
import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions
@tk.blanket.blueprints
@tk.blanket.config_declarations
class SatudataDcatPlugin(p.SingletonPlugin):
    """Plugin `satudata_dcat`; list it before `dcat` in `ckan.plugins`."""

    p.implements(p.IConfigurer)

    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "templates")
