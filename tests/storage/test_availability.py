from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services.teams import add_member
from bau_tracker.storage import availability, teams
from bau_tracker.storage.tables import Absence, Team
from tests.factories import MONDAY, OPEN_WEEK, make_member, make_team

ANA: Final = "ana@example.org"
WEDNESDAY: Final = date(2026, 11, 18)


def asked(session: Session, team: Team, week: Week = OPEN_WEEK) -> dict[int, float]:
    return dict(availability.asked_in_weeks(session, [team], [week]).get((team.id, week), {}))


def leave(session: Session, team: Team, actor: Actor, last: date) -> None:
    (membership,) = teams.memberships_of(session, team.id, actor.person_id or 0)
    membership.ends_on = last
    session.add(membership)
    session.flush()


def go_away(session: Session, actor: Actor, first: date, last: date) -> None:
    session.add(Absence(person_id=actor.person_id or 0, starts_on=first, ends_on=last))
    session.flush()


def test_a_member_has_the_hours_of_the_team_or_their_own(session: Session) -> None:
    team = make_team(session)
    full, part = make_member(session, team), make_member(session, team, "part@example.org", hours=22.5)
    reader = make_member(session, team, "lead@example.org", hours=0)
    assert asked(session, team) == {full.person_id: 40.0, part.person_id: 22.5}
    assert availability.hours_of(session, team, OPEN_WEEK, reader.person_id or 0) == 0
    assert availability.members_in_weeks(session, [team], [OPEN_WEEK]) == {(team.id, OPEN_WEEK): 2}


@pytest.mark.parametrize(
    ("starts_on", "hours"),
    [(date(2026, 11, 16), 40.0), (WEDNESDAY, 24.0), (date(2026, 11, 20), 8.0), (date(2026, 11, 21), 0.0)],
)
def test_who_joins_in_a_week_has_the_working_days_that_are_left(
    session: Session, starts_on: date, hours: float
) -> None:
    team = make_team(session)
    actor = make_member(session, team, starts_on=starts_on)
    assert availability.hours_of(session, team, OPEN_WEEK, actor.person_id or 0) == hours


def test_who_moves_in_a_week_is_asked_in_both_teams_each_for_its_days(session: Session) -> None:
    old, new = make_team(session), make_team(session, "Search")
    mover = make_member(session, old)
    leave(session, old, mover, date(2026, 11, 17))
    make_member(session, new, starts_on=WEDNESDAY)
    assert (asked(session, old), asked(session, new)) == ({mover.person_id: 16.0}, {mover.person_id: 24.0})


def test_who_is_in_two_teams_is_asked_in_each_for_its_hours(session: Session) -> None:
    one, other = make_team(session), make_team(session, "Search")
    both = make_member(session, one, hours=16)
    make_member(session, other, hours=24)
    assert (asked(session, one), asked(session, other)) == ({both.person_id: 16.0}, {both.person_id: 24.0})


@pytest.mark.parametrize(
    ("last", "is_asked"),
    [(WEDNESDAY, False), (date(2026, 11, 20), True), (date(2026, 11, 30), True), (date(2026, 11, 13), False)],
)
def test_who_leaves_for_no_other_team_before_the_week_is_over_is_not_asked(
    session: Session, last: date, is_asked: bool
) -> None:
    team = make_team(session)
    leave(session, team, make_member(session, team), last)
    assert bool(asked(session, team)) is is_asked


def test_who_changes_to_part_time_in_a_week_has_the_hours_of_both_parts(session: Session) -> None:
    team = make_team(session)
    make_member(session, team)
    add_member(session, ANA, team.slug, starts_on=WEDNESDAY, hours_per_week=20, now=MONDAY)
    assert list(asked(session, team).values()) == [16.0 + 12.0]


def test_who_stops_being_asked_in_a_week_is_not_asked_in_it(session: Session) -> None:
    team = make_team(session)
    make_member(session, team)
    add_member(session, ANA, team.slug, starts_on=WEDNESDAY, hours_per_week=0, now=MONDAY)
    assert asked(session, team) == {}
    assert len(asked(session, team, OPEN_WEEK.shift(-1))) == 1


def test_days_away_reduce_the_hours_and_a_whole_week_away_asks_nothing(session: Session) -> None:
    team = make_team(session)
    ana, ben = make_member(session, team), make_member(session, team, "ben@example.org")
    go_away(session, ana, date(2026, 11, 12), date(2026, 11, 17))
    go_away(session, ben, date(2026, 11, 14), date(2026, 11, 22))
    go_away(session, make_member(session, make_team(session, "Search"), "x@example.org"), WEDNESDAY, WEDNESDAY)
    assert asked(session, team) == {ana.person_id: 24.0}
    assert asked(session, team, OPEN_WEEK.shift(-1)) == {ana.person_id: 24.0, ben.person_id: 40.0}
    assert [one.starts_on for one in availability.absences_of(session, ana.person_id or 0)] == [date(2026, 11, 12)]


def test_public_holidays_of_the_teams_region_reduce_the_hours(session: Session) -> None:
    team, other = make_team(session), make_team(session, "Search")
    team.holidays = "DE-BY"
    member = make_member(session, team)
    make_member(session, other)
    session.add(team)
    session.flush()
    christmas = Week.parse("2025-W52")  # 25 December is a Thursday, 26 a Friday; 24 is none
    assert asked(session, team, christmas) == {member.person_id: 24.0}
    assert asked(session, other, christmas) == {member.person_id: 40.0}


def test_a_week_across_the_turn_of_the_year_knows_the_holidays_of_both_years() -> None:
    week = Week.parse("2020-W53")
    assert availability.public_holidays("DE", week) == {date(2021, 1, 1)}
    assert availability.public_holidays("DE-BY", Week.parse("2021-W01")) == {date(2021, 1, 6)}
    assert availability.public_holidays("", week) == frozenset()


@pytest.mark.parametrize(("given", "kept"), [("de-by", "DE-BY"), (" GB ", "GB"), ("", ""), ("gb-sct", "GB-SCT")])
def test_a_region_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert availability.check_region(given) == kept


@pytest.mark.parametrize("given", ["Bavaria", "DE-XX", "D", "DE-", "-"])
def test_an_unknown_region_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(InvalidInput, match="DE-BY") as refused:
        availability.check_region(given)
    assert refused.value.field == "holidays"
