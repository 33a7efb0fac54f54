"""A child process that is a handful of SIP phones, driven by JSON lines: `python -m ctiserver.demo.phone_process`.

It has a process to itself because PJSIP keeps one endpoint per process, ends the process on a failed assertion, and
wants all calls to it from one thread. It ends when stdin closes: phones never outlive the program that drives them.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable

import pjsua2 as pj

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_endpoint import OUTSIDE, Phones, SipCall
from ctiserver.demo.phone_protocol import CALLS_PER_PROCESS, PHONES_PER_PROCESS

TURN_S = 0.01  # longest time a command waits while the network is quiet
FAREWELL_S = 2.0  # for BYE and unregistration at the end


class PhoneProcess:
    """Reads commands, performs them on `Phones`, writes notices."""

    def __init__(self, bind: str, recordings: str, commands_fd: int, notices_fd: int, *, encrypted: bool) -> None:
        self._commands_fd = commands_fd
        self._notices_fd = notices_fd
        self._unread = b""
        self._stopping = False
        self._phones = Phones(bind, recordings, self.tell, encrypted=encrypted)

    def run(self) -> None:
        """Serve until stdin closes or SIGTERM, then hang up, unregister and free everything."""
        os.set_blocking(self._commands_fd, False)
        self.tell(self._phones.started())
        while not self._stopping:
            self._phones.turn(TURN_S)
            for line in self._command_lines():
                self._perform(line)
        self._say_goodbye()
        self._phones.close()

    def stop(self) -> None:
        """Leave `run` at the next turn."""
        self._stopping = True

    def tell(self, notice: protocol.Notice) -> None:
        """Write one line; nobody reading means there is nobody left to be a phone for."""
        line = protocol.encoder.encode(notice) + b"\n"
        try:
            while line:
                line = line[os.write(self._notices_fd, line) :]
        except BrokenPipeError:
            self._stopping = True

    def _command_lines(self) -> list[bytes]:
        try:
            chunk = os.read(self._commands_fd, 65536)
        except BlockingIOError:
            return []
        if not chunk:
            self._stopping = True
            return []
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        return lines

    def _perform(self, line: bytes) -> None:
        command = protocol.command_decoder.decode(line)
        try:
            self._dispatch(command)
        except pj.Error as refused:
            self.tell(protocol.Reply(id=command.id, error=refused.reason))
        except (ValueError, KeyError) as refused:
            self.tell(protocol.Reply(id=command.id, error=str(refused)))
        else:
            self.tell(protocol.Reply(id=command.id))

    def _dispatch(self, command: protocol.AnyCommand) -> None:
        phones = self._phones
        match command:
            case protocol.Register():
                if len(phones.accounts) > PHONES_PER_PROCESS:  # one more account is for callers from outside
                    raise ValueError(f"one phone process carries at most {PHONES_PER_PROCESS} phones")
                phones.register(command)
            case protocol.Unregister():
                phones.unregister(command.phone)
            case protocol.RemovePhone():
                phones.remove(command.phone)
            case protocol.SetAnswer():
                phones.accounts[command.phone].answer_plan = command.answer
            case protocol.PlaceCall():
                if len(phones.calls) >= CALLS_PER_PROCESS:
                    raise ValueError(f"one phone process carries at most {CALLS_PER_PROCESS} calls")
                phones.place(command)
            case protocol.AnswerCall():
                phones.answer(self._live(command.call), command.code, command.contact)
            case protocol.HangUp():
                phones.hang_up(self._live(command.call))
            case protocol.Hold():
                phones.hold(self._live(command.call), command.on)
            case protocol.Transfer():
                phones.transfer(self._live(command.call), command.uri)
            case protocol.Join():
                phones.join(self._live(command.call), self._live(command.other))
            case protocol.SendDtmf():
                self._live(command.call).press(command.digits, command.method, command.duration_ms)

    def _live(self, key: str) -> SipCall:
        call = self._phones.calls.get(key)
        if call is None or call.over:
            raise ValueError(f"call {key} has ended")
        return call

    def _say_goodbye(self) -> None:
        for call in list(self._phones.calls.values()):
            try:
                self._phones.hang_up(call)
            except pj.Error:  # it is ending at this moment: what we wanted
                continue
        self._turn_until(lambda: not self._phones.calls)
        registered = [phone for phone in self._phones.accounts if phone != OUTSIDE]
        for phone in registered:
            try:
                self._phones.unregister(phone)
            except pj.Error:  # never was registered, or the registrar has gone
                continue
        self._turn_until(lambda: not any(self._phones.accounts[phone].registered for phone in registered))

    def _turn_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + FAREWELL_S
        while not done() and time.monotonic() < deadline:
            self._phones.turn(TURN_S)


def main() -> None:
    """Run one phone process on this process's stdin and stdout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bind", default="127.0.0.1", help="address for SIP and RTP")
    parser.add_argument("--recordings", required=True, help="existing folder for what the phones hear")
    parser.add_argument("--encrypted", action="store_true", help="SIP over TLS, sound over SRTP")
    options = parser.parse_args()
    notices_fd = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # PJSIP logs to stdout before it can be told otherwise
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that drives us; it closes stdin
    process = PhoneProcess(
        options.bind, options.recordings, sys.stdin.fileno(), notices_fd, encrypted=options.encrypted
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: process.stop())
    process.run()


if __name__ == "__main__":
    main()
