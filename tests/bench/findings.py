"""Decides what is told of the teams of one origin (our generator, a given folder), and keeps it in a file and back.

A kept run can be compared with a later one on the same teams: that is how a change of the detector is judged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tests.bench.detectors import DETECTORS, OURS
from tests.bench.intervals import Interval, compare, intervals
from tests.bench.running import Outcome
from tests.bench.scoring import Summary, TeamScore, summarise

NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier run found of the detector: the parts, and its scores in all of them."""

    parts: tuple[str, ...]
    scores: tuple[TeamScore, ...]


@dataclass(frozen=True)
class Findings:
    """What came out for the teams of one origin, by part (a seed, a folder), and what an earlier run is known by."""

    origin: str
    parts: Mapping[str, Outcome]
    earlier: Kept | None = None

    @cached_property
    def outcome(self) -> Outcome:
        """Put the parts together."""
        outcome = Outcome()
        for part in self.parts.values():
            outcome.add(part)
        return outcome

    @cached_property
    def summaries(self) -> dict[str, Summary]:
        """Give the figures of each detector."""
        return {name: summarise(scores) for name, scores in self.outcome.scores.items()}

    @cached_property
    def intervals(self) -> dict[str, dict[str, Interval]]:
        """Give the headline figures of each detector with their intervals."""
        return {name: intervals(scores) for name, scores in self.outcome.scores.items()}

    @cached_property
    def differences(self) -> dict[str, dict[str, Interval]]:
        """Give by how much our figures are higher than those of each other detector, and than an earlier run's."""
        ours, others = self.outcome.scores[OURS], [name for name in DETECTORS if name != OURS]
        differences = {name: compare(ours, self.outcome.scores[name]) for name in others}
        return differences | ({"the earlier run": compare(ours, self.earlier.scores)} if self.earlier else {})

    def milliseconds(self, name: str) -> float:
        """Say what a detector takes for a team-week."""
        return 1000 * self.outcome.seconds[name] / self.outcome.team_weeks


def keep(found: Sequence[Findings], path: Path) -> None:
    """Write all figures, and the detector's scores; what never comes is “never”, and what there is none of null."""
    path.write_text(json.dumps([_plain(_told(each)) for each in found], indent=1, allow_nan=False), encoding="utf-8")


def _told(found: Findings) -> dict[str, Any]:
    return {
        "origin": found.origin,
        "parts": list(found.parts),
        "teams": len(found.outcome.scores[OURS]),
        "team_weeks": found.outcome.team_weeks,
        "rows_compared": found.outcome.compared,
        "rows_changed_by_later_weeks": found.outcome.changed,
        "detectors": {name: _told_of(name, found) for name in found.outcome.scores},
        "differences": {name: _each(figures) for name, figures in found.differences.items()},
        "scores": [asdict(score) for score in found.outcome.scores[OURS]],
    }


def _told_of(name: str, found: Findings) -> dict[str, Any]:
    return {
        "intervals": _each(found.intervals[name]),
        "summary": asdict(found.summaries[name]),
        "by_part": {part: asdict(summarise(outcome.scores[name])) for part, outcome in found.parts.items()},
        "ms_a_team_week": found.milliseconds(name),
    }


def _each(figures: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: asdict(interval) for name, interval in figures.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else NEVER if value > 0 else f"-{NEVER}"
    return value


def read_kept(path: Path) -> dict[str, Kept]:
    """Read the scores of an earlier run by their origin."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return {each["origin"]: Kept(tuple(each["parts"]), tuple(map(_score, each["scores"]))) for each in told}


def _score(told: Mapping[str, Any]) -> TeamScore:
    values: dict[str, Any] = {name: math.inf if value == NEVER else value for name, value in told.items()}
    return TeamScore(**values)


def is_of(kept: Kept, parts: Mapping[str, Outcome]) -> bool:
    """Say whether an earlier run was of these very teams, so that the two can be compared."""
    teams = [score.team for outcome in parts.values() for score in outcome.scores[OURS]]
    return kept.parts == tuple(parts) and [score.team for score in kept.scores] == teams
