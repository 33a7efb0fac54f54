"""Sixty customers of the demo's water company, made by rule; nobody of them exists.

Numbers 13800138000 … 13800138059 are those of the demo's callers. Customer n has the number ending in n; every twelfth
shares it with the next one (a family), some also have a fixed line, some are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.desk.bigrams import index_words
from ctiserver.store.desk.order_sql import tsvector
from ctiserver.store.tables import Customer, CustomerPhone

COUNT = 60
SEARCHED = ("name", "district", "estate", "building", "unit", "room")
_FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN_NAMES = ("芳", "伟", "娜", "敏", "静", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "霞", "平")
_DISTRICTS = ("城东区", "城西区", "高新区", "滨江区")
_ESTATES = ("阳光花园", "翠湖小区", "金桥公寓", "和平里", "学府名苑", "江南新村")
_NOTES: Mapping[int, str] = {
    3: "管道老化，曾多次报修。",
    8: "独居老人，请放慢语速。",
    15: "对上月水费有异议，已复核。",
    24: "物业经理，代表整个小区来电。",
    31: "水表在地下室，上门前请先联系。",
    47: "曾投诉水压不足，需回访。",
}


def customers() -> Iterator[tuple[Mapping[str, object], Sequence[str]]]:
    """Columns of `customer` and the numbers (E.164) of each."""
    for n in range(COUNT):
        numbers = [f"+8613800138{n:03d}"]
        if n % 12 == 1:
            numbers.append(f"+8613800138{n - 1:03d}")  # the number of the customer before
        if n % 10 == 5:
            numbers.append(f"+86106255{n:04d}")
        yield (
            {
                "customer_number": f"33010{n + 10001:07d}",
                "meter_number": f"SB{2020 + n % 6}{n * 37 % 10000:04d}",
                "name": _FAMILY_NAMES[n % len(_FAMILY_NAMES)] + _GIVEN_NAMES[(n * 7 + 4) % len(_GIVEN_NAMES)],
                "district": _DISTRICTS[n % len(_DISTRICTS)],
                "estate": _ESTATES[n % len(_ESTATES)],
                "building": f"{n % 18 + 1}号楼",
                "unit": f"{n % 3 + 1}单元",
                "room": f"{n % 6 + 1}0{n % 4 + 1}室",
                "tags": _tags(n),
                "notes": _NOTES.get(n, ""),
                "consent": None if n % 4 else n % 8 == 0,
            },
            numbers,
        )


def _tags(n: int) -> list[str]:
    return [tag for tag, carried in (("vip", n % 9 == 0), ("complaint", n in (15, 47)), ("elderly", n == 8)) if carried]


async def insert_customers(connection: AsyncConnection) -> None:
    """Those that are missing."""
    for columns, numbers in customers():
        words = index_words(*(str(columns[name]) for name in SEARCHED)).split()
        row = {**columns, "search": tsvector(words)}
        added = insert(Customer).values(row).on_conflict_do_nothing().returning(Customer.id)
        customer_id = (await connection.execute(added)).scalar_one_or_none()
        if customer_id is None:
            continue  # there, perhaps changed by somebody: left as it is
        for number in numbers:
            phone = insert(CustomerPhone).values(customer_id=customer_id, e164=number)
            await connection.execute(phone.on_conflict_do_nothing())
