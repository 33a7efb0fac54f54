"""The region of a caller, by the number's prefix, as the tables of the library tell it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ctiserver.store.numbers import parsed
from ctiserver.store.regions import LANGUAGES, Regions

loaded = Regions("CN")
loaded.load()


def told_by_the_library(number: str) -> dict[str, str]:
    from phonenumbers import geocoder

    found = parsed(number, "CN")
    assert found is not None
    told = {ours: geocoder.description_for_number(found, theirs) for ours, theirs in LANGUAGES.items()}
    return {language: name for language, name in told.items() if name}


@given(st.from_regex(r"1(?:[38][0-9]|[59][0-35-9])[0-9]{8}", fullmatch=True))
def test_a_mobile_is_from_where_its_first_seven_digits_are(number: str) -> None:
    assert loaded.names(number) == told_by_the_library(number)


def test_land_lines_and_numbers_abroad() -> None:
    assert loaded.names("01085551234")["zh-CN"] == "北京市"
    assert loaded.names("13800138000") == {"zh-CN": "北京市", "en": "Beijing"}
    assert loaded.names("+442071838750")["en"] == "London"


def test_what_is_no_number_is_from_nowhere() -> None:
    assert loaded.names("anonymous") == {}
    assert loaded.names("1001") == {}


def test_until_the_tables_are_there_nothing_is_said() -> None:
    assert Regions("CN").names("13800138000") == {}
