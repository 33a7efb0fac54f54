"""A simulated agent: a registered phone and somebody who picks it up after a while, usually."""

import contextlib
from collections.abc import Callable, Iterator

from ctiserver.demo.phones import CallEnded, Phone, PhoneCall, PhoneRefused
from ctiserver.demo.traffic_plan import RingScript
from ctiserver.demo.waiting import Changes

OfferNotice = Callable[["SimulatedAgent", PhoneCall], None]


class SimulatedAgent:
    """Signing in and presence are not its business: those go through the API of the daemon, as for real agents."""

    def __init__(self, phone: Phone, tone_hz: int, rings: Iterator[RingScript]) -> None:
        self.phone = phone
        self.number = phone.number
        self.tone_hz = tone_hz
        self.current: PhoneCall | None = None
        self._rings = rings
        self._changes = Changes()

    async def work(self, rings: OfferNotice, answered: OfferNotice) -> None:
        """Take one call after the other until cancelled. Raises PhoneProcessDied."""
        for script in self._rings:
            self.current = await self.phone.next_call(timeout=None)
            rings(self, self.current)
            try:
                await self._take(self.current, script, answered)
            except (CallEnded, PhoneRefused):
                pass  # the caller, or the system, was faster
            finally:
                self.current = None
                self._changes.announce()

    async def _take(self, call: PhoneCall, script: RingScript, answered: OfferNotice) -> None:
        if script.answers:
            with contextlib.suppress(TimeoutError):
                await call.wait_for("ended", script.ring_s)
                return
            await call.answer()
            answered(self, call)
        await call.wait_for("ended", timeout=None)

    async def hang_up(self) -> None:
        """End the conversation, if there is one."""
        if self.current is not None:
            await self.current.hang_up()

    async def idle(self, timeout_s: float) -> None:
        """Wait until no call is left. Raises TimeoutError."""
        await self._changes.until(lambda: self.current is None, timeout_s)
