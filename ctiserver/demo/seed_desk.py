"""The demo's water company: areas, units, staff, categories, deadlines, knowledge, and orders in every state.

Made by rule from the present instant; running it again changes nothing that exists. Nobody of them exists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from ctiserver.demo.desk_texts import (
    ARTICLES,
    CATEGORIES,
    COMPLAINTS,
    CRITERIA,
    FIELDS,
    LEAKS,
    SCRIPT,
    UNIT_AREAS,
    UNIT_PHONES,
    UNITS,
)
from ctiserver.desk.deadlines import DeadlineRule, EscalationRule
from ctiserver.desk.fields import CustomField
from ctiserver.desk.inspection import Criterion
from ctiserver.desk.words import Action
from ctiserver.desk.work_order import Request
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.bulletins import BulletinFields
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.knowledge import ArticleFields, ScriptStep
from ctiserver.store.desk.office import AreaName, Category, UnitName
from ctiserver.store.desk.order_rows import NewOrder
from ctiserver.store.desk.staff import StaffFields
from ctiserver.store.desk.store import DeskStore, open_desk_store

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
AREAS: Final = (
    AreaName(id="CD", name={"zh-CN": "城东", "en": "East"}, districts=("城东区",)),
    AreaName(id="CX", name={"zh-CN": "城西", "en": "West"}, districts=("城西区",)),
    AreaName(id="GX", name={"zh-CN": "高新", "en": "High-tech"}, districts=("高新区",)),
    AreaName(id="BJ", name={"zh-CN": "滨江", "en": "Riverside"}, districts=("滨江区",)),
)
DEADLINES: Final = (
    DeadlineRule(stage="respond", amount=30, unit="minutes"),
    DeadlineRule(stage="respond", amount=10, unit="minutes", urgency="critical"),
    DeadlineRule(stage="arrive", amount=120, unit="minutes", category="repair"),
    DeadlineRule(stage="arrive", amount=60, unit="minutes", category="repair.leak.main"),
    DeadlineRule(stage="finish", amount=5, unit="working_days"),
    DeadlineRule(stage="finish", amount=24 * 60, unit="minutes", category="repair"),
    DeadlineRule(stage="finish", amount=120, unit="minutes", category="repair", urgency="critical"),
    DeadlineRule(stage="reply", amount=7, unit="working_days", starting="next_working_day"),
    DeadlineRule(stage="follow_up", amount=2, unit="working_days"),
    DeadlineRule(stage="return", amount=2, unit="working_days"),
)
ESCALATIONS: Final = (
    EscalationRule(after_s=-600, level=0, audience=("unit",)),
    EscalationRule(after_s=0, level=1, audience=("unit", "dispatcher")),
    EscalationRule(after_s=7200, level=2, audience=("supervisor",)),
)
LINE: Final[tuple[Action, ...]] = (
    "request_dispatch", "dispatch", "sign", "arrive", "begin", "reply", "review", "approve", "confirm", "archive",
)  # fmt: skip
BY_UNIT: Final[frozenset[Action]] = frozenset({"sign", "arrive", "begin", "reply"})
STEPS_AFTER_S: Final = (60, 240, 420, 1500, 1800, 5400, 9000, 9600, 90_000, 180_000)
DONE: Final = "已到场处理并恢复。"
ORDERS: Final = 17
STAFF: Final = (
    ("李强", "班长", "repairs_east", "crew_east", "13900000011"),
    ("周军", "维修工", "repairs_west", "crew_west", "13900000012"),
    ("何敏", "抄表员", "meters", "", "13900000013"),
    ("罗静", "营业主管", "billing", "", "13900000014"),
    ("郑凯", "水质工程师", "quality", "", "13900000015"),
    ("吴越", "值班主任", "", "", "13900000016"),
)


async def seed_desk(database: Database, now: float, *, timezone: str = "Asia/Shanghai", region: str = "CN") -> None:
    """Raises DatabaseAwayError. `now` is UTC seconds; orders of the last days lead up to it."""
    desk = open_desk_store(database, Path("unused"), timezone=timezone, region=region)
    async with database.reading() as connection:
        if await fetch_all(connection, "SELECT 1 FROM service_category LIMIT 1"):
            return
        users = {row["login"]: row for row in await fetch_all(connection, "SELECT id, login, name, role FROM app_user")}
        customers = await fetch_all(connection, "SELECT id, district, estate FROM customer ORDER BY id LIMIT 60")
    people = {login: Account(row["id"], row["name"], row["role"]) for login, row in users.items()}
    await _office(desk, {login: account.user_id for login, account in people.items()})
    await _knowledge(desk, now)
    for number in range(ORDERS):
        await _order(desk, number, people, [row["id"] for row in customers], now)
    await _incident(desk, people["dispatcher"], now)
    await desk.inspections.add_sheet("来电服务质量", "call", msgspec.convert(CRITERIA, tuple[Criterion, ...]))
    sheet = await desk.inspections.add_sheet("工单质量", "order", msgspec.convert(CRITERIA, tuple[Criterion, ...]))
    await _inspection(desk, sheet.id, people, now)
    await desk.tasks.ask(people["1001"].user_id, "核对三号泵站值班表", "请今天下班前确认。", order_id=None,
                         due_at=now + 6 * HOUR, by=people["supervisor"])  # fmt: skip


async def _office(desk: DeskStore, users: dict[str, int]) -> None:
    for position, area in enumerate(AREAS):
        await desk.settings.put_area(msgspec.structs.replace(area, position=position))
    for position, (unit_id, kind, zh, en, parent) in enumerate(UNITS):
        unit = UnitName(
            id=unit_id, kind=kind, name={"zh-CN": zh, "en": en}, parent_id=parent or None,
            areas=UNIT_AREAS.get(unit_id, ()), phone=UNIT_PHONES.get(unit_id, ""),
            retired=False, position=position,
        )  # fmt: skip
        await desk.settings.put_unit(unit)
    for position, (category_id, zh, en, urgency, unit_id) in enumerate(CATEGORIES):
        category = Category(
            id=category_id, name={"zh-CN": zh, "en": en}, urgency=urgency, unit_id=unit_id or None,
            follow_up=not category_id.startswith(("inquiry", "praise")), retired=False, position=position,
            fields=msgspec.convert(FIELDS.get(category_id, ()), tuple[CustomField, ...]),
        )  # fmt: skip
        await desk.settings.put_category(category)
    await desk.settings.put_rules(DEADLINES, ESCALATIONS)
    for name, title, unit, login, mobile in STAFF:
        fields = StaffFields(name=name, title=title, unit_id=unit or None, user_id=users.get(login), mobile=mobile,
                             email=f"{mobile}@water.example")  # fmt: skip
        await desk.staff.save(None, fields)


async def _knowledge(desk: DeskStore, now: float) -> None:
    for title, topic, categories, body in ARTICLES:
        fields = ArticleFields(title=title, topic=topic, categories=categories, body=body, state="published",
                               review_on="2027-03-31")  # fmt: skip
        await desk.knowledge.save(None, fields, version=0, by="运营专员", now=now - 30 * DAY)
    steps = msgspec.convert(SCRIPT, tuple[ScriptStep, ...])
    script = ArticleFields(title="报修受理话术", kind="script", state="published", topic="话术", categories=("repair",),
                           steps=steps)  # fmt: skip
    await desk.knowledge.save(None, script, version=0, by="运营专员", now=now - 30 * DAY)


def _begun(number: int, now: float) -> float:
    """When order n was accepted, so that its last step lies a little before now."""
    steps = number % (len(LINE) + 1)
    return now - (STEPS_AFTER_S[steps - 1] if steps else 0) - number * 7 * MINUTE - 2 * MINUTE


async def _order(desk: DeskStore, number: int, people: dict[str, Account], customers: list[int], now: float) -> None:
    """Order n is n steps modulo the line's length along; some were returned, urged or suspended on their way."""
    agent, dispatcher = people[f"100{number % 8 + 1}"], people["dispatcher"]
    repair = number % 3 != 2
    title, category = (LEAKS if repair else COMPLAINTS)[number % (len(LEAKS) if repair else len(COMPLAINTS))]
    unit, crew = (("repairs_east", "crew_east"), ("repairs_west", "crew_west"))[number % 2]
    steps = number % (len(LINE) + 1)
    begun = _begun(number, now)
    area = AREAS[number % len(AREAS)].id
    new = NewOrder(
        title=title, category=category, area=area, caller_number=f"13800138{number % 60:03d}",
        customer_id=customers[number % len(customers)] if customers else None, text=f"{title}，请尽快处理。",
        address=f"阳光花园{number % 18 + 1}号楼",
    )  # fmt: skip
    made = await desk.orders.create(new, agent, begun, key=f"demo:{number}")
    for action, after_s in zip(LINE[:steps], STEPS_AFTER_S, strict=False):
        account = people[crew] if action in BY_UNIT else agent if action == "confirm" else dispatcher
        request = Request(
            action=action, unit=unit if action == "dispatch" else "", text=DONE if action == "reply" else "",
            detail={"satisfaction": 3 + number % 3} if action == "confirm" else {},
        )  # fmt: skip
        await desk.orders.move(made.order_id, request, account, begun + after_s, version=0)
    side: dict[int, tuple[Action, Account, Request]] = {
        2: ("return", people[crew], Request(action="return", reason="wrong_area", text="不属于本片区")),
        3: ("urge", agent, Request(action="urge", text="用户再次来电")),
        5: ("suspend", people[crew], Request(action="suspend", reason="waiting_for_customer", text="约明早上门")),
    }
    if number >= len(LINE) + 1 and steps in side:
        _, account, request = side[steps]
        await desk.orders.move(made.order_id, request, account, now - MINUTE, version=0)


