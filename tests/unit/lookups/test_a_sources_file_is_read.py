"""`lookups.yaml`: secrets come from outside, and every defect is told with file, line and field."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.channels.lookups.answers import BadAnswer, at_path, depth, parse
from ctiserver.channels.lookups.guard import TargetRefused, require_public
from ctiserver.channels.lookups.sources import load_sources, read_sources
from ctiserver.ivr.flow_error import FlowErrors

GOOD = """\
sources:
  billing:
    base_url: ${env:BILLING_URL|https://billing.example.com/api/}
    headers: {Authorization: "Bearer ${env:TOKEN}"}
    timeout: 2s
    cache: 30s
pop:
  - title: {zh-CN: 账务, en: Billing}
    source: billing
    paths: ["/accounts/{customer_number}"]
    fields:
      - {label: {zh-CN: 欠费, en: Arrears}, value: arrears, form: money, alert: true}
"""


def errors_of(text: str, **environment: str) -> list[str]:
    with pytest.raises(FlowErrors) as refused:
        read_sources(text, environment)
    return [str(error) for error in refused.value.errors]


def test_placeholders_are_filled_from_the_environment() -> None:
    file = read_sources(GOOD, {"TOKEN": "abc"})
    source = file.sources["billing"]
    assert source.base_url == "https://billing.example.com/api"
    assert source.headers == {"Authorization": "Bearer abc"}
    assert (source.timeout, source.cache, source.allow_private) == (2.0, 30.0, False)
    assert file.pop[0].fields[0].form == "money"
    assert read_sources(GOOD, {"TOKEN": "abc", "BILLING_URL": "http://b:1"}).sources["billing"].base_url == "http://b:1"


def test_names_can_be_checked_without_secrets() -> None:
    assert set(read_sources(GOOD, None).sources) == {"billing"}


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    (tmp_path / "lookups.yaml").write_text(GOOD.replace("${env:TOKEN}", f"${{file:{tmp_path}/token}}"))
    headers = load_sources(tmp_path, {}).sources["billing"].headers
    assert headers == {"Authorization": "Bearer from-file"}


def test_the_shipped_file_is_read_without_any_secret() -> None:
    file = load_sources(Path(__file__).parents[3] / "ivr_flows", {})
    assert set(file.sources) == {"billing"}
    assert [card.source for card in file.pop] == ["billing"]


def test_no_file_is_no_mistake(tmp_path: Path) -> None:
    assert load_sources(tmp_path).sources == {}


def test_a_missing_secret_is_named_with_its_place() -> None:
    (error,) = errors_of(GOOD)
    assert error.startswith("lookups.yaml:4:30: sources.billing.headers.Authorization: the variable TOKEN is not set")


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("timeout: 2s", "timeout: soon", 'lookups.yaml:5:14: sources.billing.timeout: "soon" is not a duration'),
        ("timeout: 2s", "timeuot: 2s", 'unknown key "timeuot" (did you mean timeout?)'),
        ("timeout: 2s", "timeout: 0s", '"timeout" must be longer than 0s'),
        ("timeout: 2s", "at_once: 1000", '"at_once" is at most 64'),
        ("timeout: 2s", "at_once: 0", "at least 1"),
        ("${env:BILLING_URL|https://billing.example.com/api/}", "ftp://x/", "no http or https URL with a host"),
        ("${env:BILLING_URL|https://billing.example.com/api/}", "http://u:p@x/", "don't belong into the URL"),
        ("${env:BILLING_URL|https://billing.example.com/api/}", "http://x/?a=1", "neither ? nor #"),
        ("${env:BILLING_URL|https://billing.example.com/api/}", "http://x:99999/", "this is no URL"),
        ("${env:TOKEN}", "${env:TOKEN", "a placeholder is not closed"),
        ("Authorization:", "Host:", '"Host" is not a header that can be set'),
        (
            "source: billing",
            "source: crm",
            'lookups.yaml:9:13: pop.0.source: there is no source "crm" (known: billing)',
        ),
        ("form: money", "form: gold", '"gold" is not possible here'),
        ('["/accounts/{customer_number}"]', "[accounts]", "does not begin with /"),
        ("  billing:", "  Bill-ing:", '"Bill-ing" is not a name of a source'),
        ("sources:", "sources: &a", "anchors"),
    ],
)
def test_every_defect_is_told_with_file_line_and_field(written: str, instead: str, told: str) -> None:
    assert written in GOOD
    messages = errors_of(GOOD.replace(written, instead), TOKEN="abc")
    assert any(told in message for message in messages), messages


def test_a_header_can_not_smuggle_another() -> None:
    (error,) = errors_of(GOOD, TOKEN="abc\r\nX-Evil: 1")
    assert "control characters" in error
    assert "Evil" not in error


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FlowErrors):
        read_sources(text, {})


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_depth_is_what_a_plain_recursion_finds(data: object) -> None:
    def plain(value: object) -> int:
        if isinstance(value, list):
            return 1 + max(map(plain, cast("list[object]", value)), default=0)
        if isinstance(value, dict):
            return 1 + max(map(plain, cast("dict[str, object]", value).values()), default=0)
        return 0

    assert depth(data, 1000) == plain(data)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_body_is_parsed_or_refused(body: bytes) -> None:
    with suppress(BadAnswer):
        parse(body, 4)


def test_a_way_into_an_answer() -> None:
    data = {"bill": {"amount": 12}, "outages": [{"title": "x"}]}
    assert at_path(data, "bill.amount") == 12
    assert at_path(data, "outages.0.title") == "x"
    assert at_path(data, "outages.1.title") is None
    assert at_path(data, "bill.amount.more") is None
    assert at_path(data, "") == data


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "100.64.0.1", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"],
)
def test_private_addresses_need_leave(address: str) -> None:
    with pytest.raises(TargetRefused):
        require_public(address, allow_private=False)
    require_public(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::", "::ffff:169.254.1.1", "x"],  # noqa: S104 - refused
)
def test_some_addresses_are_never_asked(address: str) -> None:
    with pytest.raises(TargetRefused):
        require_public(address, allow_private=True)


def test_public_addresses_may_be_asked() -> None:
    require_public("1.1.1.1", allow_private=False)
    require_public("2606:4700::1111", allow_private=False)
