"""Signals of sameness: what others may react to without this capability knowing them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

#: Comparisons or conflicts change: heard in the transaction that changes them; carries `entry_ids`.
comparisons_changing = tk.signals.ckanext.signal("satudata:comparisons_changing")
#: Comparisons or conflicts changed and were committed; carries `entry_ids`, the plan entries on either side.
comparisons_changed = tk.signals.ckanext.signal("satudata:comparisons_changed")
