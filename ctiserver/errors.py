"""All errors that a person may meet, as one tree; the message says what is wrong and the way out.

CtiError
├── ConfigurationError      a setting is missing or wrong: start is refused
│   └── FlowSetError        (ctiserver.ivr) flows that can't be loaded
├── PartError               a part (Asterisk, Postgres, espeak-ng) can't be installed, started or reached
│   └── PortTakenError
├── Retryable               may succeed later: try again with back-off
│   ├── LinkDownError       the connection to Asterisk is down
│   └── DatabaseAwayError
└── Rejected                asked for something that can't be: never retried
    ├── Refused             with a word that programs and pages know
    └── ApiError            refused at the HTTP edge, becomes application/problem+json
"""

from __future__ import annotations


class CtiError(Exception):
    """What went wrong and what to do about it, in one message for the person on duty.

    >>> str(CtiError("Postgres refuses the password", hint="check DATABASE_URL"))
    'Postgres refuses the password — check DATABASE_URL'
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message} — {hint}" if hint else message)
        self.message = message
        self.hint = hint


class ConfigurationError(CtiError):
    """A setting is missing or wrong; the message names the file or variable and the key."""


class PartError(CtiError):
    """A part of the system can't be installed, started or reached."""


class PortTakenError(PartError):
    """Another program listens on a port that was asked for explicitly."""


class Retryable(CtiError):
    """May succeed later."""


class LinkDownError(Retryable):
    """The connection to Asterisk is down; the request was not, or may not have been, carried out."""


class DatabaseAwayError(Retryable):
    """Postgres can't be reached at the moment."""


class Rejected(CtiError):
    """The request can't be fulfilled, now or later."""


class Refused(Rejected):
    """Not possible now; `error_id` says why in a word that pages translate."""

    def __init__(self, error_id: str, message: str) -> None:
        super().__init__(message)
        self.error_id = error_id
