"""Whatever happens in whatever order: nothing raises, everything begun is ended exactly once, nobody is left alone.

A machine plays Asterisk, the routing engine and the timers as badly as they can behave: late, twice, out of order.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ctiserver.call.commands import (
    ConnectParties,
    DestroyBridge,
    DialAgent,
    HangUp,
    JoinBridge,
    MakeBridge,
    PlayPrompt,
    PlaySound,
    StopPrompt,
)
from ctiserver.call.decide import decide
from ctiserver.call.decide.trials import inputs
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    AsteriskRestarted,
    CallEnded,
    CallerHungUp,
    CallerIdentified,
    CallInput,
    CallRecovered,
    ConnectFailed,
    DeadlinePassed,
    DigitReceived,
    Fact,
    HangUpRequested,
    HoldChanged,
    OfferEnded,
    OfferMade,
    OfferStarted,
    OfferWithdrawn,
    PartiesConnected,
    PromptFinished,
    QueueEntered,
    QueueLeft,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RecordingBegan,
    RecordingCollected,
    RecordingLost,
    TalkEnded,
    TalkStarted,
)
from ctiserver.call.states import Call
from tests.unit.call.rules import CALL_ID, NOON, RULES, arrival

numbers = st.integers(1, 4)


class AnyCall(RuleBasedStateMachine):
    call: Call

    @initialize(line=st.sampled_from(["100", "101", "102"]))
    def a_caller_rings(self, line: str) -> None:
        self.now = NOON
        self.offers = 0
        self.facts: list[Fact] = []
        self.dialled: set[str] = set()
        self.bridges: Counter[str] = Counter()
        self.heard = ""
        decided = decide(None, arrival(line), self.now, RULES)
        self.call = decided.call
        self.facts.extend(decided.facts)
        for command in decided.commands:
            if isinstance(command, PlayPrompt):
                self.heard = command.playback_id

    def happen(self, event: CallInput) -> None:
        self.now += 0.5
        if isinstance(event, PromptFinished) and event.playback_id == self.heard:
            self.heard = ""
        decided = decide(self.call, event, self.now, RULES)
        self.call = decided.call
        self.facts.extend(decided.facts)
        for command in decided.commands:
            match command:
                case DialAgent():
                    assert command.offer_id not in self.dialled, "an id is never used twice"
                    self.dialled.add(command.offer_id)
                case MakeBridge():
                    self.bridges[command.bridge_id] += 1
                case DestroyBridge():
                    self.bridges[command.bridge_id] -= 1
                case PlayPrompt() | PlaySound():
                    self.heard = command.playback_id
                case JoinBridge():
                    assert self.bridges[command.bridge_id] == 1, "joined in a bridge that exists"
                case StopPrompt():
                    assert command.playback_id == self.heard
                    self.heard = ""
                case ConnectParties():
                    assert not self.heard, "Asterisk would wait for the prompt's end"
                    assert self.bridges[command.bridge_id] == 1, "joined in a bridge that exists"
                case HangUp():
                    self.dialled.discard(command.channel_id)
                case _:
                    pass

    @rule(announced=st.booleans())
    def what_usually_comes_next(self, announced: bool) -> None:
        """Chance alone would rarely get as far as a conversation."""
        call = self.call
        match call.phase:
            case "menu":
                self.happen(DigitReceived(digit="0"))
                self.happen(PromptFinished(playback_id=self.call.playing, ok=True))
            case "waiting":
                if announced:
                    self.happen(DeadlinePassed(name="announce"))
                self.an_offer()
            case "ringing":
                self.happen(AgentLegAnswered(offer_id=call.offer.offer_id if call.offer else ""))
            case "connecting":
                self.happen(PartiesConnected(bridge_id=call.bridge_id))
            case "talking":
                self.happen(HoldChanged(held=True, by="agent"))
            case _:
                pass

    @rule(ok=st.booleans(), late=st.booleans())
    def a_prompt_ends(self, ok: bool, late: bool) -> None:
        self.happen(PromptFinished(playback_id="n1-1-1.p0" if late else self.call.playing, ok=ok))

    @rule(digit=st.sampled_from("012*#"))
    def a_key(self, digit: str) -> None:
        self.happen(DigitReceived(digit=digit))

    @rule(name=st.sampled_from(["input", "announce", "queue_timeout", "prompt", "nonsense"]))
    def a_deadline(self, name: str) -> None:
        self.happen(DeadlinePassed(name=name))

    @rule()
    def identified(self) -> None:
        self.happen(CallerIdentified(card=None, matches=2))

    @rule(position=numbers)
    def a_position(self, position: int) -> None:
        self.happen(QueuePositionChanged(position=position))

    @rule()
    def an_offer(self) -> None:
        self.offers += 1
        self.happen(
            OfferMade(
                offer_id=f"{CALL_ID}.o{self.offers}",
                agent_id=1,
                agent_number="1001",
                agent_name="",
                endpoint="PJSIP/1001",
                ring_timeout_s=20,
            )
        )

    @rule(back=st.integers(0, 2), reason=st.sampled_from(["lease_expired", "answered_elsewhere"]))
    def an_offer_is_withdrawn(self, back: int, reason: str) -> None:
        self.happen(OfferWithdrawn(offer_id=self.an_old_offer(back), reason=reason))

    @rule(back=st.integers(0, 2), what=st.sampled_from(["rings", "answers", "busy", "gone"]))
    def the_leg(self, back: int, what: str) -> None:
        offer_id = self.an_old_offer(back)
        if what == "rings":
            self.happen(AgentLegRinging(offer_id=offer_id))
        elif what == "answers":
            self.happen(AgentLegAnswered(offer_id=offer_id))
        else:
            self.dialled.discard(offer_id)
            self.happen(AgentLegEnded(offer_id=offer_id, cause=17 if what == "busy" else 16))

    @rule(joined=st.booleans(), old=st.booleans())
    def the_two_are_joined_or_not(self, joined: bool, old: bool) -> None:
        bridge_id = f"{CALL_ID}.b0" if old else self.call.bridge_id
        self.happen(PartiesConnected(bridge_id=bridge_id) if joined else ConnectFailed(bridge_id=bridge_id))

    @rule(reason=st.sampled_from(["max_wait", "no_agents", "closed", "max_waiting"]))
    def the_queue_refuses(self, reason: str) -> None:
        self.happen(QueueRefused(reason=reason))

    @rule(queue=st.sampled_from(["service", "repairs"]))
    def the_queue_overflows(self, queue: str) -> None:
        self.happen(QueueMoved(queue_id=queue, reason="max_wait"))

    @rule(held=st.booleans())
    def hold(self, held: bool) -> None:
        self.happen(HoldChanged(held=held, by="agent"))

    @rule(kind=st.sampled_from(["began", "collected", "lost"]), number=numbers)
    def a_recording(self, kind: str, number: int) -> None:
        recording_id = f"{CALL_ID}.r{number}"
        if kind == "began":
            self.happen(RecordingBegan(recording_id=recording_id))
        elif kind == "lost":
            self.happen(RecordingLost(recording_id=recording_id, reason="?"))
        else:
            self.happen(
                RecordingCollected(recording_id=recording_id, path="x", duration_ms=1, size_bytes=1, sha256="", ok=True)
            )

    @rule()
    def the_daemon_was_restarted(self) -> None:
        self.happen(CallRecovered())

    @rule(which=st.integers(0, 10_000))
    def anything_at_all(self, which: int) -> None:
        """Whatever people, the engine or Asterisk can say about the call as it is."""
        possible = list(inputs(self.call))
        event = possible[which % len(possible)]
        if self.call.phase != "ended" and isinstance(event, CallerHungUp | HangUpRequested | AsteriskRestarted):
            return  # the end has a rule of its own
        if isinstance(event, AgentLegEnded):
            self.dialled.discard(event.offer_id)
        self.happen(event)

    @precondition(lambda self: self.now > NOON + 8)
    @rule(how=st.sampled_from(["caller", "agent", "asterisk"]))
    def the_end(self, how: str) -> None:
        if how == "caller":
            self.happen(CallerHungUp(cause=16))
        elif how == "agent":
            self.happen(HangUpRequested(by="agent"))
        else:
            self.happen(AsteriskRestarted())

    def an_old_offer(self, back: int) -> str:
        return f"{CALL_ID}.o{max(1, self.offers - back)}"

    def count(self, kind: type[Fact]) -> int:
        return sum(isinstance(fact, kind) for fact in self.facts)

    @invariant()
    def what_is_open_fits_the_phase(self) -> None:
        call = self.call
        queued = call.phase in ("waiting", "ringing", "connecting")
        assert (call.queue is not None) == queued
        assert (call.offer is not None) == (call.phase in ("ringing", "connecting"))
        assert (call.talk is not None) == (call.phase == "talking")
        assert self.count(QueueEntered) - self.count(QueueLeft) == queued
        assert self.count(OfferStarted) - self.count(OfferEnded) == len(call.offers)
        assert not (call.phase == "connecting" and call.also_ringing), "whoever was slower is let go at once"
        assert self.count(TalkStarted) - self.count(TalkEnded) == (call.talk is not None)

    @invariant()
    def a_call_ends_once_and_leaves_nothing(self) -> None:
        ended = self.call.phase == "ended"
        assert self.count(CallEnded) == ended
        if not ended:
            return
        assert not self.call.deadlines
        assert not self.call.playing
        assert not +self.bridges, f"bridges left: {self.bridges}"
        assert not self.dialled, f"legs that nobody hung up: {self.dialled}"


AnyCall.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyOrderOfEvents = AnyCall.TestCase
