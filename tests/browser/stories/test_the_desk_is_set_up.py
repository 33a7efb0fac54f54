"""Operations set up the desk on its pages: bad values are said at their field, a second editor is told, nothing on the
pages is in anybody's way; and an order's deadline follows the calendar to the minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from ctiserver.ivr.china_holidays import china_day_kind
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import Hotline
from tests.browser.stories.test_the_desk_is_used import axe

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECTIONS = {
    "areas": "area-form",
    "units": "unit-form",
    "categories": "category-form",
    "staff": "staff-form",
}


def _new(page: Page, section: str) -> None:
    page.goto(f"/admin/{section}/new-one")
    expect(page.get_by_test_id(SECTIONS[section])).to_be_visible()


def _save(page: Page) -> None:
    page.get_by_test_id("admin-save").click()


def _listed(page: Page, section: str, key: str) -> None:
    expect(page).to_have_url(re.compile(f"/admin/{section}/{re.escape(key)}$"))
    expect(page.get_by_test_id(f"admin-row-{key}")).to_be_visible()


def test_an_area_a_crew_and_a_category_are_made_changed_and_taken_away(sign_in: SignIn, picture: Picture) -> None:
    page = sign_in("ops")
    _new(page, "areas")
    page.get_by_label("代码").fill("ns")
    page.get_by_label("中文名称").fill("南山")
    page.get_by_test_id("area-districts").fill("城东区\n南山区")
    _save(page)
    expect(page.get_by_test_id("admin-problem")).to_contain_text("已属于另一片区")
    page.get_by_test_id("area-districts").fill("南山区\n")
    _save(page)
    _listed(page, "areas", "NS")

    _new(page, "units")
    page.get_by_label("代码").fill("south_crew")
    page.get_by_label("中文名称").fill("南山班")
    page.get_by_label("上级").select_option("repairs")
    page.get_by_label("南山").check()
    _save(page)
    _listed(page, "units", "south_crew")

    _new(page, "categories")
    page.get_by_label("代码").first.fill("nothing.above")
    page.get_by_label("中文名称").first.fill("阀门")
    page.get_by_test_id("add-field").click()
    page.get_by_test_id("custom-field-0").get_by_label("类型").select_option("choice")
    _save(page)
    expect(page.get_by_test_id("admin-problem")).to_contain_text("没有选项")
    page.get_by_test_id("custom-field-0").get_by_label("选项").fill("开\n关")
    _save(page)
    expect(page.get_by_test_id("admin-problem")).to_contain_text("上级分类不存在")
    page.get_by_label("代码").first.fill("repair.valve")
    page.get_by_label("建议单位").select_option("south_crew")
    picture(page, "admin-category-zh")
    _save(page)
    _listed(page, "categories", "repair.valve")

    other = sign_in("admin")
    other.goto("/admin/units/south_crew")
    page.goto("/admin/units/south_crew")
    for each, phone in ((page, "13900000031"), (other, "13900000032")):
        each.get_by_label("电话").fill(phone)
        _save(each)
    expect(page.get_by_test_id("admin-saved")).not_to_be_empty()
    expect(other.get_by_test_id("admin-problem")).to_be_visible()
    other.get_by_test_id("admin-theirs").click()
    expect(other.get_by_label("电话")).to_have_value("13900000031")
    other.get_by_test_id("admin-delete").click()
    other.get_by_test_id("admin-delete-sure").click()
    expect(other.get_by_test_id("admin-problem")).to_contain_text("repair.valve")
    for section, key in (("categories", "repair.valve"), ("units", "south_crew"), ("areas", "NS")):
        page.goto(f"/admin/{section}/{key}")
        page.get_by_test_id("admin-delete").click()
        page.get_by_test_id("admin-delete-sure").click()
        expect(page).to_have_url(re.compile(f"/admin/{section}$"))
        expect(page.get_by_test_id(f"admin-row-{key}")).to_have_count(0)


def test_axe_finds_nothing_where_the_desk_is_set_up(sign_in: SignIn, picture: Picture) -> None:
    """Dark and in English; light and Chinese are the other stories, and the same parts."""
    page = sign_in("ops", theme="dark", language="en")
    violations: list[str] = []
    for address, ready in (
        ("areas/CD", "area-form"), ("units/repairs_east", "unit-form"), ("categories/repair.leak", "category-form"),
        ("deadlines", "due-preview"), ("days/new-one", "day-form"), ("staff/1", "staff-form"),
        ("routing", "treatments"),
    ):  # fmt: skip
        page.goto(f"/admin/{address}")
        expect(page.get_by_test_id(ready)).to_be_visible()
        picture(page, f"admin-{address.split('/')[0]}-dark")
        violations += axe(page)
    assert violations == []


@pytest.fixture
def odd_days(sign_in: SignIn) -> Iterator[tuple[Page, date, date]]:
    """The next working day is made a holiday, the first free day after it is worked; both are taken back."""
    holiday = _next(datetime.now(SHANGHAI).date(), worked=True)
    worked = _next(holiday, worked=False)
    page = sign_in("ops")
    for day, kind in ((holiday, "holiday"), (worked, "working_day")):
        page.goto("/admin/days/new-one")
        page.get_by_test_id("day-date").fill(day.isoformat())
        page.get_by_label("当天").select_option(kind)
        _save(page)
        expect(page.get_by_test_id(f"admin-row-{day.isoformat()}")).to_be_visible()
    yield page, holiday, worked
    for day in (holiday, worked):
        page.goto(f"/admin/days/{day.isoformat()}")
        page.get_by_test_id("admin-delete").click()
        page.get_by_test_id("admin-delete-sure").click()
        expect(page.get_by_test_id(f"admin-row-{day.isoformat()}")).to_have_count(0)


def test_a_deadline_with_a_holiday_and_a_make_up_day_is_right_to_the_minute(
    hotline: Hotline, sign_in: SignIn, picture: Picture, odd_days: tuple[Page, date, date]
) -> None:
    settings, holiday, worked = odd_days
    page = sign_in("dispatcher")
    page.goto("/desk/orders/new")
    page.get_by_test_id("order-form-title").fill("水费有疑问")
    page.get_by_test_id("order-form-category").select_option("complaint.bill")
    page.get_by_test_id("order-form-area").select_option("CD")
    page.get_by_test_id("order-form-submit").click()
    expect(page).to_have_url(re.compile(r"/desk/orders/\d+$"))
    number = page.get_by_test_id("order-number").inner_text()
    made = hotline.row("SELECT created_at FROM work_order WHERE number = :number", number=number)["created_at"]
    due = _naive_due(made.astimezone(SHANGHAI), 5, holiday, worked)
    expect(page.get_by_test_id("clock-finish")).to_contain_text(f"{due:%Y-%m-%d %H:%M}")
    picture(page, "desk-deadline-zh")

    settings.goto("/admin/deadlines")
    settings.get_by_test_id("preview-at").fill(f"{made.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}")
    settings.get_by_test_id("due-preview").get_by_label("分类").select_option("complaint.bill")
    expect(settings.get_by_test_id("preview-finish")).to_have_text(f"{due:%Y-%m-%d %H:%M}")


def _next(day: date, *, worked: bool) -> date:
    while True:
        day += timedelta(days=1)
        if _is_worked(day) == worked:
            return day


def _is_worked(day: date) -> bool:
    kind = china_day_kind(day)
    return kind == "makeup" if kind is not None else day.weekday() < 5


def _naive_due(start: datetime, days: int, holiday: date, worked: date) -> datetime:
    """Minute by minute, with nothing of the product's own arithmetic."""
    minutes, at = days * 1440, start
    while minutes:
        day = at.date()
        minutes -= day == worked or (day != holiday and _is_worked(day))
        at += timedelta(minutes=1)
    return at
