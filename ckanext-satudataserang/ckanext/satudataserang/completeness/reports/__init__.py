"""Reports on paper: the "Rapor OPD", one page each, and the city's summary. Their data come through the actions."""

from __future__ import annotations
