"""Carries out one call's commands against Asterisk, in order, and posts what became of them.

Commands that nothing has to wait for are sent when they are given, one behind the other without waiting for answers:
Asterisk keeps their order. The others (joining the two needs the bridge, a prompt its words) wait for their turn, and
whatever is given meanwhile waits behind them. Outcomes are looked at in order by the call's one task. Where the link
breaks, what was sent and not answered is sent again, in order: ids are ours, so nothing happens twice.

A prompt may first have to be synthesised; that runs beside the queue so that nothing waits for it. Whoever stops the
prompt stops its preparation too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from ctiserver.call.commands import (
    AnswerCaller,
    AnswerRefer,
    CollectMessage,
    CollectRecording,
    Command,
    ConnectParties,
    DeleteMessage,
    DestroyBridge,
    DialAgent,
    DialLeg,
    EnterRoom,
    ErrandCommand,
    ExitRoom,
    HangUp,
    HoldWithMusic,
    IdentifyCaller,
    JoinBridge,
    LeaveMusic,
    MakeBridge,
    Mute,
    PauseRecording,
    PlayPrompt,
    PlaySound,
    RunLookup,
    SeeCaller,
    SendDigits,
    StartFax,
    StartMessage,
    StartRecording,
    StopMessage,
    StopPrompt,
    UnderstandWords,
)
from ctiserver.call.events import (
    AgentLegEnded,
    CallInput,
    ConnectFailed,
    HangUpRequested,
    PartiesConnected,
    PromptFinished,
    RecordingBegan,
    RecordingLost,
    RecordingPauseFailed,
)
from ctiserver.errors import LinkDownError
from ctiserver.last_resort import end_without_memory
from ctiserver.live import metrics
from ctiserver.live.errand_commands import carry_out
from ctiserver.ports import DialRequest, Outcome, PromptSource, Telephony
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

UNREACHABLE = 20  # ITU-T Q.850: subscriber absent
LINK_PAUSE_S = 0.1  # a command may learn of the loss before the one who announces it, who must get his turn


@dataclass(frozen=True, slots=True)
class PerformerServices:
    """What every performer uses; one object for all of them."""

    telephony: Telephony
    prompts: PromptSource
    tasks: TaskOwner
    link_is_up: Callable[[], asyncio.Event]
    identify: Callable[[str, str], None]  # (call id, number): answers with CallerIdentified
    collect: Callable[[str, CollectRecording], None]  # answers with RecordingCollected or RecordingLost
    errand: Callable[[str, ErrandCommand], None]  # answers with LookupFinished, MessageCollected …


SentAtOnce = AnswerCaller | HoldWithMusic | MakeBridge | DialAgent | DestroyBridge | HangUp
SENT_AT_ONCE = (AnswerCaller, HoldWithMusic, MakeBridge, DialAgent, DestroyBridge, HangUp)


class _Given(NamedTuple):
    """A command in the queue. `sent`: its outcome is on the way; None: it is carried out when its turn comes."""

    command: Command
    sent: Awaitable[Outcome] | None
    at: float


class Performer:
    def __init__(self, call_id: str, services: PerformerServices, post: Callable[[CallInput], None]) -> None:
        self._call_id = call_id
        self._services = services
        self._post = post
        self._commands: asyncio.Queue[_Given | None] = asyncio.Queue()
        self._unsent = 0  # commands in the queue that are not sent: all others wait behind them
        self._prompts: dict[str, asyncio.Task[None]] = {}
        self._preparing: set[str] = set()  # prompts whose words are not ready yet
        self._under_way: set[str] = set()  # legs and prompts that Asterisk has not confirmed yet
        self._joining: list[str] = []  # channels that are put into one bridge, until Asterisk has answered
        services.tasks.start(call_id, self._run())

    def perform(self, command: Command) -> None:
        """Queues the command; those that don't concern Asterisk begin at once."""
        match command:
            case IdentifyCaller():
                self._services.identify(self._call_id, command.number)
            case CollectRecording():
                self._services.collect(self._call_id, command)
            case RunLookup() | CollectMessage() | UnderstandWords():
                self._services.errand(self._call_id, command)
            case _:
                if isinstance(command, DialAgent | PlayPrompt | PlaySound | DialLeg | StartMessage):
                    self._under_way.add(_made_by(command))
                elif isinstance(command, ConnectParties):
                    self._joining.extend(command.channel_ids)
                sent = self._send_at_once(command)
                self._unsent += sent is None
                self._commands.put_nowait(_Given(command, sent, time.perf_counter()))

    def is_under_way(self, made_id: str) -> bool:
        """A leg or a prompt that was commanded and that Asterisk need not know yet: its absence there says nothing."""
        return made_id in self._under_way

    def is_joining(self, channel_id: str) -> bool:
        """It was commanded to join this channel with another, and Asterisk has not said yet whether it did."""
        return channel_id in self._joining

    def close(self) -> None:
        """What is queued is still carried out, then the performer ends."""
        self._commands.put_nowait(None)

    async def _run(self) -> None:
        while (given := await self._commands.get()) is not None:
            command = given.command
            try:
                await self._until_done(given)
            except Exception as error:  # one call's defect: it ends, by commands that are still carried out below
                end_without_memory(error)
                self._joining.clear()
                metrics.calls_crashed.inc()
                log.error("command_crashed", call_id=self._call_id, command=type(command).__name__, exc_info=error)
                self._post(HangUpRequested(by="system"))
            if isinstance(command, DialAgent | DialLeg | StartMessage):
                self._under_way.discard(_made_by(command))

    async def _until_done(self, given: _Given) -> None:
        """While the link to Asterisk is down the call goes on there; our command waits for the link."""
        unsent = given.sent is None
        try:
            if given.sent is not None:
                try:
                    await self._finish(given.command, given.sent, given.at)
                    return
                except LinkDownError:
                    unsent = True
                    self._unsent += 1
                    await self._link_again(given.command)
            while True:
                try:
                    await self._do(given.command)
                    return
                except LinkDownError:
                    await self._link_again(given.command)
        finally:
            self._unsent -= unsent

    async def _link_again(self, command: Command) -> None:
        log.warning("command_waits_for_link", call_id=self._call_id, command=type(command).__name__)
        await asyncio.sleep(LINK_PAUSE_S)
        await self._services.link_is_up().wait()

    def _send_at_once(self, command: Command) -> Awaitable[Outcome] | None:
        """None: something else must be over first, or there is no link."""
        if self._unsent or not isinstance(command, SENT_AT_ONCE):
            return None
        try:
            return self._send(command)
        except LinkDownError:
            return None

    def _send(self, command: SentAtOnce) -> Awaitable[Outcome]:
        telephony = self._services.telephony
        match command:
            case AnswerCaller():
                return telephony.answer(command.channel_id)
            case HoldWithMusic():
                return telephony.hold_with_music(command.channel_id, command.music)
            case MakeBridge():
                return telephony.make_bridge(command.bridge_id)
            case DialAgent():
                return telephony.dial(self._dial_request(command))
            case DestroyBridge():
                return telephony.destroy_bridge(command.bridge_id)
            case HangUp():
                return telephony.hang_up(command.channel_id, command.reason)

    async def _do(self, command: Command) -> None:
        telephony = self._services.telephony
        match command:
            case PlayPrompt() | PlaySound():
                self._start_prompt(command)
            case StopPrompt():
                await self._stop_prompt(command.playback_id)
            case ConnectParties():
                await self._connect(command)
            case StartRecording():
                await self._record(command)
            case JoinBridge():
                await self._timed(command, telephony.connect(command.bridge_id, (command.channel_id,)))
            case Mute():
                await self._timed(command, telephony.mute(command.channel_id, muted=command.muted))
            case SendDigits():
                await self._timed(command, telephony.send_digits(command.channel_id, command.digits))
            case PauseRecording():
                await self._pause_recording(command)
            case AnswerRefer():
                await self._timed(command, telephony.answer_refer(command.channel_id, command.state))
            case DialLeg():
                await self._dial_leg(command)
            case StartMessage() | StopMessage() | DeleteMessage() | LeaveMusic() | EnterRoom() | ExitRoom():
                await self._timed(command, carry_out(command, telephony, self._post))
            case StartFax() | SeeCaller():
                await self._timed(command, carry_out(command, telephony, self._post))
            case _ if isinstance(command, SENT_AT_ONCE):
                await self._finish(command, self._send(command), time.perf_counter())
            case _:
                raise TypeError(f"{type(command).__name__} is not a command to Asterisk")

    async def _finish(self, command: Command, sent: Awaitable[Outcome], began: float) -> None:
        outcome = await self._timed(command, sent, began)
        if isinstance(command, DialAgent) and outcome == "refused":
            # "gone" is the caller, whose own hang-up is on the way: no agent is to blame
            self._post(AgentLegEnded(offer_id=command.offer_id, cause=UNREACHABLE))

    async def _timed(self, command: Command, doing: Awaitable[Outcome], began: float | None = None) -> Outcome:
        name, began = type(command).__name__, began or time.perf_counter()
        outcome = await doing
        metrics.command_seconds(name).observe(time.perf_counter() - began)
        metrics.command_outcome(name, outcome).inc()
        return outcome

    def _dial_request(self, command: DialAgent) -> DialRequest:
        return DialRequest(
            channel_id=command.offer_id,
            endpoint=command.endpoint,
            originator=command.originator,
            caller_number=command.caller_number,
            caller_name=command.caller_name,
            timeout_s=command.timeout_s,
            call_id=self._call_id,
            auto_answer=command.auto_answer,
        )

    async def _dial_leg(self, command: DialLeg) -> None:
        request = DialRequest(
            channel_id=command.leg_id,
            endpoint=command.endpoint,
            originator=command.originator,
            caller_number=command.caller_number,
            caller_name=command.caller_name,
            timeout_s=command.timeout_s,
            call_id=self._call_id,
        )
        if await self._timed(command, self._services.telephony.dial(request)) == "refused":
            self._post(AgentLegEnded(offer_id=command.leg_id, cause=UNREACHABLE))

    async def _connect(self, command: ConnectParties) -> None:
        outcome = await self._timed(command, self._services.telephony.connect(command.bridge_id, command.channel_ids))
        self._joining = [channel for channel in self._joining if channel not in command.channel_ids]
        joined = outcome == "done"
        bridge_id = command.bridge_id
        self._post(PartiesConnected(bridge_id=bridge_id) if joined else ConnectFailed(bridge_id=bridge_id))

    async def _record(self, command: StartRecording) -> None:
        recording_id = command.recording_id
        started = self._services.telephony.start_recording(recording_id, command.channel_id)
        try:
            outcome = await self._timed(command, started)
        except LinkDownError:  # AMI may be away for long, and the call's other commands need only ARI
            outcome = "link_down"
        if outcome == "done":
            self._post(RecordingBegan(recording_id=recording_id))
        else:
            self._post(RecordingLost(recording_id=recording_id, reason=f"start_{outcome}"))

    async def _pause_recording(self, command: PauseRecording) -> None:
        pausing = self._services.telephony.pause_recording(
            command.recording_id, command.channel_id, paused=command.paused
        )
        try:
            outcome = await self._timed(command, pausing)
        except LinkDownError:  # whoever is about to read a card number aloud must learn of it now
            outcome = "link_down"
        if outcome != "done" and command.paused:
            log.error("recording_not_paused", call_id=self._call_id, recording=command.recording_id, outcome=outcome)
            self._post(RecordingPauseFailed(recording_id=command.recording_id))

    # prompts

    def _start_prompt(self, command: PlayPrompt | PlaySound) -> None:
        task = self._services.tasks.start(command.playback_id, self._play(command))
        self._prompts[command.playback_id] = task
        task.add_done_callback(lambda _: self._prompt_begun(command.playback_id))

    def _prompt_begun(self, playback_id: str) -> None:
        self._prompts.pop(playback_id, None)
        self._under_way.discard(playback_id)
        self._preparing.discard(playback_id)

    async def _play(self, command: PlayPrompt | PlaySound) -> None:
        try:
            self._preparing.add(command.playback_id)
            if isinstance(command, PlaySound):
                media: Sequence[str] = command.media
            else:
                media = await self._services.prompts.media(command.pieces)
            self._preparing.discard(command.playback_id)
            outcome = await self._timed(
                command, self._services.telephony.play(command.playback_id, command.target, media)
            )
        except LinkDownError:
            outcome = "refused"
        except Exception as error:  # whatever the speech engine did: the caller must not sit in silence for it
            end_without_memory(error)
            log.error("prompt_crashed", call_id=self._call_id, playback=command.playback_id, exc_info=error)
            outcome = "refused"
        if outcome == "gone" and command.target.startswith("channel:"):
            return  # whose hang-up is on the way: the flow must not go on without anybody
        if outcome != "done":
            self._post(PromptFinished(playback_id=command.playback_id, ok=False))

    async def _stop_prompt(self, playback_id: str) -> None:
        """A prompt that is still prepared is not begun. One that was sent is ended in Asterisk once it has begun there,
        since the request to stop takes another socket and would overtake it."""
        if (task := self._prompts.get(playback_id)) is not None:
            if playback_id in self._preparing:
                task.cancel()
            await asyncio.wait([task])
        await self._services.telephony.stop_playback(playback_id)


def _made_by(command: DialAgent | PlayPrompt | PlaySound | DialLeg | StartMessage) -> str:
    match command:
        case DialAgent():
            return command.offer_id
        case DialLeg():
            return command.leg_id
        case StartMessage():
            return command.message_id
        case PlayPrompt() | PlaySound():
            return command.playback_id
