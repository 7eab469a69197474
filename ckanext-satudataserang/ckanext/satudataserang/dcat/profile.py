"""The SDI profile: what Satu Data Indonesia adds to DCAT-AP."""

from __future__ import annotations

from ckanext.dcat.profiles import EuropeanDCATAP3Profile


class SdiDcatProfile(EuropeanDCATAP3Profile):
    """SDI terms on top of DCAT-AP 3."""
