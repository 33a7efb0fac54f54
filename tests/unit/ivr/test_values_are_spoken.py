"""Numbers, money, dates and times as people say them; whatever is said parses back to what was meant."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctiserver.ivr.spoken import FORMATS, say
from tests.unit.ivr import spoken_parsers as parse

NOW = datetime.fromisoformat("2026-11-23T10:00+08:00")


def zh(form: str, value: object) -> str:
    return say(form, value, "zh-CN", NOW)


def en(form: str, value: object) -> str:
    return say(form, value, "en", NOW)


@pytest.mark.parametrize(
    ("form", "value", "chinese", "english"),
    [
        ("number", 0, "零", "zero"),
        ("number", 10, "十", "ten"),
        ("number", 12, "十二", "twelve"),
        ("number", 20, "二十", "twenty"),
        ("number", 102, "一百零二", "one hundred and two"),
        ("number", 110, "一百一十", "one hundred and ten"),
        ("number", 200, "二百", "two hundred"),
        ("number", 2000, "两千", "two thousand"),
        ("number", 2222, "两千二百二十二", "two thousand two hundred and twenty-two"),
        ("number", 1005, "一千零五", "one thousand and five"),
        ("number", 10500, "一万零五百", "ten thousand five hundred"),
        ("number", 20000, "两万", "twenty thousand"),
        ("number", 120000, "十二万", "one hundred and twenty thousand"),
        ("number", 100010, "十万零一十", "one hundred thousand and ten"),
        ("number", 10**8, "一亿", "one hundred million"),
        ("number", 200000002, "两亿零二", "two hundred million and two"),
        ("number", 100001234, "一亿零一千二百三十四", "one hundred million one thousand two hundred and thirty-four"),
        ("number", -3.14, "负三点一四", "minus three point one four"),
        ("number", "007", "七", "seven"),
        ("count", 2, "两", "two"),
        ("count", 12, "十二", "twelve"),
        ("money", 128.5, "一百二十八元五角", "one hundred and twenty-eight yuan and fifty fen"),
        ("money", 128.05, "一百二十八元零五分", "one hundred and twenty-eight yuan and five fen"),
        ("money", 2, "两元", "two yuan"),
        ("money", 0.2, "两角", "twenty fen"),
        ("money", 5.22, "五元二角二分", "five yuan and twenty-two fen"),
        ("money", 0, "零元", "zero yuan"),
        ("money", 1.005, "一元零一分", "one yuan and one fen"),
        ("money", -3, "负三元", "minus three yuan"),
        ("digits", "10086", "一零零八六", "one zero zero eight six"),
        ("digits_yao", "110", "幺幺零", "one one zero"),
        ("date", "2026-12-01", "十二月一日", "December first"),
        ("date", "2027-01-20", "二零二七年一月二十日", "January twentieth, twenty twenty-seven"),
        ("date", date(2005, 3, 12), "二零零五年三月十二日", "March twelfth, two thousand and five"),
        ("time", "08:30", "上午八点三十分", "eight thirty a.m."),
        ("time", "14:05", "下午两点零五分", "two oh five p.m."),
        ("time", "00:00", "凌晨零点", "twelve a.m."),
        ("time", "12:00", "中午十二点", "twelve p.m."),
        ("time", "2026-11-23T20:15+08:00", "晚上八点十五分", "eight fifteen p.m."),
        ("when", "2026-11-23T13:30+08:00", "今天下午一点三十分", "today at one thirty p.m."),
        ("when", "2026-11-24T08:00+08:00", "明天上午八点", "tomorrow at eight a.m."),
        ("when", "2026-11-27T08:00+08:00", "星期五上午八点", "on Friday at eight a.m."),
        ("when", "2026-12-07T08:00+08:00", "十二月七日上午八点", "on December seventh at eight a.m."),
        ("duration", 150, "两分钟三十秒", "two minutes and thirty seconds"),
        ("duration", 3600, "一小时", "one hour"),
        ("duration", 7325, "两小时两分钟五秒", "two hours, two minutes and five seconds"),
        ("duration", 0, "零秒", "zero seconds"),
        ("text", 5.0, "5", "5"),
        ("text", "水表", "水表", "水表"),
    ],
)
def test_as_people_say_it(form: str, value: object, chinese: str, english: str) -> None:
    assert (zh(form, value), en(form, value)) == (chinese, english)


numbers = st.decimals(min_value=-(10**15) + 1, max_value=10**15 - 1, places=4)
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.integers(min_value=0, max_value=10**15 - 1))
@example(10**12)
@example(30_000_0000_0002)
@example(1_0002_0000_0000)
def test_whole_numbers_parse_back(value: int) -> None:
    assert parse.zh_number(zh("number", value)) == value
    assert parse.en_number(en("number", value)) == value


@given(numbers)
def test_numbers_parse_back(value: Decimal) -> None:
    assert parse.zh_number(zh("number", str(value))) == value
    assert parse.en_number(en("number", str(value))) == value


@given(amounts)
def test_money_parses_back(value: Decimal) -> None:
    assert parse.zh_money(zh("money", str(value))) == value
    assert parse.en_money(en("money", str(value))) == value


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_digits_parse_back(value: str) -> None:
    assert parse.zh_digits(zh("digits", value)) == value
    assert parse.zh_digits(zh("digits_yao", value)) == value
    assert parse.en_digits(en("digits", value)) == value


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)).filter(lambda day: day.year != NOW.year))
@example(date(1900, 1, 1))
@example(date(1905, 10, 30))
def test_dates_parse_back(value: date) -> None:
    assert parse.zh_date(zh("date", value.isoformat())) == value
    assert parse.en_date(en("date", value.isoformat())) == value


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_times_parse_back(value: time) -> None:
    assert parse.zh_time(zh("time", value.isoformat("minutes"))) == value
    assert parse.en_time(en("time", value.isoformat("minutes"))) == value


@given(st.integers(min_value=0, max_value=10**7))
def test_durations_parse_back(value: int) -> None:
    assert parse.zh_duration(zh("duration", value)) == value
    assert parse.en_duration(en("duration", value)) == value


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(2999, 1, 1)))  # noqa: DTZ001 - hypothesis wants them naive
def test_a_moment_names_its_day_and_its_time(value: datetime) -> None:
    words = zh("when", (value.replace(tzinfo=NOW.tzinfo)).isoformat())
    assert words.endswith(zh("time", value.time().isoformat("minutes")))
    today = NOW.date()
    assert words.startswith("明天") == (value.date() == today + timedelta(days=1))


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=50),
    st.binary(max_size=10),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
    st.dates(),
    st.decimals(),
)


@given(st.sampled_from(sorted(FORMATS)), anything, st.sampled_from(["zh-CN", "en"]))
@example("number", "1e999999999", "zh-CN")
@example("number", "NaN", "en")
@example("money", "9" * 40, "zh-CN")
@example("number", "1e-999999999", "zh-CN")
def test_any_value_in_any_form_gives_some_text(form: str, value: object, language: str) -> None:
    assert isinstance(say(form, value, language, NOW), str)
