"""How the services are started: only on the loopback address, never as more than needed, and durable."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from configparser import RawConfigParser

import pytest
from stack import postgres, redis, shell, solr, supervisor
from stack.errors import StackError
from stack.instance import Instance


@pytest.fixture
def parts(make_instance):
    instance = make_instance()
    return instance, {program.name: program for program in supervisor.programs(instance)}


def test_every_part_listens_on_the_loopback_address_only(parts):
    instance, programs = parts
    assert "listen_addresses=127.0.0.1" in programs["postgres"].command
    assert "unix_socket_directories=" in programs["postgres"].command
    assert "bind 127.0.0.1" in redis.configure(instance).read_text()
    assert programs["solr"].command[programs["solr"].command.index("--host") + 1] == "127.0.0.1"
    assert f"127.0.0.1:{instance.ports['web']}" in programs["web"].command


def test_no_password_stands_on_a_command_line(parts):
    instance, programs = parts
    words = " ".join(word for program in programs.values() for word in program.command)
    assert not any(secret in words for secret in instance.secrets.values())


def test_the_portal_survives_a_power_cut_and_test_data_need_not(make_instance):
    assert "fsync=off" not in postgres.command(make_instance())
    assert "fsync=off" in postgres.command(make_instance("test_x"))
    assert "appendonly yes" in redis.configure(make_instance()).read_text()


def test_worker_serves_all_queues_with_its_scheduler(parts):
    _, programs = parts
    command = programs["worker"].command
    assert command[-len(supervisor.QUEUES) :] == list(supervisor.QUEUES)
    assert "--no-scheduler" not in command


def test_supervisor_configuration_reads_back_as_meant(parts):
    instance, programs = parts
    text = supervisor.render(instance, list(programs.values()))
    parser = RawConfigParser(strict=True)
    parser.read_string(text)
    assert parser["inet_http_server"]["port"].startswith("127.0.0.1:")
    assert parser["inet_http_server"]["password"] == instance.secrets["supervisor"]
    for name, program in programs.items():
        section = parser[f"program:{name}"]
        assert section["autorestart"] == "true"
        assert section["autostart"] == str(program.autostart).lower()
        assert int(section["stdout_logfile_backups"]) >= 1


def test_supervisor_splits_our_command_lines_as_we_joined_them(parts):
    import shlex

    instance, programs = parts
    parser = RawConfigParser(strict=True)
    parser.read_string(supervisor.render(instance, list(programs.values())))
    for name, program in programs.items():
        assert shlex.split(parser[f"program:{name}"]["command"].replace("%%", "%")) == program.command


def test_solr_asks_for_the_generated_password(make_instance):
    instance = make_instance()
    solr.home(instance).mkdir()
    solr._write_security(instance)
    path = solr.home(instance) / "security.json"
    security = json.loads(path.read_text())
    digest, salt = security["authentication"]["credentials"]["ckan"].split(" ")
    once = hashlib.sha256(base64.b64decode(salt) + instance.secrets["solr"].encode()).digest()
    assert base64.b64decode(digest) == hashlib.sha256(once).digest()
    assert security["authentication"]["blockUnknown"] is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    solr._write_security(instance)
    assert path.read_text() == before, "the same password must not change the file under a running Solr"


def test_solr_core_takes_the_schema_of_the_installed_ckan(make_instance, tmp_path):
    instance = make_instance()
    schema = instance.venv / "lib" / "python3.11" / "site-packages" / "ckan" / "config" / "solr" / "schema.xml"
    schema.parent.mkdir(parents=True)
    schema.write_text("<schema/>")
    assert solr.configure(instance) == ["portal"]
    conf = solr.home(instance) / "cores" / "portal" / "conf"
    assert {path.name for path in conf.iterdir()} == {
        "schema.xml",
        "solrconfig.xml",
        "protwords.txt",
        "stopwords.txt",
        "synonyms.txt",
    }
    assert solr.configure(instance) == []
    schema.write_text("<schema version='2'/>")
    assert solr.configure(instance) == ["portal"]


def test_only_a_barred_folder_earns_extra_capabilities(tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "_barred", lambda _: False)
    assert "--ambient-caps" not in " ".join(shell.unprivileged("postgres", tmp_path))
    monkeypatch.setattr(shell, "_barred", lambda _: True)
    prefix = shell.unprivileged("postgres", tmp_path)
    assert "--reuid=postgres" in prefix
    assert "--ambient-caps=+dac_override,+dac_read_search" in prefix


def test_a_private_parent_bars_the_way(tmp_path):
    inner = tmp_path / "privat" / "dalam"
    inner.mkdir(parents=True)
    (tmp_path / "privat").chmod(0o700)
    assert shell._barred(inner)


@pytest.mark.parametrize("name", ["../lain", "Portal", "a b", "", "1portal"])
def test_an_instance_cannot_leave_its_folder(name):
    with pytest.raises(StackError, match="tidak sah"):
        Instance(name)


def test_what_outlived_its_supervisor_is_found_and_ended(make_instance, tmp_path):
    import subprocess
    import sys

    from stack import leftovers

    instance = make_instance("bukti")
    # A process that carries one of our programs' names; what it does does not matter.
    script = tmp_path / "ckan"
    script.write_text("import time\nprint('siap', flush=True)\ntime.sleep(60)\n")
    with subprocess.Popen([sys.executable, str(script)], cwd=instance.run, stdout=subprocess.PIPE) as orphan:
        assert orphan.stdout is not None
        assert orphan.stdout.readline() == b"siap\n"
        assert leftovers.find(instance) == {orphan.pid: "ckan"}
        assert leftovers.find(make_instance("lain")) == {}
        orphan.terminate()
        orphan.wait(10)
    assert leftovers.sweep(instance) == []
