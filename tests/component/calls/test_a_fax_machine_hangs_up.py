"""The other machine hangs up on the last page it confirmed: in the dialplan, where nobody tells us of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ctiserver.call.events import CallEnded, FaxSent
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import FLOWS, agent
from tests.component.fake_asterisk import FakeAsterisk

FLOW = """
flow: forms
entry: form
nodes:
  form: {fax: {mode: send, document: form, next: bye}}
  bye: {hang_up: normal}
"""


@pytest.mark.parametrize(("left", "told"), [("3", (True, 3, "")), ("", (False, 0, "hung_up"))])
async def test_what_it_had_confirmed_counts(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path, left: str, told: tuple[bool, int, str]
) -> None:
    flows = tmp_path / "with_forms"
    shutil.copytree(FLOWS, flows)
    (flows / "forms.yaml").write_text(FLOW, encoding="utf-8")
    lines = flows / "lines.yaml"
    served = lines.read_text(encoding="utf-8").replace("lines:\n", 'lines:\n  "199": {flow: forms}\n', 1)
    lines.write_text(served, encoding="utf-8")
    (flows / "documents").mkdir(exist_ok=True)
    (flows / "documents" / "form.tif").write_bytes(b"II*\0")
    house = await open_house(agent(1, service=9), flows=flows)
    caller = await fake.call("199")
    await caller.wait_for_the_fax_engine()
    caller.hangs_up_on_the_last_page(left)
    await house.until_fact(CallEnded)
    (sent,) = house.facts(FaxSent)
    assert (sent.ok, sent.pages, sent.detail) == told
    await house.until_quiet()
    assert not any(fake.ari.rest.globals.get(name) for name in fake.ari.rest.globals if name.startswith("CTI_FAX"))
