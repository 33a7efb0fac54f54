"""Why an agent's phone did not answer, from what the network said.

ITU-T Q.850 causes and SIP statuses as Asterisk reports them in ChannelDestroyed; 0 where unknown.
"""

from __future__ import annotations

from ctiserver.call.words import RefusalCause

_BY_SIP: dict[int, RefusalCause] = {
    404: "unreachable",
    408: "unreachable",
    480: "no_answer",
    486: "busy",
    487: "no_answer",
    503: "unreachable",
    600: "busy",
    603: "rejected",
}
_BY_Q850: dict[int, RefusalCause] = {
    1: "unreachable",  # unallocated number
    3: "unreachable",  # no route
    17: "busy",
    18: "no_answer",
    19: "no_answer",
    20: "unreachable",  # subscriber absent
    21: "rejected",
    27: "unreachable",  # destination out of order
    38: "unreachable",  # network out of order
}
_SAYS_NOTHING = (0, 16, 127)  # the ring time-out of an originate ends with one of these


def refusal_cause(cause: int, tech_cause: int) -> RefusalCause:
    """The SIP status knows best, then the Q.850 cause; a leg that ended for no stated reason was not answered."""
    if tech_cause in _BY_SIP:
        return _BY_SIP[tech_cause]
    if cause in _BY_Q850:
        return _BY_Q850[cause]
    return "no_answer" if cause in _SAYS_NOTHING else "failed"
