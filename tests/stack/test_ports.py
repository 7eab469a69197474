"""Ports: the preferred one when free, a neighbour and a note when not, and the same again next time."""

from __future__ import annotations

import socket

import pytest
from stack import ports
from stack.errors import StackError

PREFERRED = {"web": 5000, "redis": 6389}


def test_free_ports_are_taken_as_preferred():
    assert ports.choose(PREFERRED, {}, free=lambda _: True) == (PREFERRED, [])


def test_a_taken_port_gives_the_next_free_one_and_says_both():
    chosen, notes = ports.choose(PREFERRED, {}, free=lambda port: port not in {5000, 5001})
    assert chosen == {"web": 5002, "redis": 6389}
    assert len(notes) == 1
    assert "Port 5000 (web)" in notes[0]
    assert "port 5002" in notes[0]


def test_a_recorded_port_is_kept_although_the_preferred_one_is_free_again():
    chosen, notes = ports.choose(PREFERRED, {"web": 5002}, free=lambda _: True)
    assert chosen["web"] == 5002
    assert notes == []


def test_no_two_services_share_a_port():
    chosen, _ = ports.choose({"web": 5000, "redis": 5001}, {}, free=lambda port: port != 5000)
    assert chosen == {"web": 5001, "redis": 5002}


def test_nothing_free_nearby_names_the_setting_to_change():
    with pytest.raises(StackError, match=r"Port 5000 untuk web terpakai.*SATUDATA_PORT_WEB"):
        ports.choose(PREFERRED, {}, free=lambda _: False)


def test_a_listening_program_makes_a_port_taken():
    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_settings_set_ports_and_other_instances_prefer_other_ones():
    assert ports.wanted("portal", {"SATUDATA_PORT_WEB": "8080"})["web"] == 8080
    assert not set(ports.wanted("portal", {}).values()) & set(ports.wanted("test", {}).values())


@pytest.mark.parametrize("value", ["80", "70000", "lima"])
def test_what_is_no_port_is_refused(value):
    with pytest.raises(StackError, match=f"SATUDATA_PORT_WEB={value} bukan nomor port"):
        ports.wanted("portal", {"SATUDATA_PORT_WEB": value})


def test_one_port_for_two_services_is_refused():
    with pytest.raises(StackError, match="lebih dari satu layanan"):
        ports.wanted("portal", {"SATUDATA_PORT_WEB": "8080", "SATUDATA_PORT_SOLR": "8080"})


def test_recorded_ports_are_read_back(tmp_path):
    path = tmp_path / "ports.json"
    assert ports.load(path) == {}
    ports.save(path, PREFERRED)
    assert ports.load(path) == PREFERRED


def test_a_port_that_was_set_later_wins_over_the_recorded_one():
    wanted = ports.wanted("portal", {"SATUDATA_PORT_WEB": "8080"})
    recorded = {"web": 5000, "solr": 9100}
    kept = ports.unsettled(recorded, wanted, {"SATUDATA_PORT_WEB": "8080"})
    assert kept == {"solr": 9100}
    assert ports.choose(wanted, kept, lambda _port: True)[0]["web"] == 8080


def test_no_port_is_chosen_that_browsers_refuse():
    assert not ports.is_free(6000)
    assert ports.choose({"web": 6000}, {})[0]["web"] != 6000
