"""One number, however the network or a person writes it; and no number where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.store.numbers import e164
from ctiserver.store.regions import Regions

REGIONS = Regions("CN")
REGIONS.load()


@pytest.mark.parametrize(
    "written",
    ["13800138000", "013800138000", "8613800138000", "+8613800138000", "008613800138000", " +86 138-0013-8000 "],
)
def test_a_mobile_number(written: str) -> None:
    assert e164(written, "CN") == "+8613800138000"


def test_a_fixed_line_keeps_its_area() -> None:
    assert e164("01062550005", "CN") == "+861062550005"
    assert e164("+861062550005", "CN") == "+861062550005"


def test_a_number_from_abroad() -> None:
    assert e164("+14155552671", "CN") == "+14155552671"


@pytest.mark.parametrize(
    "written", ["", "anonymous", "Unavailable", "1001", "110", "12345", "9" * 30, "张伟", "${SHELL(id)}"]
)
def test_no_number(written: str) -> None:
    assert e164(written, "CN") is None
    assert REGIONS.names(written) == {}


@given(st.text(max_size=60))
def test_nothing_that_a_header_can_hold_breaks_it(written: str) -> None:
    found = e164(written, "CN")
    assert found is None or (found.startswith("+") and found[1:].isdigit())


def test_where_a_number_is_from() -> None:
    assert REGIONS.names("13800138000") == {"zh-CN": "北京市", "en": "Beijing"}
    assert REGIONS.names("02012345678") == {"zh-CN": "广东省广州市", "en": "Guangzhou, Guangdong"}
