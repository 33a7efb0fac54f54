"""The files of dialplan/ get their values, all of them, and nothing can be smuggled in through a value."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ctiserver.asterisk.configuration import (
    TEMPLATES,
    AsteriskValues,
    fill_in,
    values_from_environment,
    write_configuration,
)
from ctiserver.errors import ConfigurationError

VALUES = AsteriskValues(ari_password="ari-secret", ami_secret="ami-secret", observer_secret="look-secret")


def written(folder: Path, values: AsteriskValues) -> dict[str, str]:
    return {file.name: file.read_text() for file in write_configuration(values, folder)}


def test_every_value_has_its_place_and_every_place_its_value(tmp_path: Path) -> None:
    places = {name for file in TEMPLATES.glob("*.conf") for name in re.findall(r"@\{(\w+)\}", file.read_text())}
    derived = {"callers_file", "identifier_order", "tls_transport"}
    within = {"tls_certificate", "tls_key", "tls_port"}  # of the transport
    assert (places - derived) | within == {field.name for field in fields(AsteriskValues)}
    texts = written(tmp_path, VALUES)
    assert not [name for name, text in texts.items() if "@{" in text]


def test_files_with_passwords_are_closed_to_others(tmp_path: Path) -> None:
    for file in write_configuration(VALUES, tmp_path):
        assert file.stat().st_mode & 0o777 == 0o600, file.name


def test_without_a_trunk_anybody_on_this_machine_may_call(tmp_path: Path) -> None:
    texts = written(tmp_path, VALUES)
    assert '#include "pjsip_callers_anonymous.conf"' in texts["pjsip.conf"]
    assert "endpoint_identifier_order = username,ip,anonymous" in texts["pjsip.conf"]
    assert "pjsip_callers_trunk.conf" not in texts


def test_with_a_trunk_only_its_addresses_may_call(tmp_path: Path) -> None:
    texts = written(tmp_path, replace(VALUES, trunk_addresses="192.0.2.1,192.0.2.2"))
    assert "match = 192.0.2.1,192.0.2.2" in texts["pjsip_callers_trunk.conf"]
    assert "endpoint_identifier_order = username,ip\n" in texts["pjsip.conf"]
    assert "pjsip_callers_anonymous.conf" not in texts


@pytest.mark.parametrize("bind", ["0.0.0.0", "198.51.100.7", "::"])  # noqa: S104 - that is the point
def test_sip_for_the_world_without_a_carrier_is_refused(tmp_path: Path, bind: str) -> None:
    with pytest.raises(ConfigurationError, match="ASTERISK_TRUNK_ADDRESSES"):
        write_configuration(replace(VALUES, sip_bind=bind), tmp_path)
    assert write_configuration(replace(VALUES, sip_bind=bind, trunk_addresses="192.0.2.1"), tmp_path)


def test_callers_get_into_no_context_of_agents(tmp_path: Path) -> None:
    for values in (VALUES, replace(VALUES, trunk_addresses="192.0.2.1")):
        texts = written(tmp_path, values)
        callers = [text for name, text in texts.items() if name.startswith("pjsip_callers_")]
        assert [re.findall(r"^context = (\w+)", text, re.MULTILINE) for text in callers] == [["trunk"]]
        trunk = texts["extensions.conf"].partition("[trunk]")[2].partition("\n[")[0]
        assert set(re.findall(r"Goto\((\w+),", trunk)) == {"hotline"}


def test_sip_over_tls_where_there_is_a_certificate(tmp_path: Path) -> None:
    assert "protocol = tls" not in written(tmp_path, VALUES)["pjsip.conf"]
    values = replace(VALUES, tls_certificate="/etc/ssl/sip.crt", tls_key="/etc/ssl/sip.key", sip_bind="127.0.0.1")
    text = written(tmp_path, values)["pjsip.conf"]
    assert "bind = 127.0.0.1:5061" in text
    assert "cert_file = /etc/ssl/sip.crt" in text
    with pytest.raises(ConfigurationError, match="certificate and its key"):
        write_configuration(replace(values, tls_key=""), tmp_path)


def test_the_carriers_sound_can_be_encrypted(tmp_path: Path) -> None:
    values = replace(VALUES, trunk_addresses="192.0.2.1", trunk_media_encryption="sdes")
    assert "media_encryption = sdes" in written(tmp_path, values)["pjsip_callers_trunk.conf"]
    with pytest.raises(ConfigurationError, match="no or sdes"):
        write_configuration(replace(values, trunk_media_encryption="yes"), tmp_path)


def test_members_of_the_emergency_desk_are_lines_of_their_own(tmp_path: Path) -> None:
    texts = written(tmp_path, replace(VALUES, emergency_members="PJSIP/1001, PJSIP/1002"))
    assert texts["queues.conf"].endswith("member = PJSIP/1001\nmember = PJSIP/1002\n")


@pytest.mark.parametrize("value", ["secret\n[admin]", "x;comment", "a\rb"])
def test_a_value_cannot_add_lines(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigurationError, match="ari_password must not hold"):
        write_configuration(replace(VALUES, ari_password=value), tmp_path)


def test_an_unknown_place_is_named_with_file_and_line(tmp_path: Path) -> None:
    template = tmp_path / "http.conf"
    template.write_text("[general]\nbindport = @{http_prot}\n")
    with pytest.raises(ConfigurationError, match=r"http\.conf, line 2: there is no value named http_prot"):
        fill_in(template, {})


def test_values_come_from_variables_in_a_container() -> None:
    environment = {"ASTERISK_ARI_PASSWORD": "a", "ASTERISK_AMI_SECRET": "b", "ASTERISK_SIP_PORT": "5080", "HOME": "/"}
    values = values_from_environment(environment)
    assert (values.ari_password, values.ami_secret, values.sip_port) == ("a", "b", 5080)
    assert len(values.observer_secret) > 20, "an account with an empty password would be open to everybody"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "ASTERISK_ARI_PASSWORD and ASTERISK_AMI_SECRET must be set"),
        ({"ASTERISK_ARI_PASSWROD": "a"}, "ASTERISK_ARI_PASSWROD: there is no such setting"),
        ({"ASTERISK_SIP_PORT": "sip"}, "ASTERISK_SIP_PORT: expected a number, found 'sip'"),
    ],
)
def test_wrong_variables_are_named(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        values_from_environment(variables)
