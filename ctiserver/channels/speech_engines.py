"""The speech engines that the settings name, in their order, each with its cache."""

from __future__ import annotations

from pathlib import Path

from ctiserver.channels.espeak import EspeakNg
from ctiserver.channels.http_speech import HttpSpeech
from ctiserver.channels.piper import Piper
from ctiserver.channels.speech import CachedSpeech, Engine, Speech
from ctiserver.channels.speech_chain import SpeechChain
from ctiserver.channels.telephone_wav import Programs
from ctiserver.config import EngineName, SpeechSettings
from ctiserver.errors import ConfigurationError


def speech_of(settings: SpeechSettings, cache: Path, fallback: Path) -> Speech:
    """Raises ConfigurationError where an engine that is named lacks what it needs."""
    engines = [
        CachedSpeech(_engine(name, settings), cache, patience_s=settings.timeout_s, fallback=fallback)
        for name in dict.fromkeys(settings.engines)
    ]
    return engines[0] if len(engines) == 1 else SpeechChain(engines)


def programs_of(settings: SpeechSettings) -> Programs:
    """sox as the settings have it."""
    return Programs(settings.sox, settings.environment, settings.timeout_s)


def _engine(name: EngineName, settings: SpeechSettings) -> Engine:
    programs = programs_of(settings)
    match name:
        case "espeak-ng":
            return EspeakNg(
                command=settings.command,
                sox=settings.sox,
                environment=settings.environment,
                voices=settings.voices,
                timeout_s=settings.timeout_s,
            )
        case "piper":
            if not settings.piper.models:
                raise ConfigurationError("speech.piper.models is empty", hint="name a model: {zh-CN: /path/model.onnx}")
            return Piper(command=settings.piper.command, models=settings.piper.models, programs=programs)
        case "http":
            if not settings.http.url.startswith(("http://", "https://")):
                raise ConfigurationError("speech.http.url is no http URL", hint="where the engine takes its POST")
            return HttpSpeech(
                url=settings.http.url,
                headers=settings.http.headers,
                body=settings.http.body,
                voices=settings.http.voices,
                programs=programs,
                timeout_s=settings.timeout_s,
            )
