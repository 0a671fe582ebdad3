"""Invents the work items of a team, with fewer hours logged than its answers speak of: the rest is hidden BAU."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bau_tracker.formats.seeding import DAYS
from tests.tools.seed_answers import Given, phase_at, pick
from tests.tools.seed_model import FIRST, RUNNING, Story
from tests.tools.seed_titles import STEPS, TROUBLE, UPKEEP, WORDS, Words

_HOURS_AN_ITEM: Final = 10
_WORKING_DAYS: Final = 5
_EPIC_WEEKS: Final = 7
_TYPES: Final[dict[str, dict[str, float]]] = {
    "capacity": {"Task": 5, "Incident": 1},
    "defect": {"Bug": 9, "Task": 1},
    "security": {"Task": 4, "Bug": 1},
    "telemetry": {"Task": 1},
    "support": {"Incident": 6, "Support": 4},
    "minor_change": {"Task": 3, "Improvement": 2},
    "other_bau": {"Task": 1},
}
_LABELS: Final[dict[str, dict[str, float]]] = {
    "capacity": {"": 5, "infrastructure": 3, "unplanned": 3},
    "defect": {"": 6, "bug": 3, "unplanned": 3, "hotfix": 1},
    "security": {"security": 5, "security emergency": 2, "unplanned": 2},
    "telemetry": {"": 4, "monitoring": 4, "unplanned": 2},
    "support": {"": 6, "on-call": 3, "unplanned": 3},
    "minor_change": {"": 4, "ux": 3, "interrupt": 3},
    "other_bau": {"unplanned": 3, "toil": 2, "interrupt": 1},
}
_PRIORITIES: Final[dict[str, dict[str, float]]] = {
    "support": {"Highest": 3, "High": 5, "Medium": 2},
    "security": {"Highest": 2, "High": 6, "Medium": 2},
    "capacity": {"High": 5, "Medium": 5},
    "defect": {"High": 3, "Medium": 6, "Low": 2},
}
_USUAL: Final[dict[str, float]] = {"High": 1, "Medium": 6, "Low": 3}


@dataclass(frozen=True)
class Made:
    """One item as it goes into a file; moments as (week, day, minutes), `logged` as (week, day) -> hours."""

    title: str
    item_type: str
    status: str
    priority: str
    labels: str
    component: str
    created: tuple[int, int, int]
    closed: tuple[int, int, int] | None
    logged: dict[tuple[int, int], float]


def items_of(story: Story, answers: Sequence[Given], random: Random) -> list[Made]:
    """Invent a team's items, in order of their arrival."""
    found: list[Made] = []
    seen: set[str] = set()
    for week in range(FIRST, RUNNING + 1):
        given = [answer for answer in answers if answer.week == week]
        found += _planned(story, week, seen, random)
        found += _unplanned(story, week, _hours_by_kind(given), seen, random)
    return sorted(found, key=lambda item: item.created)


def _hours_by_kind(given: Sequence[Given]) -> dict[str, float]:
    hours: dict[str, float] = {}
    for answer in given:
        for kind, spent in answer.bau.items():
            hours[kind] = hours.get(kind, 0.0) + spent
    return hours


def _unplanned(story: Story, week: int, hours: Mapping[str, float], seen: set[str], random: Random) -> Iterator[Made]:
    """Invent the unplanned items of a week; what is logged on them is a part of the hours of the answers."""
    left = math.fsum(hours.values()) * story.logging * (0.8 + 0.4 * random.random())
    for _ in range(max(1, round(left / _HOURS_AN_ITEM))) if hours else ():
        kind = pick(random, hours)
        share = min(left, _HOURS_AN_ITEM * (0.3 + 1.2 * random.random()), hours[kind])
        left -= share
        labels = pick(random, _LABELS[kind])
        words = WORDS[story.name]
        component = _one(words.services_in(week), random)
        created = _created(week, random, any_time=kind == "support")
        logged = _logged(created, share, random)
        slow = phase_at(story, week).deferring > random.random()
        closed = None if slow and week > -8 else _closed(created, logged, random, longest=25 if slow else 5)
        yield Made(
            title=_title(TROUBLE[kind], words, component, seen, random),
            item_type=pick(random, _TYPES[kind]),
            status=_status(closed, logged),
            priority=pick(random, _PRIORITIES.get(kind, _USUAL)),
            labels=labels,
            component=component,
            created=created,
            closed=closed,
            logged=logged,
        )


