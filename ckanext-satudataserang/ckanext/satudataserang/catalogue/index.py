"""What of a dataset goes into the search index, in a shape Solr's stock schema takes.

Groups of subfields under a plain name break indexing, so they go in as JSON text. `urusan` and `frequency` are single
values and can be filtered by as they are. What may hold many values, or what people search by in words, goes into
`vocab_` fields, which may be lists and are copied to the full text.
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.satudataserang.catalogue import tables


def indexable(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the index document with composite values as text and the portal's own filters filled."""
    document = {key: _plain(value) for key, value in pkg_dict.items()}
    affair = tables.urusan().get(str(pkg_dict.get("urusan") or ""))
    if affair:
        document["vocab_satudata_urusan"] = [affair.nama, affair.kelompok]
    years = _list(pkg_dict.get("prioritas_tahun"))
    if years:
        document["vocab_satudata_prioritas"] = [str(year) for year in years]
    return document


def _plain(value: Any) -> Any:
    """JSON text for a group of subfields or a list of such groups; anything else as it is."""
    composite = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))
    return json.dumps(value, ensure_ascii=False) if composite else value


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []
