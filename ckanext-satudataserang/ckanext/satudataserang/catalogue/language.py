"""Texts of the schemas in the reader's language.

Labels in `schemas/*.yaml` are given per language. Rules also run where nobody reads a page (jobs, the command line);
there the portal's own language stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import has_request_context

import ckan.plugins.toolkit as tk

__all__ = ["current", "text"]


def current() -> str:
    """The reader's language, or the portal's where there is no reader."""
    return (tk.h.lang() if has_request_context() else None) or tk.config["ckan.locale_default"]


def text(label: Mapping[str, str] | str | None) -> str:
    """The label in the reader's language; where it lacks that, in the portal's, then in any."""
    if not label:
        return ""
    if isinstance(label, str):
        return label
    return label.get(current()) or label.get(tk.config["ckan.locale_default"]) or next(iter(label.values()))
