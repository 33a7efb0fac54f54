"""What an agent may do with a wrap-up, by the mode of the queue that the call came from."""

from __future__ import annotations

from acd.views import AgentView
from ctiserver.errors import Rejected
from ctiserver.live.contacts import call_of_contact

BY_DISPOSITION = ("until_disposition", "limited")


def refuse_to_finish(agent: AgentView, *, disposed: bool) -> None:
    """Raises Rejected where the queue's rule does not let the agent end the wrap-up now."""
    if agent.wrap_up_mode == "fixed":
        raise Rejected("this wrap-up has a fixed length", hint="it ends by itself; signing out ends it too")
    if agent.wrap_up_mode in BY_DISPOSITION and not disposed:
        raise Rejected("this call needs a disposition", hint="choose one, and the wrap-up can be ended")


def refuse_to_extend(agent: AgentView) -> None:
    """Raises Rejected where there is nothing to extend, or no more time to be had."""
    if agent.wrap_up_mode is None:
        raise Rejected("there is no wrap-up to extend", hint="it has just ended")
    if agent.wrap_up_mode == "until_disposition":
        raise Rejected("this wrap-up has no time limit", hint="it lasts until a disposition is chosen")
    if agent.wrap_up_extension_s <= 0:
        raise Rejected("this wrap-up has been extended as far as the queue allows", hint="finish the note later")


def ended_by_disposition(agent: AgentView, call_id: str) -> bool:
    """Whether choosing a disposition for that call ends the wrap-up that the agent is in."""
    is_of_call = call_of_contact(agent.contact_id or "") == call_id
    return is_of_call and agent.activity == "wrap_up" and agent.wrap_up_mode in BY_DISPOSITION
