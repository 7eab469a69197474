"""Standar struktur data: the agreed columns of a table, as values. No CKAN, no database."""

from __future__ import annotations
