"""Plugin `satudata_submission`: deliveries, from the uploaded file to the DataStore and the facts of completeness."""

from __future__ import annotations

import ckan.plugins as p

from . import model  # noqa: F401 (the tables belong to CKAN's metadata as soon as the plugin is known)


class SatudataSubmissionPlugin(p.SingletonPlugin):
    """Reads what is uploaded and records what was delivered."""
