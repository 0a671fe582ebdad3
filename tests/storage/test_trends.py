from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.rules import stored_rules
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surveys import Answer
from bau_tracker.storage.tables import Team
from bau_tracker.storage.teams import rules_of, schedule_of
from bau_tracker.storage.trends import answers_so_far, people_missing, published_comments, published_weeks
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_member,
    make_team,
    make_team_of,
)


def shown(session: Session, team: Team, viewer: Actor | None = None) -> list[WeekTotals]:
    viewer_id = viewer.person_id if viewer else None
    return list(published_weeks(session, [team], viewer_id=viewer_id, now=AFTER_FREEZE)[team.id])


def comments(session: Session, team: Team, viewer: Actor | None = None) -> list[str]:
    viewer_id = viewer.person_id if viewer else None
    since = OPEN_WEEK.shift(-4)
    return published_comments(session, team, viewer_id=viewer_id, now=AFTER_FREEZE, since=since)


def test_a_week_shows_from_the_moment_it_freezes(session: Session) -> None:
    team, members = make_team_of(session, 3)
    for member in members:
        give_answer(session, team, member)
    before = AFTER_FREEZE - timedelta(seconds=1)
    assert published_weeks(session, [team], viewer_id=None, now=before) == {team.id: ()}
    (week,) = shown(session, team)
    assert (week.week, week.respondents, week.planned_share) == (OPEN_WEEK, 3, 0.75)


def test_a_week_without_answers_is_a_gap_that_says_who_was_expected(session: Session) -> None:
    team, members = make_team_of(session, 3)
    make_member(session, team, "late@example.org", starts_on=date(2026, 11, 9))
    for member in members:
        give_answer(session, team, member, OPEN_WEEK.shift(-3))
    weeks = shown(session, team)
    assert [str(totals.week) for totals in weeks] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
    assert [totals.respondents for totals in weeks] == [3, 0, 0, 0]
    assert [totals.expected for totals in weeks] == [3, 3, 4, 4]
    assert [totals.planned_share for totals in weeks] == [0.75, None, None, None]
    assert not any(totals.hidden for totals in weeks)


def test_a_week_that_two_answered_keeps_its_figures_to_itself(session: Session) -> None:
    team, members = make_team_of(session, 5)
    for member in members[:2]:
        give_answer(session, team, member)
    give_answer(session, team, members[2], answer=Answer(away=True))
    (week,) = shown(session, team)
    assert week.hidden
    assert (week.respondents, week.away, week.expected, week.hours) == (2, 1, 4, {})


def test_a_viewer_who_answered_could_subtract_the_own_answer_and_sees_less(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members[:3]:
        give_answer(session, team, member)
    assert shown(session, team, members[0])[0].hidden
    assert not shown(session, team, members[3])[0].hidden


def test_a_viewer_who_was_away_has_nothing_to_subtract(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members[:3]:
        give_answer(session, team, member)
    give_answer(session, team, members[3], answer=Answer(away=True))
    assert not shown(session, team, members[3])[0].hidden


def test_an_answer_of_the_viewer_in_another_team_or_week_changes_nothing(session: Session) -> None:
    team, members = make_team_of(session, 3)
    for member in members:
        give_answer(session, team, member)
    other = make_team(session, "Search")
    viewer = make_member(session, other, "viewer@example.org")
    give_answer(session, other, viewer)
    assert not shown(session, team, viewer)[0].hidden


def test_a_team_without_answers_has_no_weeks(session: Session) -> None:
    team, _ = make_team_of(session, 3)
    assert shown(session, team) == []


def test_weeks_of_several_teams_end_with_the_newest_frozen_one_of_each(session: Session) -> None:
    tokyo, tokyoites = make_team_of(session, 3, "Tokyo", timezone="Asia/Tokyo")
    newyork, newyorkers = make_team_of(session, 3, "New York", timezone="America/New_York")
    for team, members in ((tokyo, tokyoites), (newyork, newyorkers)):
        for member in members:
            give_answer(session, team, member, OPEN_WEEK.shift(-1))
    weeks = published_weeks(session, [tokyo, newyork], viewer_id=None, now=AFTER_FREEZE)
    assert weeks[tokyo.id][-1].week == OPEN_WEEK
    assert weeks[newyork.id][-1].week == OPEN_WEEK.shift(-1)


def test_comments_show_when_five_others_answered_and_in_no_telling_order(session: Session) -> None:
    team, members = make_team_of(session, 6)
    for number, member in enumerate(members[:5]):
        give_answer(session, team, member, answer=make_answer(comment=f"{9 - number} alerts" if number < 2 else ""))
    assert sorted(comments(session, team)) == ["8 alerts", "9 alerts"]
    assert comments(session, team, members[5]) == comments(session, team)
    assert comments(session, team, members[0]) == []


def test_comments_of_a_week_that_is_not_frozen_or_has_few_answers_stay_hidden(session: Session) -> None:
    team, members = make_team_of(session, 5)
    for member in members[:4]:
        give_answer(session, team, member, OPEN_WEEK.shift(-1), make_answer(comment="few"))
    for member in members:
        give_answer(session, team, member, OPEN_WEEK, make_answer(comment="open"))
    found = published_comments(session, team, viewer_id=None, now=MONDAY, since=OPEN_WEEK.shift(-4))
    assert found == []


def test_who_has_not_answered_is_named_only_where_the_team_has_decided_so(session: Session) -> None:
    team, members = make_team_of(session, 3)
    give_answer(session, team, members[0])
    give_answer(session, team, members[1], answer=Answer(away=True))
    assert people_missing(session, team, OPEN_WEEK) is None
    rules = rules_of(team)
    team.rules = stored_rules(rules.changed(replace(rules.newest, shows_missing=True), MONDAY))
    session.add(team)
    session.flush()
    assert people_missing(session, team, OPEN_WEEK) is None
    give_answer(session, team, members[0], OPEN_WEEK.shift(1))
    assert people_missing(session, team, OPEN_WEEK.shift(1)) == [members[1].name, members[2].name]


def test_before_the_freeze_only_counts_are_known(session: Session) -> None:
    team, members = make_team_of(session, 4)
    assert answers_so_far(session, team, OPEN_WEEK) == (0, 4)
    give_answer(session, team, members[0])
    give_answer(session, team, members[1], answer=Answer(away=True))
    assert answers_so_far(session, team, OPEN_WEEK) == (2, 4)
    assert schedule_of(team).freezes(OPEN_WEEK) > MONDAY
