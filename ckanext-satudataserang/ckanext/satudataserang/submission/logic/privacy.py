"""The decision on personal data that a delivery was found to hold (UU 27/2022): a person takes it, never the portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.submission import actors, due, lifecycle, queries
from ckanext.satudataserang.submission.logic.deliveries import locked, not_superseded
from ckanext.satudataserang.submission.logic.inputs import text_of
from ckanext.satudataserang.submission.redacting import DISAMARKAN, redact
from ckanext.satudataserang.submission.refusals import ConflictError, invalid

DITAHAN, DILEPAS = "ditahan", "dilepas"
_DECISIONS = (DILEPAS, DISAMARKAN)
_OPEN = (life.DRAF, life.DIAJUKAN, life.MENUNGGU)


def satudata_submission_privacy(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Decide what becomes of the personal data found in a delivery; until then it cannot be approved.

    :param id: id of the delivery
    :param decision: ``disamarkan`` (the values are masked in the published table and in all that is kept beside the
        file; the file as delivered stays with the portal and is not public) or ``dilepas`` (they are published as they
        are)
    :param note: why; compulsory for ``dilepas``
    :returns: the delivery, as `satudata_submission_show`
    :rtype: dictionary
    """
    decision = str(tk.get_or_bust(data_dict, "decision"))
    note = text_of(data_dict.get("note"))
    row = locked(data_dict, context, "satudata_submission_privacy")
    try:
        if decision not in _DECISIONS:
            message = tk._("Pilih “disamarkan” atau “dilepas”.")
            raise invalid(field="decision", message=message)
        if decision == DILEPAS and not note:
            message = tk._("Tulis alasannya: mengapa data pribadi ini boleh dibaca publik, misalnya dasar hukumnya.")
            raise invalid(field="note", message=message)
        not_superseded(row)
        if not row.privacy:
            message = tk._("Tidak ada data pribadi yang ditemukan dalam kiriman ini, jadi tidak ada yang diputuskan.")
            raise ConflictError(message, "tanpa-data-pribadi")
        if row.state not in _OPEN:
            message = tk._("Kiriman ini berstatus “{state}”; keputusan diambil sebelum disetujui.")
            raise ConflictError(message.format(state=tk._(life.WORDS[row.state])), "urutan")
    except tk.ValidationError:
        model.Session.rollback()
        raise
    actor = actors.id_of(context)
    row.privacy, row.privacy_by, row.privacy_at, row.privacy_note = decision, actor, due.now(), note[:5_000]
    redact(row)
    lifecycle.remark(row, f"data_pribadi_{decision}", actor, note)
    lifecycle.commit(row.entry_id, row.period)
    return queries.shown(context, row)
