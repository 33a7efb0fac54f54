"""An Asterisk as it stands at a carrier: callers come from one address, phones sign in, signalling can be encrypted."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.directory import Directory
from ctiserver.free_ports import choose_free_port
from ctiserver.ports import LinkUp, PhoneSeen
from ctiserver.unprivileged import give, service_user
from tests.asterisk.edge.conftest import Listener, agent, eventually, listening, settings_of
from tests.real_parts import free_asterisk_ports, service_folder

CARRIER = "127.0.0.9"
STRANGER = "127.0.0.2"


@dataclass
class Walled:
    asterisk: LocalAsterisk
    tls_port: int

    @property
    def sip(self) -> tuple[str, int]:
        return "127.0.0.1", self.asterisk.ports.sip

    @property
    def tls_address(self) -> str:
        return f"127.0.0.1:{self.tls_port}"


@pytest.fixture(scope="module")
def walled(asterisk_programs: AsteriskPrograms) -> Iterator[Walled]:
    with service_folder() as folder:
        certificate, key = _certificate(folder)
        tls_port = choose_free_port()
        more: dict[str, str | int] = {
            "trunk_addresses": CARRIER,
            "tls_certificate": str(certificate),
            "tls_key": str(key),
            "tls_port": tls_port,
        }
        server = LocalAsterisk(folder / "asterisk", asterisk_programs, free_asterisk_ports(), more=more)
        asyncio.run(server.start())
        yield Walled(server, tls_port)
        asyncio.run(server.stop())


@pytest.fixture
async def secured(walled: Walled) -> AsyncIterator[Listener]:
    """Connected; accounts 1001 and 1002, whose sound must be encrypted."""
    async with listening(settings_of(walled.asterisk, phone_encryption="required")) as edge:
        await edge.hear(LinkUp)
        edge.telephony.use_directory(Directory(agents=(agent("1001"), agent("1002"))))
        await eventually(lambda: edge.of(PhoneSeen, lambda event: event.extension == "1002"), "the accounts")
        yield edge


def _certificate(folder: Path) -> tuple[Path, Path]:
    """For 127.0.0.1, signed by itself, readable by Asterisk's user."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "sip.crt", folder / "sip.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    for file in files:
        file.chmod(0o600)
        give(file, service_user())
    return files
