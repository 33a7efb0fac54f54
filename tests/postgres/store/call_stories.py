"""Calls as steps, as the call core would journal them. Instants are given as seconds after START."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ctiserver.call import events as ev
from ctiserver.call.events import AgentStateChanged, Fact, Input, Step
from ctiserver.call.words import Activity, Presence

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC, the beginning of a quarter of an hour


def step(at: float, subject: str, made_by: Input, *facts: Fact) -> Step:
    return Step(at=START + at, subject=subject, input=made_by, facts=facts)


def numbered(steps: Sequence[Step], first: int = 1) -> list[Step]:
    return [
        Step(seq=seq, at=one.at, subject=one.subject, input=one.input, facts=one.facts)
        for seq, one in enumerate(steps, first)
    ]


def arrival(call: str, at: float, number: str = "13800138000", name: str = "张伟") -> Step:
    arrived = ev.CallArrived(
        call_id=call, channel_id=f"{call}-caller", dialled="4001", caller_number=number, caller_name=name, flow="main"
    )
    started = ev.CallStarted(call_id=call, dialled="4001", caller_number=number, caller_name=name, flow="main")
    return step(at, call, arrived, started, ev.NodeEntered(flow="main", node="welcome"))


def queue_entered(call: str, at: float, queue: str = "repairs") -> Step:
    return step(at, call, ev.DeadlinePassed(name="menu"), ev.QueueEntered(queue_id=queue))


def offered(call: str, at: float, offer: str, agent: int) -> Step:
    made = ev.OfferMade(
        offer_id=offer,
        agent_id=agent,
        agent_number=f"100{agent}",
        agent_name="",
        endpoint=f"PJSIP/100{agent}",
        ring_timeout_s=20,
        why="longest idle",
    )
    began = ev.OfferStarted(offer_id=offer, agent_id=agent, queue_id="repairs", why="longest idle")
    return step(at, call, made, began)


def agent_state(
    agent: int,
    old: Activity,
    new: Activity,
    since: float | None,
    call: str = "",
    *,
    presence: Presence = "ready",
    old_presence: Presence = "ready",
) -> AgentStateChanged:
    return AgentStateChanged(
        agent_id=agent,
        presence=presence,
        reason="",
        activity=new,
        reachable=True,
        call_id=call,
        old_presence=old_presence,
        old_activity=old,
        old_since=None if since is None else START + since,
    )


def abandoned_call(call: str = "n1-2", at: float = 0.0, waits: float = 12.0) -> list[Step]:
    left = ev.QueueLeft(
        queue_id="repairs", outcome="abandoned", reason="caller", entered_at=START + at + 3, waited_s=waits
    )
    ended = ev.CallEnded(
        call_id=call, started_at=START + at, ended_by="caller", reason="hang_up", outcome="abandoned", cause=16
    )
    return [
        arrival(call, at, "", ""),
        queue_entered(call, at + 3),
        step(at + 3 + waits, call, ev.CallerHungUp(cause=16), left, ended),
    ]


def answered_call(call: str = "n1-1", at: float = 0.0, ok: bool = True) -> list[Step]:
    """5 s menu, 30 s waiting (agent 1 doesn't answer, agent 2 does), 60 s talk of which 10 s hold, 8 s wrap-up."""
    first, second, recording = f"{call}-o1", f"{call}-o2", f"{call}-r1"

    def one(after: float, made_by: Input, *facts: Fact, subject: str = call) -> Step:
        return step(at + after, subject, made_by, *facts)

    def offer_ended(
        offer: str, agent: int, since: float, outcome: Literal["answered", "refused"], cause: str = ""
    ) -> Fact:
        return ev.OfferEnded(
            offer_id=offer,
            agent_id=agent,
            queue_id="repairs",
            started_at=START + at + since,
            outcome=outcome,
            cause=cause,
        )

    left = ev.QueueLeft(queue_id="repairs", outcome="answered", reason="", entered_at=START + at + 5, waited_s=30.0)
    talked = ev.TalkEnded(agent_id=2, queue_id="repairs", started_at=START + at + 35, talk_s=50.0, hold_s=10.0)
    ended = ev.CallEnded(
        call_id=call, started_at=START + at, ended_by="caller", reason="hang_up", outcome="answered", cause=16
    )
    collected = ev.RecordingCollected(
        recording_id=recording,
        path=f"2027/01/15/{recording}.wav",
        duration_ms=60000,
        size_bytes=1920044,
        sha256="ab",
        ok=ok,
    )
    stored = ev.RecordingStored(
        recording_id=recording,
        agent_id=2,
        started_at=START + at + 35,
        path=f"2027/01/15/{recording}.wav",
        duration_ms=60000,
        size_bytes=1920044,
        sha256="ab",
        ok=ok,
    )
    return [
        arrival(call, at),
        one(0.1, ev.CallerIdentified(card=None, matches=1), ev.CustomerKnown(customer_id=7, matches=1)),
        one(4, ev.DigitReceived(digit="1"), ev.InputCollected(node="welcome", variable="choice", value="1")),
        queue_entered(call, at + 5),
        offered(call, at + 6, first, 1),
        one(6.2, ev.AgentLegRinging(offer_id=first)),
        one(
            26,
            ev.AgentLegEnded(offer_id=first, cause=19, tech_cause=487),
            offer_ended(first, 1, 6, "refused", "no_answer"),
            agent_state(1, "ringing", "idle", at + 6),
        ),
        offered(call, at + 27, second, 2),
        one(27.2, ev.AgentLegRinging(offer_id=second), agent_state(2, "offered", "ringing", at + 27, call)),
        one(34, ev.AgentLegAnswered(offer_id=second)),
        one(
            35,
            ev.PartiesConnected(bridge_id=f"{call}-b"),
            offer_ended(second, 2, 27, "answered"),
            left,
            ev.TalkStarted(agent_id=2, queue_id="repairs", recording_id=recording),
            agent_state(2, "ringing", "talking", at + 27.2, call),
        ),
        one(50, ev.HoldChanged(held=True, by="agent"), ev.HoldStarted(by="agent_phone", agent_id=2)),
        one(60, ev.HoldChanged(held=False, by="agent"), ev.HoldEnded(agent_id=2, held_s=10.0)),
        one(
            95,
            ev.CallerHungUp(cause=16),
            talked,
            ended,
            agent_state(2, "talking", "wrap_up", at + 35, call),
        ),
        one(95.5, collected, stored),
        one(100, ev.DispositionChosen(agent_id=2, call_id=call, code="repair", note="漏水"), subject="agent:2"),
        one(
            103,
            ev.WrapUpFinished(agent_id=2, by="agent"),
            agent_state(2, "wrap_up", "idle", at + 95),
            subject="agent:2",
        ),
    ]
