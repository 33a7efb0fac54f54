"""Wallboards as data: which figures a board shows for whom, what is aimed at, and how a figure stands to its target.

                 near                  missed
    ok  ├──────────┼──────────────────────┼────────▶  worse
             target                     limit

A figure gets worse at once and better only when it has come back by `hysteresis` behind the mark that it had passed: so
that one that trembles about a target does not blink all day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from ctiserver.directory import Role

Unit = Literal["count", "s", "share"]
Better = Literal["more", "less", ""]
Standing = Literal["ok", "near", "missed", "none"]
Panel = Literal["queues", "agents", "traffic", "bulletins", "alerts"]
PANELS: Final[tuple[Panel, ...]] = ("queues", "agents", "traffic", "bulletins", "alerts")

NEAR_SHARE = 0.05
NEAR_FACTOR = 2.0
_ORDER: Final[tuple[Standing, ...]] = ("ok", "near", "missed")


class BoardFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that boards can show. `contract`: where no target is given, the queues' settings give one."""

    id: str
    unit: Unit
    better: Better
    formula: str
    name: dict[str, str]
    formulas: dict[str, str]  # by language
    contract: bool = False


_IN_CHINESE: Final = {
    "waiting": "此刻排队的来电",
    "longest_wait": "此刻等得最久的一位",
    "forecast": "最长队列中最后一位的预计等待（中位数）",
    "service_level_now": "按合同公式，最近 30 分钟（整 5 分钟）",
    "service_level": "按合同公式，自零点起",
    "offered": "自零点起进入队列的次数",
    "answered": "A：自零点起由坐席接起的等待",
    "abandoned": "B：排队中挂机的来电",
    "abandoned_short": "s：等待不超过 S 的放弃",
    "overflowed": "F：因队列上限转往别处",
    "answer_rate": "接听 / (接听 + 放弃)",
    "abandon_rate": "放弃 / (接听 + 放弃)",
    "connect_rate": "自零点起结束的来电中接通坐席的比例，全中心",
    "asa": "接听者等待之和 / 接听",
    "aht": "(通话 + 保持 + 话后) / 处理量",
    "handled": "自零点起结束的通话",
    "agents_signed_in": "未签出的坐席",
    "agents_ready": "可接下一通来电的坐席",
    "agents_talking": "通话中的坐席",
    "agents_break": "小休的坐席",
    "occupancy_now": "此刻（通话 + 振铃 + 话后）/（通话 + 振铃 + 话后 + 就绪）的坐席，不计小休、培训和话机不可达",
    "agents_short": "达到目标所需 − 服务该队列的坐席，缺人的队列求和",
    "live_calls": "全中心的通话",
    "lines": "占用的中继通道：来电者和其他外部方",
}


def _figure(
    ident: str, unit: Unit, better: Better, chinese: str, english: str, formula: str, *, contract: bool = False
) -> BoardFigure:
    names, told = {"zh-CN": chinese, "en": english}, {"zh-CN": _IN_CHINESE[ident], "en": formula}
    return BoardFigure(
        id=ident, unit=unit, better=better, formula=formula, name=names, formulas=told, contract=contract
    )


