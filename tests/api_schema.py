"""The OpenAPI document as schemathesis reads it, for the rings that hold the server to it."""

from __future__ import annotations

from typing import Any

import schemathesis

from ctiserver.api.openapi import document

FROM_POSTGRES = (  # answered from Postgres alone: tests/postgres/api
    r"^/api/(work-orders|desk|knowledge|bulletins|outages|notices|tasks|inspections|customers"
    r"|voicemails|message-boxes|callbacks|survey-answers|faxes|reports|calls/export|forecast|adherence"
    r"|boards?|board-links|alerts|saved-searches|calls/\{call_id\}/(notes|comments|marks)|report-schedules)\b"
)
ON_ITS_WAY_TO_ASTERISK = r"^/api/phone\b"  # has a story of its own
SCHEMA: Any = schemathesis.openapi.from_dict(document())  # its own types are incomplete
# schemathesis's own parametrize() gives all tests one node id, of which pytest-xdist would run the first alone.
IN_POSTGRES: list[Any] = [made.ok() for made in SCHEMA.include(path_regex=FROM_POSTGRES).get_all_operations()]
IN_MEMORY: list[Any] = [
    made.ok() for made in SCHEMA.exclude(path_regex=f"{FROM_POSTGRES}|{ON_ITS_WAY_TO_ASTERISK}").get_all_operations()
]
