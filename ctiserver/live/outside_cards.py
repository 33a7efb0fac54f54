"""What outside systems know of a caller, asked when an agent's phone rings: the pop appears without it and is patched.

Kept beside the call and not in it: the journal holds what happened, not what a billing system said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

import msgspec

from ctiserver.call.screen_pop import OutsideCard, OutsideRow
from ctiserver.call.states import Call
from ctiserver.channels.lookups.answers import at_path
from ctiserver.channels.lookups.sources import PopCard
from ctiserver.ivr.cursor import MASK
from ctiserver.ivr.spoken import as_text
from ctiserver.ports import LookupAnswer, LookupRequest, Lookups
from ctiserver.tasks import TaskOwner

MAX_VALUE = 200
_NAME = re.compile(r"\{([A-Za-z0-9_.]+)\}")


class _Asked(msgspec.Struct):
    path: str
    card: OutsideCard


class OutsideCards:
    """`changed(call id)` is called when an answer has come."""

    def __init__(
        self,
        lookups: Lookups,
        configured: Callable[[], Sequence[PopCard]],
        tasks: TaskOwner,
        changed: Callable[[str], None],
    ) -> None:
        self._lookups = lookups
        self._configured = configured
        self._tasks = tasks
        self._changed = changed
        self._asked: dict[str, dict[int, _Asked]] = {}  # by call, by number of the card

    def of(self, call_id: str) -> tuple[OutsideCard, ...]:
        """The cards as they are now."""
        return tuple(asked.card for _, asked in sorted(self._asked.get(call_id, {}).items()))

    def ask(self, call: Call) -> None:
        """Asks what can be asked by now, and once more what failed; for calls that an agent is rung for or talks to."""
        if call.offer is None and call.talk is None and not call.parties:
            return
        values = known_values(call)
        known = self._asked.setdefault(call.id, {})
        for number, card in enumerate(self._configured()):
            path = first_path(card.paths, values)
            before = known.get(number)
            if not path or (before is not None and before.path == path and before.card.state != "failed"):
                continue
            known[number] = _Asked(path, OutsideCard(source=card.source, title=dict(card.title), state="looking"))
            self._tasks.start(f"pop:{call.id}", self._ask(call.id, number, card, path))

    def forget(self, call_id: str) -> None:
        self._asked.pop(call_id, None)

    async def _ask(self, call_id: str, number: int, card: PopCard, path: str) -> None:
        answer = await self._lookups.look_up(LookupRequest(source=card.source, path=path))
        asked = self._asked.get(call_id, {}).get(number)
        if asked is None or asked.path != path:
            return  # the call is over, or another question has taken this one's place
        asked.card = told_by(card, answer)
        self._changed(call_id)


def known_values(call: Call) -> dict[str, str]:
    """What a path may name; empty values count as unknown."""
    values = {"caller_number": call.caller_number}
    if (customer := call.customer) is not None:
        values |= {
            "customer_id": str(customer.id),
            "customer_number": customer.customer_number,
            "meter_number": customer.meter_number,
            "district": customer.district,
        }
    for entered in call.cursor.entered if call.cursor is not None else ():
        if MASK not in entered.value:
            values[f"entered.{entered.name}"] = entered.value
    return {name: value for name, value in values.items() if value}


def first_path(paths: Sequence[str], values: dict[str, str]) -> str:
    """The first path all of whose names are known, filled in and quoted; "" if there is none."""
    for path in paths:
        if all(name in values for name in _NAME.findall(path)):
            return _NAME.sub(lambda found: quote(values[found.group(1)], safe=""), path)
    return ""


def told_by(card: PopCard, answer: LookupAnswer) -> OutsideCard:
    rows: list[OutsideRow] = []
    for field in card.fields if answer.outcome == "ok" else ():
        found = at_path(answer.data, field.value)
        value = as_text(found)[:MAX_VALUE]
        if value:
            shown = OutsideRow(label=dict(field.label), value=value, form=field.form, alert=field.alert and bool(found))
            rows.append(shown)
    return OutsideCard(
        source=card.source, title=dict(card.title), state=answer.outcome, reason=answer.reason, rows=tuple(rows)
    )
