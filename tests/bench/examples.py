"""Small teams of which everything is known, for the tests of the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from bau_tracker.formats.detection import Response, RosterEntry
from tests.bench.cases import Case, Recovery, Slide, Truth
from tests.bench.running import Outcome, judge
from tests.bench.scoring import TeamScore, score_team

_LETTERS: Final = {
    "n": "not_enough_data", "h": "healthy", "w": "watch", "s": "sliding", "e": "excessive", "r": "recovering",
}  # fmt: skip
START: Final = date(2024, 1, 1)


def make_truth(
    weeks: int,
    *,
    onset: int | None = None,
    recovery: int | None = None,
    level: float | None = 80,
    scenario: str = "calm",
) -> Truth:
    """Make a team that is steady, or slides by ten points in one week, and recovers in one if it does."""
    slide = None if onset is None else Slide(onset, onset, 10.0)
    back = None if recovery is None else Recovery(recovery, recovery)
    return Truth(scenario, weeks, START, (level,) * weeks, slide, back)


def make_states(letters: str) -> list[str]:
    """Give the state of each week by its first letter; blanks are for the eye."""
    return [_LETTERS[letter] for letter in letters.replace(" ", "")]


def make_score(letters: str, team: str = "calm-000", **truth: Any) -> TeamScore:
    """Score a team by the first letters of its states."""
    states = make_states(letters)
    return score_team(team, states, make_truth(len(states), **truth))


def make_case(shares: Sequence[float | None], *, members: str = "abcd", team: str = "calm-000", **truth: Any) -> Case:
    """Make a team in which everybody gives the same share in a week, in percent; None is a week without answers."""
    responses = (
        Response(team, member, week, 40.0, share / 100, complaint=False)
        for week, share in enumerate(shares)
        if share is not None
        for member in members
    )
    roster = tuple(RosterEntry(team, member, 0) for member in members)
    return Case(team, make_truth(len(shares), **truth), tuple(responses), roster)


def make_outcome() -> Outcome:
    """Judge three teams that are steady and one that slides, by all detectors."""
    steady = [make_case([80.0, 78.0] * 26, team=f"calm-{number}") for number in range(3)]
    sliding = make_case([80.0] * 20 + [40.0] * 14, team="step-0", onset=20, scenario="step")
    return judge([*steady, sliding])
