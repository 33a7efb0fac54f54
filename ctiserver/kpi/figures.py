"""Every figure that reports show: its formula, its unit, its names, and how it follows from measures.

Measures are sums (or, where the name begins with `max_`, greatest values) of what was counted. Figures are computed
from them at the end, so that a total is computed from all calls and is never a mean of means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

import msgspec

from ctiserver.kpi.figure_words import in_chinese
from ctiserver.kpi.service_level import FORMULAS, Counts, Formula, formula_text, service_level

Unit = Literal["count", "ms", "share", "number"]
Measures = Mapping[str, float]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`formula` names measures by their words; pages print it beside the figure, in their language."""

    id: str
    unit: Unit
    formula: str
    name: dict[str, str]
    formulas: dict[str, str] = {}  # by language


Compute = Callable[[Measures, Formula], float | None]
_KNOWN: Final[dict[str, tuple[Figure, Compute]]] = {}


def figure(ident: str) -> Figure:
    """Raises KeyError for a word that is none. "break_ms:lunch" is the time of breaks with that reason."""
    base, _, reason = ident.partition(":")
    known = _KNOWN[base][0]
    chinese = in_chinese(known.formula, {one.id: one.name["zh-CN"] for one, _ in _KNOWN.values()})
    told = {"zh-CN": chinese, "en": known.formula}
    if not reason:
        return msgspec.structs.replace(known, formulas=told)
    names = {language: f"{name} {reason}" for language, name in known.name.items()}
    told = {"zh-CN": f"{chinese}，{reason}", "en": f"{known.formula}, {reason}"}
    return msgspec.structs.replace(known, id=ident, formula=told["en"], name=names, formulas=told)


def compute(ident: str, measures: Measures, formula: Formula) -> float | None:
    """None: nothing to divide by, or not measured in this view."""
    if ":" in ident:
        return measures.get(ident, 0.0)
    return _KNOWN[ident][1](measures, formula)


def add(parts: Iterable[Measures]) -> dict[str, float]:
    """The measures of a whole from those of its parts."""
    whole: dict[str, float] = {}
    for part in parts:
        for name, value in part.items():
            whole[name] = max(whole.get(name, value), value) if name.startswith("max_") else whole.get(name, 0) + value
    return whole


def counts_of(measures: Measures) -> Counts:
    """The counts of service level among measures; `entries` is what was offered."""
    names = [name for name in Counts.__struct_fields__ if name != "entries"]
    return Counts(**{name: int(measures.get(name, 0)) for name in names}, entries=int(measures.get("offered", 0)))


def _plain(ident: str, unit: Unit, formula: str, zh: str, en: str) -> None:
    def take(measures: Measures, _: Formula) -> float | None:
        return measures.get(ident)

    _define(ident, unit, formula, zh, en, take)


def _ratio(ident: str, unit: Unit, above: str, below: str, zh: str, en: str) -> None:
    """Both sides are measures joined by + and −."""

    def divide(measures: Measures, _: Formula) -> float | None:
        top, bottom = _sum(above, measures), _sum(below, measures)
        return top / bottom if top is not None and bottom else None

    _define(ident, unit, f"{_bracketed(above)} / {_bracketed(below)}", zh, en, divide)


def _define(ident: str, unit: Unit, formula: str, zh: str, en: str, how: Compute) -> None:
    _KNOWN[ident] = Figure(id=ident, unit=unit, formula=formula, name={"zh-CN": zh, "en": en}), how


def _sum(words: str, measures: Measures) -> float | None:
    """None where one of them was not measured."""
    total, sign = 0.0, 1
    for word in words.split():
        if word in "+−":
            sign = 1 if word == "+" else -1
        elif word not in measures:
            return None
        else:
            total += sign * measures[word]
    return total


def _bracketed(words: str) -> str:
    return f"({words})" if " " in words else words


# ── contacts in queues 话务 ──────────────────────────────────────────────────────────────────────────────────────────
_plain("offered", "count", "entries into queues", "进线", "Offered")
_plain("answered", "count", "A: stays that ended with an agent", "接通", "Answered")
_plain("abandoned", "count", "B: callers who hung up in the queue", "放弃", "Abandoned")
_plain("short_abandoned", "count", "s: abandoned within S", "短时放弃", "Short abandons")
_plain("overflowed", "count", "F: led elsewhere by a limit of the queue", "溢出", "Overflowed")
_plain("waiting", "count", "offered − answered − abandoned − overflowed", "仍在等待", "Not left yet")
_plain("answered_within", "count", "a: answered within T", "阈值内接通", "Answered within T")
_plain("abandoned_within", "count", "b: abandoned within T", "阈值内放弃", "Abandoned within T")
_define(
    "service_level", "share", "the formula of the contract", "服务水平", "Service level",
    lambda measures, formula: service_level(formula, counts_of(measures)),
)  # fmt: skip


