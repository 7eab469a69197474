"""Metadata out as DCAT: the SDI profile, its vocabulary, and guards around ckanext-dcat's endpoints."""

from __future__ import annotations

import ckan.plugins as p


class SatudataDcatPlugin(p.SingletonPlugin):
    """Plugin `satudata_dcat`."""

    p.implements(p.IConfigurable)

    def configure(self, config: object) -> None:
        """Take the site's configuration as it is."""
