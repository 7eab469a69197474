"""Satu Data Indonesia on CKAN: one folder is one capability and one plugin, `core/` is the pure rules."""
