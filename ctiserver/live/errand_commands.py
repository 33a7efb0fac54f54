"""Commands to Asterisk of what a flow sends for: carried out in the call's own order, what was refused is told."""

from __future__ import annotations

from collections.abc import Callable

from ctiserver.call.commands import (
    DeleteMessage,
    EnterRoom,
    ExitRoom,
    LeaveMusic,
    SeeCaller,
    StartFax,
    StartMessage,
    StopMessage,
)
from ctiserver.call.events import CallerHungUp, CallInput, FaxFinished, MessageFinished, RoomRefused
from ctiserver.ports import FaxRequest, MessageRequest, Outcome, Telephony

ErrandToAsterisk = StartMessage | StopMessage | DeleteMessage | LeaveMusic | EnterRoom | ExitRoom | StartFax | SeeCaller


async def carry_out(command: ErrandToAsterisk, telephony: Telephony, post: Callable[[CallInput], None]) -> Outcome:
    """Raises LinkDownError. "gone" is the caller, whose own hang-up is on the way."""
    match command:
        case LeaveMusic():
            return await telephony.leave_music(command.channel_id, command.music)
        case StartMessage():
            outcome = await telephony.record_message(
                MessageRequest(
                    message_id=command.message_id,
                    channel_id=command.channel_id,
                    max_s=command.max_s,
                    silence_s=command.silence_s,
                    beep=command.beep,
                    end=command.end,
                )
            )
            if outcome == "refused":
                post(MessageFinished(message_id=command.message_id, ok=False))
            return outcome
        case StopMessage():
            return await telephony.stop_message(command.message_id)
        case DeleteMessage():
            return await telephony.delete_message(command.message_id)
        case EnterRoom():
            outcome = await telephony.enter_room(command.channel_id, command.room)
            if outcome == "refused":
                post(RoomRefused(room=command.room))
            return outcome
        case ExitRoom():
            return await telephony.exit_room(command.channel_id, command.room)
        case StartFax():
            outcome = await telephony.start_fax(
                FaxRequest(
                    fax_id=command.fax_id,
                    channel_id=command.channel_id,
                    dialled=command.dialled,
                    document=command.document,
                )
            )
            if outcome == "refused":
                post(FaxFinished(fax_id=command.fax_id, ok=False, detail="refused"))
            return outcome
        case SeeCaller():
            exists = await telephony.channel_exists(command.channel_id)
            if not exists:
                pages = await telephony.fax_confirmed(command.fax_id) if command.fax_id else None
                post(CallerHungUp(fax_pages=pages))
            return "done" if exists else "gone"
