"""What a story of the example data is made of: a team, its members and their habits, and the phases of its year.

Weeks count back from week 0, the newest; shares and rates are 0..1; a curve is a list of (week, value) with straight
lines between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

FIRST: Final = -51
NEWEST: Final = 0
RUNNING: Final = 1
QUARTER_ENDS: Final = (-46, -33, -20, -7)

Curve = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Member:
    """A person in a team and their habits.

    `level` is how much more of their time is planned than the team's, `step` the hours to which they round, `habit`
    when they answer, `answers` how reliably, `complains` how readily (1 is usual).
    """

    name: str
    start: int = -90
    end: int | None = None
    lead: bool = False
    lead_from: int | None = None
    hours: float | None = None
    level: float = 0.0
    step: float = 1.0
    overhead: float = 5.0
    habit: str = "Fri 15"
    answers: float = 0.95
    complains: float = 1.0
    on_call: bool = True
    away: tuple[int, ...] = ()
    last_minute: bool = False


@dataclass(frozen=True)
class Phase:
    """What goes on up to a week: weights of kinds and complaints, rates of complaining and of putting off."""

    until: int
    kinds: dict[str, int]
    chips: dict[str, int]
    complaining: float
    deferring: float
    callouts: float


@dataclass(frozen=True)
class Story:
    """A team's year; `agreed` holds (week in which it was agreed, week in which it was done or None, what)."""

    name: str
    key: str
    timezone: str
    hours: float
    story: str
    share: Curve
    phases: tuple[Phase, ...]
    members: tuple[Member, ...]
    incidents: dict[int, float] = field(default_factory=dict)
    comments: dict[int, tuple[str, ...]] = field(default_factory=dict)
    holidays: str = ""
    agreed: tuple[tuple[int, int | None, str], ...] = ()
    logging: float = 0.55
    noise: float = 0.05
