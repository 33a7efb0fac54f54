"""The words of a report's keys, by language. A key without an entry is shown as it is."""

from __future__ import annotations

import msgspec

from ctiserver.api.context import ApiContext
from ctiserver.desk.words import STATE_NAMES
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.reporting.shapes import ReportView

Names = dict[str, dict[str, str]]

OUTCOMES: Names = {
    "answered": {"zh-CN": "接通", "en": "Answered"},
    "abandoned": {"zh-CN": "放弃", "en": "Abandoned"},
    "self_service": {"zh-CN": "自助完成", "en": "Self-service"},
    "refused": {"zh-CN": "拒接", "en": "Refused"},
    "failed": {"zh-CN": "失败", "en": "Failed"},
    "live": {"zh-CN": "进行中", "en": "Still going on"},
}
DIRECTIONS: Names = {
    "inbound": {"zh-CN": "呼入", "en": "Inbound"},
    "outbound": {"zh-CN": "呼出", "en": "Outbound"},
    "internal": {"zh-CN": "内部", "en": "Internal"},
    "conference": {"zh-CN": "会议", "en": "Conference"},
}
URGENCIES: Names = {
    "normal": {"zh-CN": "一般", "en": "Normal"},
    "urgent": {"zh-CN": "紧急", "en": "Urgent"},
    "critical": {"zh-CN": "特急", "en": "Critical"},
}
MARK_NAMES: Names = {
    "important": {"zh-CN": "重点", "en": "Important"},
    "example": {"zh-CN": "典型案例", "en": "Good example"},
    "training": {"zh-CN": "培训素材", "en": "For training"},
    "inspect": {"zh-CN": "待质检", "en": "To be inspected"},
    "complaint": {"zh-CN": "投诉风险", "en": "Risk of complaint"},
    "follow_up": {"zh-CN": "需跟进", "en": "To follow up"},
}
NOTHING = {"zh-CN": "（无）", "en": "(none)"}


async def named(context: ApiContext, view: ReportView) -> ReportView:
    keys = {row.key for part in (view.part, view.compared) if part is not None for row in part.rows}
    known = await _names(context, view.by)
    names = {key: known[key] for key in keys if key in known}
    if "" in keys and view.by != "none":
        names[""] = NOTHING
    return msgspec.structs.replace(view, names=names)


async def _names(context: ApiContext, by: str) -> Names:
    directory = context.centre.directory
    match by:
        case "queue":
            return {queue.id: queue.name for queue in directory.queues}
        case "skill":
            return directory.skills
        case "team":
            return directory.teams
        case "agent":
            return {str(agent.id): _same(f"{agent.number} {agent.name}") for agent in directory.agents}
        case "disposition":
            return {one.code: one.name for one in directory.dispositions}
        case "dialled":
            return {number: _same(f"{number} {name}") for number, name in context.lines().items()}
        case "outcome":
            return OUTCOMES
        case "direction":
            return DIRECTIONS
        case "urgency":
            return URGENCIES
        case "state":
            return {state: {"zh-CN": name} for state, name in STATE_NAMES.items()}
        case "node":
            titles = context.nodes()
            return {f"{flow}:{node}": title for flow, nodes in titles.items() for node, title in nodes.items()}
        case _:
            return await _of_desk(context, by)


async def _of_desk(context: ApiContext, by: str) -> Names:
    """While Postgres is away keys are shown as they are."""
    if context.desk is None or by not in ("category", "category_1", "area", "unit"):
        return {}
    try:
        reference = await context.desk.settings.reference()
    except DatabaseAwayError:
        return {}
    match by:
        case "area":
            return {area.id: area.name for area in reference.areas}
        case "unit":
            return {unit.id: unit.name for unit in reference.units}
        case _:
            return {category.id: category.name for category in reference.categories}


def _same(name: str) -> dict[str, str]:
    return {"zh-CN": name, "en": name}
