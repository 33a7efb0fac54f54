"""Asterisk ends and another one starts: told as such, and phones that know nothing of it can be rung."""

from __future__ import annotations

from pathlib import Path

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.demo.phones import SipPhones
from ctiserver.directory import Directory
from ctiserver.ports import ChannelEntered, LinkDown, LinkUp, PhoneSeen, TelephonyEvent
from tests.asterisk.edge.conftest import PASSWORD, agent, eventually, listening, offer, settings_of
from tests.real_parts import free_asterisk_ports, service_folder


async def test_asterisk_restarts(asterisk_programs: AsteriskPrograms, tmp_path: Path) -> None:
    with service_folder() as folder:
        server = LocalAsterisk(folder / "asterisk", asterisk_programs, free_asterisk_ports())
        await server.start()
        try:
            async with listening(settings_of(server)) as edge, SipPhones(server.sip_address, folder=tmp_path) as phones:
                edge.telephony.use_directory(Directory(agents=(agent("1001"),)))
                assert (await edge.hear(LinkUp)).restarted is False
                await eventually(lambda: edge.of(PhoneSeen, _is_1001), "the account")
                phone = await phones.register("1001", PASSWORD)
                await edge.phone_is("1001", reachable=True)
                await phones.call(f"sip:96100@{server.sip_address}", caller_number="13800138000")
                await edge.hear(ChannelEntered)

                await server.stop()
                await edge.hear(LinkDown)
                await eventually(lambda: edge.telephony.problems()["ari"], "ARI's problem")
                await eventually(lambda: edge.telephony.problems()["ami"], "AMI's problem")
                await server.start()
                assert (await edge.hear(LinkUp, nth=2)).restarted is True
                assert await edge.telephony.channels() == []
                since = edge.told.index(LinkUp(restarted=True))
                await eventually(lambda: any(map(_of_1001, edge.told[since:])), "the account, pushed again")
                await eventually(lambda: not any(edge.telephony.problems().values()), "no problem")

                await edge.phone_is("1001", reachable=True)
                assert await edge.telephony.dial(offer("", "n1-7-o1")) == "done"
                await phone.next_call()
        finally:
            await server.stop()


def _is_1001(event: PhoneSeen) -> bool:
    return event.extension == "1001"


def _of_1001(event: TelephonyEvent) -> bool:
    return isinstance(event, PhoneSeen) and _is_1001(event)
