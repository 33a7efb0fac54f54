"""Which trunk a line outside belongs to, and how many of each are in use. Pure.

A trunk is an endpoint of Asterisk: that of a caller's channel (`PJSIP/trunk-0000002a`), or the way by which somebody
outside is rung (`PJSIP/{number}@trunk`, `PJSIP/trunk/sip:{number}@host`). "" is told where the endpoint is somebody's
number rather than a trunk: boards hang where everybody reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ctiserver.call.parties import NumberTarget
from ctiserver.call.states import Call
from ctiserver.live.views import TrunkView

OUTSIDE_IN = ("talking", "forwarded", "transferring", "menu", "waiting", "ringing", "connecting")


def trunk_of_channel(name: str) -> str:
    """Of a channel's name."""
    return _no_number(name.partition("/")[2].rpartition("-")[0])


def trunk_of_endpoint(endpoint: str) -> str:
    """Of what is dialled."""
    way = endpoint.partition("/")[2]
    before, slash, _ = way.partition("/")
    if slash:
        return _no_number(before)
    return _no_number(way.rpartition("@")[2]) if "@" in way else ""


def lines_by_trunk(call: Call, way_out: str) -> Counter[str]:
    """Channels of a call: the caller or whom an agent rang outside (by `way_out`), and others outside beside them."""
    lines = Counter(
        trunk_of_endpoint(party.endpoint)
        for party in call.parties
        if party.agent_id is None and not party.queue_chosen and not party.queue_id
    )
    if call.direction == "inbound" and not call.caller_gone:
        lines[call.trunk] += 1
    if call.direction == "outbound":
        dialling = call.dialling
        rung = dialling is not None and dialling.stage == "target" and isinstance(dialling.target, NumberTarget)
        if rung or (call.phase in OUTSIDE_IN and not call.caller_gone):
            lines[trunk_of_endpoint(way_out)] += 1
    return lines


def trunks(calls: Iterable[Call], way_out: str, capacity: Mapping[str, int]) -> tuple[TrunkView, ...]:
    """Those with a capacity in their order, then the others in use by name."""
    lines: Counter[str] = Counter()
    for call in calls:
        lines.update(lines_by_trunk(call, way_out))
    names = [*capacity, *sorted(name for name in lines if name not in capacity)]
    return tuple(TrunkView(id=name, in_use=lines[name], capacity=capacity.get(name)) for name in names)


def _no_number(name: str) -> str:
    return "" if name.lstrip("+").isdigit() else name
