"""Signals of deliveries: what other capabilities may react to without this one knowing them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

#: Deliveries were recorded and committed. Carries `entry_ids` (plan entries whose cells changed) and `dataset_ids`
#: (datasets outside the Daftar Data that have a new delivery), both lists without repetition.
submissions_changed = tk.signals.ckanext.signal("satudata:submissions_changed")

#: Deliveries, or what excuses them, are about to be committed: sent within the transaction, with the same values.
submissions_changing = tk.signals.ckanext.signal("satudata:submissions_changing")
