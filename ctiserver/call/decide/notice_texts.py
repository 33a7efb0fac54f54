"""What a phone hears that is rung about messages, in Chinese and English."""

from __future__ import annotations

from datetime import datetime

from ctiserver.call.notice import MessageNotice


def _in(notice: MessageNotice, chinese: str, english: str) -> str:
    return chinese if notice.language.startswith("zh") else english


def caller_name(notice: MessageNotice) -> str:
    """On the phone's display."""
    return _in(notice, "留言通知", "Voice messages")


def ask_pin(notice: MessageNotice) -> str:
    return _in(
        notice, "您好，这里是留言通知。请输入密码，按井号键结束。", "You have messages. Enter the PIN, then hash."
    )


def pin_wrong(notice: MessageNotice) -> str:
    return _in(notice, "密码错误。请重新输入，按井号键结束。", "That PIN is wrong. Enter it again, then hash.")


def pin_wrong_too_often(notice: MessageNotice) -> str:
    return _in(notice, "密码错误次数过多。再见。", "Too many wrong PINs. Goodbye.")


def how_many(notice: MessageNotice) -> str:
    count = len(notice.left)
    name = notice.title or notice.box
    return _in(
        notice,
        f"留言信箱{name}有{count}条新留言。收听请按1，下一条请按2，标为已读请按7，结束请按9。",
        f"Box {name}: {count} new messages. To listen press 1, for the next one 2, to mark one as read 7, to end 9.",
    )


def which(notice: MessageNotice, at: datetime) -> str:
    number = notice.position + 1
    digits = " ".join(notice.current.caller)
    chinese = f"第{number}条，{at.month}月{at.day}日{at.hour}点{at.minute}分"
    english = f"Message {number}, {at:%B} {at.day}, {at.hour}:{at.minute:02}"
    if digits:
        chinese, english = f"{chinese}，来电号码{digits}", f"{english}, from {digits}"
    return _in(notice, f"{chinese}。", f"{english}.")


def what_now(notice: MessageNotice) -> str:
    return _in(
        notice,
        "重听请按1，下一条请按2，标为已读请按7，结束请按9。",
        "To hear it again press 1, for the next one 2, to mark it as read 7, to end 9.",
    )


def not_to_be_played(notice: MessageNotice) -> str:
    return _in(notice, "这条留言暂时无法播放。", "This message can't be played now. ") + what_now(notice)


def nothing_left(notice: MessageNotice) -> str:
    return _in(notice, "没有更多留言。再见。", "There are no more messages. Goodbye.")


def goodbye(notice: MessageNotice) -> str:
    return _in(notice, "再见。", "Goodbye.")
