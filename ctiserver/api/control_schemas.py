"""Bodies of what people do with live calls."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from ctiserver.api.schemas import Body, RowId, Word
from ctiserver.call.watching import Mode
from ctiserver.live.floor_views import ColleagueView, FlowChoice

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


class HelpBody(Body):
    """What it is about, if anything is said."""

    text: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""


class TargetQueue(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: dict[str, str]  # by language
    waiting: int
    agents_ready: int


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """Where a caller may be sent, and who may be asked. `outside`: numbers outside may be rung at all."""

    agents: tuple[ColleagueView, ...]
    queues: tuple[TargetQueue, ...]
    flows: tuple[FlowChoice, ...]
    outside: bool
    shown_numbers: tuple[str, ...]  # which the other side may see; the first where none is chosen
    pieces: tuple[str, ...]  # recorded prompts that may be played to the caller


class PickupView(msgspec.Struct, frozen=True, kw_only=True):
    """A caller whom any agent may take over (代答); the number is masked."""

    call_id: str
    phase: str  # waiting or ringing
    phase_since: float
    queue_id: str
    queued_at: float | None
    position: int | None
    caller_number: str
    agent_id: int | None  # at whom it rings
    agent_name: str
