"""The hotline's settings in memory: one announcement, one shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time

import msgspec

from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, HotlineSettings, ShiftSetup
from ctiserver.ivr.emergency import Announcement


class FakeHotline:
    def __init__(self) -> None:
        self.announcements = {1: Announcement(id=1, title="抢修", texts={"zh-CN": "正在抢修。"})}
        self.planned: dict[date, tuple[Duty, ...]] = {}

    async def read(self, today: date) -> HotlineSettings:
        shift = ShiftSetup(name="early", hours={"1": "08:00-16:00"})
        return HotlineSettings(announcements=tuple(self.announcements.values()), shifts=(shift,))

    async def add_announcement(self, made: Announcement) -> Announcement:
        kept = msgspec.structs.replace(made, id=len(self.announcements) + 1, version=1)
        self.announcements[kept.id] = kept
        return kept

    async def change_announcement(self, made: Announcement) -> Announcement | None:
        before = self.announcements.get(made.id)
        if before is None or made.version not in (0, before.version):
            return None
        self.announcements[made.id] = msgspec.structs.replace(made, version=before.version + 1)
        return self.announcements[made.id]

    async def delete_announcement(self, announcement_id: int) -> bool:
        return self.announcements.pop(announcement_id, None) is not None

    async def put_calendar(self, made: CalendarSetup) -> CalendarSetup | None:
        return made

    async def delete_calendar(self, name: str) -> bool:
        return True

    async def put_day(self, made: DaySetup) -> None:
        pass

    async def delete_day(self, day: date) -> bool:
        return True

    async def put_shift(self, name: str, hours: Sequence[tuple[int, time, time]]) -> None:
        pass

    async def delete_shift(self, name: str) -> bool:
        return True

    async def duties(self, first: date, last: date) -> tuple[Duty, ...]:
        return tuple(duty for day, duties in self.planned.items() if first <= day <= last for duty in duties)

    async def put_duties(self, day: date, shifts: Mapping[str, Sequence[int]]) -> None:
        duties = [Duty(day=day.isoformat(), shift=shift, agent_id=one) for shift, ids in shifts.items() for one in ids]
        self.planned[day] = tuple(duties)
