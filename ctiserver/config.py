"""Settings of the daemon: a YAML file (`--config`), over which `CTI_…` variables win; every key is known or refused.

CTI_HTTP__PORT=8088 CTI_ASTERISK__URL=http://10.0.0.5:8088 DATABASE_URL=postgresql://… ctiserver serve
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ctiserver.errors import ConfigurationError
from ctiserver.outside_numbers import PATTERN, OutsideNumbers
from ctiserver.timezones import load_timezone


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpSettings(Section):
    """Pages, API and prompts for Asterisk."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""  # how browsers reach us; empty: http://host:port
    media_url: str = ""  # how Asterisk reaches our prompts over HTTP; empty: public_url
    web_folder: Path = Path("web/dist")
    session_hours: float = 12.0
    trusted_proxies: list[IPvAnyNetwork] = []  # whose X-Forwarded-For is believed: "10.0.0.5", "192.168.0.0/16"

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


class AsteriskSettings(Section):
    """How we reach Asterisk: ARI over HTTP, AMI over TCP."""

    url: str = "http://127.0.0.1:8088"  # ARI's base without /ari
    user: str = "ctiserver"
    password: str = ""
    app: str = "cti"
    command_sockets: int = Field(default=3, ge=1, le=8)
    ami_host: str = "127.0.0.1"
    ami_port: int = Field(default=5038, ge=1, le=65535)
    ami_user: str = "ctiserver"
    ami_secret: str = ""
    phone_encryption: Literal["none", "optional", "required"] = "none"  # SRTP between Asterisk and desk phones
    sip_address: str = "127.0.0.1:5060"  # where phones register: shown to people, never used by the daemon itself
    recording_folder: Path | None = None  # Asterisk's spool/recording where we can read it; None: fetch over ARI
    share_prompts: bool = False  # Asterisk sees our prompt folder under the same path; otherwise it fetches by HTTP


class PiperSettings(Section):
    """piper, a neural voice on this machine. `models`: language → path of the model."""

    command: list[str] = ["piper"]
    models: dict[str, str] = {}


class HttpSpeechSettings(Section):
    """Any engine that answers a POST of JSON with a wav. In `body` "{text}", "{language}", "{voice}" are replaced."""

    url: str = ""
    headers: dict[str, str] = {}
    body: dict[str, Any] = {"text": "{text}", "voice": "{voice}"}
    voices: dict[str, str] = {}


EngineName = Literal["espeak-ng", "piper", "http"]


class SpeechSettings(Section):
    """Text to speech. `engines` in order of preference: the next one speaks what the ones before can't.

    `command` (espeak-ng) and `sox` are argument lists: the programs may need their own loader.
    """

    engines: list[EngineName] = Field(default=["espeak-ng"], min_length=1)
    piper: PiperSettings = PiperSettings()
    http: HttpSpeechSettings = HttpSpeechSettings()
    command: list[str] = ["espeak-ng"]
    sox: list[str] = ["sox"]
    environment: dict[str, str] = {}
    voices: dict[str, str] = {"zh-CN": "cmn", "en": "en-us"}
    timeout_s: float = 5.0


class RecognitionSettings(Section):
    """Spoken words become text by any engine that takes a POST; without `url` only keys count.

    `send`: "wav" (the sound itself, `body` as the query), "form" (multipart: `body` as fields, the sound in
    `file_field`) or "json" (`body`, the sound in base64 as "{audio}"). In `body` "{language}" and "{words}" are
    replaced; `languages` gives ours the engine's names. `text` is the way to what was said in the JSON answer.
    """

    url: str = ""
    headers: dict[str, str] = {}
    send: Literal["wav", "form", "json"] = "wav"
    body: dict[str, Any] = {"language": "{language}"}
    file_field: str = "file"
    languages: dict[str, str] = {}
    text: str = "text"
    timeout_s: float = Field(default=4.0, gt=0, le=8)


class SealingSettings(Section):
    """Recordings at rest: files of keys, and the one that seals new recordings ("": they are stored in clear)."""

    folder: Path | None = None
    key: str = ""


class RetentionSettings(Section):
    """How long things are kept; None: for ever. What is on legal hold stays."""

    recordings_days: int | None = Field(default=None, ge=1)


class HttpTextMessageSettings(Section):
    """Any gateway that takes a POST of JSON. In `body` "{number}", "{text}" and "{id}" are replaced."""

    url: str = ""
    headers: dict[str, str] = {}
    body: dict[str, Any] = {"to": "{number}", "text": "{text}", "id": "{id}"}
    timeout_s: float = Field(default=10.0, gt=0, le=60)


class TextMessageSettings(Section):
    """How text messages leave: into `var/messages/sms.jsonl`, or to a gateway."""

    sender: Literal["file", "http"] = "file"
    http: HttpTextMessageSettings = HttpTextMessageSettings()


class MailSettings(Section):
    """How mail leaves: into `var/desk/sent/mail.jsonl`, or to a mail server. `recipients`: domains that reports may be
    sent to ("example.com"); none: all."""

    sender: Literal["file", "smtp"] = "file"
    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "none"
    login: str = ""
    password: str = ""
    sender_address: str = "ctiserver@localhost"
    timeout_s: float = Field(default=20.0, gt=0, le=120)
    recipients: list[str] = []