BOARD_FIGURES: Final[dict[str, BoardFigure]] = {
    one.id: one
    for one in (
        _figure("waiting", "count", "less", "正在等待", "Waiting", "callers in the queues now"),
        _figure(
            "longest_wait", "s", "less", "最长等待", "Longest wait", "of those who wait now", contract=True
        ),
        _figure("forecast", "s", "less", "预计等待", "Expected wait", "of the last in line, median, longest queue"),
        _figure(
            "service_level_now", "share", "more", "当前服务水平", "Service level now",
            "by the contract's formula, of the last 30 minutes (whole five minutes)", contract=True,
        ),
        _figure(
            "service_level", "share", "more", "今日服务水平", "Service level today",
            "by the contract's formula, since midnight", contract=True,
        ),
        _figure("offered", "count", "", "今日进线", "Offered", "entries into the queues since midnight"),
        _figure("answered", "count", "", "今日接听", "Answered", "A: stays that ended with an agent since midnight"),
        _figure("abandoned", "count", "", "今日放弃", "Abandoned", "B: callers who hung up in the queue"),
        _figure("abandoned_short", "count", "", "短时放弃", "Short abandons", "s: abandoned within S"),
        _figure("overflowed", "count", "", "今日溢出", "Overflowed", "F: led elsewhere by a limit of the queue"),
        _figure("answer_rate", "share", "more", "接通率", "Answer rate", "answered / (answered + abandoned)"),
        _figure("abandon_rate", "share", "less", "放弃率", "Abandon rate", "abandoned / (answered + abandoned)"),
        _figure(
            "connect_rate", "share", "more", "人工接通率", "Connect rate",
            "calls in that reached an agent / calls in, of those that ended since midnight; of the whole centre",
        ),
        _figure("asa", "s", "less", "平均应答", "Speed of answer", "sum of waits of the answered / answered"),
        _figure("aht", "s", "less", "平均处理", "Handling time", "(talk + hold + wrap-up) / handled"),
        _figure("handled", "count", "", "处理量", "Handled", "conversations that ended since midnight"),
        _figure("agents_signed_in", "count", "more", "签入坐席", "Signed in", "agents who are not signed out"),
        _figure("agents_ready", "count", "more", "就绪坐席", "Ready", "agents who would get the next caller"),
        _figure("agents_talking", "count", "", "通话坐席", "Talking", "agents in a conversation"),
        _figure("agents_break", "count", "less", "小休坐席", "On break", "agents on break"),
        _figure(
            "occupancy_now", "share", "less", "当前占用率", "Occupancy now",
            "agents (talking + ringing + wrap-up) / (those + ready), now; not those on break, in training, unreachable",
        ),
        _figure(
            "agents_short", "count", "less", "缺少坐席", "Agents short",
            "agents needed for the target − agents who serve the queue, summed over queues that lack some",
        ),
        _figure("live_calls", "count", "", "进行中通话", "Live calls", "calls of the whole centre"),
        _figure("lines", "count", "less", "占用线路", "Lines in use", "trunk channels: callers and others outside"),
    )
}  # fmt: skip


class FigureRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a board says of one figure. Shares are 0 to 1, durations seconds.

    target None: that of the queues' settings where the figure has such (service level, longest wait), else none.
    limit None: 5 percentage points behind a share's target, else twice (or half) of it.
    alert: who supervises is told once the figure has been missed for `after_s`.
    """

    figure: str
    target: float | None = None
    limit: float | None = None
    hysteresis: float = 0.0
    alert: bool = False
    after_s: float = 0.0


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Empty `queues` and `teams`: the whole centre. With teams and no queues: the queues that their agents serve.

    roles: whose board this is when no other is chosen. rotate_s: how long it stands where several take turns.
    """

    id: str
    name: dict[str, str]
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    figures: tuple[FigureRule, ...] = ()
    panels: tuple[Panel, ...] = PANELS
    rotate_s: float = 20.0
    mail: tuple[str, ...] = ()  # who is sent its alerts: addresses, and numbers for text messages
    sms: tuple[str, ...] = ()
    position: int = 0
    version: int = 0


