"""The fault proxy does what stories rely on: a proxy that is too kind would make them all pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fault_proxy import FaultProxy

SOON_S = 30.0


@pytest.fixture
async def link() -> AsyncIterator[FaultProxy]:
    """Before a server that answers each line with the same line."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with FaultProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as link:
        yield link
    server.close()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, line: str) -> str:
        self._writer.write(f"{line}\n".encode())
        async with asyncio.timeout(SOON_S):
            return (await self._reader.readline()).decode(errors="replace").rstrip("\n")

    async def hears_nothing(self, line: str) -> bool:
        """For a quarter of a second; whatever comes later is not read here."""
        self._writer.write(f"{line}\n".encode())
        try:
            async with asyncio.timeout(0.25):
                await self._reader.readline()
        except TimeoutError:
            return True
        return False

    async def ask_until_it_breaks(self, line: str) -> None:
        """What came before a reset may still be read, or be lost with it."""
        answer = line
        while answer:
            assert line.startswith(answer)
            answer = await self.ask(line)

    def close(self) -> None:
        self._writer.close()


async def connected(link: FaultProxy) -> Client:
    client = Client(*await asyncio.open_connection("127.0.0.1", link.port))
    assert await client.ask("hello") == "hello"
    return client


async def test_a_stall_keeps_everything_and_loses_nothing(link: FaultProxy) -> None:
    client = await connected(link)
    link.stall()
    assert await client.hears_nothing("one")
    link.resume()
    assert await client.ask("two") == "one"
    client.close()


async def test_half_open_is_silence_for_the_old_and_nothing_for_the_new(link: FaultProxy) -> None:
    old = await connected(link)
    link.half_open()
    assert link.connections == 0
    assert await old.hears_nothing("anybody?")
    new = await connected(link)
    assert link.connections == 1
    old.close()
    new.close()


async def test_a_reset_is_an_error_and_no_end(link: FaultProxy) -> None:
    client = await connected(link)
    link.reset()
    with pytest.raises(ConnectionResetError):
        await client.ask("hello")


async def test_refused_until_accepted_again(link: FaultProxy) -> None:
    await connected(link)
    await link.refuse()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", link.port)
    await link.accept()
    (await connected(link)).close()


async def test_one_byte_is_another_one(link: FaultProxy) -> None:
    client = await connected(link)
    link.corrupt(1)
    spoiled = await client.ask("abcdefg")
    assert spoiled != "abcdefg"
    assert len(spoiled) == 7
    assert await client.ask("abcdefg") == "abcdefg"
    client.close()


async def test_cut_in_the_middle(link: FaultProxy) -> None:
    client = await connected(link)
    link.cut_after(3)
    with pytest.raises(ConnectionResetError):
        await client.ask_until_it_breaks("abcdefg")
    assert link.connections == 0
