"""The simulator reproduces what queueing theory knows exactly."""

from __future__ import annotations

import pytest

from acd.errors import ConfigError
from acd.scenario import load
from acd.simulate import Report, simulate

Figure = dict[str, float | None]
SHIFT = [{"until_s": 100, "count": 1}, {"until_s": 3600, "count": 0}]
SLOW = {"mean_s": 500, "distribution": "constant"}
TWO = [{"group": "two", "count": 2, "skills": {"bills": 1}}]


def run(**changes: object) -> Report:
    scenario: dict[str, object] = {
        "horizon_s": 50_000,
        "warmup_s": 3_000,
        "replications": 12,
        "seed": 2,
        "queues": [
            {
                "id": "bills",
                "arrivals": {"per_hour": 252},
                "service": {"mean_s": 120},
                "routing": {"skills": {"bills": 1}},
            }
        ],
        "agents": [{"group": "bills", "count": 12, "skills": {"bills": 1}}],
    }
    return simulate(load({**scenario, **changes}))


def queue(queue_id: str = "bills", per_hour: object = 252, **changes: object) -> dict[str, object]:
    routing: dict[str, object] = {"skills": {"bills": 1}}
    settings: dict[str, object] = {"id": queue_id, "arrivals": {"per_hour": per_hour}, "service": {"mean_s": 120}}
    return {**settings, "routing": routing, **changes}


def assert_covers(figure: Figure, exact: float, widths: float = 1.7) -> None:
    """The exact value lies within 1.7 half-widths: with fixed seeds a wrong simulator fails, a right one never does."""
    mean, half_width = figure["mean"], figure["half_width"]
    assert mean is not None
    assert half_width is not None
    assert abs(mean - exact) <= widths * half_width
    assert half_width < 0.4 * exact, "too wide an interval to prove anything"


def test_everybody_waits_as_erlang_c_says() -> None:
    report = run()
    assert_covers(report.total["p_wait"], 0.18389)
    assert_covers(report.total["asa_s"], 6.130)
    assert_covers(report.total["sl3"], 0.89908)
    assert_covers(report.agents["bills"]["occupancy"], 0.7)
    assert report.total["served"] == report.total["offered"]


def test_a_day_that_begins_empty_is_as_others_simulated_it() -> None:
    """Eight hours without warm-up, beside what the University of Montreal publishes for its example MMC."""
    report = run(horizon_s=8 * 3600, warmup_s=0, replications=60)
    assert_covers(report.total["sl3"], 0.902)
    assert_covers(report.total["asa_s"], 0.099 * 60)
    assert_covers(report.agents["bills"]["occupancy"], 0.695)


def test_callers_give_up_as_erlang_a_says() -> None:
    report = run(queues=[queue(patience={"mean_s": 60})])
    assert_covers(report.total["p_wait"], 0.12737)
    assert_covers(report.total["wait_all_s"], 1.781)
    assert_covers(report.total["sl3"], 0.94527)
    assert_covers(report.agents["bills"]["occupancy"], 0.67922)
    offered, abandoned = report.total["offered"]["mean"], report.total["abandoned"]["mean"]
    wait_all_s = report.total["wait_all_s"]["mean"]
    assert offered is not None
    assert abandoned is not None
    assert wait_all_s is not None
    assert abandoned / offered == pytest.approx(0.02968, rel=0.15)
    assert abandoned / offered == pytest.approx(wait_all_s / 60, rel=0.1)


def test_the_privileged_overtake_and_the_average_stays() -> None:
    """Two classes without preemption, ten agents: a head start beyond any wait is strict priority."""
    calls = {"service": {"mean_s": 180}}
    report = run(
        horizon_s=150_000,
        warmup_s=15_000,
        replications=10,
        queues=[
            queue("vip", 60, **calls, routing={"skills": {"bills": 1}, "priority_s": 1e7}),
            queue("others", 120, **calls),
        ],
        agents=[{"group": "all", "count": 10, "skills": {"bills": 1}}],
    )
    assert_covers(report.queues["vip"]["asa_s"], 17.196)
    assert_covers(report.queues["others"]["asa_s"], 171.960)
    assert_covers(report.total["asa_s"], 120.372)


