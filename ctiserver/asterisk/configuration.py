"""Writes Asterisk's configuration: the files of dialplan/ with their values put in.

Standard library only: the container image of Asterisk runs it as well, with its values from `ASTERISK_…` variables:

    python3 -m ctiserver.asterisk.configuration /etc/asterisk
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from ipaddress import ip_address
from pathlib import Path

from ctiserver.errors import ConfigurationError

TEMPLATES = Path(__file__).parents[2] / "dialplan"
# Asterisk reports an error for each of these that is missing; their defaults are wanted.
LEFT_EMPTY = (
    *("acl.conf", "ccss.conf", "chan_websocket.conf", "features.conf", "pjproject.conf", "queuerules.conf"),
    *("res_fax.conf", "res_http_media_cache.conf", "udptl.conf", "websocket_client.conf"),
)
CALLERS_ANYONE = "pjsip_callers_anonymous.conf"
CALLERS_TRUNK = "pjsip_callers_trunk.conf"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskValues:
    """Everything that the files in dialplan/ leave open; the names are those of their `@{name}`."""

    ari_password: str
    ami_secret: str
    observer_secret: str
    # Folders
    etc: str = "/etc/asterisk"
    modules: str = "/usr/lib/x86_64-linux-gnu/asterisk/modules"
    varlib: str = "/var/lib/asterisk"
    data: str = "/usr/share/asterisk"
    spool: str = "/var/spool/asterisk"
    run: str = "/run/asterisk"
    log: str = "/var/log/asterisk"
    cache: str = "/var/cache/asterisk"
    music: str = "/usr/share/asterisk/moh"
    # Addresses
    sip_bind: str = "127.0.0.1"
    sip_port: int = 5060
    http_bind: str = "127.0.0.1"
    http_port: int = 8088
    ami_bind: str = "127.0.0.1"
    ami_port: int = 5038
    ami_permit: str = "127.0.0.1/255.255.255.255"
    # Encryption: SIP over TLS is served where a certificate (a chain in PEM) and its key are named
    tls_certificate: str = ""
    tls_key: str = ""
    tls_port: int = 5061
    rtp_start: int = 10000
    rtp_end: int = 10999
    ice_host_candidates: str = ""  # "127.0.0.1 => 10.0.0.5": what browsers are told instead of an address
    # Names
    system_name: str = "n1"
    app: str = "cti"
    ari_user: str = "ctiserver"
    ami_user: str = "ctiserver"
    # Callers and fallback
    trunk_addresses: str = ""  # "10.0.0.1,10.0.0.2"; empty: anybody on this machine may call without a password
    trunk_media_encryption: str = "no"  # "sdes": sound to and from the carrier is SRTP
    emergency_members: str = ""  # "PJSIP/1001,PJSIP/1002": rung while ctiserver is away
    emergency_wait_s: int = 120
    voicemail_prompt: str = "vm-intro"


def write_configuration(values: AsteriskValues, folder: Path, templates: Path = TEMPLATES) -> list[Path]:
    """Writes all files into `folder` (which must exist), readable only by us. Returns the files written."""
    texts = _substitutions(values)
    left_out = CALLERS_ANYONE if values.trunk_addresses else CALLERS_TRUNK
    contents = {t.name: fill_in(t, texts) for t in sorted(templates.glob("*.conf")) if t.name != left_out}
    if not contents:
        raise ConfigurationError(f"No *.conf files in {templates}", hint="start from a complete checkout")
    contents |= dict.fromkeys(LEFT_EMPTY, "; defaults\n")
    for name, text in contents.items():
        _write_private(folder / name, text)
    return [folder / name for name in contents]


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)


def fill_in(template: Path, texts: Mapping[str, str]) -> str:
    """The template's text with each `@{name}` replaced; raises ConfigurationError that names file, line and name."""
    lines: list[str] = []
    for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), start=1):

        def text_of(match: re.Match[str], number: int = number) -> str:
            if match[1] not in texts:
                raise ConfigurationError(f"{template}, line {number}: there is no value named {match[1]}")
            return texts[match[1]]

        lines.append(re.sub(r"@\{(\w+)\}", text_of, line))
    return "\n".join(lines) + "\n"


