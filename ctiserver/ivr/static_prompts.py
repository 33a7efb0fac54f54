"""Every text of a flow set that is the same for each caller: what can be rendered before anybody rings."""

from __future__ import annotations

from datetime import UTC, datetime

from ctiserver.ivr import phrases
from ctiserver.ivr.fields import Language
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.graph import parts_of
from ctiserver.ivr.messages import Spoken
from ctiserver.ivr.speech import Speech

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_PHRASES = (
    *(phrases.FIRST_IN_LINE, phrases.ONE_AHEAD, phrases.SHORT_WAIT, phrases.ONE_MINUTE, phrases.STILL_BUSY),
    *(phrases.NOT_UNDERSTOOD, phrases.NOTHING_HEARD),
)


def static_prompts(flow_set: FlowSet) -> tuple[Spoken, ...]:
    """Each text once, in the languages in which it can be heard."""
    found: dict[Spoken, None] = {}
    spoken_anywhere = {str(flow.language) for flow in flow_set.flows.values()}
    for flow in flow_set.flows.values():
        switched = {str(to) for node in flow.nodes.values() for _, to in parts_of(node, Language)}
        languages = (str(flow.language), *sorted(switched - {str(flow.language)}))
        spoken_anywhere |= switched
        for node in flow.nodes.values():
            for _, speech in parts_of(node, Speech):
                found.update(dict.fromkeys(_texts(speech, languages)))
    for speech in _PHRASES:
        found.update(dict.fromkeys(_texts(speech, tuple(sorted(spoken_anywhere)))))
    return tuple(found)


def _texts(speech: Speech, languages: tuple[str, ...]) -> list[Spoken]:
    heard = speech.static_utterances(languages, _ANY_TIME)
    return [utterance for utterance in heard if isinstance(utterance, Spoken)]
