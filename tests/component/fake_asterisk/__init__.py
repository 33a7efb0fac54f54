"""A programmable Asterisk at the real boundary: an ARI server (HTTP and websockets) and an AMI server on 127.0.0.1.

The daemon under test connects to it as to any Asterisk; the test plays the callers and the phones:

    async with FakeAsterisk() as fake:                       # fake.settings: AsteriskSettings for the daemon
        phone = fake.phone("1001")                           # registered; the test answers it by hand
        caller = await fake.call("96100", number="13800138000", name="张伟")
        await caller.wait_for_prompt()                       # → the Playback; ends by hand …
        caller.finish_prompt()                               # … or set fake.world.prompt_seconds = 2.0
        caller.press("1")
        await caller.wait_for_music()                        # hears "music:default" in the holding bridge
        leg = await fake.next_dial()                         # leg.extension, leg.headers, leg.caller_name
        leg.ring(); leg.answer()                             # or leg.reject(486), leg.end(cause=38)
        await caller.wait_until_talking_to(leg)
        leg.hang_up()                                        # or caller.hang_up()
        await caller.wait_until_gone()                       # caller.gone_reason, .cause, .by_us

`fake.phone("1001", answers_after=1.5)` answers by itself, `rejects_with=486` refuses, `phone.unregister()` goes away.
`fake.until(lambda: …)` waits for any condition. What exists is in `fake.world`: channels, bridges, playbacks.

Faults: `fake.drop_sockets("abort" | "close" | "silent")`, `await fake.restart()`, `await fake.go_down()` and
`await fake.come_up()`, `await fake.take_over()` (another daemon connects), `fake.refuse_ari = 401 | 404 | 503`,
`fake.ami.refuse_login = True`, `fake.ami.silent = True`, `fake.ami.drop()`, `fake.world.missing_media.add("sound:…")`,
`fake.ari.unanswered_http = 1`, `fake.slow["addChannel"]` and `fake.late["addChannel"]` = seconds.

It answers as Asterisk 22.10.1 was measured to: 404 for what has gone, 409 for ids that exist, 400 or 422 for channels
that can't be added, 500 for unregistered endpoints; a command socket runs its commands one after another and blocks
while a prompt plays on the channel concerned; the event filter is lost with a connection that holds no channel.

All delays are timers of the running loop, so everything also runs in virtual time: see virtual_time.py.
"""

from tests.component.fake_asterisk.fake import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller, FakeLeg, FakePhone
from tests.component.fake_asterisk.virtual_time import LoopClock, VirtualTimeLoop
from tests.component.fake_asterisk.world import World

__all__ = [
    "FakeAsterisk",
    "FakeCaller",
    "FakeLeg",
    "FakePhone",
    "LoopClock",
    "VirtualTimeLoop",
    "World",
]
