"""All of it together: one value for the API and for what runs beside it."""

from __future__ import annotations

from dataclasses import dataclass

from ctiserver.store.callers.answers import Faxes, SurveyAnswers
from ctiserver.store.callers.callbacks import Callbacks
from ctiserver.store.callers.voicemails import Voicemails
from ctiserver.store.database import Database


@dataclass(frozen=True)
class CallersStore:
    voicemails: Voicemails
    callbacks: Callbacks
    answers: SurveyAnswers
    faxes: Faxes


def open_callers_store(database: Database, region: str) -> CallersStore:
    return CallersStore(Voicemails(database), Callbacks(database, region), SurveyAnswers(database), Faxes(database))
