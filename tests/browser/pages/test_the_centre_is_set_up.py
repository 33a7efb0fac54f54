"""Setting up queues, people and words: forms with explanations, refusals at their place, nobody overwritten unseen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages.conftest import OpenPage, Stub


def test_a_queue_gets_another_relaxation_and_an_overflow(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/queues/repairs")
    form = page.get_by_test_id("queue-form")
    expect(form.get_by_test_id("step-0")).to_be_visible()
    save = page.get_by_test_id("admin-save")
    expect(save).to_be_disabled()
    page.get_by_test_id("add-step").click()
    second = page.get_by_test_id("step-1")
    expect(second.get_by_label("等待满")).to_have_value("60")
    second.get_by_role("checkbox", name="报修").check()
    page.get_by_label("“等待超时”时的去向").select_option("queue")
    page.get_by_label("“等待超时”时的目标").select_option("service")
    save.click()
    expect(page.get_by_test_id("admin-saved")).to_contain_text("已保存")
    page.reload()
    expect(page.get_by_test_id("step-1").get_by_role("checkbox", name="报修")).to_be_checked()
    expect(page.get_by_label("“等待超时”时的目标")).to_have_value("service")


def test_somebody_else_was_faster(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("admin", language="en")
    page.goto("/admin/queues/bills")
    wrap_up = page.get_by_label("Wrap-up time")
    wrap_up.fill("12")
    stub.do("meddle/bills")
    page.get_by_test_id("admin-save").click()
    problem = page.get_by_test_id("admin-problem")
    expect(problem).to_contain_text("Somebody else has changed this meanwhile")
    expect(problem).to_contain_text("admin changed at")
    expect(wrap_up).to_have_value("12")
    page.get_by_test_id("admin-theirs").click()
    expect(wrap_up).to_have_value("30")


def test_what_is_used_is_not_deleted(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/skills/repairs")
    page.get_by_test_id("admin-delete").click()
    page.get_by_test_id("admin-delete-sure").click()
    expect(page.get_by_test_id("admin-problem")).to_contain_text("队列 repairs")


def test_a_word_is_added_and_a_missing_name_refused(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/teams")
    page.get_by_test_id("admin-new").click()
    page.get_by_label("代码").fill("night")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_text("此值无效")).to_be_visible()
    page.get_by_label("中文名称").fill("夜班")
    page.get_by_test_id("admin-save").click()
    expect(page).to_have_url(re.compile("/admin/teams/night$"))
    expect(page.get_by_test_id("admin-row-night")).to_contain_text("夜班")


def test_a_level_is_stored_when_its_cell_is_left(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/admin")
    row = page.get_by_test_id("skills-of-1001")
    own = row.get_by_label("王芳：账单 的等级")
    with page.expect_response("**/api/config/agents/1/skills"):
        own.fill("9")
        own.press("Enter")
    expect(row.get_by_label("王芳：账单 的等级")).to_have_attribute("data-level", "9")
    expect(page.get_by_test_id("skills-of-1002").get_by_label("李娜：账单 的等级")).to_be_disabled()
    expect(page.get_by_test_id("admin-queues")).to_have_count(0)


def test_a_phone_password_is_shown_once(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/agents/1")
    page.get_by_test_id("renew-phone-password").click()
    expect(page.get_by_test_id("phone-password")).to_contain_text("n3w-ph0ne-passw0rd")


def test_an_explanation_speaks_the_persons_language(open_page: OpenPage) -> None:
    for language, words in (
        ("zh-CN", ("通话中", "缺少技能", "最久空闲")),
        ("en", ("talking", "lacks a skill", "Longest idle")),
    ):
        page = open_page("supervisor", language=language)
        page.goto("/supervisor")
        page.get_by_test_id("explain").first.click()
        for word in words:
            expect(page.get_by_role("dialog")).to_contain_text(word)


def test_a_message_box_gets_phones_and_a_pin_that_nobody_sees_again(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/boxes/new-one")
    page.get_by_label("代码").fill("night")
    page.get_by_label("中文名称").fill("夜间留言")
    page.get_by_label("通知电话").fill("1001, 02885551234")
    page.get_by_label("收听密码").fill("4711")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-row-night")).to_contain_text("2 部电话")
    expect(page).to_have_url(re.compile("/admin/boxes/night$"))
    page.reload()
    expect(page.get_by_label("通知电话")).to_have_value("1001 02885551234")
    expect(page.get_by_label("收听密码")).to_have_value("")
    expect(page.get_by_label("取消密码")).not_to_be_checked()
    expect(page.get_by_text("已设置；留空表示不变")).to_be_visible()
