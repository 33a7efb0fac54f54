"""The work order's state machine, as one table: which action leads from which states where, who may, what it needs.

A pair that is not in the table is refused with both names. What a row changes beside the state is in `changes.py`.
docs/work_orders.md shows the table as a drawing, made by docs/draw_work_order_states.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from ctiserver.desk.words import Action, Actor, Stage, State

STAY: Final = "stay"
BACK: Final = "back"  # to where it was suspended from
Target: TypeAlias = State | Literal["stay", "back"]
States: TypeAlias = tuple[State, ...]
Actors: TypeAlias = frozenset[Actor]

WITH_UNIT: Final[States] = ("dispatched", "signed", "on_site", "processing")
BEFORE_REPLY: Final[States] = ("accepted", "pending_dispatch", *WITH_UNIT)
UNFINISHED: Final[States] = (*BEFORE_REPLY, "suspended", "replied", "reviewing", "to_follow_up")
ALL_BUT_ARCHIVED: Final[States] = ("draft", *UNFINISHED, "merged", "resolved_on_call", "closed", "cancelled")

DESK: Final[Actors] = frozenset({"dispatcher", "supervisor"})
FRONT: Final[Actors] = frozenset({"agent", "dispatcher", "supervisor"})
INTAKE: Final[Actors] = frozenset({"agent", "dispatcher", "supervisor", "system"})
DESK_OR_SYSTEM: Final[Actors] = frozenset({"dispatcher", "supervisor", "system"})
UNIT: Final[Actors] = frozenset({"unit"})
UNIT_OR_DESK: Final[Actors] = frozenset({"unit", "dispatcher", "supervisor"})
SUPERVISOR: Final[Actors] = frozenset({"supervisor"})
ANYBODY: Final[Actors] = frozenset({"agent", "dispatcher", "unit", "supervisor", "system"})

WORK: Final[tuple[Stage, ...]] = ("respond", "arrive", "finish")


class Row(msgspec.Struct, frozen=True):
    """`starts`, `stops`, `reopens`: clocks; `needs`: fields of the request that must be given."""

    action: Action
    states: States
    to: Target
    by: Actors
    needs: tuple[str, ...] = ()
    starts: tuple[Stage, ...] = ()
    stops: tuple[Stage, ...] = ()
    reopens: tuple[Stage, ...] = ()
    freezes: bool = False
    thaws: bool = False


ALL_STAGES: Final[tuple[Stage, ...]] = ("return", *WORK, "reply", "follow_up")

TABLE: Final[tuple[Row, ...]] = (
    # the main line
    Row("submit", ("draft",), "accepted", INTAKE, starts=(*WORK, "reply")),
    Row("resolve_on_call", ("accepted",), "resolved_on_call", INTAKE, ("text",), stops=ALL_STAGES),
    Row("request_dispatch", ("accepted",), "pending_dispatch", INTAKE),
    Row("dispatch", ("accepted", "pending_dispatch"), "dispatched", DESK_OR_SYSTEM, ("unit",), starts=("return",)),
    Row("sign", ("dispatched",), "signed", UNIT, stops=("respond",)),
    Row("arrive", ("signed",), "on_site", UNIT, stops=("arrive",)),
    Row("begin", ("signed", "on_site"), "processing", UNIT),
    Row("reply", ("on_site", "processing"), "replied", UNIT, ("text",), stops=("return", *WORK)),
    Row("review", ("replied",), "reviewing", DESK),
    Row("approve", ("reviewing",), "to_follow_up", DESK, starts=("follow_up",)),
    Row("confirm", ("to_follow_up",), "closed", FRONT, stops=ALL_STAGES),
    Row("archive", ("closed", "resolved_on_call"), "archived", DESK_OR_SYSTEM),
    # other ends
    Row("close", ("reviewing",), "closed", DESK, stops=ALL_STAGES),
    Row("close_unsatisfied", ("to_follow_up",), "closed", SUPERVISOR, ("reason", "text"), stops=ALL_STAGES),
    Row("close_unreached", ("to_follow_up",), "closed", FRONT, stops=ALL_STAGES),
    Row("cancel", ("draft", "accepted"), "cancelled", INTAKE, ("reason",), stops=ALL_STAGES),
    Row("cancel", ("pending_dispatch", "dispatched", "signed", "suspended"), "cancelled", DESK, ("reason",),
        stops=ALL_STAGES),
    # back again
    Row("return", ("dispatched", "signed"), "pending_dispatch", UNIT, ("reason",), stops=("return",)),
    Row("withdraw", ("dispatched", "signed"), "pending_dispatch", DESK, ("reason",), stops=("return",)),
    Row("reassign", WITH_UNIT, "dispatched", DESK, ("unit", "reason"), starts=("return",)),
    Row("send_back", ("replied", "reviewing"), "processing", DESK, ("reason",), reopens=("finish",)),
    Row("miss", ("to_follow_up",), STAY, FRONT),
    Row("redo", ("to_follow_up",), "pending_dispatch", FRONT, ("reason",), starts=WORK, stops=("follow_up",)),
    Row("reopen", ("closed", "resolved_on_call"), "pending_dispatch", FRONT, ("reason",), starts=(*WORK, "reply"),
        stops=("follow_up",)),
    # one incident, many callers
    Row("merge", BEFORE_REPLY, "merged", FRONT, ("parent_id",), freezes=True),
    Row("separate", ("merged",), "pending_dispatch", DESK, ("reason",), thaws=True),
    Row("settle", ("merged",), "closed", DESK_OR_SYSTEM, stops=ALL_STAGES),
    # waiting for the customer
    Row("suspend", WITH_UNIT, "suspended", UNIT_OR_DESK, ("reason",), freezes=True),
    Row("resume", ("suspended",), BACK, ANYBODY, thaws=True),
    # beside the line
    Row("assign", WITH_UNIT, STAY, UNIT_OR_DESK, ("assignee",)),
    Row("assist", WITH_UNIT, STAY, DESK, ("unit",)),
    Row("ask_extension", WITH_UNIT, STAY, UNIT, ("seconds", "reason")),
    Row("grant_extension", (*WITH_UNIT, "suspended"), STAY, DESK),
    Row("refuse_extension", (*WITH_UNIT, "suspended"), STAY, DESK, ("reason",)),
    Row("urge", (*UNFINISHED, "merged"), STAY, INTAKE),
    Row("supervise", UNFINISHED, STAY, SUPERVISOR, ("text",)),
    Row("escalate", UNFINISHED, STAY, DESK_OR_SYSTEM, ("level",)),
    Row("comment", ALL_BUT_ARCHIVED, STAY, ANYBODY, ("text",)),
)  # fmt: skip


def _by_pair() -> Mapping[tuple[State, Action], Row]:
    pairs: dict[tuple[State, Action], Row] = {}
    for row in TABLE:
        for state in row.states:
            if (state, row.action) in pairs:
                raise ValueError(f"two rows for {row.action} in {state}")
            pairs[state, row.action] = row
    return pairs


ROW_OF: Final[Mapping[tuple[State, Action], Row]] = _by_pair()


def allowed(state: State, roles: frozenset[Actor]) -> tuple[Action, ...]:
    """What these roles may ask in this state, in the order of the table; rules of `decide` may still refuse it."""
    return tuple(row.action for row in TABLE if state in row.states and row.by & roles)
