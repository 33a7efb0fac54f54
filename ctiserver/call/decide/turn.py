"""One turn of deciding: the call as it becomes, and what is commanded and concluded on the way.

A Turn is the scratch pad of a single `decide`; it never outlives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from ctiserver.call.commands import (
    Command,
    ConnectParties,
    DestroyBridge,
    HoldWithMusic,
    JoinBridge,
    LeaveMusic,
    PlayPrompt,
    PlaySound,
    StopPrompt,
)
from ctiserver.call.events import Fact
from ctiserver.call.states import Call, Phase
from ctiserver.call.treatment import Treatment, Treatments, treatment_of
from ctiserver.directory import Queue
from ctiserver.ivr.emergency import Announcement
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.messages import Utterance
from ctiserver.outside_numbers import OutsideNumbers

PROMPT_DEADLINE = "prompt"
RINGING_TONE = "tone:ring"
LONGEST_PROMPT_S = 300.0  # Asterisk owes us the end of every playback; this is for the day it forgets


@dataclass(frozen=True, slots=True)
class Rules:
    """What deciding depends on besides the call: the flows and the queues in force, and where local time is.

    `fallback_queue` takes callers whose flow broke; "" hangs up after a word of regret.
    """

    flows: FlowSet
    queues: Mapping[str, Queue]
    timezone: tzinfo
    fallback_queue: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict[str, str])  # an agent's number or extension → extension
    outside: OutsideNumbers = field(default_factory=OutsideNumbers)
    hears_words: bool = False  # a recogniser is configured
    announcements: tuple[Announcement, ...] = ()
    treatments: Treatments = field(default_factory=dict[str, Treatment])  # by customers' tags


@dataclass(slots=True)
class Turn:
    call: Call
    now: float
    rules: Rules
    commands: list[Command] = field(default_factory=list[Command])
    facts: list[Fact] = field(default_factory=list[Fact])

    def do(self, *commands: Command) -> None:
        self.commands.extend(commands)
        caller = self.call.channel_id
        for command in commands:
            match command:
                case HoldWithMusic() if command.channel_id == caller:
                    self.change(music=command.music)
                case ConnectParties():
                    self.change(music="")
                case JoinBridge() if command.channel_id == caller:
                    self.change(music="")
                case _:
                    pass

    def leave_music(self) -> None:
        """Before the flow goes on: texts and recordings want silence around them."""
        if self.call.music:
            self.do(LeaveMusic(channel_id=self.call.channel_id, music=self.call.music))
            self.change(music="")

    def next_id(self, letter: str) -> str:
        """A new id for something that the flow asks for: CALL.m1."""
        number = self.call.requests + 1
        self.change(requests=number)
        return f"{self.call.id}.{letter}{number}"

    def note(self, *facts: Fact) -> None:
        self.facts.extend(facts)

    def change(self, **fields: Any) -> None:
        self.call = msgspec.structs.replace(self.call, **fields)

    def enter(self, phase: Phase) -> None:
        if phase != self.call.phase:
            self.change(phase=phase, phase_since=self.now)

    def treatment(self) -> Treatment:
        """What the tags of who calls make of this call, as far as it is known who calls."""
        card = self.call.customer
        return treatment_of(card.tags if card is not None else (), self.rules.treatments)

    def local_time(self) -> datetime:
        return datetime.fromtimestamp(self.now, self.rules.timezone)

    # deadlines

    def set_deadline(self, name: str, after_s: float) -> None:
        self.change(deadlines={**self.call.deadlines, name: self.now + after_s})

    def clear_deadlines(self, *names: str) -> None:
        """Without names: all of them."""
        kept = {name: at for name, at in self.call.deadlines.items() if names and name not in names}
        if kept != self.call.deadlines:
            self.change(deadlines=kept)

    # prompts
    def play(self, target: str, pieces: tuple[Utterance, ...], turn: int = 0) -> None:
        playback_id = self._next_playback(turn)
        self.do(PlayPrompt(playback_id=playback_id, target=target, pieces=pieces))

    def ring_back(self, target: str) -> None:
        """What a caller hears while the other side's phone rings; ended by `stop_playing`."""
        self.do(PlaySound(playback_id=self._next_playback(0), target=target, media=(RINGING_TONE,)))

    def _next_playback(self, turn: int) -> str:
        self.stop_playing()
        number = self.call.prompts + 1
        playback_id = f"{self.call.id}.p{number}"
        self.change(prompts=number, playing=playback_id, turn=turn)
        self.set_deadline(PROMPT_DEADLINE, LONGEST_PROMPT_S)
        return playback_id

    def stop_playing(self) -> None:
        """Must come before anything else is done with the channel: Asterisk makes it wait for the prompt's end."""
        if self.call.playing:
            self.do(StopPrompt(playback_id=self.call.playing))
            self.prompt_over()

    def prompt_over(self) -> None:
        self.change(playing="")
        self.clear_deadlines(PROMPT_DEADLINE)

    # bridges

    def next_bridge(self) -> str:
        bridge_id = self.bridge_beside()
        self.change(bridge_id=bridge_id)
        return bridge_id

    def bridge_beside(self) -> str:
        """The id of one more bridge, for some of the parties."""
        number = self.call.bridges + 1
        self.change(bridges=number)
        return f"{self.call.id}.b{number}"

    def drop_bridge(self) -> None:
        if self.call.bridge_id:
            self.do(DestroyBridge(bridge_id=self.call.bridge_id))
            self.change(bridge_id="")