def test_a_system_without_waiting_room_is_erlang_b() -> None:
    """One erlang on two agents: one in five is turned away."""
    report = run(queues=[queue(per_hour=30, max_waiting=0)], agents=TWO)
    blocked, offered = report.total["blocked"]["mean"], report.total["offered"]["mean"]
    assert blocked is not None
    assert offered is not None
    assert blocked / offered == pytest.approx(0.2, rel=0.05)
    assert report.total["p_wait"]["mean"] == 0


def test_lines_limit_who_talks_and_waits_together() -> None:
    limited = run(queues=[queue(per_hour=30)], agents=TWO, lines=2)
    blocked, offered = limited.total["blocked"]["mean"], limited.total["offered"]["mean"]
    assert blocked is not None
    assert offered is not None
    assert blocked / offered == pytest.approx(0.2, rel=0.05)


def test_wrap_up_keeps_the_agent_busy() -> None:
    """90 s of talk and 30 s of fixed wrap-up load the agents like 120 s of talk."""
    report = run(horizon_s=20_000, queues=[queue(service={"mean_s": 90}, wrap_up_s=30)])
    assert_covers(report.agents["bills"]["occupancy"], 0.7)


def test_the_same_seed_gives_the_same_report_and_another_does_not() -> None:
    short: dict[str, object] = {"horizon_s": 7200, "warmup_s": 0, "replications": 3}
    assert run(**short) == run(**short)
    assert run(**short) != run(**short, seed=12)


def test_agents_who_go_home_finish_their_call_first() -> None:
    """One agent until noon, nobody afterwards; a long call goes on and no second one is answered."""
    report = run(
        horizon_s=3600,
        warmup_s=0,
        replications=2,
        queues=[queue(per_hour=3600, service={"mean_s": 1000, "distribution": "constant"}, patience={"mean_s": 30})],
        agents=[
            {
                "group": "one",
                "count": SHIFT,
                "skills": {"bills": 1},
            }
        ],
    )
    assert report.total["served"]["mean"] == 1


def test_groups_may_talk_longer() -> None:
    report = run(
        horizon_s=50_000,
        replications=4,
        queues=[queue(per_hour=1, service={"mean_s": 10, "by_group": {"new": SLOW}})],
        agents=[{"group": "new", "count": 3, "skills": {"bills": 1}}],
    )
    occupancy, contacts = report.agents["new"]["occupancy"]["mean"], report.agents["new"]["contacts"]["mean"]
    assert occupancy is not None
    assert contacts is not None
    assert occupancy == pytest.approx(contacts * 500 / (3 * 45_000), rel=0.05)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"horizon_s": 0}, "horizon_s"),
        ({"replications": 0}, "replications"),
        ({"queues": []}, "queues"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"queues": [queue(arrivals=[{"per_hour": 1}, {"per_hour": 2}])]}, r"queues\[0\].arrivals\[0\].until_s"),
        ({"queues": [queue(service={"mean_s": -1})]}, r"queues\[0\].service.mean_s"),
        ({"queues": [queue(service={"mean_s": 1, "distribution": "uniform"})]}, r"queues\[0\].service.distribution"),
        ({"queues": [queue(routing={"strategy": "fastest"})]}, r"queues\[0\].routing.strategy"),
        ({"queues": [queue(routing={"skills": {"bills": 11}})]}, r"queues\[bills\].skills.bills"),
        ({"agents": [{"group": "bills", "count": -1}]}, r"agents\[0\].count"),
    ],
)
def test_a_scenario_with_a_mistake_is_refused_with_the_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ConfigError, match=f"^{field}"):
        run(**changes)
