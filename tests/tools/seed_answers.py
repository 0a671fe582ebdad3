"""Invents the weekly answers of a team: people with habits, a story behind them, and chance of a fixed seed.

Only `random()` and `choices` are drawn on, and sums are exact, so that every Python gives the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Final, TypeVar

from bau_tracker.domain.taxonomy import CHIPS, KINDS
from bau_tracker.formats.seeding import DAYS
from tests.tools.seed_model import FIRST, NEWEST, QUARTER_ENDS, RUNNING, Curve, Member, Phase, Story

_ON_CALL: Final = 0.15
_QUARTER_END: Final = 0.05
_STEP: Final = 0.5
_T = TypeVar("_T")


@dataclass(frozen=True)
class Given:
    """One answer as it goes into a file; `bau` is hours by kind."""

    week: int
    name: str
    answered: str
    away: bool = False
    available: float = 0.0
    planned: float = 0.0
    bau: dict[str, float] = field(default_factory=dict)
    overhead: float = 0.0
    callouts: float = 0.0
    excessive: tuple[str, ...] = ()
    deferred: bool | None = None
    comment: str = ""


@dataclass(frozen=True)
class _Setting:
    """What a team's week is like for whoever is in it."""

    week: int
    share: float
    phase: Phase
    on_call: Member | None


def answers_of(story: Story, random: Random) -> list[Given]:
    """Invent a team's answers, by week and member; the running week has those of its first days only."""
    found: list[Given] = []
    tastes = {member.name: _taste(random) for member in story.members}
    for week in range(FIRST, RUNNING + 1):
        setting = _setting(story, week)
        asked = [member for member in story.members if member.hours != 0 and _belongs(member, week)]
        given = [one for member in asked if (one := _given(story, setting, member, tastes[member.name], random))]
        found += _commented(given, story.comments.get(week, ()), random)
    return found


def value_at(curve: Curve, week: int) -> float:
    """Read a curve at a week."""
    for (left, before), (right, after) in pairwise(curve):
        if left <= week <= right:
            return before + (after - before) * (week - left) / (right - left)
    raise ValueError(f"the curve doesn't reach week {week}")


def phase_at(story: Story, week: int) -> Phase:
    """Give what goes on in a team in a week."""
    return next(phase for phase in story.phases if week <= phase.until)


def pick(random: Random, weights: Mapping[_T, float]) -> _T:
    """Draw one, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def snapped(hours: float, step: float, random: Random) -> float:
    """Round to a multiple of a step, up or down by chance, so that it's right in the mean."""
    return math.floor(hours / step + random.random()) * step


def _belongs(member: Member, week: int) -> bool:
    return member.start <= week and (member.end is None or week <= member.end)


def _setting(story: Story, week: int) -> _Setting:
    rota = [member for member in story.members if member.on_call and member.hours != 0 and _belongs(member, week)]
    on_call = rota[week % len(rota)] if rota else None
    if on_call is not None and week in on_call.away:
        on_call = rota[(week + 1) % len(rota)]
    share = value_at(story.share, week) - story.incidents.get(week, 0.0) + _ON_CALL / len(rota)
    return _Setting(week, share - _QUARTER_END * (week in QUARTER_ENDS), phase_at(story, week), on_call)


def _taste(random: Random) -> dict[str, float]:
    """Draw which kinds of work a person attracts."""
    return {kind.value: 0.4 + 1.2 * random.random() for kind in KINDS}


