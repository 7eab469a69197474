"""Import of the city's former statistics application (SIKONDANG): pure rules.

`plan_import` reads the four exported tables and says what an import would write; nothing here touches CKAN.
"""

from __future__ import annotations

from ckanext.satudataserang.core.legacy.findings import Finding, report_csv
from ckanext.satudataserang.core.legacy.plan import CellFacts, DataRow, Family, ImportPlan, Totals
from ckanext.satudataserang.core.legacy.planner import plan_import
from ckanext.satudataserang.core.legacy.region import AliasError, Aliases, Office, Region, read_aliases
from ckanext.satudataserang.core.legacy.tables import TABLES, ImportRefusedError

__all__ = [
    "TABLES",
    "AliasError",
    "Aliases",
    "CellFacts",
    "DataRow",
    "Family",
    "Finding",
    "ImportPlan",
    "ImportRefusedError",
    "Office",
    "Region",
    "Totals",
    "plan_import",
    "read_aliases",
    "report_csv",
]
