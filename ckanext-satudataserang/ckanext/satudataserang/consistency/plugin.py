"""Plugin `satudata_consistency`: the same figure wherever it is published."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk


class SatudataConsistencyPlugin(p.SingletonPlugin):
    """Rules of sameness, what they find, and the conflicts between OPDs."""

    p.implements(p.IConfigurer)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