def _level(formula: Formula) -> Compute:
    return lambda measures, _: service_level(formula, counts_of(measures))


for _formula in FORMULAS:
    _words = formula_text(_formula)
    _define(_formula.lower(), "share", _words, f"服务水平 {_formula}", f"Service level {_formula}", _level(_formula))
_ratio("answer_rate", "share", "answered", "answered + abandoned", "接通率", "Answer rate")
_ratio("abandon_rate", "share", "abandoned", "answered + abandoned", "放弃率", "Abandon rate")
_ratio("asa_ms", "ms", "answer_wait_ms", "answered", "平均应答速度", "Average speed of answer")
_ratio("abandon_wait_mean_ms", "ms", "abandon_wait_ms", "abandoned", "放弃前平均等待", "Mean wait before abandoning")
_ratio("wait_mean_ms", "ms", "wait_ms", "answered + abandoned + overflowed", "平均等待", "Mean wait")
_plain("max_wait_ms", "ms", "longest stay in a queue", "最长等待", "Longest wait")
_plain("target", "share", "the queue's setting", "目标", "Target")

# ── calls 来电 ───────────────────────────────────────────────────────────────────────────────────────────────────────
_plain("calls", "count", "calls, by their beginning", "呼叫", "Calls")
_plain("self_service", "count", "calls that ended well in the menu", "自助完成", "Self-service")
_plain("refused", "count", "calls that were not taken", "拒接", "Refused")
_plain("failed", "count", "calls that a fault ended", "失败", "Failed")
_plain("live", "count", "calls that go on", "进行中", "Still going on")
_ratio("connect_rate", "share", "answered", "calls", "人工接通率", "Connect rate")
_ratio("self_service_rate", "share", "self_service", "calls", "自助率", "Self-service rate")
_plain("talk_ms", "ms", "conversation without holds", "通话时长", "Talk")
_plain("hold_ms", "ms", "callers on hold", "保持时长", "Hold")
_plain("wrap_up_ms", "ms", "work after the conversation", "话后时长", "Wrap-up")
_ratio("talk_mean_ms", "ms", "talk_ms", "answered", "平均通话", "Mean talk")
_ratio("call_handling_ms", "ms", "talk_ms + hold_ms + wrap_up_ms", "answered", "平均处理时长", "Handling time")
_ratio("duration_mean_ms", "ms", "duration_ms", "calls", "平均时长", "Mean duration")

