"""Runs all detectors over many teams, on every core; gathers scores, costs, and verdicts that later weeks changed."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tests.bench.cases import Case, cut
from tests.bench.detectors import DETECTORS, verdicts
from tests.bench.mechanisms.plans import SCENARIOS
from tests.bench.mechanisms.simulation import simulate_team
from tests.bench.scoring import TeamScore, score_team, spread

Chunk = Callable[[], list[Case]]
"""Makes or hands over a few teams, in the process that judges them."""

_TEAMS_A_CHUNK: Final = 12
_CUT_ONE_IN: Final = 6
_CUTS: Final = (5, 12, 20, 30, 45)
"""The last weeks that a detector is shown, of one team in so many, to compare with its verdicts by all weeks."""


@dataclass
class Outcome:
    """What came out for some teams: scores and seconds by detector, and how many rows changed of those compared."""

    scores: dict[str, list[TeamScore]] = field(default_factory=partial(defaultdict, list))
    seconds: dict[str, float] = field(default_factory=partial(defaultdict, float))
    team_weeks: int = 0
    compared: int = 0
    changed: int = 0

    def add(self, other: Outcome) -> None:
        """Take in what came out for other teams."""
        for name, scores in other.scores.items():
            self.scores[name].extend(scores)
        for name, seconds in other.seconds.items():
            self.seconds[name] += seconds
        self.team_weeks += other.team_weeks
        self.compared += other.compared
        self.changed += other.changed


def generated(seed: int, teams: int) -> list[Chunk]:
    """Give the chunks of so many teams of each scenario."""
    return [
        partial(_generate, scenario, range(first, min(first + _TEAMS_A_CHUNK, teams)), seed)
        for scenario in SCENARIOS
        for first in range(0, teams, _TEAMS_A_CHUNK)
    ]


def _generate(scenario: str, numbers: Iterable[int], seed: int) -> list[Case]:
    return [simulate_team(scenario, number, seed) for number in numbers]


def given(cases: Sequence[Case]) -> list[Chunk]:
    """Give the chunks of teams that are there already."""
    firsts = range(0, len(cases), _TEAMS_A_CHUNK)
    return [partial(list[Case], cases[first : first + _TEAMS_A_CHUNK]) for first in firsts]


def run(chunks: Sequence[Chunk]) -> Outcome:
    """Judge all teams with all detectors, in their order."""
    outcome = Outcome()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(_judge_chunk, chunks):
            outcome.add(part)
    return outcome


def _judge_chunk(chunk: Chunk) -> Outcome:
    return judge(chunk())


def judge(cases: Sequence[Case]) -> Outcome:
    """Judge some teams with all detectors; look at the first in six for verdicts that later weeks changed."""
    outcome = Outcome(team_weeks=sum(case.truth.weeks for case in cases))
    for name, detect in DETECTORS.items():
        for case in cases:
            started = time.process_time()
            states = detect(case)
            outcome.seconds[name] += time.process_time() - started
            outcome.scores[name].append(score_team(case.team, spread(states, case.truth.weeks), case.truth))
    for case in cases[::_CUT_ONE_IN]:
        compared, changed = hindsight(case)
        outcome.compared += compared
        outcome.changed += changed
    return outcome


def hindsight(case: Case) -> tuple[int, int]:
    """Say how many rows of a team were compared with those by fewer weeks, and how many are not the same."""
    by_all = verdicts(case, case.truth.weeks - 1)
    pairs = [
        (row, by_all.get(week))
        for last in _CUTS
        if last < case.truth.weeks
        for week, row in verdicts(cut(case, last), last).items()
    ]
    return len(pairs), sum(early != late for early, late in pairs)
