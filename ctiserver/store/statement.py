"""One change of a read model."""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """`about`: statements that share one of these keep their order; empty: commutes with all others.

    `late`: goes after all others that are written with it, among which it then finds what it completes.
    """

    text: str
    values: tuple[object, ...]
    about: tuple[str, ...]
    late: bool = False
