"""SIP as text, also such as no phone would send: made after the cases of RFC 4475, in words of our own."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

PATIENCE_S = 15.0
_numbers = itertools.count(1)


def request(method: str, target: str, port: int, body: str = "", **changed: str | None) -> str:
    """A request that is in order, but for the headers that are `changed` (None: left out)."""
    number = next(_numbers)
    headers: dict[str, str | None] = {
        "Via": f"SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-story-{number};rport",
        "Max-Forwards": "70",
        "From": f"<sip:stranger@127.0.0.1>;tag=t{number}",
        "To": f"<{target}>",
        "Call-ID": f"story-{number}@127.0.0.1",
        "CSeq": f"1 {method}",
        "Contact": f"<sip:stranger@127.0.0.1:{port}>",
        "Content-Length": str(len(body.encode())),
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"{method} {target} SIP/2.0", *lines, "", body])


def torture(server: str, port: int, script: str) -> Iterator[tuple[str, bytes]]:
    """(what is wrong, the datagram). `script` must never be run."""
    target = f"sip:100@{server}"
    good = request("OPTIONS", target, port)
    yield (
        "space where there need be none, lines folded",
        good.replace("Max-Forwards: 70", "Max-Forwards \t :\r\n\t70").encode(),
    )
    yield "names in every case", good.replace("Via", "vIA").replace("Call-ID", "cALL-iD").encode()
    yield "a null byte in a name", request("OPTIONS", target, port, From='"n\\\x00ull" <sip:a%00b@x>;tag=1').encode()
    yield "bytes that are no UTF-8", good.replace("stranger", "\udcff\udcfe").encode(errors="surrogateescape")
    yield "a quote that never ends", request("OPTIONS", target, port, From='"Mr. Open <sip:a@b>;tag=1').encode()
    yield "angle brackets that never close", request("OPTIONS", target, port, To="<sip:100@x").encode()
    yield "an endless display name", request("OPTIONS", target, port, From=f'"{"n" * 20_000}" <sip:a@b>;tag=1').encode()
    yield (
        "a thousand Vias",
        good.replace("Via:", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n" * 1000 + "Via:").encode(),
    )
    yield "a length below zero", request("OPTIONS", target, port, Content_Length="-999").encode()
    yield "a length beyond the datagram", request("OPTIONS", target, port, Content_Length="9999").encode()
    yield "a length that is no number", request("OPTIONS", target, port, Content_Length="many").encode()
    yield "more than the length says", good.encode() + b"\r\nINVITE sip:1001@x SIP/2.0\r\n" * 20
    yield "a count beyond 32 bits", request("OPTIONS", target, port, CSeq="36893488147419103232 OPTIONS").encode()
    yield "another method in CSeq", request("OPTIONS", target, port, CSeq="1 INVITE").encode()
    yield "no Call-ID", request("OPTIONS", target, port, Call_ID=None).encode()
    yield "no From and no To", request("OPTIONS", target, port, From=None, To=None).encode()
    yield "no Via", request("OPTIONS", target, port, Via=None).encode()
    yield "two of what is only once", good.replace("CSeq:", "CSeq: 7 BYE\r\nCSeq:").encode()
    yield "a version to come", good.replace("SIP/2.0\r\n", "SIP/7.0\r\n", 1).encode()
    yield "an unknown method", request("NEWMETHOD", target, port).encode()
    yield "an unknown scheme", request("OPTIONS", "nobodyknows:what;is=this", port).encode()
    yield "spaces in the target", request("OPTIONS", "sip:100@x; lr; x=a b", port).encode()
    yield "a target with a script", request("OPTIONS", f"sip:${{SHELL({script})}}@127.0.0.1", port).encode()
    yield "no hops left", request("OPTIONS", target, port, Max_Forwards="0").encode()
    yield "hops beyond 255", request("OPTIONS", target, port, Max_Forwards="300").encode()
    yield "a date that never was", request("OPTIONS", target, port, Date="Fri, 01 Jan 2010 16:00:00 EST").encode()
    yield "an answer to nothing", good.replace(f"OPTIONS {target} SIP/2.0", "SIP/2.0 200 OK").encode()
    yield "a status beyond reason", good.replace(f"OPTIONS {target} SIP/2.0", "SIP/2.0 4294967301 better").encode()
    yield (
        "a request needing what nobody has",
        request("OPTIONS", target, port, Require="nothing.supports.this").encode(),
    )
    yield "a body of an unknown kind", request("INVITE", target, port, "x", Content_Type="application/unknown").encode()
    yield (
        "a description without sense",
        request(
            "INVITE",
            target,
            port,
            "v=0\r\no=- 1 1 IN IP4 999.1.1.1\r\nm=audio -1 RTP/AVP 999\r\n",
            Content_Type="application/sdp",
        ).encode(),
    )
    yield "a BYE to a call that never was", request("BYE", target, port, To=f"<{target}>;tag=none").encode()
    yield "an ACK alone", request("ACK", target, port).encode()
    yield "a REFER alone", request("REFER", target, port, Refer_To="<sip:00900123456@127.0.0.1>").encode()
    yield "only line ends", b"\r\n" * 50
    yield "nothing but noise", bytes(range(256)) * 8
    yield "an empty line first", b"\r\n\r\n" + good.encode()


@dataclass
class Stranger:
    """Somebody with a socket, opposite a SIP server."""

    server: tuple[str, int]
    address: str = "127.0.0.1"
    socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, 0))

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def send(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, self.server)

    def answer_to(self, message: str) -> tuple[int, Mapping[str, str]]:
        """Status and headers of the first final answer; repeats what gets none, as UDP wants it. Status 0: none."""
        call_id = next(line for line in message.split("\r\n") if line.startswith("Call-ID:"))
        for _ in range(int(PATIENCE_S)):
            self.send(message.encode())
            self.socket.settimeout(1.0)
            try:
                while True:
                    said = self.socket.recv(65_535).decode(errors="replace")
                    status = int(said.split(" ", 2)[1]) if said.startswith("SIP/2.0 ") else 0
                    if call_id in said and status >= 200:
                        lines = [line.partition(":") for line in said.split("\r\n")[1:] if ":" in line]
                        return status, {name.strip().lower(): value.strip() for name, _, value in lines}
            except TimeoutError:
                continue
        return 0, {}

    def close(self) -> None:
        self.socket.close()
