"""The action about what was frozen of one OPD, month by month."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.completeness import asked
from ckanext.satudataserang.completeness.logic import schema
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.core.measures import Ratio, index
from ckanext.satudataserang.core.windows import month_key

#: Only the figure of one OPD is taken out of each month, so that years of them cost one small statement.
_FROZEN = """
    SELECT month, as_of, rule_version,
           convert_from(output, 'UTF8')::jsonb #> ARRAY['window', 'opd', CAST(:opd AS text)] AS figure
    FROM satudata_snapshot WHERE month BETWEEN :low AND :high ORDER BY month DESC
"""


@tk.side_effect_free
@tk.validate_action_data(schema.snapshot_history)
def satudata_snapshot_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what was frozen of one OPD at the close of each month, and what today's weights make of the same counts.

    Every month tells of the twelve months that end with it.

    :param opd: name or id of the OPD
    :param dari: first month, ``YYYY-MM``
    :param sampai: last month, ``YYYY-MM``, included
    :returns: ``{"current_rule_version", "results": [{"month", "as_of", "rule_version", "measures": {name: [numerator,
        denominator]}, "index", "band", "recomputed_index"}, …] newest first}``; months without anything of this OPD
        are left out
    :rtype: dictionary
    """
    tk.check_access("satudata_snapshot_history", context, data_dict)
    window, opd_id = asked.window(data_dict), asked.opd_id(data_dict["opd"])
    rows = model.Session.execute(sa.text(_FROZEN), {"opd": opd_id, "low": window.first, "high": window.last}).mappings()
    return {
        "current_rule_version": rules().version,
        "results": [
            {
                "month": month_key(row["month"]),
                "as_of": row["as_of"].isoformat(),
                "rule_version": row["rule_version"],
                **row["figure"],
                "recomputed_index": _now(row["figure"]),
            }
            for row in rows
            if row["figure"]
        ],
    }


def _now(figure: dict[str, Any]) -> float | None:
    return index({name: Ratio(*parts) for name, parts in figure["measures"].items()}, rules().weights)
