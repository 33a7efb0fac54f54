"""Which addresses may be asked: a name is resolved once, every address found is checked, and only those are used.

So a flow can't be made to ask this machine, its network or a cloud's metadata service (SSRF), not even by a name that
answers differently the second time.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import unquote

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

Resolve = Callable[[str, int, socket.AddressFamily], Awaitable[Sequence[ResolveResult]]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class TargetRefused(Exception):
    """The address or path may not be asked; the message names neither secrets nor values."""


def require_public(address: str, *, allow_private: bool) -> None:
    """Raises TargetRefused for addresses that no outside system can have, and for private ones unless allowed.

    Link-local addresses (metadata services) and multicast are refused in any case.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        raise TargetRefused("what the name resolves to is no address") from None
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.sixtofour is not None:
            ip = ip.sixtofour
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        raise TargetRefused("link-local, multicast and unspecified addresses are never asked")
    if not ip.is_global and not allow_private:
        raise TargetRefused("a private address is asked only where allow_private is set")


class GuardedResolver(AbstractResolver):
    """aiohttp connects to exactly what this answers."""

    def __init__(self, *, allow_private: bool, resolve: Resolve | None = None) -> None:
        self._allow_private = allow_private
        self._inner = ThreadedResolver() if resolve is None else None
        self._resolve = resolve or self._ask_system

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolve(host, port, family)
        for each in found:
            require_public(each["host"], allow_private=self._allow_private)
        return list(found)

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()

    async def _ask_system(self, host: str, port: int, family: socket.AddressFamily) -> Sequence[ResolveResult]:
        assert self._inner is not None  # noqa: S101 - narrows the type: this method is used only with one
        return await self._inner.resolve(host, port, family)


def target(base: URL, path: str, *, allow_private: bool) -> URL:
    """`path` (quoted already) behind `base`. Raises TargetRefused where that leads anywhere else."""
    if not path.startswith("/") or any(ord(char) <= 32 or ord(char) == 127 or char in "\\#" for char in path):
        raise TargetRefused("the path is malformed")
    way, _, _ = path.partition("?")
    if way.startswith("//"):
        raise TargetRefused("the path is malformed")
    for part in way.split("/"):
        plain = unquote(unquote(part))
        if plain in (".", "..") or "\\" in plain or "/" in unquote(part):
            raise TargetRefused("the path leads out of the source")
    try:
        url = URL(str(base).rstrip("/") + path, encoded=True)
    except ValueError:
        raise TargetRefused("the path is malformed") from None
    if url.origin() != base.origin():
        raise TargetRefused("the path leads out of the source")
    require_literal(url, allow_private=allow_private)
    return url


def require_literal(url: URL, *, allow_private: bool) -> None:
    """aiohttp asks no resolver about a host that is written as an address."""
    host = url.host or ""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    require_public(host, allow_private=allow_private)
