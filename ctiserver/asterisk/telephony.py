"""Asterisk as the call core uses it: the Telephony port over ARI and AMI."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import structlog

from ctiserver.asterisk import ari_commands
from ctiserver.asterisk.ami_client import AmiClient
from ctiserver.asterisk.ami_protocol import AmiMessage
from ctiserver.asterisk.ari_client import AriClient, Down, Up
from ctiserver.asterisk.ari_commands import AriAnswer, AriCommand
from ctiserver.asterisk.ari_events import AriEvent, EventTranslator, bridges_seen, channels_seen
from ctiserver.asterisk.device_states import DeviceStates, phones_listed
from ctiserver.asterisk.fax_engine import FAX_CONTEXT, confirmed_variable, fax_variables
from ctiserver.asterisk.holding_music import HoldingMusic
from ctiserver.asterisk.intruders import Intruders
from ctiserver.asterisk.provision import Provisioner
from ctiserver.asterisk.recordings import Recordings
from ctiserver.asterisk.rooms import Rooms
from ctiserver.asterisk.sent import Sent
from ctiserver.config import AsteriskSettings
from ctiserver.directory import Directory
from ctiserver.errors import LinkDownError
from ctiserver.ports import (
    BridgeSeen,
    ChannelLeft,
    ChannelSeen,
    DialRequest,
    FaxRequest,
    LinkDown,
    LinkUp,
    MessageEnded,
    MessageRequest,
    Outcome,
    PhoneSeen,
    PlaybackEnded,
    TelephonyEvent,
)
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

AMI_PATIENCE_S = 2.0  # calls work without AMI (no recordings, no phone states), so they don't wait long for it
_DIAL_OUTCOMES: dict[int, Outcome] = {400: "gone", 409: "done"}
HANG_UP_FOLLOWS_S = 0.25
LIST_PHONES_DELAY_S = 0.2  # accounts that are being pushed are listed together, not one by one


class AsteriskTelephony:
    """Implements ports.Telephony. `start`, then `events` (one reader), `stop`.

    `on_crash(task, error)`: the reader died of a mistake of ours; the process should end loudly.
    """

    def __init__(
        self,
        settings: AsteriskSettings,
        *,
        documents: Path | None = None,
        on_crash: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        self._app = settings.app
        self._documents = documents  # for faxing, under the same path on Asterisk's side
        self._queue: asyncio.Queue[TelephonyEvent | None] = asyncio.Queue()
        self._translator = EventTranslator()
        self._devices = DeviceStates()
        self._tasks = TaskOwner("telephony", on_crash)
        self._intruders = Intruders(time.monotonic)
        self._listing: asyncio.Task[None] | None = None
        self._list_again = False
        self._holding: set[str] = set()  # music classes whose bridge is there
        self._music = HoldingMusic()
        self._ari = AriClient(
            settings, on_event=self._ari_event, on_link=self._ari_link, ready=self._ready, on_crash=on_crash
        )
        self._ami = AmiClient(settings, on_event=self._ami_event, on_link=self._ami_link, on_crash=on_crash)
        self._recordings = Recordings(self._ami, self._ari, settings.recording_folder, self._tasks)
        self._provisioner = Provisioner(self._ari, settings.phone_encryption)
        self._rooms = Rooms(self._send, settings.app)

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Begins to connect and returns; LinkUp among the events says when calls can be served."""
        await self._ami.start()
        await self._ari.start()

    async def stop(self) -> None:
        """Leaves calls as they are: Asterisk carries them on. Ends `events`."""
        await self._tasks.stop()
        await self._ari.stop()
        await self._ami.stop()
        self._queue.put_nowait(None)

    async def events(self) -> AsyncIterator[TelephonyEvent]:
        """In the order in which they happened per link; ends after `stop`."""
        while (event := await self._queue.get()) is not None:
            yield event

    def problems(self) -> dict[str, str]:
        """Per link ("ari", "ami") what is wrong and the way out; empty text: all is well.

        "accounts": a phone that registers before its account is there would be refused, and many give up then.
        """
        return {"ari": self._ari.problem, "ami": self._ami.problem, "accounts": self._provisioner.problem}

    def lane_of(self, channel_id: str) -> int:
        return self._ari.lane_of(channel_id)

    def unanswered(self, lane: int) -> int:
        return self._ari.unanswered(lane)

    def refuse_new_calls(self) -> None:
        """From now on the dialplan takes us for away; calls that are here stay."""
        self._ari.refuse_new_calls()

    def use_directory(self, directory: Directory) -> None:
        """The accounts that Asterisk shall have from now on, pushed now and after each connect. Returns at once."""
        self._provisioner.want(directory)
        if self._ari.up:
            self._push_accounts()

    # ── the port: commands ──────────────────────────────────────────────────────────────────────────────────────────
    # Each is sent when the method is called; what it returns is awaited by those who need the outcome.

    def ring(self, channel_id: str) -> Awaitable[Outcome]:
        """Over the events' socket: those of the calls have enough to do when somebody is kept ringing."""
        return self._do(ari_commands.ring(channel_id), None)

    def answer(self, channel_id: str) -> Awaitable[Outcome]:
        return self._do(ari_commands.answer(channel_id), channel_id)

    def play(self, playback_id: str, target: str, media: Sequence[str]) -> Awaitable[Outcome]:
        """A missing file is told by PlaybackEnded(ok=False).

        Not idempotent: Asterisk plays a repeated id twice, so ask `playback_exists` before trying again. On a bridge
        that is empty, or destroyed meanwhile, no PlaybackEnded follows.
        """
        return self._do(ari_commands.play(playback_id, target, media), target.partition(":")[2])

    def stop_playback(self, playback_id: str) -> Awaitable[Outcome]:
        """Over the events' socket: it must overtake commands that wait for this very playback to end."""
        return self._do(ari_commands.stop_playback(playback_id), None)

    def hold_with_music(self, channel_id: str, music: str) -> Awaitable[Outcome]:
        """A holding bridge alone is silent: its music is started when it has to be (holding_music.py).

        Until the bridge is known to be there, everybody who needs it makes it: again is harmless, and nobody waits.
        """
        if music not in self._holding:
            self._make_holding(channel_id, music)
        answer = self._send(ari_commands.add_channels(self._holding_id(music), [channel_id]), channel_id)
        if self._music.joins(channel_id, music):
            self._start_music(channel_id, music)
        return Sent(functools.partial(self._held, channel_id, music, answer))

    async def _held(self, channel_id: str, music: str, answer: Awaitable[AriAnswer]) -> Outcome:
        held = await answer
        if held.status == 404:  # the bridge has gone: with another Asterisk, or reaped by somebody
            self._make_holding(channel_id, music)
            held = await self._send(ari_commands.add_channels(self._holding_id(music), [channel_id]), channel_id)
            await self._send(ari_commands.start_music(self._holding_id(music), music), channel_id)
        if held.status < 300:
            self._holding.add(music)
        return _outcome(held)

    def _make_holding(self, channel_id: str, music: str) -> None:
        """Ahead of the caller on the caller's own socket; what became of it shows when the caller is put there."""
        self._holding.discard(music)
        command = ari_commands.make_holding_bridge(self._holding_id(music))
        self._send(command, channel_id).add_done_callback(_not_awaited)

    def _start_music(self, channel_id: str, music: str) -> None:
        """Behind the commands of the same caller that are on their way."""
        self._send(ari_commands.start_music(self._holding_id(music), music), channel_id).add_done_callback(_not_awaited)

    def _out_of_music(self, channel_id: str) -> None:
        """It has left, or is about to: those who stay go on hearing music."""
        if (music := self._music.leaves(channel_id)) and self._ari.up:
            self._start_music(channel_id, music)

    async def leave_music(self, channel_id: str, music: str) -> Outcome:
        self._out_of_music(channel_id)
        return await self._do(ari_commands.remove_channel(self._holding_id(music), channel_id), channel_id)

    async def record_message(self, request: MessageRequest) -> Outcome:
        return await self._do(ari_commands.record_message(request), request.channel_id)

    async def stop_message(self, message_id: str) -> Outcome:
        """Over the events' socket: what is recorded may hold up the call's own."""
        return await self._do(ari_commands.stop_message(message_id), None)

    async def enter_room(self, channel_id: str, room: str) -> Outcome:
        self._out_of_music(channel_id)
        return await self._rooms.enter(channel_id, room)

    async def exit_room(self, channel_id: str, room: str) -> Outcome:
        return await self._rooms.leave(channel_id, room)

    async def start_fax(self, request: FaxRequest) -> Outcome:
        """Its leaving Stasis is no hang-up. Variables first: the dialplan reads them at once."""
        if request.document and self._documents is None:
            return "refused"
        document = f"{self._documents}/{request.document}.tif" if request.document else ""
        for name, value in fax_variables(request, document).items():
            outcome = await self._do(ari_commands.set_variable(request.channel_id, name, value), request.channel_id)
            if outcome != "done":
                return outcome
        self._translator.lend(request.channel_id)
        self._out_of_music(request.channel_id)
        extension = "send" if request.document else "receive"
        command = ari_commands.go_to_dialplan(request.channel_id, FAX_CONTEXT, extension)
        outcome = await self._do(command, request.channel_id)
        if outcome != "done":
            self._translator.take_back(request.channel_id)
        return outcome

    def dial(self, request: DialRequest) -> Awaitable[Outcome]:
        """ "gone": the originator has hung up (400). "refused": the endpoint has no contact (500).

        409 is "done": the leg exists, from an earlier attempt. Later failures come as ChannelLeft with their cause.
        """
        return Sent(functools.partial(_dialled, self._send(ari_commands.dial(request, self._app), request.channel_id)))

    def make_bridge(self, bridge_id: str) -> Awaitable[Outcome]:
        return self._do(ari_commands.make_bridge(bridge_id), bridge_id)

    def connect(self, bridge_id: str, channel_ids: Sequence[str]) -> Awaitable[Outcome]:
        """All or none: a channel that has gone is a refusal and nobody is moved."""
        done = self._do(ari_commands.add_channels(bridge_id, channel_ids), channel_ids[0])
        for channel_id in channel_ids:
            self._out_of_music(channel_id)
        return done

    def destroy_bridge(self, bridge_id: str) -> Awaitable[Outcome]:
        return self._do(ari_commands.destroy_bridge(bridge_id), bridge_id)

    def hang_up(self, channel_id: str, reason: str = "normal") -> Awaitable[Outcome]:
        return self._do(ari_commands.hang_up(channel_id, reason), channel_id)

    async def snoop(self, snoop_id: str, channel_id: str, whisper: str) -> Outcome:
        return await self._do(ari_commands.snoop(snoop_id, channel_id, whisper, self._app), snoop_id)

    async def mute(self, channel_id: str, *, muted: bool) -> Outcome:
        return await self._do(ari_commands.mute(channel_id, muted=muted), channel_id)

    async def send_digits(self, channel_id: str, digits: str) -> Outcome:
        return await self._do(ari_commands.send_digits(channel_id, digits), channel_id)

    async def answer_refer(self, channel_id: str, state: str) -> Outcome:
        return await self._do(ari_commands.transfer_progress(channel_id, state), channel_id)

    async def pause_recording(self, recording_id: str, channel_id: str, *, paused: bool) -> Outcome:
        return await self._recordings.pause(recording_id, channel_id, paused=paused)

    async def set_lamp(self, extension: str, state: str) -> Outcome:
        """Over the events' socket, as questions are: no call waits behind it."""
        return await self._do(ari_commands.set_lamp(extension, state), None)

    async def start_recording(self, recording_id: str, channel_id: str) -> Outcome:
        return await self._recordings.start(recording_id, channel_id)

    async def stop_recording(self, recording_id: str, channel_id: str) -> Outcome:
        return await self._recordings.stop(recording_id, channel_id)

    # ── the port: questions ─────────────────────────────────────────────────────────────────────────────────────────

    async def channels(self) -> list[ChannelSeen]:
        return channels_seen(await self._listed(ari_commands.list_channels()), self._app)

    async def bridges(self) -> list[BridgeSeen]:
        return bridges_seen(await self._listed(ari_commands.list_bridges()))

    async def phones(self) -> list[PhoneSeen]:
        return phones_listed(await self._ami.listing("PJSIPShowEndpoints"))

    def read_phones_anew(self) -> None:
        if self._ami.up:
            self._list_phones()

    async def playback_exists(self, playback_id: str) -> bool:
        return (await self._send(ari_commands.show_playback(playback_id), None)).status == 200

    async def message_lives(self, message_id: str) -> bool:
        return (await self._send(ari_commands.show_message(message_id), None)).status == 200

    async def fax_confirmed(self, fax_id: str) -> int | None:
        """Left by the dialplan in a global variable; forgotten once it is read."""
        name = confirmed_variable(fax_id)
        pages = ari_commands.value_of(await self._send(ari_commands.show_global(name), None))
        if not pages.isdigit():
            return None
        await self._send(ari_commands.set_global(name, ""), None)
        return int(pages)

    async def channel_exists(self, channel_id: str) -> bool:
        return (await self._send(ari_commands.show_channel(channel_id), None)).status == 200

    def message(self, message_id: str) -> AbstractAsyncContextManager[Path | None]:
        return self._recordings.complete(message_id, suffix=".wav")

    async def delete_message(self, message_id: str) -> Outcome:
        return await self._recordings.delete(message_id)

    async def fetch_fax(self, fax_id: str, into: Path) -> bool:
        return await self._recordings.fetch_fax(fax_id, into)

    def recording(self, recording_id: str) -> AbstractAsyncContextManager[Path | None]:
        return self._recordings.complete(recording_id)

    async def delete_recording(self, recording_id: str) -> Outcome:
        """Removes Asterisk's own copy; only once ours is stored and verified."""
        return await self._recordings.delete(recording_id)

    # ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _do(self, command: AriCommand, ident: str | None) -> Awaitable[Outcome]:
        return Sent(functools.partial(_outcome_of, self._send(command, ident)))

    def _send(self, command: AriCommand, ident: str | None) -> asyncio.Future[AriAnswer]:
        """Commands about one channel stay in order: they share a socket.

        A leg is another channel than its caller: it rings while Asterisk is still busy answering the caller.
        """
        answer = self._ari.send(command, ident)
        answer.add_done_callback(functools.partial(_log_refusal, command))
        return answer

    async def _listed(self, command: AriCommand) -> str:
        answer = await self._send(command, None)
        if answer.status != 200:
            raise LinkDownError(f"{command.name}: Asterisk answers {answer.status}: {answer.body}")
        return answer.body

    def _holding_id(self, music: str) -> str:
        return f"{self._app}-hold-{music}"

    # ── hearing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ari_event(self, event: AriEvent) -> None:
        told = self._translator.translate(event)
        if told is None:
            return
        if isinstance(told, ChannelLeft):
            self._out_of_music(told.channel_id)
        if _may_be_a_hang_up(told):
            asyncio.get_running_loop().call_later(HANG_UP_FOLLOWS_S, self._queue.put_nowait, told)
        else:
            self._queue.put_nowait(told)

    async def _ready(self) -> None:
        """Before LinkUp: AMI's FullyBooted, if AMI can be had at all."""
        if not await self._ami.wait_up(AMI_PATIENCE_S):
            log.warning("starting_without_ami", problem=self._ami.problem, effect="no recordings, phones unknown")

    def _ari_link(self, change: Up | Down) -> None:
        match change:
            case Up(restarted):
                self._holding.clear()
                self._music.clear()
                self._queue.put_nowait(LinkUp(restarted=restarted))
                self._push_accounts()
            case Down(reason):
                self._provisioner.forget()
                self._queue.put_nowait(LinkDown(reason=reason))

    def _ami_event(self, event: AmiMessage) -> None:
        if self._intruders.event(event):
            return
        for seen in self._devices.event(event):
            self._queue.put_nowait(seen)

    def _ami_link(self, up: bool) -> None:
        if up:
            self._list_phones()

    # ── accounts and phones ─────────────────────────────────────────────────────────────────────────────────────────

    def _push_accounts(self) -> None:
        self._tasks.start("push accounts", self._pushing())

    async def _pushing(self) -> None:
        try:
            changed = await self._provisioner.push()
        except LinkDownError as error:
            log.warning("accounts_not_pushed", problem=str(error), next="with the next connection")
            return
        if changed and self._ami.up:
            self._list_phones()

    def _list_phones(self) -> None:
        """Soon. A listing under way may miss what has just been pushed, so another one follows it."""
        self._list_again = True
        if self._listing is None or self._listing.done():
            self._listing = self._tasks.start("list phones", self._listing_phones())

    async def _listing_phones(self) -> None:
        while self._list_again:
            await asyncio.sleep(LIST_PHONES_DELAY_S)
            self._list_again = False
            self._devices.listing_asked()
            try:
                endpoints = await self._ami.listing("PJSIPShowEndpoints")
            except LinkDownError as error:
                log.warning("phones_not_listed", problem=str(error), next="with the next connection")
                return
            for seen in self._devices.listing(endpoints):
                self._queue.put_nowait(seen)


