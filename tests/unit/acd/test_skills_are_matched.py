"""Requirements: levels, expressions, relaxation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.errors import ConfigError
from acd.matching import (
    AllOf,
    AnyOf,
    Level,
    NoneOf,
    Requirement,
    build,
    describe,
    index_skills,
    matches,
    parse,
    proficiency,
    relax,
    satisfiable,
)

levels = st.builds(Level, st.sampled_from(["water", "heat", "水表"]), st.integers(1, 10))
requirements = st.recursive(
    levels,
    lambda parts: st.one_of(
        st.builds(NoneOf, parts),
        st.lists(parts, min_size=1, max_size=3).map(lambda items: AllOf(tuple(items))),
        st.lists(parts, min_size=1, max_size=3).map(lambda items: AnyOf(tuple(items))),
    ),
    max_leaves=6,
)
people = st.dictionaries(st.sampled_from(["water", "heat", "水表"]), st.integers(1, 10))


@pytest.mark.parametrize(
    ("text", "skills", "expected"),
    [
        ("", {}, True),
        ("water", {"water": 1}, True),
        ("water >= 5", {"water": 4}, False),
        ("water > 4", {"water": 5}, True),
        ("water and heat", {"water": 9}, False),
        ("water or heat and english", {"water": 1}, True),
        ("(water or heat) and english", {"water": 1}, False),
        ("water and not trainee", {"water": 1, "trainee": 1}, False),
        ("水表 >= 3", {"水表": 3}, True),
    ],
)
def test_an_expression_says_who_matches(text: str, skills: dict[str, int], expected: bool) -> None:
    assert matches(parse(text), skills) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("water >=", "ends too early"),
        ("water >= high", "a level is missing after '>='"),
        ("water and", "ends too early"),
        ("(water", "ends too early"),
        ("(water heat", "bracket is not closed"),
        ("water heat", "unexpected 'heat'"),
        ("and water", "a skill is missing before 'and'"),
        ("water & heat", "cannot read '& heat'"),
        ("not " * 25 + "water", "nested deeper than 20"),
        ("water or " * 200 + "heat", "longer than 1000"),
    ],
)
def test_a_mistake_in_an_expression_is_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(text)


@given(requirements, people)
def test_a_requirement_survives_being_written_down(requirement: Requirement, skills: dict[str, int]) -> None:
    assert matches(parse(describe(requirement)), skills) == matches(requirement, skills)


@given(requirements, people)
def test_the_index_never_hides_a_matching_agent(requirement: Requirement, skills: dict[str, int]) -> None:
    indexed = index_skills(requirement)
    if indexed is not None and matches(requirement, skills):
        assert indexed & skills.keys()


@settings(deadline=None)
@given(requirements, people)
def test_whoever_matches_proves_that_somebody_can(requirement: Requirement, skills: dict[str, int]) -> None:
    if matches(requirement, skills):
        assert satisfiable(requirement)


@given(st.dictionaries(st.sampled_from(["water", "heat"]), st.integers(1, 10)), people, st.integers(1, 10))
def test_relaxing_lets_nobody_out(wanted: dict[str, int], skills: dict[str, int], level: int) -> None:
    requirement = build(wanted)
    if matches(requirement, skills):
        assert matches(relax(requirement, {"water": level}, frozenset()), skills)
        assert matches(relax(requirement, {}, frozenset({"heat"})), skills)


def test_a_dropped_alternative_leaves_the_others() -> None:
    requirement = parse("(water and heat) or english >= 5")
    assert relax(requirement, {"english": 2}, frozenset({"water", "heat"})) == AnyOf((Level("english", 2),))


def test_a_contradiction_is_seen() -> None:
    assert not satisfiable(parse("water and not water"))
    assert satisfiable(parse("water and not water >= 5"))


def test_proficiency_adds_the_levels_that_were_asked_for() -> None:
    assert proficiency(build({"water": 1, "heat": 1}), {"water": 7, "heat": 2, "english": 9}) == 9
