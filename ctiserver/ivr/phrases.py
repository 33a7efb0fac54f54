"""Texts that flows may leave out. Change them here; a flow changes them for itself with `invalid_say` and the like."""

from __future__ import annotations

from ctiserver.ivr.speech import Line, Speech
from ctiserver.ivr.template import parse


def _speech(zh: str, en: str) -> Speech:
    return Speech((Line({"zh-CN": parse(zh), "en": parse(en)}),))


NOT_UNDERSTOOD = _speech("输入有误，请重新输入。", "Sorry, that is not a valid choice.")
NOTHING_HEARD = _speech("没有收到您的输入。", "We did not receive your choice.")

POSITION = _speech("您前面还有{ahead|count}位来电者，请稍候。", "There are {ahead|count} callers ahead of you.")
ONE_AHEAD = _speech("您前面还有一位来电者，请稍候。", "There is one caller ahead of you.")
FIRST_IN_LINE = _speech("您是下一位，请稍候。", "You are next in line. Please hold on.")
WAIT = _speech("预计等待{minutes|count}分钟。", "The expected wait is {minutes|count} minutes.")
ONE_MINUTE = _speech("预计等待一分钟。", "The expected wait is about one minute.")
SHORT_WAIT = _speech("预计等待不到一分钟。", "The expected wait is less than a minute.")
STILL_BUSY = _speech("座席正忙，请您稍候。", "All agents are busy. Please stay on the line.")
AGENT_NUMBER = _speech("工号{agent|digits_yao}号客服代表为您服务。", "Agent number {agent|digits} is at your service.")
"""Said to the caller at connect."""
