"""Files at rest under a key: sound that a stolen disk or a backup does not give away.

A sealed file is a header and chunks of AES-256-GCM, so that any part can be read without the rest:

    "CTISEAL1" · length and name of the key · 8 random bytes · length of the content (64 bit, big-endian)
    chunk 0: up to 64 KiB of content, encrypted, and its tag of 16 bytes · chunk 1 · …

A chunk's nonce is the file's random bytes and the chunk's number; the header is bound into every chunk, so chunks can't
be moved between files, cut off or put in another order. Keys are files `NAME.key` of one folder, each of 64 hexadecimal
digits.
"""

from __future__ import annotations

import os
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ctiserver.errors import ConfigurationError, CtiError

MAGIC = b"CTISEAL1"
CHUNK = 64 * 1024
TAG = 16
SUFFIX = ".sealed"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class SealError(CtiError):
    """A sealed file can't be opened: its key is missing, or it was changed."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """`current` seals new files, "" leaves them open; all keys open what they sealed."""

    keys: Mapping[str, bytes]
    current: str = ""


OPEN = Keyring({})
"""Seals nothing and opens nothing."""


def load_keyring(folder: Path | None, current: str) -> Keyring:
    """Raises ConfigurationError that names the file or setting."""
    if folder is None:
        if current:
            raise ConfigurationError("sealing.key is set, but no sealing.folder", hint="name the folder of the keys")
        return OPEN
    keys = {file.stem: _read_key(file) for file in sorted(folder.glob("*.key"))}
    if current and current not in keys:
        raise ConfigurationError(
            f"there is no key {current!r} in {folder}", hint=f"make it: ctiserver recordings new-key {current}"
        )
    return Keyring(keys, current)


def make_key(folder: Path, name: str) -> Path:
    """A new random key, readable by its owner only. Raises ConfigurationError for a bad name or one that exists."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} can't be a key's name", hint="letters, digits, - and _, at most 32")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{name}.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(f"{file} exists", hint="choose another name: files sealed by it need it") from None
    with open(descriptor, "w", encoding="ascii") as target:
        target.write(secrets.token_hex(32) + "\n")
    return file


def _read_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: {error}", hint="a key is 64 hexadecimal digits") from None
    if len(key) != 32 or not _NAME.fullmatch(file.stem):
        raise ConfigurationError(f"{file} is no key", hint="NAME.key with 64 hexadecimal digits")
    return key


class SealingWriter:
    """Takes the content piece by piece; `size` is its whole length, known beforehand."""

    def __init__(self, target: BinaryIO, size: int, keyring: Keyring) -> None:
        name = keyring.current.encode()
        self._random = secrets.token_bytes(8)
        self._header = MAGIC + bytes([len(name)]) + name + self._random + struct.pack(">Q", size)
        self._cipher = AESGCM(keyring.keys[keyring.current])
        self._target = target
        self._left = size
        self._number = 0
        self._waiting = bytearray()
        target.write(self._header)

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) >= CHUNK:
            self._seal(CHUNK)

    def finish(self) -> None:
        """Raises ValueError where less or more came than was announced."""
        if self._waiting:
            self._seal(len(self._waiting))
        if self._left:
            raise ValueError(f"{self._left} bytes are missing")

    def _seal(self, length: int) -> None:
        chunk = bytes(self._waiting[:length])
        del self._waiting[:length]
        self._left -= length
        self._target.write(self._cipher.encrypt(_nonce(self._random, self._number), chunk, self._header))
        self._number += 1


class SealedFile:
    """A sealed file, opened for reading. Use it in one thread at a time; close it."""

    def __init__(self, source: BinaryIO, keyring: Keyring) -> None:
        """Raises SealError."""
        head = source.read(len(MAGIC) + 1)
        name_length = head[-1] if len(head) == len(MAGIC) + 1 else 0
        rest = source.read(name_length + 16)
        name = rest[:name_length].decode("ascii", errors="replace")
        if not head.startswith(MAGIC) or len(rest) != name_length + 16:
            raise SealError("this is no sealed file, or its beginning is missing")
        if name not in keyring.keys:
            raise SealError(f"the key {name!r} is missing", hint="put its file back into the folder of keys")
        self._source = source
        self._header = head + rest
        self._random = rest[name_length : name_length + 8]
        (self.size,) = struct.unpack(">Q", rest[-8:])
        self._cipher = AESGCM(keyring.keys[name])

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start` on. Raises SealError where the file was changed or is cut off."""
        end = min(start + length, self.size)
        if end <= start:
            return b""
        first, last = start // CHUNK, (end - 1) // CHUNK
        content = b"".join(self._open(number) for number in range(first, last + 1))
        return content[start - first * CHUNK : end - first * CHUNK]

    def _open(self, number: int) -> bytes:
        self._source.seek(len(self._header) + number * (CHUNK + TAG))
        length = min(CHUNK, self.size - number * CHUNK)
        try:
            return self._cipher.decrypt(_nonce(self._random, number), self._source.read(length + TAG), self._header)
        except (InvalidTag, ValueError):
            raise SealError("the file was changed, or is cut off") from None

    def close(self) -> None:
        self._source.close()


def _nonce(random: bytes, number: int) -> bytes:
    return random + struct.pack(">I", number)
