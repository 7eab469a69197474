"""Repairs around ckanext-dcat's catalogue actions; the actions themselves stay its own."""

from __future__ import annotations

import datetime
from typing import Any

from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Action, Context, DataDict


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Serialize one page of the catalogue; see ckanext-dcat.

    A moment with a time zone in `modified_since` is understood (ckanext-dcat alone passes on a form Solr refuses), and
    a query Solr refuses is the asker's fault, with a sentence, rather than ours.

    :raises ValidationError: for an unreadable moment or query.
    """
    cleaned = {**data_dict, "modified_since": _naive_utc(data_dict.get("modified_since"))}
    try:
        return next_action(context, cleaned)
    except SearchError as err:
        msg = tk._("Pencarian ini tidak dapat dibaca mesin pencari. Periksa isi q dan fq.")
        raise tk.ValidationError({"q": [msg]}) from err


def _naive_utc(moment: str | None) -> str | None:
    if not moment:
        return None
    try:
        parsed = parse_date(moment)
    except (ParserError, OverflowError):
        return moment
    if parsed.tzinfo:
        parsed = parsed.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return parsed.isoformat()
