"""All that the desk keeps, put together: one value for the API and for what runs beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ctiserver.store.database import Database
from ctiserver.store.desk.alarms import Alarms
from ctiserver.store.desk.attachments import Attachments
from ctiserver.store.desk.bulletins import Bulletins
from ctiserver.store.desk.colleagues import ColleagueTasks
from ctiserver.store.desk.customer_sheets import CustomerSheets
from ctiserver.store.desk.flow_requests import FlowRequests
from ctiserver.store.desk.inspections import Inspections
from ctiserver.store.desk.knowledge import Knowledge
from ctiserver.store.desk.notices import Notices
from ctiserver.store.desk.order_queries import OrderQueries
from ctiserver.store.desk.orders import Orders
from ctiserver.store.desk.outages import Outages
from ctiserver.store.desk.outbox import OrderOutbox
from ctiserver.store.desk.register import CustomerRegister
from ctiserver.store.desk.settings import DeskSettings
from ctiserver.store.desk.staff import StaffDirectory


@dataclass(frozen=True)
class DeskStore:
    orders: Orders
    queries: OrderQueries
    alarms: Alarms
    notices: Notices
    outbox: OrderOutbox
    flow_requests: FlowRequests
    attachments: Attachments
    outages: Outages
    register: CustomerRegister
    sheets: CustomerSheets
    knowledge: Knowledge
    bulletins: Bulletins
    tasks: ColleagueTasks
    inspections: Inspections
    settings: DeskSettings
    staff: StaffDirectory


def open_desk_store(database: Database, folder: Path, *, timezone: str, region: str) -> DeskStore:
    """`folder` holds attachments and orders that wait for Postgres; nothing is opened before it is used."""
    orders = Orders(database, timezone=timezone, region=region)
    queries = OrderQueries(database, timezone=timezone, region=region)
    bulletins = Bulletins(database)
    register = CustomerRegister(database, region)
    return DeskStore(
        orders=orders,
        queries=queries,
        alarms=Alarms(database, timezone=timezone),
        notices=Notices(database, timezone=timezone),
        outbox=OrderOutbox(folder / "outbox"),
        flow_requests=FlowRequests(database, orders),
        attachments=Attachments(database, queries, folder / "attachments"),
        outages=Outages(database, orders, queries, bulletins),
        register=register,
        sheets=CustomerSheets(database, register, region),
        knowledge=Knowledge(database),
        bulletins=bulletins,
        tasks=ColleagueTasks(database),
        inspections=Inspections(database),
        settings=DeskSettings(database, timezone=timezone),
        staff=StaffDirectory(database),
    )
