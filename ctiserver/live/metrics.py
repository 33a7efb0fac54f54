"""What Prometheus hears of the running centre."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

call_inputs = Counter("cti_call_inputs_total", "Inputs taken from calls' mailboxes", ["input"])
calls_crashed = Counter("cti_calls_crashed_total", "Calls ended because our own code failed on them")
calls_live = Gauge("cti_calls_live", "Calls that are not over")
callers_ringing = Gauge("cti_callers_ringing", "Callers who ring on because Asterisk is behind")
admission_seconds = Histogram(
    "cti_admission_seconds",
    "How long callers rang on because Asterisk was behind, of those who were not taken at once",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
calls_ended = Counter("cti_calls_ended_total", "Calls that ended", ["outcome", "ended_by"])
queue_waiting = Gauge("cti_queue_waiting", "Callers waiting", ["queue"])
queue_left = Counter("cti_queue_left_total", "Stays in a queue that ended", ["queue", "outcome"])
offers = Counter("cti_offers_total", "Offers by how they ended", ["outcome", "cause"])
agents_needed = Gauge(
    "cti_agents_needed", "Agents for a queue's target, as the staffing adviser has it", ["queue", "horizon"]
)
agents = Gauge("cti_agents", "Agents by state", ["state"])
board_figure = Gauge("cti_board_figure", "Figures of wallboards; shares 0 to 1, durations seconds", ["board", "figure"])
trunk_lines = Gauge("cti_trunk_lines", "Lines in use of each trunk; without a name: of none", ["trunk"])
board_alerts = Gauge("cti_board_alerts", "Alerts of wallboards that are not over")
unknown_events = Counter("cti_unknown_events_total", "Events from Asterisk for nothing that we know", ["event"])
commands = Histogram(
    "cti_command_seconds",
    "Time from a command's turn until Asterisk answered it",
    ["command"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0),
)
command_outcomes = Counter("cti_command_outcomes_total", "How Asterisk answered commands", ["command", "outcome"])
repairs = Counter("cti_repairs_total", "Differences between our state and Asterisk's that were put right", ["kind"])
reconciliations = Counter(
    "cti_reconciliations_total", "Comparisons of our state with Asterisk and the engine, by how they went", ["result"]
)
anomalies = Gauge("cti_routing_anomalies", "Events that the routing engine ignored, by reason", ["reason"])
notices = Counter(
    "cti_message_notices_total", "Phones that were rung about messages, by what became of it", ["outcome"]
)
recordings = Counter("cti_recordings_total", "Recordings by what became of them", ["status"])
component_ready = Gauge("cti_component_ready", "1 where /health/ready finds the component in order", ["component"])


# A label's child is looked up under a lock; for what happens many times a call the children are remembered.


@cache
def call_input(kind: str) -> Counter:
    return call_inputs.labels(kind)


@cache
def command_seconds(command: str) -> Histogram:
    return commands.labels(command)


@cache
def command_outcome(command: str, outcome: str) -> Counter:
    return command_outcomes.labels(command, outcome)
