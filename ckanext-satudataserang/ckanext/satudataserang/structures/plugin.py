"""Plugin `satudata_structures`: the agreed structures of data, and the register of standard variables."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk


class SatudataStructuresPlugin(p.SingletonPlugin):
    """Which columns, codes and rules were agreed for which data."""

    p.implements(p.IConfigurer)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
