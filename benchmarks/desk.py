"""How quickly customers and work orders are found and listed when there are a million of each.

    python -m benchmarks.desk [--rows 1000000] [--repeats 30]

Runs on an embedded Postgres of its own in a temporary folder; rows are made by the server from a vocabulary. Prints one
line per question: 50th and 95th percentile in milliseconds, through the same store that the API uses.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text

from ctiserver.desk.bigrams import index_words
from ctiserver.free_ports import choose_free_port
from ctiserver.parts_folders import cache_folder
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_rows import NewOrder, OrderFilter
from ctiserver.store.desk.store import DeskStore, open_desk_store
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.store.migrations import upgrade
from ctiserver.unprivileged import service_user
from tests.postgres.store.desk_office import NOW, PEOPLE
from tests.real_parts import service_folder

AGENT = Account(1, "王芳", "agent")
CREW = Account(3, "李强", "field")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "芳伟娜敏静磊洋艳勇杰娟涛明霞平"
ESTATES = ("阳光花园", "翠湖小区", "金桥公寓", "和平里", "学府名苑", "江南新村", "锦绣家园", "紫荆苑")
TITLES = (
    "水表漏水",
    "家中无水",
    "水压偏低",
    "自来水发黄",
    "水费偏高",
    "井盖缺失",
    "管道结冰",
    "表箱损坏",
    "水有异味",
    "路面冒水",
)
VOCABULARY = 5_000
MAKE_VOCABULARY = """
CREATE TABLE vocabulary (id int, name text, estate text, title text, customer_words text, order_words text)
"""
BUILT_LATER = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('customer', 'customer_phone', 'work_order')"
)
CUSTOMERS = """
INSERT INTO customer (customer_number, meter_number, name, district, estate, building, search)
SELECT '33' || lpad(n::text, 10, '0'), 'SB' || n, v.name, '城东区', v.estate, (n % 90) || '号楼',
    array_to_tsvector(string_to_array(v.customer_words || ' ' || (n % 90), ' '))
FROM generate_series(1, :rows) n JOIN vocabulary v ON v.id = n % :words
"""
PHONES = """
INSERT INTO customer_phone (customer_id, e164)
SELECT id, '+8613' || lpad((id * 7919 % 1000000000)::text, 9, '0') FROM customer
"""
ORDERS = """
INSERT INTO work_order (number, state, category, urgency, area, title, caller_number, customer_id, unit, created_at,
    changed_at, next_due_at, clocks, search)
SELECT 'CD-20200101-' || lpad(n::text, 7, '0'),
    CASE WHEN n % 50 > 0 THEN (ARRAY['archived', 'closed'])[1 + n % 2]
        ELSE (ARRAY['processing', 'dispatched', 'to_follow_up', 'signed'])[1 + n / 50 % 4] END,
    (ARRAY['repair.leak', 'repair', 'praise'])[1 + n % 3], 'normal', (ARRAY['CD', 'CX'])[1 + n % 2], v.title,
    '+8613' || lpad((n::bigint * 7919 % 1000000000)::text, 9, '0'), 100 + n, (ARRAY['east', 'west'])[1 + n % 2],
    to_timestamp(:now) - n * interval '1 minute', to_timestamp(:now) - n * interval '1 minute',
    CASE WHEN n % 50 = 0 THEN to_timestamp(:now) + (n % 5000 - 2000) * interval '1 minute' END, '[]',
    array_to_tsvector(string_to_array(v.order_words || ' ' || lpad(n::text, 7, '0'), ' '))
