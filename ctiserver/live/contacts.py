"""Names that the routing engine and Asterisk know a call and its parties by."""

from __future__ import annotations


def call_of_contact(contact_id: str) -> str:
    """What the routing engine knows of a call is named after it: CALL, or CALL.lN for a party."""
    return contact_id.partition(".")[0]
