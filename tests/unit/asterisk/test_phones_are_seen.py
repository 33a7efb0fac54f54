"""AMI's device states → reachable and in use, told when they change."""

from __future__ import annotations

import pytest

from ctiserver.asterisk.device_states import DeviceStates
from ctiserver.ports import PhoneSeen


def change(extension: str, state: str) -> dict[str, str]:
    return {"event": "DeviceStateChange", "device": f"PJSIP/{extension}", "state": state}


@pytest.mark.parametrize(
    ("state", "reachable", "in_use"),
    [
        ("NOT_INUSE", True, False),
        ("INUSE", True, True),
        ("RINGING", True, True),
        ("RINGINUSE", True, True),
        ("BUSY", True, True),
        ("ONHOLD", True, True),
        ("UNAVAILABLE", False, False),
        ("INVALID", False, False),
        ("UNKNOWN", False, False),
    ],
)
def test_each_state(state: str, reachable: bool, in_use: bool) -> None:
    seen = PhoneSeen(extension="1001", reachable=reachable, in_use=in_use)
    assert DeviceStates().event(change("1001", state)) == [seen]


def test_what_is_known_is_not_told_again() -> None:
    states = DeviceStates()
    assert states.event(change("1001", "INUSE"))
    assert states.event(change("1001", "RINGINUSE")) == []


def test_a_listing_is_the_whole_truth() -> None:
    """Told in full, since others may have been told something else before the link was lost."""
    states = DeviceStates()
    states.event(change("1001", "NOT_INUSE"))
    states.event(change("1002", "NOT_INUSE"))
    listing = [{"objectname": "1001", "devicestate": "Not in use"}, {"objectname": "1003", "devicestate": "In use"}]
    assert states.listing(listing) == [
        PhoneSeen(extension="1001", reachable=True, in_use=False),
        PhoneSeen(extension="1003", reachable=True, in_use=True),
        PhoneSeen(extension="1002", reachable=False, in_use=False),
    ]


def test_what_is_no_phone_is_left_out() -> None:
    states = DeviceStates()
    assert states.event({"event": "DeviceStateChange", "device": "Custom:x", "state": "INUSE"}) == []
    assert states.event({"event": "ContactStatus", "aor": "1001", "contactstatus": "Reachable"}) == []


def test_an_event_is_newer_than_the_listing_that_was_being_written() -> None:
    """A phone answered while Asterisk was listing it as unavailable: the listing comes last and is old."""
    states = DeviceStates()
    states.listing_asked()
    assert states.event(change("1001", "NOT_INUSE")) == [PhoneSeen(extension="1001", reachable=True, in_use=False)]
    old = [{"objectname": "1001", "devicestate": "Unavailable"}]
    assert states.listing(old) == []
    states.listing_asked()
    assert states.listing(old) == [PhoneSeen(extension="1001", reachable=False, in_use=False)]
