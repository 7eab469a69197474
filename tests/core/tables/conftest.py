"""A file as it was handed in, read into a grid."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.tables.opening import opened


@pytest.fixture
def read(tmp_path):
    def read(content, **options):
        path = tmp_path / "berkas"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return opened(path, "berkas", directory=tmp_path, **options)

    return read
