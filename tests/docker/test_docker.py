"""The container files, checked without an engine: schema, lint, and that nothing secret has a default."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
#: The Compose Specification's own schema (Apache-2.0), from compose-go 2.16.2.
SCHEMA = ROOT / "tests" / "data" / "compose-spec.json"
PLACE = re.compile(r"\$\{([a-z_]+)\}")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def render():
    spec = importlib.util.spec_from_file_location("render_config", DOCKER / "render_config.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compose_follows_the_specification(compose):
    jsonschema.validate(compose, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("name", ["Dockerfile", "solr.Dockerfile"])
def test_dockerfiles_pass_the_linter(name):
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, DOCKER / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["entrypoint.sh", "postgres-init.sh"])
def test_scripts_are_valid_shell(name):
    assert subprocess.run(["sh", "-n", DOCKER / name], check=False).returncode == 0


def test_services_that_last_have_a_health_check(compose):
    lasting = {name: service for name, service in compose["services"].items() if service.get("restart") != "no"}
    dockerfile = (DOCKER / "Dockerfile").read_text()
    for name, service in lasting.items():
        own_image = service.get("build", {}).get("dockerfile") == "docker/Dockerfile"
        assert "healthcheck" in service or (own_image and "HEALTHCHECK" in dockerfile), name


def test_nothing_listens_beyond_this_machine(compose):
    for name, service in compose["services"].items():
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_no_variable_has_a_default_and_all_are_in_the_example():
    text = (DOCKER / "compose.yaml").read_text()
    asked = re.findall(r"\$\{([A-Z_]+)([^}]*)\}", text)
    assert asked
    assert {rest for _, rest in asked} == {":?"}
    example = dict(
        line.split("=", 1) for line in (DOCKER / ".env.example").read_text().splitlines() if not line.startswith("#")
    )
    assert set(example) == {name for name, _ in asked}
    assert set(example.values()) == {""}


def test_the_portal_is_given_every_place_of_its_configuration(compose):
    places = {name.upper() for name in PLACE.findall((ROOT / "config" / "ckan.ini").read_text())}
    assert places == set(compose["x-portal"]["environment"])


def test_a_missing_variable_is_named_and_nothing_is_written(render, tmp_path, monkeypatch, capsys):
    template, target = tmp_path / "in", tmp_path / "out"
    template.write_text("a = ${one_thing}\nb = ${other}\n")
    monkeypatch.setenv("OTHER", "x")
    monkeypatch.delenv("ONE_THING", raising=False)
    assert render.main(template, target) == 1
    assert "ONE_THING" in capsys.readouterr().err
    assert not target.exists()


def test_the_configuration_is_readable_by_its_owner_alone(render, tmp_path, monkeypatch):
    template, target = tmp_path / "in", tmp_path / "out"
    template.write_text("a = ${one}\n")
    monkeypatch.setenv("ONE", "50%")
    assert render.main(template, target) == 0
    assert target.read_text() == "a = 50%%\n"
    assert target.stat().st_mode & 0o077 == 0
