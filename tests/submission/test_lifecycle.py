"""A delivery from draft to publication, and every way in which it is refused."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.submission.model import Submission, SubmissionEvent
from ckanext.satudataserang.submission.refusals import ConflictError

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_facts", "clean_queues", "with_request_context", "kept")

ROWS = [
    {"kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 10},
    {"kode_wilayah": "36.73.02", "kecamatan": "Kasemen", "penduduk": 20},
]


@pytest.fixture
def deliver(act, cast, entry):
    """Deliver for 2025; keywords are parameters of the action."""

    def call(user=None, **data):
        told = {"entry": entry.kode, "period": "2025", **data}
        if not {"rows", "upload", "nil", "confirms"} & set(told):
            told["rows"] = ROWS
        return act(user or cast.produsen, "submission_create", **told)

    return call


def table_of(resource_id):
    found = tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": resource_id, "sort": "_id"})
    return [{key: value for key, value in row.items() if key != "_id"} for row in found["records"]]


def test_from_typed_rows_to_the_published_table(deliver, act, cast, public):
    sent = deliver()
    assert sent["state"] == "menunggu_pemeriksaan"
    assert (sent["filled_values"], sent["expected_values"], sent["valid"]) == (2, 6, True)
    assert sent["reasons"] == ["nilai-kosong"]
    approved = act(cast.walidata, "submission_transition", id=sent["id"], to="disetujui")
    assert approved["state"] == "disetujui"
    assert approved["next"] == ["terbit"]
    done = act(cast.walidata, "submission_transition", id=sent["id"], to="terbit")
    assert (done["state"], done["problem"], done["dataset_id"]) == ("terbit", "", public["id"])
    assert table_of(done["resource_id"]) == [
        {"periode": "2025", "kode_wilayah": "36.73.01", "kecamatan": "Serang", "penduduk": 10},
        {"periode": "2025", "kode_wilayah": "36.73.02", "kecamatan": "Kasemen", "penduduk": 20},
    ]
    steps = [(event["action"], event["from_state"], event["to_state"]) for event in done["events"]]
    assert steps == [
        ("buat", None, "draf"),
        ("kirim", "draf", "diajukan"),
        ("periksa", "diajukan", "menunggu_pemeriksaan"),
        ("setujui", "menunggu_pemeriksaan", "disetujui"),
        ("minta_terbit", "disetujui", "disetujui"),
        ("terbit", "disetujui", "terbit"),
    ]
