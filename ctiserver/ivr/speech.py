"""What a node says: one or more lines, each a text (in one or several languages) or a recorded prompt.

A text that is nothing but a value (`"{bill.amount|money}"`) is composed of recorded words where they are all there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ctiserver.ivr.expressions import ExpressionFailed
from ctiserver.ivr.fields import PromptId
from ctiserver.ivr.messages import Recorded, Spoken, Utterance
from ctiserver.ivr.spoken.clips import Recordings, clips, is_complete
from ctiserver.ivr.template import Slot, Template

NOTHING_RECORDED: Recordings = {}
_PAUSES = " ，。、；：！？,.;:!?"


class Line(msgspec.Struct, frozen=True):
    """`texts`: language to text, with "" for a text that serves every language. With a `prompt` its recording is
    heard, and the text where there is none.
    """

    texts: dict[str, Template] = {}
    prompt: PromptId | None = None


class Speech(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...] = ()

    def templates(self) -> tuple[Template, ...]:
        return tuple(template for line in self.lines for template in line.texts.values())

    def utterances(
        self,
        variables: Mapping[str, object],
        language: str,
        fallback: str,
        now: datetime,
        recordings: Recordings = NOTHING_RECORDED,
    ) -> tuple[Utterance, ...]:
        """In `language`, or in `fallback` where a line is not translated; lines that come out empty are left out.

        `recordings` are those of which values may be composed.
        """
        return tuple(
            utterance
            for line in self.lines
            for utterance in _utterances(line, variables, language, fallback, now, recordings)
        )

    def static_utterances(self, languages: tuple[str, ...], now: datetime) -> tuple[Utterance, ...]:
        """Everything that is the same for every caller, in each of `languages`: what can be rendered beforehand.

        Of a prompt with a text that is both, since the recording may be missing.
        """
        every = [
            utterance
            for line in self.lines
            for language in languages
            for utterance in (
                *_utterances(line, {}, language, languages[0], now, NOTHING_RECORDED),
                *(_spoken(line, {}, language, languages[0], now) if line.prompt is not None else ()),
            )
        ]
        return tuple(u for u in every if isinstance(u, Recorded) or (isinstance(u, Spoken) and u.static))


def voice_for(text: str, language: str) -> str:
    """A voice that can read `text`: Chinese characters make no sense to a voice of another language."""
    if not language.startswith("zh") and any("\u4e00" <= char <= "\u9fff" for char in text):
        return "zh-CN"
    return language


def _utterances(
    line: Line,
    variables: Mapping[str, object],
    language: str,
    fallback: str,
    now: datetime,
    recordings: Recordings,
) -> tuple[Utterance, ...]:
    if line.prompt is not None:
        instead = _spoken(line, variables, language, fallback, now)
        if not instead:
            return (Recorded(prompt=str(line.prompt), language=str(language)),)
        (text,) = instead
        return (Recorded(prompt=str(line.prompt), language=str(language), text=text.text, text_language=text.language),)
    spoken_in, template = _choose(line.texts, language, fallback)
    composed = _composed(template, variables, spoken_in, now, recordings) if recordings else ()
    return composed or _spoken(line, variables, language, fallback, now)


def _spoken(
    line: Line, variables: Mapping[str, object], language: str, fallback: str, now: datetime
) -> tuple[Spoken, ...]:
    if not line.texts:
        return ()
    spoken_in, template = _choose(line.texts, language, fallback)
    text = template.render(variables, spoken_in, now)
    if not text:
        return ()
    return (Spoken(text=text, language=str(voice_for(text, spoken_in)), static=template.is_static),)


def _composed(
    template: Template, variables: Mapping[str, object], language: str, now: datetime, recordings: Recordings
) -> tuple[Recorded, ...]:
    """The recorded words of a text that is values and nothing else; empty where one of them can't be composed."""
    if any(part.strip(_PAUSES) for part in template.parts if isinstance(part, str)):
        return ()
    made: list[Recorded] = []
    for slot in template.slots():
        words = _words(slot, variables, language, now, recordings)
        if not words:
            return ()
        made.extend(words)
    return tuple(made)


def _words(
    slot: Slot, variables: Mapping[str, object], language: str, now: datetime, recordings: Recordings
) -> list[Recorded]:
    if not is_complete(slot.form, language, recordings):
        return []
    try:
        value = slot.expression.evaluate(variables)
    except ExpressionFailed:
        return []
    return [
        Recorded(prompt=clip.prompt, language=str(language), text=clip.word, text_language=str(language), value=True)
        for clip in clips(slot.form, value, language, now)
    ]


def _choose(texts: Mapping[str, Template], language: str, fallback: str) -> tuple[str, Template]:
    for candidate in (language, fallback):
        if candidate in texts:
            return candidate, texts[candidate]
    if "" in texts:
        return language, texts[""]
    return next(iter(texts.items()))