def _given(story: Story, setting: _Setting, member: Member, taste: Mapping[str, float], random: Random) -> Given | None:
    """Invent a member's answer to a week; None where there is none (yet)."""
    answered = _moment(setting.week, member, random)
    if random.random() >= member.answers or answered is None:
        return None
    if setting.week in member.away:
        return Given(setting.week, member.name, answered, away=True)
    on_call = member is setting.on_call
    contract = member.hours if member.hours is not None else story.hours
    available = _available(contract, member, on_call=on_call, random=random)
    overhead = min(snapped(member.overhead * (0.7 + 0.6 * random.random()), member.step, random), available / 3)
    overhead = math.floor(overhead / _STEP) * _STEP
    work = available - overhead
    share = setting.share + member.level - _ON_CALL * on_call + story.noise * _wobble(random)
    bau = min(snapped(work * (1 - min(share, 0.97)), member.step, random), math.floor(work / _STEP) * _STEP)
    return Given(
        week=setting.week,
        name=member.name,
        answered=answered,
        available=available,
        planned=math.floor((work - bau) / _STEP) * _STEP,
        bau=_split(bau, member.step, _weights(setting.phase, taste, on_call=on_call), random),
        overhead=overhead,
        callouts=_callouts(setting, random, on_call=on_call),
        excessive=_complaints(setting, member, random, on_call=on_call),
        deferred=random.random() < setting.phase.deferring if random.random() < 0.97 else None,
    )


def _wobble(random: Random) -> float:
    """Draw a number around 0, nearly normal, with a deviation of 1."""
    return (random.random() + random.random() + random.random() - 1.5) * 2


def _available(contract: float, member: Member, *, on_call: bool, random: Random) -> float:
    """Draw the hours that a person has in a week: a day off now and then, or a long week."""
    luck = random.random()
    day = math.floor(contract / 5 / _STEP) * _STEP
    if luck < 0.08:
        return contract - day * (2 if luck < 0.02 else 1)
    if luck > (0.75 if on_call else 0.9):
        return contract + max(1, math.floor(random.random() * 6)) * member.step
    return contract


def _weights(phase: Phase, taste: Mapping[str, float], *, on_call: bool) -> dict[str, float]:
    urgent = {"support": 2.5, "telemetry": 1.5, "defect": 1.3} if on_call else {}
    return {kind: weight * taste[kind] * urgent.get(kind, 1) for kind, weight in phase.kinds.items()}


def _split(hours: float, step: float, weights: Mapping[str, float], random: Random) -> dict[str, float]:
    """Spread hours over few kinds, in the steps in which a person counts."""
    most = 1 + math.floor(random.random() * (3 if step > 1 else 4))
    kinds = {pick(random, weights) for _ in range(most)}
    chosen = {kind: weights[kind] for kind in weights if kind in kinds}
    found: dict[str, float] = {}
    left = hours
    while left > 0:
        part = min(step, left)
        kind = pick(random, chosen)
        found[kind] = found.get(kind, 0.0) + part
        left -= part
    return found


def _callouts(setting: _Setting, random: Random, *, on_call: bool) -> float:
    called = random.random() < setting.phase.callouts * (1 if on_call else 0.08)
    return (1 + math.floor(random.random() * 6)) * _STEP if called else 0.0


def _complaints(setting: _Setting, member: Member, random: Random, *, on_call: bool) -> tuple[str, ...]:
    rate = setting.phase.complaining * member.complains * (1.2 if on_call else 1)
    if random.random() >= rate:
        return ()
    named = {pick(random, setting.phase.chips) for _ in range(1 + (random.random() < 0.45))}
    return tuple(chip.value for chip in CHIPS if chip.value in named)


def _moment(week: int, member: Member, random: Random) -> str | None:
    """Draw when a person answers: mostly at the usual time, sometimes a working day later; None if not yet."""
    day, hour = member.habit.split()
    late = random.random() < 0.15
    minute = math.floor(random.random() * 60)
    if member.last_minute and week >= NEWEST:
        return "1 Wed 11:59" if week == NEWEST else None
    if late:
        day, hour = {"Fri": ("Mon", "9"), "Mon": ("Tue", "10"), "Tue": ("Wed", "9")}[day]
    if DAYS.index(day) < DAYS.index("Fri"):
        return f"{week + 1} {day} {int(hour):02}:{minute:02}" if week < RUNNING else None
    return f"{week} {day} {int(hour):02}:{minute:02}"


def _commented(given: Sequence[Given], comments: Sequence[str], random: Random) -> list[Given]:
    """Put comments to answers of people who were there, each to another."""
    present = [index for index, answer in enumerate(given) if not answer.away]
    changed = list(given)
    for comment in comments:
        index = present.pop(math.floor(random.random() * len(present)))
        changed[index] = Given(**{**vars(changed[index]), "comment": comment})
    return changed
