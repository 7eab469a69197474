"""The wheel carries everything: built, installed into an empty environment, and looked through there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "ckanext/satudataserang"
LOOK = """
import importlib.metadata as metadata, json, sys
from importlib.resources import files
distribution = metadata.distribution("ckanext-satudataserang")
points = sorted((point.group, point.name, point.value) for point in distribution.entry_points)
names = [str(path) for path in distribution.files]
import ckanext.satudataserang, ckanext.satudataserang.schemas
sizes = {name: len(files("ckanext.satudataserang").joinpath(name).read_bytes()) for name in sys.argv[1:]}
print(json.dumps({"points": points, "names": names, "sizes": sizes}))
"""
#: One file of each kind that is easily forgotten, inside the package.
KINDS = (
    "schemas/sdi_dataset.yaml",
    "schemas/kode/urusan.csv",
    "i18n/en/LC_MESSAGES/ckanext-satudataserang.mo",
    "i18n/id/LC_MESSAGES/ckanext-satudataserang.mo",
    "migration/satudata_plan/alembic.ini",
    "migration/satudata_plan/versions/001_plan_entry.py",
    "migration/satudata_completeness/versions/001_cells_and_figures.py",
    "portal/templates/base.html",
    "portal/assets/webassets.yml",
    "completeness/assets/webassets.yml",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What an empty environment knows of the package after installing the wheel alone."""
    folder = tmp_path_factory.mktemp("wheel")
    # Built from a copy: setuptools leaves its build folder behind, and takes up what an old one holds.
    source = folder / "source"
    for name in ("ckanext-satudataserang", "schemas", "config/daerah"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--python", python, "--no-deps", "--offline", wheel]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The schemas are mapped into the package; an installed one must not need the repository.
    looked = subprocess.run([python, "-I", "-c", LOOK, *KINDS], capture_output=True, text=True, check=False, cwd=folder)
    assert looked.returncode == 0, looked.stderr
    return json.loads(looked.stdout)


def test_entry_points_of_every_plugin_and_the_rdf_profile(installed):
    plugins = {name for group, name, _ in installed["points"] if group == "ckan.plugins"}
    assert plugins == {
        "satudata",
        "satudata_plan",
        "satudata_submission",
        "satudata_full_text",
        "satudata_structures",
        "satudata_completeness",
        "satudata_consistency",
        "satudata_chase",
        "satudata_sikondang",
        "satudata_dcat",
        "satudata_portal",
    }
    assert ("ckan.rdf.profiles", "sdi_dcat") in {(group, name) for group, name, _ in installed["points"]}


def test_every_entry_point_names_a_module_of_the_wheel(installed):
    names = set(installed["names"])
    for group, _, value in installed["points"]:
        module = value.split(":")[0].replace(".", "/")
        assert group == "babel.extractors" or f"{module}.py" in names, value


@pytest.mark.parametrize("kind", KINDS)
def test_data_files_travel_with_the_code(installed, kind):
    assert installed["sizes"][kind] > 0


def test_every_tracked_file_of_the_package_is_in_the_wheel(installed):
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "ckanext-satudataserang", "schemas", "config/daerah"],
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    places = {"ckanext-satudataserang/": "", "schemas/": f"{PACKAGE}/schemas/", "config/daerah/": f"{PACKAGE}/daerah/"}
    expected = {
        target + path.removeprefix(source)
        for path in listed.stdout.splitlines()
        for source, target in places.items()
        if path.startswith(source) and (ROOT / path).is_file()
    }
    assert expected - set(installed["names"]) == set()


def test_nothing_foreign_is_in_the_wheel(installed):
    assert all(
        name.startswith((f"{PACKAGE}/", "ckanext_satudataserang-")) and "__pycache__" not in name
        for name in installed["names"]
    )
