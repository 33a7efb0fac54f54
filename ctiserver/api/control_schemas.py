"""Bodies of what people do with live calls."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from ctiserver.api.schemas import Body, RowId, Word
from ctiserver.call.watching import Mode

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.@-]+$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[0-9+*# -]+$")]


class ToAgent(Body):
    kind: Literal["agent"]
    agent_id: RowId


class ToNumber(Body):
    """`shown`: which of our numbers the other side sees; empty: the first."""

    kind: Literal["number"]
    number: Number
    shown: Annotated[str, StringConstraints(max_length=32)] = ""


class ToQueue(Body):
    """`priority_s`: seconds ahead of others; none: as the caller had."""

    kind: Literal["queue"]
    queue_id: Id
    priority_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = None


class ToFlow(Body):
    """A survey, or with `come_back` an errand after which the same agent has the caller again."""

    kind: Literal["flow"]
    flow: Id
    come_back: bool = False


class TransferBody(Body):
    to: Annotated[ToAgent | ToNumber | ToQueue | ToFlow, Field(discriminator="kind")]


class ConsultBody(Body):
    to: Annotated[ToAgent | ToNumber | ToQueue, Field(discriminator="kind")]


class InviteBody(Body):
    to: Annotated[ToAgent | ToNumber, Field(discriminator="kind")]


class CallBody(Body):
    """To a number, to a colleague, or nobody yet: a conference."""

    to: Annotated[ToAgent | ToNumber, Field(discriminator="kind")] | None = None


class ConsultChoiceBody(Body):
    choice: Literal["swap", "merge", "complete", "cancel"]


class HoldBody(Body):
    held: bool


class MuteBody(Body):
    """`party`: agent, caller, or the id of a party."""

    party: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.-]+$")] = "agent"
    muted: bool


class DigitsBody(Body):
    digits: Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[0-9*#A-D]+$")]


class PieceBody(Body):
    """The id of a recorded prompt; empty: what plays is stopped."""

    prompt: Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
    language: Literal["zh-CN", "en"] = "zh-CN"


class PauseBody(Body):
    paused: bool


class QueueMoveBody(Body):
    queue_id: Id


class PriorityBody(Body):
    priority_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]


class BroadcastBody(Body):
    text: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    team: Word | None = None


class SupervisionBody(Body):
    """`phone`: the extension that is rung; empty: the asking user's own."""

    agent_id: RowId
    mode: Mode = "listen"
    phone: Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9]*$")] = ""


class ModeBody(Body):
    mode: Mode


class MadeCall(msgspec.Struct, frozen=True, kw_only=True):
    call_id: str


class WatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor who listens. `hears`: there is a conversation that may be heard now."""

    id: str
    agent_id: int
    supervisor: str
    mode: Mode
    state: Literal["ringing", "on", "ended"]
    call_id: str
    hears: bool
    since: float
