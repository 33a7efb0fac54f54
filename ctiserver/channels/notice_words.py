"""What a notice says in a mail or a text message, by language; pages have sentences of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Words = tuple[str, str]  # subject, text

ZH: Final[dict[str, Words]] = {
    "deadline_near": ("工单 {number} 即将超时", "工单 {number}“{title}”即将超过时限。"),
    "deadline_over": ("工单 {number} 已超时", "工单 {number}“{title}”已超过时限，请尽快处理。"),
    "voicemail_left": ("新留言", "留言箱“{box}”有一条新留言。"),
    "fax_received": ("新传真", "“{box}”收到一份传真。"),
    "fax_sent_on": ("转发传真", "有一份传真转发给您（{pages} 页）：{file}"),
    "incident_repaired": ("故障已修复", "您反映的“{title}”已处理完毕。{text}"),
    "board_alert": ("大屏告警：{name}", "{board}：{name} 当前 {value}，目标 {target}。"),
    "report": ("报表：{name}", "{name}\n{since} – {until}\n\n报表见附件。"),
}
EN: Final[dict[str, Words]] = {
    "deadline_near": ("Work order {number} is nearly overdue", 'Work order {number} "{title}" is nearly overdue.'),
    "deadline_over": ("Work order {number} is overdue", 'Work order {number} "{title}" is overdue.'),
    "voicemail_left": ("New message", 'There is a new message in "{box}".'),
    "fax_received": ("New fax", 'A fax came for "{box}".'),
    "fax_sent_on": ("A fax for you", "A fax was sent on to you ({pages} pages): {file}"),
    "incident_repaired": ("Repaired", 'What you told of, "{title}", has been dealt with. {text}'),
    "board_alert": ("Wallboard alert: {name}", "{board}: {name} is {value}, the target is {target}."),
    "report": ("Report: {name}", "{name}\n{since} – {until}\n\nThe report is attached."),
}


def words_of(kind: str, params: Mapping[str, Any], language: str) -> Words:
    """Subject and text; of a kind without words the kind itself."""
    subject, body = (EN if language == "en" else ZH).get(kind, (kind, ""))
    unit = params.get("unit", "")
    values = _Values({name: _shown(value, language, unit) for name, value in params.items()})
    return subject.format_map(values), body.format_map(values)


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _shown(value: Any, language: str, unit: str) -> str:
    match value:
        case None:
            return "–"
        case dict():
            names: dict[str, Any] = {str(key): name for key, name in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - names by language
            return str(names.get(language) or names.get("zh-CN") or next(iter(names.values()), ""))
        case float() if unit == "share":
            return f"{value:.1%}"
        case float():
            return f"{value:.0f}"
        case _:
            return str(value)
