"""Story: small rules of the desk: order numbers, custom fields, search words, score sheets."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.desk.bigrams import index_words, query
from ctiserver.desk.deadlines import covers
from ctiserver.desk.fields import CustomField, check_definitions, check_values
from ctiserver.desk.inspection import Criterion, Result, check_sheet, score
from ctiserver.desk.numbering import order_number


def test_numbers_are_unique_whatever_the_sequence() -> None:
    day = date(2026, 11, 21)
    numbers = [order_number("CD", day, n) for n in (1, 9_999, 10_000, 99_999)]
    assert numbers == ["CD-20261121-0001", "CD-20261121-9999", "CD-20261121-10000", "CD-20261121-99999"]
    for code, sequence in (("cd", 1), ("", 1), ("CD", 0)):
        with pytest.raises(ValueError, match=r"code|begin"):
            order_number(code, day, sequence)


FIELDS = (
    CustomField(name="meter", label={}, required=True),
    CustomField(name="pressure", label={}, kind="number", least=0, most=1.6),
    CustomField(name="pipe", label={}, kind="choice", choices=("iron", "plastic")),
    CustomField(name="found_on", label={}, kind="date"),
)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"meter": "SB1"}, []),
        ({}, [("meter", "missing")]),
        ({"meter": "SB1", "colour": "red"}, [("colour", "unknown")]),
        ({"meter": 5}, [("meter", "wrong_type")]),
        ({"meter": "SB1", "pressure": 9}, [("pressure", "out_of_range")]),
        ({"meter": "SB1", "pressure": True}, [("pressure", "wrong_type")]),
        (
            {"meter": "SB1", "pipe": "wood", "found_on": "yesterday"},
            [("pipe", "no_choice"), ("found_on", "wrong_type")],
        ),
    ],
)
def test_custom_fields(values: dict[str, object], problems: list[tuple[str, str]]) -> None:
    assert check_values(FIELDS, values) == problems


def test_definitions_that_cannot_be() -> None:
    bad = (CustomField(name="Bad name", label={}), *FIELDS[:1], *FIELDS[:1],
           CustomField(name="empty", label={}, kind="choice"))  # fmt: skip
    assert [problem for _, problem in check_definitions(bad)] == ["bad_name", "twice", "no_choices"]


def test_a_category_covers_what_lies_below() -> None:
    assert covers("repair.leak", "repair.leak.main")
    assert covers("", "anything")
    assert not covers("repair.leak", "repair.leaking")


def test_search_words_of_chinese() -> None:
    assert index_words("水表漏水 2号楼 Room") == "水表 表漏 漏水 水 2 号楼 楼 room"
    assert query("水表 漏") == "水表 & 漏:*"
    assert query("'); -- %") == ""


@settings(deadline=None)
@given(st.text(alphabet="水表漏管爆abc12 ", max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_what_is_in_a_text_is_found(text: str, start: int, length: int) -> None:
    """Chinese: any part. Other words: from their beginning on."""
    words = set(index_words(text).split())
    for part in text[start : start + length].split():
        if all(letter in "水表漏管爆" for letter in part):
            for term in query(part).split(" & "):
                wanted = term.removesuffix(":*")
                assert wanted in words or any(word.startswith(wanted) for word in words)


SHEET = (
    Criterion(id="greeting", name={}, points=10),
    Criterion(id="solution", name={}, points=30),
    Criterion(id="privacy", name={}, points=10, fatal=True),
)


def test_scores() -> None:
    assert score(SHEET, {"greeting": 10, "solution": 15, "privacy": 10}) == Result(score=70.0, fatal=False)
    assert score(SHEET, {"greeting": 10, "solution": 30, "privacy": 0}) == Result(score=0.0, fatal=True)
    assert score(SHEET, {"greeting": None, "solution": 30, "privacy": 10}).score == 100.0
    for marks in ({"greeting": 10}, {"greeting": 11, "solution": 0, "privacy": 1}, {"other": 1}):
        with pytest.raises(ValueError, match=r"mark|between|criterion"):
            score(SHEET, dict[str, float | None](marks))
    assert [check_sheet(each) for each in ((), (*SHEET, SHEET[0]), SHEET)] == ["empty", "twice", ""]
