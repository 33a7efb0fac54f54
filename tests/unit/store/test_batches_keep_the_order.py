"""Many steps are written in few round trips, and no statement overtakes another about the same thing."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ctiserver.store.read_models import Statement, batches

TEXTS = st.sampled_from(["A", "B", "C", "D"])
ABOUT = st.frozensets(st.sampled_from(["x", "y", "z"]), max_size=2)


def in_order(drawn: list[tuple[str, frozenset[str]]]) -> list[Statement]:
    return [Statement(text, (number,), tuple(sorted(about))) for number, (text, about) in enumerate(drawn)]


STATEMENTS = st.lists(st.tuples(TEXTS, ABOUT), max_size=60).map(in_order)


@given(STATEMENTS)
def test_nothing_is_lost_and_nothing_overtakes(statements: list[Statement]) -> None:
    done = [Statement(batch.text, row, ()) for batch in batches(statements) for row in batch.rows]
    assert Counter((one.text, one.values) for one in done) == Counter((one.text, one.values) for one in statements)
    place = {one.values: index for index, one in enumerate(done)}
    for thing in "xyz":
        order = [place[one.values] for one in statements if thing in one.about]
        assert order == sorted(order)


def test_independent_calls_share_their_round_trips() -> None:
    statements = [
        Statement(text, (call,), (f"call-{call}",)) for call in range(100) for text in ("start", "talk", "end")
    ]
    assert [(batch.text, len(batch.rows)) for batch in batches(statements)] == [
        ("start", 100),
        ("talk", 100),
        ("end", 100),
    ]


def test_late_ones_come_last() -> None:
    statements = [
        Statement("start", (1,), ("call-1",)),
        Statement("finish", (1,), (), late=True),
        Statement("start", (2,), ("call-2",)),
        Statement("finish", (2,), (), late=True),
    ]
    assert [(batch.text, batch.rows) for batch in batches(statements)] == [
        ("start", [(1,), (2,)]),
        ("finish", [(1,), (2,)]),
    ]
