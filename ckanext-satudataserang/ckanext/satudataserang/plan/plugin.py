"""Plugin `satudata_plan`: the Daftar Data."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk


@tk.blanket.actions
@tk.blanket.auth_functions
class SatudataPlanPlugin(p.SingletonPlugin):
    """What is to be collected, by whom and when."""