class OutsideSettings(Section):
    """Numbers outside of the house that flows and agents may ring; see ctiserver.outside_numbers for the patterns."""

    allowed: list[str] = []  # "1xxxxxxxxxx", "010*"; nothing is allowed that is not listed
    blocked: list[str] = []
    endpoint: str = ""  # "PJSIP/{number}@trunk"
    lines: dict[str, Annotated[int, Field(ge=1)]] = {}  # calls at a time that each trunk carries: {trunk: 30}

    @field_validator("allowed", "blocked")
    @classmethod
    def _are_patterns(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            if PATTERN.fullmatch(pattern) is None:
                raise ValueError(f"{pattern!r} is no pattern of numbers: digits, x for any digit, * at the end")
        return patterns

    @field_validator("endpoint")
    @classmethod
    def _has_a_number(cls, endpoint: str) -> str:
        if endpoint and "{number}" not in endpoint:
            raise ValueError("the way out needs {number}, such as PJSIP/{number}@trunk")
        return endpoint

    @property
    def numbers(self) -> OutsideNumbers:
        return OutsideNumbers(allowed=tuple(self.allowed), blocked=tuple(self.blocked), endpoint=self.endpoint)


class OutboundSettings(Section):
    """Calls that agents make. Which numbers they may ring, and callers be sent to, is in `outside`."""

    shown_numbers: list[str] = []  # which the called party may see; the first where none is chosen
    calls_per_hour: int = Field(default=60, ge=0)  # of one agent
    longest_s: float = Field(default=7200.0, ge=0)  # of one call; 0: no limit


class WatchdogSettings(Section):
    """`ctiserver watchdog`: how often it looks, and which argument lists restart what does not answer."""

    every_s: float = Field(default=5.0, gt=0)
    failures: int = Field(default=3, ge=1)  # in a row, until a restart
    grace_s: float = Field(default=60.0, ge=0)  # after a restart nothing is judged for so long
    most_per_hour: int = Field(default=3, ge=1)
    restart_asterisk: list[str] = []  # [systemctl, restart, asterisk]; empty: it is only told
    restart_daemon: list[str] = []
    sip: bool = True  # ask SIP (asterisk.sip_address) too
    metrics_port: int = Field(default=0, ge=0, le=65535)  # on 127.0.0.1; 0: none


class PhoneSettings(Section):
    """Agents' phones. Each agent chooses per shift: the one on the desk, or the browser."""

    browser: bool = True  # whether the browser may be chosen
    lamps: bool = False  # desk phones may show agents' states (BLF); a request to Asterisk for each change of one


class LogSettings(Section):
    form: Literal["console", "json"] = "console"
    level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


class Settings(BaseSettings):
    """Everything that the daemon is told from outside."""

    model_config = SettingsConfigDict(
        env_prefix="CTI_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    node: str = Field(default="n1", pattern="^[a-z0-9]{1,8}$")
    timezone: str = "Asia/Shanghai"
    region: str = Field(default="CN", pattern="^[A-Z]{2}$")  # of numbers without a country code
    language: str = "zh-CN"
    database_url: str = Field(
        default="postgresql://ctiserver@127.0.0.1:5432/ctiserver", validation_alias="DATABASE_URL"
    )
    var: Path = Path("var")  # spool, prompt cache, everything that a restart needs
    flows: Path = Path("ivr_flows")
    recordings: Path = Path("recordings")
    http: HttpSettings = HttpSettings()
    asterisk: AsteriskSettings = AsteriskSettings()
    speech: SpeechSettings = SpeechSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    sealing: SealingSettings = SealingSettings()
    retention: RetentionSettings = RetentionSettings()
    outbound: OutboundSettings = OutboundSettings()
    phones: PhoneSettings = PhoneSettings()
    log: LogSettings = LogSettings()
    outside: OutsideSettings = OutsideSettings()
    text_messages: TextMessageSettings = TextMessageSettings()
    mail: MailSettings = MailSettings()
    watchdog: WatchdogSettings = WatchdogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # variables win over the file, which is passed as arguments


def load_settings(file: Path | None) -> Settings:
    """Reads the file (if any) and the environment.

    Raises ConfigurationError that names the file or variable and the key.
    """
    return _validated(_read(file) if file else {}, str(file) if file else "environment")


def _read(file: Path) -> dict[str, Any]:
    try:
        yaml: Any = YAML(typ="safe")  # ruamel.yaml has no complete types
        content: object = yaml.load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{file} does not exist", hint="name the file with --config FILE") from None
    except (OSError, YAMLError) as error:
        raise ConfigurationError(f"{file} can't be read: {error}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigurationError(f"{file}: expected settings as `key: value`")
    settings = cast("dict[str, Any]", content)
    if "database_url" in settings:  # the field is named like the variable everyone knows
        settings["DATABASE_URL"] = settings.pop("database_url")
    return settings


def _validated(values: dict[str, Any], origin: str) -> Settings:
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems = "; ".join(_problem(each["type"], each["loc"], each["msg"]) for each in error.errors())
        raise ConfigurationError(f"{origin}: {problems}", hint="see docs/operations.md for all settings") from None
    load_timezone(settings.timezone)
    return settings


def _problem(kind: str, place: Sequence[str | int], message: str) -> str:
    """One wrong setting; an unknown one with those that exist beside it. Never its value, which may be a password."""
    key = ".".join(map(str, place))
    if kind != "extra_forbidden":
        return f"{key}: {message}"
    section: Any = Settings
    for name in place[:-1]:
        section = section.model_fields[str(name)].annotation
    return f"there is no setting {key}; known here: {', '.join(sorted(section.model_fields))}"
