"""An Asterisk without ctiserver: a few SIP accounts and a dialplan of one line each, to test the phones themselves."""

import asyncio
import signal
import socket
from pathlib import Path

from ctiserver.asterisk.local import AsteriskPorts, AsteriskPrograms
from ctiserver.local_process import LocalProcess, minimal_environment
from ctiserver.unprivileged import ServiceUser, give, private_folder, service_user, start_prefix

PASSWORD = "phones-self-test"
EXTENSIONS = tuple(str(number) for number in range(1001, 1010))

ASTERISK_CONF = """
[directories]
astetcdir => {etc}
astmoddir => {modules}
astvarlibdir => {folder}/lib
astdbdir => {folder}/lib
astkeydir => {folder}/lib
astdatadir => {folder}/data
astagidir => {folder}/lib
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
astcachedir => {folder}/cache
"""

MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_crypto res_pjproject res_pjsip
res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_authenticator_digest res_pjsip_caller_id
res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_endpoint_identifier_anonymous res_pjsip_endpoint_identifier_user
res_pjsip_endpoint_identifier_ip res_pjsip_header_funcs res_pjsip_nat res_pjsip_registrar res_pjsip_refer
res_pjsip_rfc3326 chan_pjsip res_rtp_asterisk codec_alaw codec_ulaw codec_a_mu format_wav format_pcm bridge_simple
bridge_native_rtp bridge_softmix bridge_builtin_features res_musiconhold pbx_config app_dial app_echo app_playback
app_read app_playtones app_verbose app_stack func_callerid func_logic func_strings res_stasis bridge_holding app_queue
"""

PJSIP_CONF = """
[global]
type = global
endpoint_identifier_order = username,anonymous

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{sip_port}

[anonymous]
type = endpoint
context = callers
disallow = all
allow = alaw,ulaw
dtmf_mode = auto
direct_media = no
"""

PJSIP_PHONE = """
[{number}]
type = aor
max_contacts = 1
remove_existing = yes

[{number}]
type = auth
auth_type = digest
username = {number}
password = {password}

[{number}]
type = endpoint
aors = {number}
auth = {number}
context = callers
disallow = all
allow = alaw
dtmf_mode = auto
direct_media = no
"""

# 1xxx rings a phone; menu tells by a tone whether 42 was pressed; 961xx are a hotline with a queue of all phones, one
# that is closed, and one whose queue nobody serves.
EXTENSIONS_CONF = """
[callers]
exten => _1XXX,1,Set(CALLERID(all)=${CALLERID(all)})
 same => n,Dial(PJSIP/${EXTEN},30,b(header^add^1))
 same => n,Hangup(${HANGUPCAUSE})

exten => echo,1,Answer(,i)
 same => n,Echo()

exten => menu,1,Answer(,i)
 same => n,Read(KEYS,,2,,1,10)
 same => n,PlayTones(${IF($["${KEYS}" = "42"]?900:500)})
 same => n,Wait(30)

exten => prompt,1,Answer(,i)
 same => n,Playback(demo-congrats)

exten => busy,1,Hangup(17)

exten => 96100,1,Answer(,i)
 same => n,Read(KEY,demo-moreinfo,1,,1,10)
 same => n,Queue(agents,,,,120)

exten => 96101,1,Answer(,i)
 same => n,Playback(vm-goodbye)
 same => n,Hangup()

exten => 96102,1,Answer(,i)
 same => n,MusicOnHold(default)

[header]
exten => add,1,Set(PJSIP_HEADER(add,X-CTI-Call-Id)=call-1)
 same => n,Return()
"""

QUEUES_CONF = """
[general]
[agents]
strategy = rrmemory
ringinuse = no
timeout = 15
retry = 1
{members}
"""

MUSIC_CONF = """
[default]
mode = files
directory = {music}
"""


class PlainAsterisk:
    """Lives in `folder`; `address` is "host:port" of its SIP side."""

    def __init__(self, folder: Path, programs: AsteriskPrograms, ports: AsteriskPorts) -> None:
        self.folder = folder
        self._programs = programs
        self._user: ServiceUser | None = service_user()
        self._process = LocalProcess("Asterisk", folder / "process.json")
        self._ports = ports
        self.address = f"{ports.bind}:{ports.sip}"

    async def start(self) -> None:
        """Return when SIP answers."""
        for name in ("", "etc", "lib", "run", "log", "cache", "data", "spool"):
            private_folder(self.folder / name, self._user, 0o755)
        (self.folder / "data" / "sounds").mkdir(exist_ok=True)
        (self.folder / "data" / "sounds" / "en").symlink_to(self._programs.share / "sounds" / "en_US_f_Allison")
        for name in ("documentation", "static-http"):
            (self.folder / "data" / name).symlink_to(self._programs.share / name)
        self._write_configuration()
        self._process.start(
            [
                *start_prefix(self._user, "TERM"),
                *self._programs.command("usr/sbin/asterisk"),
                *("-C", str(self.folder / "etc" / "asterisk.conf"), "-f", "-n"),
            ],
            environment=minimal_environment({"HOME": str(self.folder)}),
            folder=self.folder / "run",
            output=self.folder / "console.log",
        )
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(_answers_options, self._ports.sip):
                if self._process.exit_code is not None:
                    words = (self.folder / "console.log").read_text(errors="replace")
                    raise RuntimeError(f"Asterisk ended while starting: {words[-2000:]}")

    async def stop(self) -> None:
        """End all calls and the server."""
        await self._process.stop(first=signal.SIGTERM, patience_s=8)

    def _write_configuration(self) -> None:
        etc = self.folder / "etc"
        modules = next((self._programs.root / "usr/lib").glob("*/asterisk/modules"))
        phones = "".join(PJSIP_PHONE.format(number=number, password=PASSWORD) for number in EXTENSIONS)
        members = "".join(f"member => PJSIP/{number}\n" for number in EXTENSIONS)
        loads = "".join(f"load = {name}.so\n" for name in MODULES.split())
        files = {
            "asterisk.conf": ASTERISK_CONF.format(etc=etc, modules=modules, folder=self.folder),
            "modules.conf": f"[modules]\nautoload = no\n{loads}",
            "pjsip.conf": PJSIP_CONF.format(sip_port=self._ports.sip) + phones,
            "extensions.conf": EXTENSIONS_CONF,
            "logger.conf": "[general]\n[logfiles]\nmessages.log = notice,warning,error\n",
            "queues.conf": QUEUES_CONF.format(members=members),
            "musiconhold.conf": MUSIC_CONF.format(music=self._programs.share / "moh"),
            "rtp.conf": f"[general]\nrtpstart = {self._ports.rtp_start}\nrtpend = {self._ports.rtp_end}\n",
            "cdr.conf": "[general]\nenable = no\n",
            "indications.conf": "[general]\ncountry = us\n[us]\nringcadence = 2000,4000\ndial = 350+440\n",
        }
        for name, text in files.items():
            (etc / name).write_text(text)
            give(etc / name, self._user)


def _answers_options(port: int) -> bool:
    """Whether a SIP OPTIONS gets any answer within 0.2 s."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.2)
        own = udp.getsockname()[1]
        request = (
            f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK-{own}-{id(udp)}\r\n"
            f"From: <sip:probe@127.0.0.1>;tag={own}\r\nTo: <sip:127.0.0.1:{port}>\r\n"
            f"Call-ID: probe-{own}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n"
        )
        udp.sendto(request.encode(), ("127.0.0.1", port))
        try:
            udp.recv(2048)
        except (TimeoutError, ConnectionRefusedError):
            return False
        return True
