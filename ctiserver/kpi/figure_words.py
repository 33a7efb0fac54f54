"""The formulas of figures in Chinese: words of their own, or the names of the figures and measures that they join."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_WORD = re.compile(r"[a-z][a-z_]+[a-z]")

TEXTS: Final[dict[str, str]] = {
    "entries into queues": "进入队列的次数",
    "A: stays that ended with an agent": "A：由坐席接起的等待",
    "B: callers who hung up in the queue": "B：排队中挂机的来电",
    "s: abandoned within S": "s：等待不超过 S 的放弃",
    "F: led elsewhere by a limit of the queue": "F：因队列上限转往别处",
    "a: answered within T": "a：等待不超过 T 的接通",
    "b: abandoned within T": "b：等待不超过 T 的放弃",
    "the formula of the contract": "合同约定的公式",
    "waits ≤ T / entries": "等待 ≤ T 的次数 / 进入次数",
    "longest stay in a queue": "在队列中停留最久的一次",
    "the queue's setting": "队列的设置",
    "calls, by their beginning": "呼叫，按开始时间",
    "calls that ended well in the menu": "在菜单中办完的呼叫",
    "calls that were not taken": "未受理的呼叫",
    "calls that a fault ended": "因故障结束的呼叫",
    "calls that go on": "尚未结束的呼叫",
    "conversation without holds": "通话，不含保持",
    "callers on hold": "来电者被保持的时间",
    "work after the conversation": "通话之后的整理",
    "calls offered to the agent": "派给坐席的来电",
    "offers that were answered": "派给后应答的",
    "offers not answered, rejected, busy, unreachable": "未应答、拒接、忙、话机不可达",
    "offers that routing or the caller ended": "由路由或来电者撤回的",
    "conversations that ended": "结束的通话",
    "calls the agent sent elsewhere": "坐席转出的来电",
    "time talking, cut at the interval": "通话时间，按时段切分",
    "time with the caller on hold": "保持来电者的时间",
    "time in wrap-up": "话后整理的时间",
    "time being rung": "话机振铃的时间",
    "ready and idle": "就绪且空闲",
    "phone in use without a call of ours": "话机占用但非本系统的通话",
    "on break and not on a call": "小休且不在通话",
    "in training and not on a call": "培训且不在通话",
    "for own calls only and not on one": "仅外呼且不在通话",
    "all time but signed out": "除签出以外的全部时间",
    "handled / hours signed in": "处理量 / 签入小时数",
    "calls of somebody who had called within N days before": "此前 N 天内来过电的人的呼叫",
    "calls followed by another within N days": "之后 N 天内又来电的呼叫",
    "calls younger than N days: their figure may still change": "不满 N 天的呼叫：数字还会变",
    "answers to surveys": "评价的回答数",
    "calls with at least one answer": "至少有一个回答的呼叫",
    "orders, by their creation": "工单，按建立时间",
    "of them closed or archived": "其中已办结或归档的",
    "of them open": "其中未办结的",
    "of them resolved on the call": "其中即时办结的",
    "orders whose deadline to finish was kept": "按时完成的工单",
    "orders whose deadline to finish was missed, or is over": "完成时已超时、或现已超时的工单",
    "urges by customers": "客户催办次数",
    "returns by units": "承办单位退单次数",
    "orders that went into another round": "进入下一轮办理的工单",
    "callers who left the node": "离开该节点的来电人次",
    "of them by hanging up": "其中挂机离开的",
}
MEASURES: Final[dict[str, str]] = {
    "answer_wait_ms": "接通者的等待之和",
    "abandon_wait_ms": "放弃者的等待之和",
    "wait_ms": "全部等待之和",
    "duration_ms": "呼叫时长之和",
    "score_sum": "评分之和",
    "closing_ms": "办结用时之和",
    "response_met": "响应评为 4、5 分或“是”的",
    "response_asked": "回访问过响应的",
    "solution_met": "解决评为 4、5 分或“是”的",
    "solution_asked": "回访问过解决的",
    "satisfaction_met": "满意评为 4、5 分或“是”的",
    "satisfaction_asked": "回访问过满意的",
    "spent_ms": "停留时间之和",
}


def in_chinese(formula: str, names: Mapping[str, str]) -> str:
    """`names`: what figures are called, by id. Letters such as A, b, T stay: they are those of the contract."""
    if (text := TEXTS.get(formula)) is not None:
        return text
    return _WORD.sub(lambda word: MEASURES.get(word[0]) or names.get(word[0]) or word[0], formula)
