"""The words of the desk: states, actions, stages, who acts. The glossary gives each its zh-CN."""

from __future__ import annotations

from typing import Final, Literal, get_args

State = Literal[
    "draft",
    "accepted",
    "resolved_on_call",
    "pending_dispatch",
    "dispatched",
    "signed",
    "on_site",
    "processing",
    "suspended",
    "replied",
    "reviewing",
    "to_follow_up",
    "merged",
    "closed",
    "cancelled",
    "archived",
]
Action = Literal[
    "submit",
    "resolve_on_call",
    "request_dispatch",
    "dispatch",
    "reassign",
    "assign",
    "withdraw",
    "return",
    "sign",
    "arrive",
    "begin",
    "reply",
    "review",
    "send_back",
    "approve",
    "close",
    "miss",
    "confirm",
    "redo",
    "close_unsatisfied",
    "close_unreached",
    "archive",
    "reopen",
    "cancel",
    "merge",
    "separate",
    "settle",
    "suspend",
    "resume",
    "ask_extension",
    "grant_extension",
    "refuse_extension",
    "assist",
    "urge",
    "supervise",
    "escalate",
    "comment",
]
Stage = Literal["return", "respond", "arrive", "finish", "reply", "follow_up"]
Actor = Literal["agent", "dispatcher", "unit", "supervisor", "system"]
Urgency = Literal["low", "normal", "high", "critical"]
Channel = Literal["call", "ivr", "web", "app", "counter", "letter", "api", "import"]

STATES: Final[tuple[State, ...]] = get_args(State)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
ENDED: Final[frozenset[State]] = frozenset({"resolved_on_call", "closed", "cancelled", "archived"})
"""Nothing is expected of anybody any more; all other states are open."""

STATE_NAMES: Final[dict[State, str]] = {
    "draft": "草稿",
    "accepted": "受理",
    "resolved_on_call": "即时办结",
    "pending_dispatch": "待派",
    "dispatched": "已派",
    "signed": "签收",
    "on_site": "到场",
    "processing": "处理中",
    "suspended": "挂起",
    "replied": "已回单",
    "reviewing": "审核",
    "to_follow_up": "待回访",
    "merged": "已合并",
    "closed": "办结",
    "cancelled": "作废",
    "archived": "归档",
}
ACTION_NAMES: Final[dict[Action, str]] = {
    "submit": "受理",
    "resolve_on_call": "即时办结",
    "request_dispatch": "送派",
    "dispatch": "派单",
    "reassign": "转派",
    "assign": "指派人员",
    "withdraw": "撤回",
    "return": "退单",
    "sign": "签收",
    "arrive": "到场",
    "begin": "开始处理",
    "reply": "回单",
    "review": "审核",
    "send_back": "退回补办",
    "approve": "审核通过",
    "close": "办结",
    "miss": "回访未接通",
    "confirm": "回访满意",
    "redo": "重办",
    "close_unsatisfied": "不满意办结",
    "close_unreached": "未接通办结",
    "archive": "归档",
    "reopen": "重新打开",
    "cancel": "作废",
    "merge": "合并",
    "separate": "拆分",
    "settle": "随主单办结",
    "suspend": "挂起",
    "resume": "恢复",
    "ask_extension": "申请延期",
    "grant_extension": "同意延期",
    "refuse_extension": "拒绝延期",
    "assist": "增加协办",
    "urge": "催办",
    "supervise": "督办",
    "escalate": "升级",
    "comment": "备注",
}
