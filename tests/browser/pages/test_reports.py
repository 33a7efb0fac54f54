"""Reports: chosen, grouped, compared, read beside their formulas, taken away as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.pages.conftest import OpenPage


def test_a_report_is_chosen_grouped_and_compared(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/reports")
    expect(page.get_by_test_id("report-table")).to_contain_text("服务水平")
    expect(page.get_by_test_id("total-sl1")).to_contain_text("(a + b) / (A + B)")
    expect(page.get_by_text("平衡")).to_be_visible()
    page.get_by_test_id("report-agents").click()
    expect(page).to_have_url(re.compile("report=agents"))
    expect(page.get_by_test_id("report-table")).to_contain_text("1001 王芳")
    page.get_by_role("button", name="上月", exact=True).click()
    page.get_by_label("对比").click()
    page.get_by_title("去年同期").click()
    expect(page).to_have_url(re.compile("compare=year"))
    expect(page.locator(".summary__former").first).to_be_visible()
    page.reload()
    expect(page.locator(".summary__former").first).to_be_visible()


def test_rows_are_sorted_by_any_figure(open_page: OpenPage) -> None:
    page = open_page("supervisor", language="en")
    page.goto("/reports?report=traffic&by=queue&interval=total")
    table = page.get_by_test_id("report-table")
    table.get_by_role("button", name="Offered", exact=True).click()
    offered = [int(text.replace(",", "")) for text in table.locator("tbody td:nth-of-type(1)").all_inner_texts()]
    assert offered == sorted(offered, reverse=True)
    expect(page.get_by_test_id("report-chart").locator("canvas")).to_be_visible()


def test_a_report_becomes_a_file(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("supervisor")
    page.goto("/reports")
    with page.expect_download() as kept:
        page.get_by_test_id("report-xlsx").click()
    assert kept.value.suggested_filename == "traffic.xlsx"
    kept.value.save_as(tmp_path / "traffic.xlsx")
    assert (tmp_path / "traffic.xlsx").read_bytes().startswith(b"offered")


def test_the_calls_that_were_found_become_a_file(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records?outcome=abandoned")
    with page.expect_download() as kept, page.expect_request(re.compile("/api/calls/export")) as asked:
        page.get_by_test_id("calls-csv").click()
    assert "outcome=abandoned" in asked.value.url
    assert kept.value.suggested_filename == "通话记录.csv"


def test_agents_have_no_reports(open_page: OpenPage) -> None:
    page = open_page("agent")
    page.goto("/reports")
    expect(page).to_have_url(re.compile("/agent$"))


def test_next_week_is_told_by_half_hour(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/reports?report=staffing")
    expect(page.get_by_test_id("staffing-chart").locator("canvas").first).to_be_visible()
    rows = page.get_by_test_id("staffing-table").locator("tbody tr")
    expect(rows).to_have_count(48)
    expect(rows.nth(22)).to_contain_text("11:00–11:30")
    expect(rows.nth(22)).to_contain_text("缺 3 人")
    expect(page.get_by_test_id("adherence")).to_contain_text("88.0%")


def test_a_report_is_sent_every_week(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/reports?report=schedules")
    expect(page.get_by_test_id("schedule-1")).to_contain_text("失败 451 later")
    page.get_by_test_id("schedule-name").fill("人员考核")
    page.get_by_test_id("schedule-report").select_option("agents")
    form = page.get_by_test_id("schedule")
    choose(form, "队列", "报修抢修")
    choose(form, "坐席", "1002 李娜")
    page.get_by_test_id("schedule-every").select_option("monthly")
    page.get_by_test_id("schedule-day").select_option("31")
    page.get_by_test_id("schedule-recipients").fill("a@example.com; b@example.com")
    page.get_by_test_id("schedule-add").click()
    expect(page.get_by_test_id("schedule-2")).to_contain_text("每月 31 日 08:00")
    expect(page.get_by_test_id("schedule-2")).to_contain_text("a@example.com, b@example.com")
    expect(page.get_by_test_id("schedule-2")).to_contain_text("报修抢修、1002 李娜")
    page.get_by_test_id("schedule-2-change").click()
    expect(page.get_by_test_id("schedule-name")).to_have_value("人员考核")
    page.get_by_test_id("schedule-recipients").fill("c@example.com")
    form.get_by_title("报修抢修").locator(".ant-select-selection-item-remove").click()
    page.get_by_test_id("schedule-add").click()
    expect(page.get_by_test_id("schedule-2")).to_contain_text("c@example.com")
    expect(page.get_by_test_id("schedule-2")).not_to_contain_text("报修抢修")
    expect(page.get_by_test_id("schedule-2")).to_contain_text("1002 李娜")
    expect(page.get_by_test_id("schedule-name")).to_have_value("")


def test_a_report_has_the_filters_that_it_counts(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/reports?report=calls&queue=repairs&team=service&dialled=96100")
    asked = page.get_by_role("search")
    expect(asked.get_by_title("报修抢修")).to_be_visible()
    for label in ("队列", "班组", "坐席", "被叫号码"):
        expect(asked.get_by_role("combobox", name=label)).to_be_visible()
    page.get_by_test_id("report-traffic").click()
    expect(page).to_have_url(re.compile("report=traffic.*queue=repairs$"))
    expect(page.get_by_test_id("report-table")).to_contain_text("服务水平")
    page.get_by_test_id("report-business").click()
    expect(page.get_by_test_id("report-table")).to_contain_text("办结")
    expect(asked.get_by_role("combobox", name="队列")).to_have_count(0)
    page.get_by_test_id("report-calls").click()
    expect(asked.get_by_role("combobox", name="队列")).to_be_visible()
    expect(asked.get_by_title("报修抢修")).to_have_count(0)


def test_an_address_with_filters_that_do_not_count_shows_the_report(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    with page.expect_request(re.compile("/api/reports/ivr")) as asked:
        page.goto("/reports?report=ivr&queue=repairs&agent=2")
    assert "queue=" not in asked.value.url
    assert "agent=" not in asked.value.url
    expect(page.get_by_test_id("report-table")).to_contain_text("挂机率")


def test_a_report_by_mail_has_the_filters_that_it_counts(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/reports?report=schedules&queue=repairs&agent=2")
    form = page.get_by_test_id("schedule")
    expect(form.get_by_title("报修抢修")).to_be_visible()
    expect(form.get_by_role("combobox", name="坐席")).to_have_count(0)
    page.get_by_test_id("schedule-report").select_option("agents")
    expect(form.get_by_title("1002 李娜")).to_be_visible()
    page.get_by_test_id("schedule-report").select_option("business")
    expect(form.get_by_role("combobox", name="队列")).to_have_count(0)
    page.get_by_test_id("schedule-name").fill("业务周报")
    page.get_by_test_id("schedule-recipients").fill("a@example.com")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_test_id("schedule-add").click()
    assert json.loads(sent.value.post_data or "")["query"] == {"interval": "hour"}
    expect(page.get_by_text("业务周报")).to_be_visible()


def choose(form: Locator, label: str, option: str) -> None:
    form.get_by_role("combobox", name=label).click()
    form.page.locator(".ant-select-dropdown:visible").get_by_title(option).click()
    form.page.keyboard.press("Escape")
