"""A supervisor who listens to an agent, whispers or barges in, across the agent's calls. Pure.

    Watch begun ─▶ ringing ── the supervisor's phone answers ─▶ idle ⇄ listening ── either hangs up ─▶ ended
                                                       the agent's conversation begins, ends, is paused

A snoop is a channel that hears the agent's; a change of mode makes a second one before the first goes, so that nothing
is missed. While the recording is paused for card data there is none.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Mode = Literal["listen", "whisper", "barge"]
WHISPER: dict[Mode, str] = {"listen": "none", "whisper": "out", "barge": "both"}


class Watch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`snoop` hears for the supervisor now, `next_snoop` is on its way; legs are named WATCH.lN, snoops WATCH.sN."""

    id: str
    agent_id: int  # who is listened to
    endpoint: str  # the supervisor's phone
    supervisor: str  # login
    mode: Mode = "listen"
    state: Literal["ringing", "on", "ended"] = "ringing"
    target: str = ""  # the agent's channel in a conversation; empty: none, or not to be heard now
    call_id: str = ""
    snoop: str = ""
    next_snoop: str = ""
    next_of: str = ""  # the channel that it is made for
    snoops: int = 0
    since: float = 0.0

    @property
    def leg(self) -> str:
        return f"{self.id}.l1"

    @property
    def bridge(self) -> str:
        return f"{self.id}.b1"


class Begin(msgspec.Struct, frozen=True):
    """Ring the supervisor's phone, make the bridge."""


class MakeSnoop(msgspec.Struct, frozen=True):
    snoop_id: str
    channel_id: str
    whisper: str


class Join(msgspec.Struct, frozen=True):
    channel_id: str


class Drop(msgspec.Struct, frozen=True):
    channel_id: str


class Finish(msgspec.Struct, frozen=True):
    """Nothing of it may remain."""

    channels: tuple[str, ...]


Order = Begin | MakeSnoop | Join | Drop | Finish
Turned = tuple[Watch, tuple[Order, ...]]


def answered(watch: Watch, channel_id: str) -> Turned:
    """The supervisor's phone, or a snoop that is there now."""
    if watch.state == "ended":
        return watch, (Drop(channel_id),)
    if channel_id == watch.leg and watch.state == "ringing":
        on = msgspec.structs.replace(watch, state="on")
        turned, orders = _hear(on)
        return turned, (Join(channel_id), *orders)
    if channel_id == watch.next_snoop:
        if not watch.target or watch.next_of != watch.target:  # the agent is in another conversation by now, or in none
            gone = msgspec.structs.replace(watch, next_snoop="", next_of="")
            turned, orders = _hear(gone)
            return turned, (Drop(channel_id), *orders)
        former = watch.snoop
        joined = msgspec.structs.replace(watch, snoop=channel_id, next_snoop="", next_of="")
        return joined, (Join(channel_id), *((Drop(former),) if former else ()))
    return watch, ()


def left(watch: Watch, channel_id: str) -> Turned:
    if channel_id == watch.leg:
        return stop(watch)
    if channel_id == watch.snoop:
        return msgspec.structs.replace(watch, snoop=""), ()
    if channel_id == watch.next_snoop:
        return msgspec.structs.replace(watch, next_snoop="", next_of=""), ()
    return watch, ()


def agent_talks(watch: Watch, channel_id: str, call_id: str) -> Turned:
    """The agent's conversation as it is now; empty: none, or one of which nothing may be heard."""
    if channel_id == watch.target or watch.state == "ended":
        return watch, ()
    moved = msgspec.structs.replace(watch, target=channel_id, call_id=call_id, snoop="")
    dropped = (Drop(watch.snoop),) if watch.snoop else ()
    turned, orders = _hear(moved)
    return turned, (*dropped, *orders)


def change_mode(watch: Watch, mode: Mode) -> Turned:
    if watch.mode == mode or watch.state == "ended":
        return watch, ()
    changed = msgspec.structs.replace(watch, mode=mode)
    if changed.next_snoop:  # made for the former mode: it goes as soon as it comes
        changed = msgspec.structs.replace(changed, next_of="")
        return changed, ()
    return _hear(changed)


def stop(watch: Watch) -> Turned:
    if watch.state == "ended":
        return watch, ()
    channels = tuple(channel for channel in (watch.leg, watch.snoop, watch.next_snoop) if channel)
    ended = msgspec.structs.replace(watch, state="ended", target="", snoop="", next_snoop="", next_of="")
    return ended, (Finish(channels),)


def not_made(watch: Watch, snoop_id: str) -> Turned:
    """The agent's channel had gone in that instant; what is true now follows as `agent_talks`."""
    return left(watch, snoop_id)


def _hear(watch: Watch) -> Turned:
    """A snoop of the conversation that is to be heard now; one at a time is on its way."""
    if watch.state != "on" or not watch.target or watch.next_snoop:
        return watch, ()
    number = watch.snoops + 1
    snoop = f"{watch.id}.s{number}"
    asked = msgspec.structs.replace(watch, snoops=number, next_snoop=snoop, next_of=watch.target)
    return asked, (MakeSnoop(snoop, watch.target, WHISPER[watch.mode]),)