DEFAULT_BOARD: Final = Board(
    id="centre",
    name={"zh-CN": "热线运行大屏", "en": "Hotline wallboard"},
    figures=(
        FigureRule(figure="waiting", target=2, limit=6, hysteresis=1, alert=True, after_s=30),
        FigureRule(figure="longest_wait", hysteresis=5, alert=True, after_s=15),
        FigureRule(figure="service_level_now", hysteresis=0.02, alert=True, after_s=60),
        FigureRule(figure="service_level", hysteresis=0.01),
        FigureRule(figure="answered"),
        FigureRule(figure="abandoned"),
        FigureRule(figure="answer_rate", target=0.95, limit=0.9, hysteresis=0.01),
        FigureRule(figure="asa", target=15, limit=30, hysteresis=2),
        FigureRule(figure="aht"),
        FigureRule(figure="overflowed"),
        FigureRule(figure="connect_rate"),
        FigureRule(figure="lines"),
    ),
)
"""In force until somebody stores a board: the public lines' own rules (answer within 15 s, connect 95 %)."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a board that has missed its target for some time. Instants are UTC seconds."""

    id: str  # BOARD.FIGURE.INSTANT
    board: str
    figure: str
    value: float | None  # when it was raised
    target: float | None
    raised_at: float
    acknowledged_at: float | None = None
    acknowledged_by: str = ""
    note: str = ""
    cleared_at: float | None = None


class Judged(msgspec.Struct, frozen=True):
    standing: Standing
    target: float | None


def limit_of(rule: FigureRule, target: float) -> float:
    """From where on the target counts as missed."""
    if rule.limit is not None:
        return rule.limit
    figure = BOARD_FIGURES[rule.figure]
    if figure.unit == "share":
        return target - NEAR_SHARE if figure.better == "more" else target + NEAR_SHARE
    return target / NEAR_FACTOR if figure.better == "more" else target * NEAR_FACTOR


def judge(rule: FigureRule, value: float | None, contract: float | None, former: Standing) -> Judged:
    """How the figure stands now. `contract`: the target that the queues' settings give; `former`: how it stood."""
    figure = BOARD_FIGURES[rule.figure]
    target = contract if rule.target is None and figure.contract else rule.target
    if value is None or target is None or not figure.better:
        return Judged("none", target)
    limit, sign = limit_of(rule, target), 1.0 if figure.better == "less" else -1.0
    now = _level(value * sign, target * sign, limit * sign)
    was = _ORDER.index(former) if former in _ORDER else 0
    if now < was:  # better by how much?
        held = _level(value * sign + rule.hysteresis, target * sign, limit * sign)
        now = min(was, max(now, held))
    return Judged(_ORDER[now], target)


def _level(badness: float, target: float, limit: float) -> int:
    """0 ok, 1 near, 2 missed; all three so that more is worse."""
    if badness <= target:
        return 0
    return 1 if badness <= limit else 2


def occupancy_now(states: Mapping[str, int]) -> float | None:
    """Share of the agents at work who are busy this moment, by count of shown states. Reports have the same formula
    (`occupancy`) over time; who is on break, in training or can't be reached counts on neither side. None: nobody."""
    busy = sum(states.get(state, 0) for state in ("talking", "ringing", "wrap_up"))
    there = busy + states.get("ready", 0)
    return busy / there if there else None


def for_everybody(board: Board) -> Board:
    """Without those who are sent its alerts: boards hang where everybody reads them, these are people's addresses."""
    return msgspec.structs.replace(board, mail=(), sms=())


def board_for(boards: tuple[Board, ...], role: str) -> Board:
    """The one that this role sees when it asks for none in particular."""
    return next((board for board in boards if role in board.roles), boards[0] if boards else DEFAULT_BOARD)


def contract_targets(settings: Mapping[str, tuple[float, float]], offered: Mapping[str, int]) -> dict[str, float]:
    """Targets that follow from the queues' settings, (target, T in seconds) by queue.

    The service level's weighs each queue by the callers it had, before the first caller all alike. The longest wait is
    measured by the strictest T.
    """
    if not settings:
        return {}
    callers = sum(offered.get(queue, 0) for queue in settings)
    weights = {queue: offered.get(queue, 0) / callers if callers else 1 / len(settings) for queue in settings}
    level = sum(target * weights[queue] for queue, (target, _) in settings.items())
    strictest = min(within for _, within in settings.values())
    return {"service_level": level, "service_level_now": level, "longest_wait": strictest}
