"""Who asks, where a proxy stands in front of us: its word counts only if we were told to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
LONGEST_CHAIN = 16


def client_address(peer: str, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address nearest to us that is none of the `trusted` proxies.

    `peer` is the other side of the connection, `forwarded_for` the X-Forwarded-For headers in order. Each proxy appends
    whom it heard, so the chain is read from its end; what stands before the first stranger is that stranger's own word.
    """
    nearest = peer
    if not trusted or not _is_trusted(peer, trusted):
        return nearest
    chain = [entry.strip() for header in forwarded_for for entry in header.split(",")]
    for entry in reversed(chain[-LONGEST_CHAIN:]):
        address = _parsed(entry)
        if address is None:
            break
        nearest = str(address)
        if not _is_trusted(nearest, trusted):
            break
    return nearest


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    """Also "[2001:db8::1]:443" and "192.0.2.7:5060"; an IPv4 address that is written as IPv6 is the same address."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