def _substitutions(values: AsteriskValues) -> dict[str, str]:
    texts = {name: str(value) for name, value in asdict(values).items()}
    for name, text in texts.items():
        if any(character in text for character in "\r\n;"):  # a line break or comment would change the file's meaning
            raise ConfigurationError(f"Asterisk's setting {name} must not hold line breaks or ';'")
    _check(values)
    members = [member.strip() for member in values.emergency_members.split(",") if member.strip()]
    candidates = f"[ice_host_candidates]\n{values.ice_host_candidates}" if values.ice_host_candidates else ""
    return texts | {
        "callers_file": CALLERS_TRUNK if values.trunk_addresses else CALLERS_ANYONE,
        "identifier_order": "username,ip" if values.trunk_addresses else "username,ip,anonymous",
        "emergency_members": "\n".join(f"member = {member}" for member in members),
        "ice_host_candidates": candidates,
        "tls_transport": _tls_transport(values),
    }


def _check(values: AsteriskValues) -> None:
    if not values.trunk_addresses and not ip_address(values.sip_bind).is_loopback:
        raise ConfigurationError(
            f"SIP would listen on {values.sip_bind} for callers whom nobody knows",
            hint="name the carrier's addresses (ASTERISK_TRUNK_ADDRESSES)",
        )
    if bool(values.tls_certificate) != bool(values.tls_key):
        raise ConfigurationError("SIP over TLS needs both a certificate and its key")
    if values.trunk_media_encryption not in ("no", "sdes"):
        raise ConfigurationError("trunk_media_encryption is either no or sdes")


def _tls_transport(values: AsteriskValues) -> str:
    """SIP over TLS; phones and carriers are told the certificate's name, which must be that by which they reach us."""
    if not values.tls_certificate:
        return "; none: no certificate is named"
    return "\n".join(
        (
            "[tls]",
            "type = transport",
            "protocol = tls",
            f"bind = {values.sip_bind}:{values.tls_port}",
            f"cert_file = {values.tls_certificate}",
            f"priv_key_file = {values.tls_key}",
            "method = tlsv1_2",
        )
    )


def values_from_environment(environment: Mapping[str, str]) -> AsteriskValues:
    """`ASTERISK_SIP_PORT=5060` and so on; numbers are checked, unknown variables are refused."""
    known = {field.name: field for field in fields(AsteriskValues)}
    values: dict[str, str | int] = {}
    for variable, text in environment.items():
        if not variable.startswith("ASTERISK_"):
            continue
        name = variable.removeprefix("ASTERISK_").lower()
        if name not in known:
            raise ConfigurationError(f"{variable}: there is no such setting", hint=f"known: {', '.join(sorted(known))}")
        if known[name].type == "int" and not text.isdigit():
            raise ConfigurationError(f"{variable}: expected a number, found {text!r}")
        values[name] = int(text) if known[name].type == "int" else text
    missing = [f"ASTERISK_{name.upper()}" for name in ("ari_password", "ami_secret") if not values.get(name)]
    if missing:
        raise ConfigurationError(f"{' and '.join(missing)} must be set: the passwords by which ctiserver signs in")
    values.setdefault("observer_secret", secrets.token_urlsafe(24))  # nobody knows it: nobody signs in
    return AsteriskValues(**values)  # type: ignore[arg-type] - names and types were checked just above


def main() -> int:
    try:
        files = write_configuration(values_from_environment(os.environ), Path(sys.argv[1]))
    except (ConfigurationError, IndexError) as error:
        sys.stderr.write(f"{error if isinstance(error, ConfigurationError) else 'usage: configuration FOLDER'}\n")
        return 2
    sys.stderr.write(f"{len(files)} files written to {sys.argv[1]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
