"""What people ask for with a call; `user_id` is who asked, for the journal. Inputs of `decide`, too."""

from __future__ import annotations

from typing import Literal

from ctiserver.call.event import Event
from ctiserver.call.notice import MessageNotice
from ctiserver.call.parties import AgentTarget, Callback, Dialled, Target
from ctiserver.call.words import Direction


class OutboundRequested(Event, frozen=True, kw_only=True):
    """An agent makes a call: to a number, to a colleague, or a conference that begins empty."""

    call_id: str
    agent: AgentTarget
    target: Dialled | None
    direction: Direction
    shown: str = ""  # the number that the other side sees
    longest_s: float = 0.0
    user_id: int | None = None
    record: bool = True
    callback: Callback | None = None  # that this agent alone is to make


class CallbackDue(Event, frozen=True, kw_only=True):
    """Somebody of the queue is to ring this customer back: the contact waits in the place of `waiting_since`."""

    call_id: str
    queue_id: str
    callback: Callback
    waiting_since: float
    shown: str = ""  # the number that the customer sees
    language: str = "zh-CN"


class NoticeDue(Event, frozen=True, kw_only=True):
    """A phone is to be rung about the messages of a box, which it hears by pressing keys."""

    call_id: str
    notice: MessageNotice


class MessagesTaken(Event, frozen=True, kw_only=True):
    """Somebody else has heard these messages meanwhile, or removed them: they are not offered here any more."""

    voicemail_ids: tuple[str, ...]


class HoldRequested(Event, frozen=True, kw_only=True):
    """The agent lets the caller wait with music, or takes the caller back."""

    held: bool
    user_id: int | None = None


class MuteRequested(Event, frozen=True, kw_only=True):
    """`party_id`: "agent", "caller", or a party's."""

    party_id: str
    muted: bool
    user_id: int | None = None


class DigitsRequested(Event, frozen=True, kw_only=True):
    """Keys pressed on the page. Secret by nature, so the journal has only how many."""

    digits: str
    user_id: int | None = None


class PieceRequested(Event, frozen=True, kw_only=True):
    """A recorded piece is played to everybody in the conversation; an empty one stops what plays."""

    prompt: str
    language: str = "zh-CN"
    user_id: int | None = None


class RecordingPauseRequested(Event, frozen=True, kw_only=True):
    paused: bool
    user_id: int | None = None


class RecordingPauseFailed(Event, frozen=True, kw_only=True):
    """Asterisk did not do it: what is said is being recorded."""

    recording_id: str


class TransferRequested(Event, frozen=True, kw_only=True):
    """Blind: the agent is rid of the caller at once."""

    target: Target
    user_id: int | None = None


class ConsultRequested(Event, frozen=True, kw_only=True):
    target: Target  # not a flow
    user_id: int | None = None


class ConsultChosen(Event, frozen=True, kw_only=True):
    """swap: speak with the other one · merge: all together · complete: the caller goes there · cancel."""

    choice: Literal["swap", "merge", "complete", "cancel"]
    user_id: int | None = None


class InviteRequested(Event, frozen=True, kw_only=True):
    """One more into the conversation."""

    target: Dialled
    user_id: int | None = None


class RemoveRequested(Event, frozen=True, kw_only=True):
    party_id: str
    user_id: int | None = None


class LeaveRequested(Event, frozen=True, kw_only=True):
    """The agent in charge leaves; the others go on where that makes sense."""

    agent_id: int
    user_id: int | None = None


class TakeOverRequested(Event, frozen=True, kw_only=True):
    """A colleague takes a caller who waits or rings elsewhere (代答), or a supervisor the conversation (拦截)."""

    by: AgentTarget
    user_id: int | None = None


class QueueMoveRequested(Event, frozen=True, kw_only=True):
    """A supervisor sends a caller who waits into another queue."""

    queue_id: str
    user_id: int | None = None


class PriorityRequested(Event, frozen=True, kw_only=True):
    priority_s: float
    user_id: int | None = None


class ReferReceived(Event, frozen=True, kw_only=True):
    """The agent's phone asked for a transfer by REFER. `target` None: to where nobody may be sent.

    Attended (with Replaces): the two calls of the phone, on whichever of them it asked, are to become one.
    """

    leg: str
    target: Target | None
    attended: bool = False
    other: str = ""  # attended: the phone's other channel


class ConsultDialled(Event, frozen=True, kw_only=True):
    """The phone of the agent in charge rings somebody by itself, on a second line, while the caller waits."""

    channel_id: str  # the phone's second channel
    target: Dialled | None  # None: nobody who may be rung, or can be now
