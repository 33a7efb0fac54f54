"""Work order numbers: area, local date, sequence of that area and day. "CD-20261121-0042"."""

from __future__ import annotations

import re
from datetime import date

AREA_CODE = re.compile(r"[A-Z0-9]{1,6}")
WIDTH = 4


def order_number(area_code: str, day: date, sequence: int) -> str:
    """More than 9,999 orders of one area and day make the number longer, never ambiguous.

    >>> order_number("CD", date(2026, 11, 21), 42)
    'CD-20261121-0042'
    """
    if not AREA_CODE.fullmatch(area_code):
        raise ValueError(f'"{area_code}" is not an area code: one to six capital letters or digits')
    if sequence < 1:
        raise ValueError("sequences begin at 1")
    return f"{area_code}-{day:%Y%m%d}-{sequence:0{WIDTH}d}"
