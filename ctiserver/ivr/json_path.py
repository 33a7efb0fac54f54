"""Ways into a JSON answer: `data.bills[0].amount`."""

from __future__ import annotations

import re
from typing import cast

_STEP = re.compile(r"([^.\[\]]+)|\[(-?\d{1,6})\]")
_WHOLE = re.compile(r"(?:[^.\[\]]+|\[-?\d{1,6}\])(?:\.[^.\[\]]+|\[-?\d{1,6}\])*")
MAX_STEPS = 20


class JsonPath(str):
    """A way that `json_path` has accepted."""

    __slots__ = ()

    def within(self, value: object) -> object:
        """What stands there; None where the way leads nowhere."""
        for name, index in _STEP.findall(self):
            if index and isinstance(value, list):
                items = cast("list[object]", value)
                place = int(index)
                value = items[place] if -len(items) <= place < len(items) else None
            elif name and isinstance(value, dict):
                value = cast("dict[str, object]", value).get(name)
            else:
                return None
        return value


def json_path(text: str) -> JsonPath:
    """Raises ValueError naming the way out."""
    path = text.strip()
    if _WHOLE.fullmatch(path) is None or len(_STEP.findall(path)) > MAX_STEPS:
        raise ValueError(f'"{text}" is not a way into an answer: write data.bills[0].amount')
    return JsonPath(path)
