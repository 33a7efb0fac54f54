"""Wrap-up: the time after a conversation, by the rule of the queue it came from."""

from __future__ import annotations

from acd import on_agents
from acd.agent_states import Agent, Work
from acd.decisions import WrapUpEnd, WrapUpFinished, WrapUpStarted
from acd.events import WrapUpEnded, WrapUpExtended
from acd.model import WrapUpRule
from acd.state import State

_NO_RULE = WrapUpRule()


def ended(state: State, event: WrapUpEnded) -> None:
    """The agent is done; the queue's rule says whether that is enough."""
    agent = on_agents.known(state, event.agent_id)
    if agent is None:
        return
    wrap_ups = _wrap_ups(agent, event.contact_id)
    if not wrap_ups:
        state.anomalies["no_wrap_up"] += 1
    for work in wrap_ups:
        if work.wrap_mode == "fixed":
            state.anomalies["wrap_up_is_fixed"] += 1
        elif work.wrap_mode in ("until_disposition", "limited") and not event.disposition:
            state.anomalies["disposition_missing"] += 1
        else:
            finish(state, agent, work, "disposition" if event.disposition else "agent")


def extended(state: State, event: WrapUpExtended) -> None:
    agent = on_agents.known(state, event.agent_id)
    if agent is None:
        return
    works = _wrap_ups(agent, event.contact_id)
    if not works:
        state.anomalies["no_wrap_up"] += 1
    for work in works:
        more = min(max(event.seconds, 0.0), work.extension_left_s)
        if work.wrap_until is None or more <= 0:
            state.anomalies["wrap_up_not_extendable"] += 1
            continue
        work.extension_left_s -= more
        work.wrap_until += more
        state.schedule(work.wrap_until, "wrap_up", agent.agent_id, work.contact_id)
        state.decisions.append(WrapUpStarted(agent.agent_id, work.contact_id, work.wrap_mode, work.wrap_until))


def begin(state: State, agent: Agent, work: Work) -> None:
    """The conversation is over: wrap up as the queue says, or be free at once."""
    queue = state.queues.get(work.queue_id)
    rule = queue.config.wrap_up if queue is not None else _NO_RULE
    if rule.mode == "none" or agent.removed or (rule.seconds <= 0 and rule.mode != "until_disposition"):
        on_agents.drop_work(state, agent, work)
        return
    work.phase, work.since = "wrap_up", state.now
    work.wrap_mode = rule.mode
    work.wrap_until = None if rule.mode == "until_disposition" else state.now + rule.seconds
    work.extension_left_s = rule.max_extension_s
    state.schedule(work.wrap_until, "wrap_up", agent.agent_id, work.contact_id)
    state.decisions.append(WrapUpStarted(agent.agent_id, work.contact_id, rule.mode, work.wrap_until))
    if agent.pending is not None and agent.pending.presence == "signed_out":
        finish(state, agent, work, "signed_out")


def finish(state: State, agent: Agent, work: Work, how: WrapUpEnd) -> None:
    state.decisions.append(WrapUpFinished(agent.agent_id, work.contact_id, how))
    on_agents.drop_work(state, agent, work)


def _wrap_ups(agent: Agent, contact_id: str | None) -> list[Work]:
    return [work for work in agent.work.values() if work.phase == "wrap_up" and contact_id in (None, work.contact_id)]
