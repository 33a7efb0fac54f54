"""Counters of the Asterisk edge, as Prometheus reads them at /metrics."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

LINK_UP = Gauge("cti_asterisk_link_up", "1 while the link is usable", ["link"])
CONNECTS = Counter("cti_asterisk_connects_total", "Connections made", ["link"])
CONNECT_FAILURES = Counter("cti_asterisk_connect_failures_total", "Connections that could not be made", ["link"])
EVENTS = Counter("cti_asterisk_events_total", "Events received", ["link", "type"])
UNKNOWN_EVENTS = Counter("cti_asterisk_unknown_events_total", "Events that we don't understand", ["link"])
COMMAND_SECONDS = Histogram(
    "cti_asterisk_command_seconds",
    "From sending a command until its answer",
    ["link", "command"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
COMMAND_ANSWERS = Counter("cti_asterisk_command_answers_total", "Answers by status", ["link", "command", "status"])
PUSHED_ACCOUNTS = Counter("cti_asterisk_accounts_pushed_total", "SIP accounts pushed", ["result"])

SIP_REFUSED = Counter("cti_sip_refused_total", "Attempts at the SIP port that Asterisk refused", ["kind"])


# A label's child is looked up under a lock; for what happens many times a call the children are remembered.


@cache
def events(link: str, kind: str) -> Counter:
    return EVENTS.labels(link, kind)


@cache
def sip_refused(kind: str) -> Counter:
    return SIP_REFUSED.labels(kind)


@cache
def command_seconds(link: str, command: str) -> Histogram:
    return COMMAND_SECONDS.labels(link, command)


@cache
def command_answers(link: str, command: str, status: str) -> Counter:
    return COMMAND_ANSWERS.labels(link, command, status)