async def _incident(desk: DeskStore, dispatcher: Account, now: float) -> None:
    new = NewOrder(
        title="解放路DN400主管爆管", category="repair.leak.main", area="CD", urgency="critical", incident=True
    )
    made = await desk.orders.create(new, dispatcher, now - HOUR, key="demo:incident")
    request = Request(action="dispatch", unit="repairs_east")
    await desk.orders.move(made.order_id, request, dispatcher, now - HOUR + 120, version=0)
    bulletin = BulletinFields(
        title="解放路爆管抢修，城东部分小区停水", kind="outage", areas=("CD",), estates=("阳光花园", "翠湖小区"),
        starts_at=now - HOUR, ends_at=now + 5 * HOUR, order_id=made.order_id, text="预计五小时内恢复供水。",
    )  # fmt: skip
    works = BulletinFields(
        title="翠湖小区二次供水水箱清洗", kind="repair", areas=("CX",), estates=("翠湖小区",),
        starts_at=now + 12 * HOUR, ends_at=now + 18 * HOUR, text="清洗期间水压偏低，请提前储水。",
    )  # fmt: skip
    advice = BulletinFields(
        title="寒潮来临，提醒用户为水表和户外管道保温", kind="notice",
        starts_at=now - DAY, ends_at=now + 5 * DAY, text="接到冻裂报修时先请用户关闭表前阀。",
    )  # fmt: skip
    for each in (bulletin, works, advice):
        await desk.bulletins.save(None, each, version=0, by=dispatcher.name)


async def _inspection(desk: DeskStore, sheet: int, people: dict[str, Account], now: float) -> None:
    """The order that is archived was inspected; its agent thinks otherwise about a mark."""
    archived = len(LINE)
    begun = _begun(archived, now)
    await desk.inspections.draw(sheet, since=begun - 1, until=begun + 1, per_agent=1)
    listed = await desk.inspections.search(state="drawn", agent_user_id=None, told_only=False, page=1, page_size=10)
    for drawn in listed:
        marks: dict[str, float | None] = {
            "greeting": 10, "listening": 15, "solution": 40, "record": 12, "privacy": 10,
        }  # fmt: skip
        by = people["supervisor"]
        marked = await desk.inspections.mark(
            drawn.id, marks, "工单内容太简略，未复述地址。", version=drawn.version, by=by, now=now - HOUR
        )
        agent = next((each for each in people.values() if each.user_id == marked.agent_user_id), None)
        if agent is not None:
            await desk.inspections.dispute(marked.id, "用户当时已挂断。", version=marked.version, by=agent)
