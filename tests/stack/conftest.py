"""The stack tool lies in `config/` and is run from there, not installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "config"))


@pytest.fixture
def make_instance(tmp_path):
    """Return a function that lays out a checkout of its own and gives an instance in it, with ports chosen."""
    from stack import ports
    from stack.instance import Instance
    from stack.settings import Settings

    for name in ("ckan.ini", "test.ini"):
        (tmp_path / "config").mkdir(exist_ok=True)
        shutil.copy2(ROOT / "config" / name, tmp_path / "config" / name)
    shutil.copytree(ROOT / "config" / "solr", tmp_path / "config" / "solr")
    (tmp_path / "config" / "daerah").mkdir()
    (tmp_path / "config" / "daerah" / "kota-serang.yaml").write_text("nama: Kota Contoh\nwalidata: kominfo # catatan\n")

    def make(name: str = "portal", **settings: str) -> Instance:
        instance = Instance(name, root=tmp_path, settings=Settings(settings))
        instance.make_folders()
        ports.save(instance.ports_file, ports.wanted(name, settings))
        return instance

    return make
