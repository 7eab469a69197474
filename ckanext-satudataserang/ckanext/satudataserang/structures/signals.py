"""Signals of the structures: what others may react to without the structures knowing them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

#: Another version of some structures came into force and was committed; carries `kodes`, a list of their kodes.
structures_changed = tk.signals.ckanext.signal("satudata:structures_changed")
