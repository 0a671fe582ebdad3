"""Gives who is asked for a week and for how many hours, as of that week: memberships, days away, public holidays.

Public holidays come from a bundled library, by the region that a team names. Commits nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

import holidays
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.availability import HoursLeft, Stint, hours_available, hours_left, working_days
from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.weeks import Week
from bau_tracker.storage.tables import Absence, Membership, Team

Asked = Mapping[tuple[int, Week], Mapping[int, float]]
"""(team number, week) -> person number -> hours available, of everybody who is asked."""


def asked_in_weeks(session: Session, teams: Iterable[Team], weeks: Collection[Week]) -> Asked:
    """Give who is asked in each team and week, with the hours available to that team; leaves out whom nobody asks.

    Nobody is asked who is away or on holiday on all working days there, who ends the week with 0 hours, or who leaves
    in the week and goes to no other team: they can't be reached. Who moves is asked in both teams, each for its days.
    """
    by_id = {team.id: team for team in teams}
    if not weeks or not by_id:
        return {}
    stints = _stints(session, by_id, min(weeks), max(weeks))
    people = {person for _, person in stints}
    away, left = _days_away(session, people, min(weeks), max(weeks)), _last_days(session, people)
    always: dict[int, dict[int, float]] = defaultdict(dict)
    asked: dict[tuple[int, Week], dict[int, float]] = defaultdict(dict)
    people_away, first, last = {person for person, _ in away}, min(weeks), max(weeks)
    for (team_id, person_id), found in stints.items():
        if not by_id[team_id].holidays and person_id not in people_away and _spans(found, left[person_id], first, last):
            if hours := hours_available(found, first):
                always[team_id][person_id] = hours
            continue
        for week in weeks:
            if left[person_id] < working_days(week)[-1] or not _ends_with_hours(found, week):
                continue
            days_off = away.get((person_id, week), frozenset()) | public_holidays(by_id[team_id].holidays, week)
            if hours := hours_available(found, week, days_off):
                asked[team_id, week][person_id] = hours
    for team_id, members in always.items():
        for week in weeks:
            asked[team_id, week] = members | asked[team_id, week] if (team_id, week) in asked else members
    return asked


def members_in_weeks(session: Session, teams: Iterable[Team], weeks: Collection[Week]) -> dict[tuple[int, Week], int]:
    """Count, for each team (by number) and week, the people asked."""
    return {key: len(people) for key, people in asked_in_weeks(session, teams, weeks).items()}


def hours_of(session: Session, team: Team, week: Week, person_id: int) -> float:
    """Give the hours that a person has for a team in a week; 0 for somebody who isn't asked."""
    return asked_in_weeks(session, [team], [week]).get((team.id, week), {}).get(person_id, 0.0)


def hours_left_of(session: Session, team: Team, week: Week, person_id: int) -> HoursLeft:
    """Give the hours that a member has for a team in a week, asked or not, and why some are missing."""
    stints = _stints(session, {team.id: team}, week, week).get((team.id, person_id), [])
    away = _days_away(session, [person_id], week, week).get((person_id, week), frozenset())
    return hours_left(stints, week, holidays=public_holidays(team.holidays, week), away=away)


def absences_of(session: Session, person_id: int) -> list[Absence]:
    """Give the days away that a person has entered, oldest first."""
    found = select(Absence).where(col(Absence.person_id) == person_id)
    return list(session.exec(found.order_by(col(Absence.starts_on))))


@cache
def public_holidays(region: str, week: Week) -> frozenset[date]:
    """Give the working days of a week that are public holidays in a region such as `DE-BY`; none without a region."""
    if not region:
        return frozenset()
    years = {day.year for day in (week.monday, week.sunday)}
    country, _, part = region.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=years)
    return frozenset(day for day in working_days(week) if day in found)


@cache
def holiday_regions() -> tuple[str, ...]:
    """Give every region whose public holidays are known: `DE`, `DE-BW`, `DE-BY` ..."""
    known = holidays.list_supported_countries()
    return tuple(
        sorted(
            region for country, parts in known.items() for region in (country, *(f"{country}-{part}" for part in parts))
        )
    )


def check_region(text: str) -> str:
    """Give a region in the form in which it is kept; raises InvalidInput for one that isn't known."""
    region = text.strip().upper()
    if region and region not in {known.upper() for known in holiday_regions()}:
        raise InvalidInput(
            f"“{text.strip()[:20]}” is not a region whose holidays are known. Write a country such as DE or GB, or a "
            "part of one such as DE-BY; leave it empty for none.",
            "holidays",
        )
    return next((known for known in holiday_regions() if known.upper() == region), "")


def _stints(session: Session, by_id: Mapping[int, Team], first: Week, last: Week) -> dict[tuple[int, int], list[Stint]]:
    """Give the stretches of every (team, person) that reach into a span of weeks."""
    found = select(Membership).where(
        col(Membership.team_id).in_(by_id),
        col(Membership.starts_on) <= last.sunday,
        sa.or_(col(Membership.ends_on).is_(None), col(Membership.ends_on) >= first.monday),
    )
    stints: dict[tuple[int, int], list[Stint]] = defaultdict(list)
    for one in session.exec(found.order_by(col(Membership.starts_on))):
        hours = by_id[one.team_id].hours_per_week if one.hours_per_week is None else one.hours_per_week
        stints[one.team_id, one.person_id].append(Stint(one.starts_on, one.ends_on, hours))
    return stints


def _ends_with_hours(stints: Iterable[Stint], week: Week) -> bool:
    """Say whether the newest stretch that reaches into a week has hours."""
    reaching = [one for one in stints if one.starts_on <= week.sunday]
    return bool(reaching) and reaching[-1].hours_per_week > 0


def _spans(stints: Sequence[Stint], last_day: date, first: Week, last: Week) -> bool:
    """Say whether one stretch covers a whole span of weeks; then each of them, as nearly always, is like the others."""
    return (
        len(stints) == 1 and stints[0].holds(first.monday) and stints[0].holds(last.sunday) and last_day >= last.sunday
    )


def _last_days(session: Session, people: Collection[int]) -> Mapping[int, date]:
    """Give the last day on which each person is, or will be, in any team; the end of the calendar for an open end."""
    ends = sa.func.max(sa.func.coalesce(col(Membership.ends_on), date.max))
    found = select(col(Membership.person_id), ends).where(col(Membership.person_id).in_(people))
    return dict(session.exec(found.group_by(col(Membership.person_id))).all())


def _days_away(
    session: Session, people: Collection[int], first: Week, last: Week
) -> dict[tuple[int, Week], frozenset[date]]:
    """Give the working days away of people in a span of weeks, by (person, week)."""
    days: dict[tuple[int, Week], set[date]] = defaultdict(set)
    found = select(Absence).where(
        col(Absence.person_id).in_(people), col(Absence.starts_on) <= last.sunday, col(Absence.ends_on) >= first.monday
    )
    for absence in session.exec(found):
        begin, end = max(first.monday, absence.starts_on), min(last.sunday, absence.ends_on)
        for week in Week.containing(begin).until(Week.containing(end)):
            days[absence.person_id, week].update(day for day in working_days(week) if begin <= day <= end)
    return {key: frozenset(found) for key, found in days.items()}
