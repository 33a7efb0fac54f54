"""Which trunk a channel or a way out belongs to, and that nobody's number becomes a trunk's name."""

from __future__ import annotations

import pytest

from ctiserver.kpi.boards import occupancy_now
from ctiserver.live.trunks import trunk_of_channel, trunk_of_endpoint, trunks


@pytest.mark.parametrize(
    ("name", "trunk"),
    [
        ("PJSIP/trunk-0000002a", "trunk"),
        ("PJSIP/telecom-chengdu-00000001", "telecom-chengdu"),
        ("PJSIP/13800138000-00000001", ""),  # a phone that is called like its number
        ("PJSIP/+8613800138000-00000001", ""),
        ("", ""),
    ],
)
def test_a_channel_names_its_trunk(name: str, trunk: str) -> None:
    assert trunk_of_channel(name) == trunk


@pytest.mark.parametrize(
    ("endpoint", "trunk"),
    [
        ("PJSIP/{number}@trunk", "trunk"),
        ("PJSIP/10086@telecom", "telecom"),
        ("PJSIP/telecom/sip:10086@carrier.example", "telecom"),
        ("PJSIP/13800138000", ""),
        ("", ""),
    ],
)
def test_a_way_out_names_its_trunk(endpoint: str, trunk: str) -> None:
    assert trunk_of_endpoint(endpoint) == trunk


def test_a_trunk_with_a_capacity_is_shown_while_nobody_uses_it() -> None:
    (idle,) = trunks([], "PJSIP/{number}@telecom", {"telecom": 30})
    assert (idle.id, idle.in_use, idle.capacity) == ("telecom", 0, 30)


@pytest.mark.parametrize(
    ("states", "share"),
    [
        ({"talking": 2, "ringing": 1, "wrap_up": 1, "ready": 4}, 0.5),
        ({"talking": 1, "break": 5, "training": 1, "unreachable": 2, "signed_out": 9}, 1.0),
        ({"ready": 3}, 0.0),
        ({"break": 2, "signed_out": 3}, None),
    ],
)
def test_occupancy_of_this_moment(states: dict[str, int], share: float | None) -> None:
    assert occupancy_now(states) == share
