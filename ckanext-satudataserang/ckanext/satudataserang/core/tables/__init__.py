"""Reading tables as they come from offices: encoding, delimiter, header, types, periods. No CKAN, no database."""

from __future__ import annotations
