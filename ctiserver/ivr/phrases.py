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
WAIT_RANGE = _speech(
    "预计等待{least|count}到{most|count}分钟。", "The expected wait is {least|count} to {most|count} minutes."
)
AT_MOST = _speech("预计等待不超过{most|count}分钟。", "The expected wait is at most {most|count} minutes.")
ONE_MINUTE = _speech("预计等待一分钟。", "The expected wait is about one minute.")
SHORT_WAIT = _speech("预计等待不到一分钟。", "The expected wait is less than a minute.")
STILL_BUSY = _speech("座席正忙，请您稍候。", "All agents are busy. Please stay on the line.")
AGENT_NUMBER = _speech("工号{agent|digits_yao}号客服代表为您服务。", "Agent number {agent|digits} is at your service.")
"""Said to the caller at connect."""

LEAVE_A_MESSAGE = _speech(
    "请在提示音后留言，结束请按井号键。",
    "Please leave a message after the tone, and press the hash key when you are done.",
)
MESSAGE_KEPT = _speech("您的留言已收到，再见。", "Thank you for your message. Goodbye.")
REVIEW = _speech(
    "试听请按1，重新录制请按2，确认请按井号键。",
    "To listen to your message press 1, to record it again press 2, to keep it press hash.",
)
CALLBACK_OFFER = _speech(
    "我们将回拨您的号码{callback.number|digits_yao}，确认请按1，回拨其他号码请按2。",
    "We will call you back on {callback.number|digits}. To confirm press 1, for another number press 2.",
)
CALLBACK_NUMBER = _speech(
    "请输入回拨号码，按井号键结束。", "Please enter the number that we should call, followed by the hash key."
)
CALLBACK_NOTED = _speech(
    "已为您登记回拨，我们会尽快与您联系，再见。", "We will call you back as soon as we can. Goodbye."
)
SURVEY_THANKS = _speech("感谢您的评价，再见。", "Thank you for your answers. Goodbye.")