def _planned(story: Story, week: int, seen: set[str], random: Random) -> Iterator[Made]:
    """Invent the planned items of a week: steps of the epic under way, and upkeep now and then."""
    words = WORDS[story.name]
    epic = words.epics[min((week - FIRST) // _EPIC_WEEKS, len(words.epics) - 1)]
    for _ in range(pick(random, {1: 3, 2: 5, 3: 1})):
        upkeep = random.random() < 0.12
        component = _one(words.services, random)
        created = _created(week, random, any_time=False)
        logged = _logged(created, 4 + 20 * random.random(), random)
        closed = None if week > -5 and random.random() < 0.3 else _closed(created, logged, random, longest=15)
        patterns = UPKEEP if upkeep else tuple(f"{epic}: {step}" for step in STEPS)
        yield Made(
            title=_title(patterns, words, component, seen, random),
            item_type="Task" if upkeep else "Story",
            status=_status(closed, logged),
            priority=pick(random, _USUAL),
            labels="planned" if upkeep else pick(random, {"roadmap": 2, "": 3}),
            component=component,
            created=created,
            closed=closed,
            logged=logged,
        )


def _title(patterns: Sequence[str], words: Words, component: str, seen: set[str], random: Random) -> str:
    """Fill in a pattern that this team hasn't used like that; after some tries an old one comes back."""
    title = ""
    for _ in range(30):
        title = _one(patterns, random).format(
            service=component,
            part=_one(words.parts, random),
            store=_one(words.stores, random),
            outside=_one(words.outside, random),
            users=_one(words.users, random),
            things=_one(words.things, random),
        )
        if title not in seen:
            break
    seen.add(title)
    return title if title.startswith(component) else title[0].upper() + title[1:]


def _one(choices: Sequence[str], random: Random) -> str:
    return choices[math.floor(random.random() * len(choices))]


def _created(week: int, random: Random, *, any_time: bool) -> tuple[int, int, int]:
    if any_time:
        return week, math.floor(random.random() * len(DAYS)), math.floor(random.random() * 24 * 60)
    return week, math.floor(random.random() * _WORKING_DAYS), 9 * 60 + math.floor(random.random() * 8 * 60)


def _logged(created: tuple[int, int, int], hours: float, random: Random) -> dict[tuple[int, int], float]:
    """Spread hours over working days from the item's arrival on, half an hour at least, six a day at most."""
    week, day, _ = created
    found: dict[tuple[int, int], float] = {}
    left = max(1, round(hours * 2))
    while left > 0:
        if day >= _WORKING_DAYS:
            week, day = week + 1, 0
        part = min(left, 1 + math.floor(random.random() * 12))
        found[week, day] = part / 2
        left -= part
        day += 1
    return found


def _closed(
    created: tuple[int, int, int], logged: Mapping[tuple[int, int], float], random: Random, *, longest: int
) -> tuple[int, int, int]:
    """Draw when an item is closed: after the last hours on it, within so many working days."""
    week, day = max(*logged, created[:2])
    later = day + math.floor(random.random() * longest)
    weeks, day = divmod(min(later, day) if random.random() < 0.5 else later, _WORKING_DAYS)
    return week + weeks, day, 18 * 60 + math.floor(random.random() * 4 * 60)


def _status(closed: tuple[int, int, int] | None, logged: Mapping[tuple[int, int], float]) -> str:
    if closed is not None:
        return "Done"
    return "In Progress" if len(logged) > 1 else "To Do"