def _may_be_a_hang_up(told: TelephonyEvent) -> bool:
    """Asterisk tells what the hang-up has cut off before it tells the hang-up itself. A flow that went on in between
    would do so with nobody there: send texts, make orders, count the caller in the wrong place."""
    return isinstance(told, MessageEnded) or (isinstance(told, PlaybackEnded) and not told.ok)


def _outcome(answer: AriAnswer) -> Outcome:
    if answer.status < 300:
        return "done"
    return "gone" if answer.status == 404 else "refused"


async def _dialled(answer: Awaitable[AriAnswer]) -> Outcome:
    dialled = await answer
    return _DIAL_OUTCOMES.get(dialled.status) or _outcome(dialled)


async def _outcome_of(answer: Awaitable[AriAnswer]) -> Outcome:
    return _outcome(await answer)


def _log_refusal(command: AriCommand, answer: asyncio.Future[AriAnswer]) -> None:
    if answer.cancelled() or answer.exception() is not None:
        return
    said = answer.result()
    if said.status >= 300 and said.status != 404:
        log.info("ari_refused", command=command.name, uri=command.uri, status=said.status, answer=said.body)


def _not_awaited(answer: asyncio.Future[AriAnswer]) -> None:
    """Whoever is put into the bridge learns the same."""
    if not answer.cancelled():
        answer.exception()
