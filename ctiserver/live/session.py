"""One call's owner: its mailbox, its timer, its place in the journal. All that happens to it comes through here.

Deciding is pure and takes microseconds, so a message is worked off where it is posted; what needs Asterisk is handed
to the call's Performer and comes back as a message.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import structlog

from ctiserver.call.commands import Command, HangUp, PlayPrompt, RoutingCommand, RunLookup, SendDigits
from ctiserver.call.decide import Decided, Rules, decide
from ctiserver.call.decide.queueing import ANNOUNCE
from ctiserver.call.events import (
    AgentLegEnded,
    AsteriskRestarted,
    CallArrived,
    CallCrashed,
    CallerHungUp,
    CallInput,
    ConnectFailed,
    DeadlinePassed,
    DigitReceived,
    DigitsRequested,
    Fact,
    HangUpRequested,
    PartiesConnected,
    QueuePositionChanged,
    Step,
)
from ctiserver.call.states import Call
from ctiserver.clock import Clock
from ctiserver.ivr.cursor import MASK
from ctiserver.ivr.messages import Spoken
from ctiserver.ivr.secrecy import keys_are_secret
from ctiserver.last_resort import end_without_memory
from ctiserver.live import metrics
from ctiserver.live.performer import Performer
from ctiserver.ports import Journal

log = structlog.get_logger()

OVERTAKING = (CallerHungUp, AsteriskRestarted)


@dataclass(frozen=True, slots=True)
class SessionServices:
    """What every session uses; one object for all of them."""

    clock: Clock
    journal: Journal
    rules: Callable[[], Rules]
    route: Callable[[str, RoutingCommand], None]  # (call id, command) to the dispatcher
    position: Callable[[str], QueuePositionChanged | None]  # of a waiting call, now
    changed: Callable[[Call], None]  # the call as it is now
    closed: Callable[[CallSession], None]  # nothing more is expected of this call


class CallSession:
    """`post` is the only way in."""

    def __init__(self, call_id: str, services: SessionServices, performer: Performer, call: Call | None = None) -> None:
        self.id = call_id
        self.call = call
        self._services = services
        self._performer = performer
        self._mailbox: deque[CallInput] = deque()
        self._left_while_joined: list[CallInput] = []
        self._working = False
        self._suspended = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None

    def post(self, event: CallInput) -> None:
        """Works the event off, or leaves it for whoever is at it. Hang-ups overtake everything that waits."""
        if self._suspended:
            return
        if self._is_of_a_join(event):
            self._left_while_joined.append(event)
            return
        self._put(event)
        if self._working:
            return
        self._working = True
        try:
            while self._mailbox:
                self._take(self._mailbox.popleft())
        finally:
            self._working = False
        self._set_timer()
        if self.call is not None and self.call.over:
            self._close()

    def _is_of_a_join(self, event: CallInput) -> bool:
        """Somebody leaves of whom Asterisk has not said yet whether the two were joined. A sick link may bring the
        hang-up before that answer, and a conversation would be written down as an abandoned call."""
        match event:
            case CallerHungUp() if self.call is not None:
                return self._performer.is_joining(self.call.channel_id)
            case AgentLegEnded():
                return self._performer.is_joining(event.offer_id)
            case _:
                return False

    def _put(self, event: CallInput) -> None:
        """Into the mailbox; with the answer to a join, whoever has left meanwhile: after it if they were joined."""
        if isinstance(event, OVERTAKING):
            self._mailbox.appendleft(event)
        elif self._left_while_joined and isinstance(event, ConnectFailed | PartiesConnected | HangUpRequested):
            left, self._left_while_joined = self._left_while_joined, []
            self._mailbox.extend((event, *left) if isinstance(event, PartiesConnected) else (*left, event))
        else:
            self._mailbox.append(event)

    def is_under_way(self, made_id: str) -> bool:
        """See Performer: commanded, and perhaps not known to Asterisk yet."""
        return self._performer.is_under_way(made_id)

    def now(self) -> float:
        """UTC seconds."""
        return self._services.clock.now()

    def suspend(self) -> None:
        """The daemon goes down: from now on nothing is decided that nobody would carry out. The call lives on."""
        self._suspended = True
        self._mailbox.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _take(self, event: CallInput) -> None:
        now = self._services.clock.now()
        before = self.call
        metrics.call_input(type(event).__name__).inc()
        try:
            decided = decide(before, event, now, self._services.rules())
            if decided.call is before and not decided.facts and not decided.commands:
                return
            step = self._step(event, decided, now, before)
            self.call = decided.call
            self._services.changed(decided.call)
            self._services.journal.append(step)
            for command in decided.commands:
                self._carry_out(command)
        except Exception as error:  # one call's defect must not touch the others: it ends, loudly, and they go on
            end_without_memory(error)
            self._crash(event, error, now)

    def _carry_out(self, command: Command) -> None:
        if isinstance(command, RoutingCommand):
            self._services.route(self.id, command)
        else:
            self._performer.perform(command)

    def _step(self, event: CallInput, decided: Decided, now: float, before: Call | None) -> Step:
        return Step(
            at=now,
            subject=self.id,
            input=self._without_secrets(event, before),
            facts=decided.facts,
            commands=tuple(fit_for_journal(command) for command in decided.commands),
            state=encode_call(decided.call),
        )

    def _without_secrets(self, event: CallInput, before: Call | None) -> CallInput:
        if isinstance(event, DigitsRequested):
            return DigitsRequested(digits=MASK * len(event.digits), user_id=event.user_id)
        if not isinstance(event, DigitReceived) or before is None:
            return event
        if before.notice is not None and before.notice.stage == "pin":
            return DigitReceived(digit=MASK)
        if before.cursor is None:
            return event
        secret = keys_are_secret(self._services.rules().flows, before.cursor)
        return DigitReceived(digit=MASK) if secret else event

    def _crash(self, event: CallInput, error: Exception, now: float) -> None:
        metrics.calls_crashed.inc()
        log.error("call_crashed", call_id=self.id, input=type(event).__name__, error=repr(error), exc_info=error)
        facts: tuple[Fact, ...] = (CallCrashed(error=f"{type(error).__name__}: {error}"),)
        if self.call is None:
            self._services.journal.append(Step(at=now, subject=self.id, input=event, facts=facts))
            self._mailbox.clear()
            if isinstance(event, CallArrived):  # nobody would ever answer it
                self._performer.perform(HangUp(channel_id=event.channel_id, reason="congestion"))
            self._close()
            return
        ended, ending = _ended_by_crash(self.call, now, self._services.rules())
        self.call = ended
        self._services.changed(ended)
        step = Step(at=now, subject=self.id, input=event, facts=(*facts, *ending.facts), state=encode_call(ended))
        self._services.journal.append(step)
        for command in ending.commands:
            self._carry_out(command)
        self._mailbox.clear()

    # timers are derived from the deadlines that the call holds

    def _set_timer(self) -> None:
        due = min(self.call.deadlines.values(), default=None) if self.call is not None else None
        if due == self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_at = None, due
        if due is not None:
            delay = max(0.0, due - self._services.clock.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._deadline)

    def _deadline(self) -> None:
        self._timer, self._timer_at = None, None
        if self.call is None:
            return
        now = self._services.clock.now()
        passed = sorted((at, name) for name, at in self.call.deadlines.items() if at <= now + 0.001)
        for _, name in passed:
            if name == ANNOUNCE and (position := self._services.position(self.id)) is not None:
                self.post(position)
            self.post(DeadlinePassed(name=name))
        if not passed:
            self._set_timer()

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._performer.close()
        self._services.closed(self)


def _ended_by_crash(call: Call, now: float, rules: Rules) -> tuple[Call, Decided]:
    """The ordinary end, without the flow that may have been at fault."""
    ending = decide(msgspec.structs.replace(call, cursor=None), HangUpRequested(by="system"), now, rules)
    return ending.call, ending


def encode_call(call: Call) -> msgspec.Raw:
    public = msgspec.structs.replace(call, cursor=call.cursor.public()) if call.cursor is not None else call
    return msgspec.Raw(msgspec.json.encode(public))


def fit_for_journal(command: Command) -> Command:
    """Texts with values in them may tell what the caller entered: only the fixed ones are written down."""
    if isinstance(command, RunLookup) and command.secret:
        return msgspec.structs.replace(command, path="…", body=None)
    if isinstance(command, SendDigits):
        return msgspec.structs.replace(command, digits=MASK * len(command.digits))
    if not isinstance(command, PlayPrompt):
        return command
    pieces = tuple(
        msgspec.structs.replace(p, text="…") if isinstance(p, Spoken) and not p.static else p for p in command.pieces
    )
    return msgspec.structs.replace(command, pieces=pieces)
