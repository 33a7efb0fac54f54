"""Who may be sent a mail or a text message: whether what was written is an address at all, and one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctiserver.outside_numbers import plain_number

ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?")


def problems_of_mail(addresses: Sequence[str], domains: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, what is wrong). `domains`: those that mail may be sent to (`mail.recipients`); none: all."""
    ours = [domain.casefold() for domain in domains]
    for at, address in enumerate(addresses):
        if ADDRESS.fullmatch(address) is None:
            yield at, "no mail address"
        elif ours and address.rpartition("@")[2].casefold() not in ours:
            yield at, f"mail is sent to {', '.join(ours)} only"


def problems_of_numbers(numbers: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, what is wrong)."""
    for at, number in enumerate(numbers):
        if len(plain_number(number).lstrip("+")) < 5:
            yield at, "no number: digits, with + and the country's code where it is abroad"
