"""PINs of message boxes: kept as a salted hash, compared in constant time.

Four digits withstand nobody who has the hash; it keeps them out of backups, logs and the eyes of colleagues.
"""

from __future__ import annotations

import hashlib
import hmac

ROUNDS = 20_000  # some ten milliseconds: a call waits for it
LONGEST = 8  # digits
MOST_WRONG = 3  # in one call


def hash_pin(pin: str, salt: str) -> str:
    """`salt`: random hexadecimal digits."""
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), ROUNDS)
    return f"{salt}${digest.hex()}"


def is_pin(pin: str, pin_hash: str) -> bool:
    salt, _, _ = pin_hash.partition("$")
    return hmac.compare_digest(hash_pin(pin, salt), pin_hash)