FROM generate_series(1, :rows - 10) n JOIN vocabulary v ON v.id = n % :words
"""


async def fill(database: Database, rows: int) -> None:
    words: list[dict[str, object]] = []
    for n in range(VOCABULARY):
        name = SURNAMES[n % len(SURNAMES)] + GIVEN[n // 20 % len(GIVEN)] + GIVEN[n // 300 % len(GIVEN)]
        estate, title = ESTATES[n % len(ESTATES)], TITLES[n // 8 % len(TITLES)]
        words.append(
            {
                "id": n, "name": name, "estate": estate, "title": title,
                "customer_words": index_words(name, "城东区", estate), "order_words": index_words(title, estate, name),
            }
        )  # fmt: skip
    async with database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        for statement in PEOPLE:
            await driver.execute(statement, timeout=900)
        indexes = [row for row in await driver.fetch(BUILT_LATER) if row["indexname"].startswith("ix_")]
        for index in indexes:
            await driver.execute(f"DROP INDEX {index['indexname']}", timeout=900)
        await connection.execute(text(MAKE_VOCABULARY))
        await connection.execute(
            text("INSERT INTO vocabulary VALUES (:id, :name, :estate, :title, :customer_words, :order_words)"), words
        )
        await connection.commit()
        for statement in (CUSTOMERS, PHONES, ORDERS):
            begun = time.perf_counter()
            filled = statement.replace(":rows", str(rows)).replace(":words", str(VOCABULARY)).replace(":now", str(NOW))
            await driver.execute(filled, timeout=1800)
            print(f"  {filled.split()[2]:<16} {time.perf_counter() - begun:6.1f} s")
        begun = time.perf_counter()
        for index in indexes:
            await driver.execute(index["indexdef"], timeout=1800)
        print(f"  {'indexes':<16} {time.perf_counter() - begun:6.1f} s")
        await driver.execute("ANALYZE", timeout=900)


def questions(desk: DeskStore) -> dict[str, Callable[[int], Awaitable[object]]]:
    def orders(account: Account = AGENT, **wanted: object) -> Callable[[int], Awaitable[object]]:
        return lambda n: desk.queries.search(OrderFilter(**wanted, page=1 + n % 5), account, NOW)  # pyright: ignore[reportArgumentType] - by name

    return {
        "customers: name": lambda n: desk.register.search(SURNAMES[n % 20] + GIVEN[n % 15], 20),
        "customers: estate and building": lambda n: desk.register.search(f"{ESTATES[n % 8]}{n % 90}", 20),
        "customers: common word": lambda n: desk.register.search("花园", 20),
        "customers: beginning of a phone": lambda n: desk.register.search(f"138{n:03d}", 20),
        "customers: last four digits": lambda n: desk.register.search(f"{7000 + n}", 20),
        "customers: customer number": lambda n: desk.register.search(f"33{n:010d}", 20),
        "customers: history of one": lambda n: desk.register.history(1000 + n, 50),
        "orders: newest": orders(),
        "orders: open, by due": orders(open=True, order_by="due"),
        "orders: one state": orders(states=("dispatched",)),
        "orders: category and area": orders(category="repair.leak", area="CD"),
        "orders: overdue": orders(overdue=True),
        "orders: a crew's inbox": orders(CREW, open=True),
        "orders: common words": orders(text="漏水"),
        "orders: rare words": orders(text="翠湖小区 井盖缺失 王芳芳"),
        "orders: words of nothing": orders(text="没有的词"),
        "orders: by caller": lambda n: desk.queries.search(OrderFilter(number=f"138{n:08d}"), AGENT, NOW),
        "orders: repeats of a customer": lambda n: desk.queries.repeats(
            customer_id=1000 + n, number="", address="", category="", now=NOW
        ),
        "orders: board": lambda _: desk.queries.board(NOW),
        "orders: make one": lambda n: desk.orders.create(NewOrder(title="漏水", area="CD"), AGENT, NOW + n),
    }


async def measure(database: Database, rows: int, repeats: int) -> None:
    desk = open_desk_store(database, Path("unused"), timezone="Asia/Shanghai", region="CN")
    async with database.reading() as connection:
        [counted] = await fetch_all(
            connection, "SELECT (SELECT count(*) FROM work_order) AS o, (SELECT count(*) FROM customer) AS c"
        )
    print(f"{counted['c']:,} customers, {counted['o']:,} orders; {repeats} times each\n")
    for name, ask in questions(desk).items():
        took: list[float] = []
        await ask(0)
        for n in range(repeats):
            begun = time.perf_counter()
            await ask(n)
            took.append((time.perf_counter() - begun) * 1000)
        took.sort()
        p95 = took[min(len(took) - 1, round(len(took) * 0.95))]
        print(f"| {name} | {statistics.median(took):.1f} ms | {p95:.1f} ms |", flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=30)
    asked = parser.parse_args()
    with service_folder() as folder:
        programs = wheel_programs(cache_folder(), service_user())
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), programs, durable=False)
        await server.start()
        try:
            await server.create_database("desk")
            database = Database(server.url_of("desk"))
            await upgrade(database)
            await fill(database, asked.rows)
            await measure(database, asked.rows, asked.repeats)
            await database.close()
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
