"""Lets verdicts say what a test wants them to say, week by week, and raises the alarms that they ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.verdict_data import Because, thresholds_data, verdict_data
from bau_tracker.domain.verdicts import DEFAULTS, Fall, Level, Signal, State, Verdict
from bau_tracker.domain.weeks import Week
from bau_tracker.services.alerts import raise_alert
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from bau_tracker.storage.verdicts import add_verdicts, keep_settled, mark_of, verdicts_of
from tests.factories import AFTER_FREEZE, OPEN_WEEK, answer_in_weeks, make_member, make_team_of

LEAD: Final = "lead@example.org"
HEALTHY, WATCH, EARLY, PITFALL = Signal.HEALTHY, Signal.WATCH, Signal.EARLY_WARNING, Signal.PITFALL
EXCESSIVE, RECOVERING, NOTHING = Signal.EXCESSIVE, Signal.RECOVERING, Signal.NOT_ENOUGH_DATA
_STATES: Final = {EARLY: State.SLIDING, PITFALL: State.SLIDING, Signal.LOW: State.HEALTHY}


def at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def moment_after(week: Week) -> datetime:
    """Give the moment at which a week froze, by the usual times."""
    return AFTER_FREEZE + timedelta(weeks=week - OPEN_WEEK)


def make_verdict(week: Week, signal: Signal) -> Verdict:
    """Make a verdict that says this, with figures."""
    return Verdict(
        week,
        _STATES.get(signal) or State(signal.value),
        level=Level.LOW if signal is not HEALTHY else Level.HEALTHY,
        corroborated=signal is PITFALL,
        planned_share=0.5,
        low=0.46,
        high=0.54,
        earlier_share=0.8,
        pressure=1.2,
        fall=Fall(week, 0.3, 0.26, 0.34),
        respondents=20,
        expected=20,
    )


def say(session: Session, team: Team, *signals: Signal, last: Week = OPEN_WEEK) -> None:
    """Let the verdicts of the weeks up to one say this, each reached as its week froze, which raises alarms."""
    for number, signal in enumerate(signals):
        week = last.shift(number - len(signals) + 1)
        keep(session, team, week, signal)
        raise_alert(session, team, moment_after(week))
    settled_at(session, team, moment_after(last))


def settled_at(session: Session, team: Team, now: datetime) -> None:
    """Let a team's verdicts stay as they are, whatever its answers would have them say."""
    keep_settled(session, team, mark_of(session, team, now), now)


def keep(session: Session, team: Team, week: Week, signal: Signal) -> None:
    """Keep a verdict on a week that says this, after those that it has."""
    verdict = make_verdict(week, signal)
    row = StoredVerdict(
        team_id=team.id,
        week=week.monday,
        number=len(verdicts_of(session, team.id).get(week, [])) + 1,
        reached_at=moment_after(week),
        because=Because.PUBLISHED,
        detector="test",
        evidence="",
        answers="",
        thresholds=thresholds_data(DEFAULTS),
        signal=verdict.signal,
        state=verdict.state,
        told=verdict_data(verdict),
    )
    add_verdicts(session, [row])


def led_team(session: Session, name: str = "Payments", size: int = 5, *, weeks: int = 2) -> tuple[Team, list[Actor]]:
    """Make a team that answered some weeks, with a lead who isn't asked; one lead leads all that are made so."""
    team, members = make_team_of(session, size, name)
    add_lead(session, team, LEAD)
    answer_in_weeks(session, team, members, [0.5] * weeks)
    return team, members


def add_lead(session: Session, team: Team, email: str) -> Actor:
    return make_member(session, team, email, role=Role.LEAD, hours=0)
