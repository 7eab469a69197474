"""Texts, cells and findings without what is about persons in them, for where they are kept or shown beside a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudataserang.core.findings import filled

from .privacy import JOINED, SIGNED, kinds_in, mask

__all__ = ["hidden", "hidden_cell", "hidden_finding"]

#: No number of a person has so few digits.
_SHORT = 7
_MOST_KINDS = 4


def hidden(text: str) -> str:
    """A text in which every number of a person and every address is masked."""
    for _kind in range(_MOST_KINDS):
        if not (kinds := kinds_in(text)):
            break
        for kind in sorted(kinds):
            text = mask(text, kind)
    return text


def hidden_cell(text: str, kind: str) -> str:
    """A cell of a column with data about persons.

    :param kind: what the column holds: one of `privacy.KINDS`, joined to others by ``+``, or any other word for all of
        it; names of who signed are no matter of a single cell
    """
    for one in kind.split(JOINED):
        text = text if one == SIGNED else mask(text, one)
    return hidden(text)


def hidden_finding(found: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """A finding (`Finding.as_dict`) as it may be kept once its column is masked; `kind` empty for other columns."""
    column = str(found.get("column") or "")

    def told(text: object) -> str:
        said = str(text)
        if said == column or (said.isdigit() and len(said) <= _SHORT):
            return said
        return hidden_cell(said, kind) if kind else hidden(said)

    params = {name: told(value) for name, value in (found.get("params") or {}).items()}
    return {
        **found,
        "value": told(found.get("value") or ""),
        "params": params,
        "message": _said(str(found.get("template") or ""), str(found.get("message") or ""), params),
        "advice": _said(str(found.get("advice_template") or ""), str(found.get("advice") or ""), params),
    }


def _said(template: str, written: str, params: Mapping[str, str]) -> str:
    try:
        return filled(template, params) if template and params else hidden(written)
    except (KeyError, ValueError, IndexError):
        return hidden(written)
