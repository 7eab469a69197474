"""What the action of the evidence bundle does."""

from __future__ import annotations

import tempfile
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict, Schema, Validator

from ckanext.satudataserang.catalogue import pdf
from ckanext.satudataserang.completeness.evidence import bundle

#: Where a caller within the portal wants the zip: an open binary file in the context.
TARGET = "satudata_evidence_target"
_MOST_OPDS = 1000
_YEARS = range(1900, 2201)


@tk.validator_args
def schema(ignore_empty: Validator, int_validator: Validator) -> Schema:
    """Parameters of satudata_evidence_bundle."""
    return {"year": [ignore_empty, int_validator, _reasonable], "tahun": [ignore_empty, int_validator, _reasonable]}


def make(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make the bundle of a year and return its manifest, with the name and the address of the zip."""
    year = data_dict.get("year") or data_dict.get("tahun")
    if not year:
        raise tk.ValidationError({"year": [tk._("Sebutkan tahunnya, misalnya 2016.")]})
    now = datetime.now(timezone.utc)
    with pdf.in_indonesian():
        shown = tk.get_action("satudata_completeness_show")(
            tk.fresh_context(context), {"year": year, "group_by": "opd", "limit": _MOST_OPDS}
        )
        target: Any = context.get(TARGET)
        if target is not None:
            manifest = bundle.write(target, year, now, shown)
        else:
            with tempfile.TemporaryFile() as unseen:
                manifest = bundle.write(unseen, year, now, shown)
        address = tk.url_for("satudata_reports.evidence", tahun=year, qualified=True, locale="default")
    return {**manifest, "filename": bundle.filename(year), "url": address}


def _reasonable(value: int) -> int:
    if value not in _YEARS:
        message = tk._("Tahun {year} di luar rentang {first}–{last}. Pilih tahun lain.")
        raise tk.Invalid(message.format(year=value, first=_YEARS[0], last=_YEARS[-1]))
    return value
