"""Each way in which Postgres can't be used is one message that names the place and the way out, never the password."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.engine import make_url

from ctiserver.errors import ConfigurationError, PartError
from ctiserver.store.database import Database


async def refusal(url: str) -> str:
    database = Database(url)
    with pytest.raises(PartError) as caught:
        await database.check()
    await database.close()
    return str(caught.value)


async def test_it_tells_its_version(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert re.fullmatch(r"\d+(\.\d+)?", await database.check())
    await database.close()


async def test_nobody_listens() -> None:
    said = await refusal("postgresql://me:secret@127.0.0.1:1/cti")
    assert "Postgres at 127.0.0.1:1/cti can't be reached" in said
    assert "start it, or correct host and port in DATABASE_URL" in said
    assert "secret" not in said


async def test_wrong_password(empty_database_url: str) -> None:
    url = make_url(empty_database_url).set(password="secret")
    said = await refusal(url.render_as_string(hide_password=False))
    assert "refuses user 'ctiserver'" in said
    assert "check user and password in DATABASE_URL" in said
    assert "secret" not in said


async def test_missing_database(empty_database_url: str) -> None:
    url = make_url(empty_database_url).set(database="nowhere")
    said = await refusal(url.render_as_string(hide_password=False))
    assert "has no such database — create it (`createdb nowhere --owner ctiserver`)" in said


@pytest.mark.parametrize(("url", "says"), [("nonsense", "is no URL"), ("mysql://a@b/c", "only Postgres 15 or later")])
def test_not_even_a_postgres_url(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        Database(url)