# ── agents 人员考核 ──────────────────────────────────────────────────────────────────────────────────────────────────
_plain("offers", "count", "calls offered to the agent", "振铃次数", "Offers")
_plain("offers_answered", "count", "offers that were answered", "应答次数", "Offers answered")
_plain("missed", "count", "offers not answered, rejected, busy, unreachable", "未接", "Missed")
_plain("withdrawn", "count", "offers that routing or the caller ended", "撤回", "Withdrawn")
_plain("handled", "count", "conversations that ended", "处理量", "Handled")
_plain("transferred", "count", "calls the agent sent elsewhere", "转接", "Transferred")
_ratio("miss_rate", "share", "missed", "offers_answered + missed", "未接率", "Miss rate")
_ratio("transfer_rate", "share", "transferred", "handled", "转接率", "Transfer rate")
_ratio("aht_ms", "ms", "talk_ms + hold_ms + wrap_up_ms", "handled", "平均处理时长", "Handling time (AHT)")
_ratio("aht_talk_ms", "ms", "talk_ms", "handled", "平均通话", "Talk per call")
_ratio("aht_hold_ms", "ms", "hold_ms", "handled", "平均保持", "Hold per call")
_ratio("aht_wrap_up_ms", "ms", "wrap_up_ms", "handled", "平均话后", "Wrap-up per call")
_plain("state_talk_ms", "ms", "time talking, cut at the interval", "通话状态", "Time talking")
_plain("state_hold_ms", "ms", "time with the caller on hold", "保持状态", "Time on hold")
_plain("state_wrap_up_ms", "ms", "time in wrap-up", "话后状态", "Time in wrap-up")
_plain("state_ringing_ms", "ms", "time being rung", "振铃状态", "Time ringing")
_plain("state_idle_ms", "ms", "ready and idle", "空闲", "Idle")
_plain("state_busy_ms", "ms", "phone in use without a call of ours", "占用", "Busy otherwise")
_plain("break_ms", "ms", "on break and not on a call", "小休", "Breaks")
_plain("training_ms", "ms", "in training and not on a call", "培训", "Training")
_plain("outbound_ms", "ms", "for own calls only and not on one", "仅外呼", "Outbound only")
_plain("signed_in_ms", "ms", "all time but signed out", "签入时长", "Signed in")
_ratio(
    "occupancy", "share", "state_talk_ms + state_hold_ms + state_wrap_up_ms + state_ringing_ms",
    "state_talk_ms + state_hold_ms + state_wrap_up_ms + state_ringing_ms + state_idle_ms", "占用率", "Occupancy",
)  # fmt: skip
_ratio(
    "utilisation", "share",
    "state_talk_ms + state_hold_ms + state_wrap_up_ms + state_ringing_ms + state_idle_ms", "signed_in_ms",
    "工时利用率", "Utilisation",
)  # fmt: skip
_define(
    "handled_per_hour", "number", "handled / hours signed in", "每小时处理", "Handled per hour",
    lambda m, _: m["handled"] / (m["signed_in_ms"] / 3_600_000) if m.get("signed_in_ms") and "handled" in m else None,
)  # fmt: skip

# ── repeats, satisfaction, orders, menus ─────────────────────────────────────────────────────────────────────────────
_plain("repeats", "count", "calls of somebody who had called within N days before", "重复来电", "Repeat calls")
_plain("followed", "count", "calls followed by another within N days", "再次来电", "Called again")
_plain("pending", "count", "calls younger than N days: their figure may still change", "未满期", "Not settled yet")
_ratio("repeat_rate", "share", "repeats", "calls", "重复来电率", "Repeat rate")
_ratio("fcr", "share", "calls − followed", "calls", "首次解决率", "First-contact resolution")
_plain("answers", "count", "answers to surveys", "评价数", "Answers")
_plain("calls_rated", "count", "calls with at least one answer", "参评来电", "Calls rated")
_ratio("score_mean", "number", "score_sum", "answers", "平均分", "Mean score")
_ratio("answer_share", "share", "calls_rated", "answered", "参评率", "Response rate of surveys")
_plain("orders", "count", "orders, by their creation", "工单", "Orders")
_plain("orders_closed", "count", "of them closed or archived", "办结", "Closed")
_plain("orders_open", "count", "of them open", "未办结", "Open")
_plain("orders_on_call", "count", "of them resolved on the call", "即时办结", "Resolved on the call")
_plain("kept", "count", "orders whose deadline to finish was kept", "按时", "Deadline kept")
_plain("late", "count", "orders whose deadline to finish was missed, or is over", "超时", "Deadline missed")
_ratio("kept_rate", "share", "kept", "kept + late", "按时办结率", "Deadlines kept")
_plain("urges", "count", "urges by customers", "催办", "Urges")
_plain("returns", "count", "returns by units", "退单", "Returns")
_plain("redone", "count", "orders that went into another round", "重办", "Redone")
_ratio("closing_mean_ms", "ms", "closing_ms", "orders_closed", "平均办结时长", "Mean time to close")
_ratio("response_rate", "share", "response_met", "response_asked", "响应率", "Response rate")
_ratio("solution_rate", "share", "solution_met", "solution_asked", "解决率", "Solution rate")
_ratio("satisfaction_rate", "share", "satisfaction_met", "satisfaction_asked", "满意率", "Satisfaction rate")
_plain("callers", "count", "callers who left the node", "经过人次", "Callers")
_plain("hung_up", "count", "of them by hanging up", "挂机", "Hung up")
_ratio("hung_up_rate", "share", "hung_up", "callers", "挂机率", "Hang-up rate")
_ratio("spent_mean_ms", "ms", "spent_ms", "callers", "平均停留", "Mean time spent")

FIGURES: Final[tuple[str, ...]] = tuple(_KNOWN)
