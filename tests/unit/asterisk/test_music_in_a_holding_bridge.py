"""Music is certain only while somebody is there who was there when it was last started."""

from __future__ import annotations

from ctiserver.asterisk.holding_music import HoldingMusic


def test_the_first_needs_it_started_the_next_does_not() -> None:
    music = HoldingMusic()
    assert music.joins("a", "default")
    assert not music.joins("b", "default")
    assert music.joins("c", "jazz"), "another class is another bridge"


def test_who_comes_when_it_was_empty_for_an_instant_needs_it_started_again() -> None:
    music = HoldingMusic()
    music.joins("a", "default")
    assert music.leaves("a") == ""
    assert music.joins("b", "default")


def test_who_stays_when_the_last_certain_one_leaves_has_it_started_again_once() -> None:
    """A's hang-up may be older than B's coming: then the bridge was empty in between, and B in silence."""
    music = HoldingMusic()
    for channel in ("a", "b", "c"):
        music.joins(channel, "default")
    assert music.leaves("a") == "default"
    assert music.leaves("b") == "", "c was there when it was started again"
    assert not music.joins("d", "default")


def test_from_one_bridge_into_another_and_a_stranger() -> None:
    music = HoldingMusic()
    music.joins("a", "default")
    assert music.joins("a", "jazz")
    assert music.joins("b", "default")
    assert music.leaves("nobody") == ""
    music.clear()
    assert music.joins("c", "jazz")
