"""Addresses that name things in metadata."""

from __future__ import annotations

from ckanext.satudataserang.catalogue import config

__all__ = ["wilayah_uri"]


def wilayah_uri(kode: str) -> str:
    """The URI of an area by its Kemendagri code; the portal answers there with a page about the area."""
    return f"{config.uri_wilayah()}/{kode}"
