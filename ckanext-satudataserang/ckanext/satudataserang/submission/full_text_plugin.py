"""Plugin `satudata_full_text`: `datastore_search` finds in large tables whose full text is still being made.

A plugin of its own because the DataStore wants to be the first that looks at its queries: list it after `datastore`,
while ours that bring templates stand before it.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p

from ckanext.datastore.interfaces import IDatastore
from ckanext.satudataserang.submission import full_text


class SatudataFullTextPlugin(p.SingletonPlugin):
    """Plugin `satudata_full_text`."""

    p.implements(IDatastore, inherit=True)

    def datastore_search(
        self, context: Any, data_dict: dict[str, Any], fields_types: dict[str, str], query_dict: dict[str, Any]
    ) -> dict[str, Any]:
        return full_text.searched(data_dict["resource_id"], data_dict, query_dict)
