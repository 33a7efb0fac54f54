"""The directory of staff: found, kept, retired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.refusals import InUse, NotThere, Unfit
from ctiserver.store.desk.setting_versions import check_version, version_of
from ctiserver.store.rows import Row

STAFF = """
SELECT staff.*, app_user.login FROM staff LEFT JOIN app_user ON app_user.id = staff.user_id
"""
LISTED = (
    STAFF
    + """
WHERE (:unit = '' OR staff.unit_id = :unit) AND (:words = '' OR staff.name ILIKE :part OR staff.title ILIKE :part
    OR staff.phone LIKE :part OR staff.mobile LIKE :part) AND (:retired OR staff.retired_at IS NULL)
ORDER BY staff.unit_id NULLS LAST, staff.name, staff.id LIMIT 500
"""
)
ONE = STAFF + "WHERE staff.id = :id FOR UPDATE OF staff"


class StaffFields(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str = ""
    unit_id: str | None = None
    user_id: int | None = None
    phone: str = ""
    mobile: str = ""
    email: str = ""
    on_duty: bool = True
    retired: bool = False


class StaffRow(Row, frozen=True, kw_only=True):
    id: int
    name: str
    title: str
    unit_id: str
    user_id: int | None
    login: str
    phone: str
    mobile: str
    email: str
    on_duty: bool
    retired: bool
    version: str = ""


class StaffDirectory:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, *, unit: str = "", words: str = "", retired: bool = False) -> list[StaffRow]:
        part = words.replace("\\", "").replace("%", "").replace("_", "")
        values = {"unit": unit, "words": part, "part": f"%{part}%", "retired": retired}
        async with self._database.reading() as connection:
            return [_staff(row) for row in await fetch_all(connection, LISTED, values)]

    async def save(self, staff_id: int | None, fields: StaffFields, *, version: str | None = None) -> int:
        """A new person, or all of one anew, who still is as `version` says (None: whatever stands there).

        Raises NotThere, ChangedMeanwhile, InUse (the account is somebody else's), Unfit.
        """
        values = cast("dict[str, Any]", msgspec.to_builtins(fields))
        values["retired_at"] = text("now()") if values.pop("retired") else None
        try:
            async with self._database.writing() as connection:
                if staff_id is None:
                    made = await connection.execute(insert(mapped.Staff).values(values).returning(mapped.Staff.id))
                    return int(made.scalar_one())
                found = await fetch_all(connection, ONE, {"id": staff_id})
                if not found:
                    raise NotThere("staff")
                stands = _staff(found[0])
                check_version(f"staff {staff_id}", stands, stands.version, version)
                await connection.execute(update(mapped.Staff).where(mapped.Staff.id == staff_id).values(values))
        except IntegrityError as error:
            if "uq_staff_user_id" in str(error.orig):
                raise InUse("user_id") from None
            raise Unfit(("unit_id" if "unit" in str(error.orig) else "user_id", "unknown")) from None
        return staff_id


def _staff(row: Mapping[str, Any]) -> StaffRow:
    same = ("id", "name", "title", "user_id", "phone", "mobile", "email", "on_duty")
    plain = StaffRow(
        **{name: row[name] for name in same},
        unit_id=row["unit_id"] or "",
        login=row["login"] or "",
        retired=row["retired_at"] is not None,
    )
    return msgspec.structs.replace(plain, version=version_of(plain))
