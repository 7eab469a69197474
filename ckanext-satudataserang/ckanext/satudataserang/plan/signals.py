"""Signals of the plan: what others may react to without the plan knowing them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

#: Plan entries were created or changed and committed; carries `entry_ids`, a list of their ids.
plan_changed = tk.signals.ckanext.signal("satudata:plan_changed")

#: The same, sent within the transaction that changes them, before its commit.
plan_changing = tk.signals.ckanext.signal("satudata:plan_changing")
