"""What a node says: one or more lines, each a text (in one or several languages) or a recorded prompt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ctiserver.ivr.fields import PromptId
from ctiserver.ivr.messages import Recorded, Spoken, Utterance
from ctiserver.ivr.template import Template


class Line(msgspec.Struct, frozen=True):
    """Either `prompt` is set, or `texts`: language to text, with "" for a text that serves every language."""

    texts: dict[str, Template] = {}
    prompt: PromptId | None = None


class Speech(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...] = ()

    def templates(self) -> tuple[Template, ...]:
        return tuple(template for line in self.lines for template in line.texts.values())

    def utterances(
        self, variables: Mapping[str, object], language: str, fallback: str, now: datetime
    ) -> tuple[Utterance, ...]:
        """In `language`, or in `fallback` where a line is not translated; lines that come out empty are left out."""
        spoken = (_utterance(line, variables, language, fallback, now) for line in self.lines)
        return tuple(utterance for utterance in spoken if utterance is not None)

    def static_utterances(self, languages: tuple[str, ...], now: datetime) -> tuple[Utterance, ...]:
        """Everything that is the same for every caller, in each of `languages`: what can be rendered beforehand."""
        every = (_utterance(line, {}, language, languages[0], now) for line in self.lines for language in languages)
        return tuple(u for u in every if isinstance(u, Recorded) or (isinstance(u, Spoken) and u.static))


def voice_for(text: str, language: str) -> str:
    """A voice that can read `text`: Chinese characters make no sense to a voice of another language."""
    if not language.startswith("zh") and any("\u4e00" <= char <= "\u9fff" for char in text):
        return "zh-CN"
    return language


def _utterance(
    line: Line, variables: Mapping[str, object], language: str, fallback: str, now: datetime
) -> Utterance | None:
    if line.prompt is not None:
        return Recorded(prompt=str(line.prompt), language=str(language))
    spoken_in, template = _choose(line.texts, language, fallback)
    text = template.render(variables, spoken_in, now)
    if not text:
        return None
    return Spoken(text=text, language=str(voice_for(text, spoken_in)), static=template.is_static)


def _choose(texts: Mapping[str, Template], language: str, fallback: str) -> tuple[str, Template]:
    for candidate in (language, fallback):
        if candidate in texts:
            return candidate, texts[candidate]
    if "" in texts:
        return language, texts[""]
    return next(iter(texts.items()))
