from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bau_tracker.domain.errors import Conflict, Expired, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.weeks import Phase
from bau_tracker.services.history import changes_of
from bau_tracker.services.invitations import invite, open_invitation
from bau_tracker.services.reopening import reopen_week, reopenable
from bau_tracker.services.surveys import send_answer
from bau_tracker.storage.runs import add_run
from bau_tracker.storage.tables import Answer, ImportRun, PublishedWeek, Team, TeamWeek
from bau_tracker.storage.teams import phase_of
from tests.conftest import SECRET
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

WHY = "two were on a course"


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD)


def test_a_published_week_can_be_answered_again_until_its_new_freeze(session: Session) -> None:
    team, (*members, other) = make_team_of(session, 4)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    for member in members:
        give_answer(session, team, member)
    reopen_week(session, team.slug, OPEN_WEEK, WHY, days=2, actor=lead, now=AFTER_FREEZE)
    send_answer(session, team.slug, OPEN_WEEK, make_answer(), based_on=0, actor=other, now=AFTER_FREEZE)
    row, kept = (session.get(table, (team.id, OPEN_WEEK.monday)) for table in (TeamWeek, PublishedWeek))
    assert isinstance(row, TeamWeek)
    assert isinstance(kept, PublishedWeek)
    assert (row.freezes_at, row.respondents, kept.respondents) == (AFTER_FREEZE + timedelta(days=2), 4, 3)
    assert phase_of(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(days=2)) is Phase.FROZEN


def test_only_an_administrator_opens_a_week_with_imported_answers(session: Session) -> None:
    team, (member,) = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    give_answer(session, team, member)
    run = ImportRun(what="answers", file_name="a.csv", sha256="0", recognised="", started_at=MONDAY)
    session.exec(select(Answer)).one().run_id = add_run(session, run)
    assert OPEN_WEEK not in reopenable(session, team.slug, actor=lead, now=AFTER_FREEZE).weeks
    with pytest.raises(Conflict, match="Ask an administrator"):
        reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    admin = Actor(person_id=lead.person_id, is_admin=True)
    assert OPEN_WEEK in reopenable(session, team.slug, actor=admin, now=AFTER_FREEZE).weeks
    reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=admin, now=AFTER_FREEZE)


def test_links_of_before_no_longer_count_once_a_week_is_opened_again(session: Session) -> None:
    team, (member,) = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    token = invite(session, team, OPEN_WEEK, member.person_id or 0, secret=SECRET)
    reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    with pytest.raises(Expired, match="Use the newest message"):
        open_invitation(session, token, secret=SECRET, now=AFTER_FREEZE)
    newer = invite(session, team, OPEN_WEEK, member.person_id or 0, secret=SECRET)
    assert open_invitation(session, newer, secret=SECRET, now=AFTER_FREEZE).person_id == member.person_id


def test_a_week_that_nobody_answered_can_be_opened_too(session: Session, team: Team, lead: Actor) -> None:
    reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    assert phase_of(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=47)) is Phase.OPEN


def test_who_opened_it_and_why_stands_in_the_history(session: Session, team: Team, lead: Actor) -> None:
    reopen_week(session, team.slug, OPEN_WEEK, f" {WHY}\n", days=1, actor=lead, now=AFTER_FREEZE)
    (change,) = changes_of(session, team.slug, actor=lead, now=AFTER_FREEZE)
    assert change.sentence == f"lead@example.org opened {OPEN_WEEK.label} again for 1 day: {WHY}"
    (before,) = reopenable(session, team.slug, actor=lead, now=AFTER_FREEZE).before
    assert (before.reason, before.person_id) == (WHY, lead.person_id)


def test_the_newest_eight_published_weeks_with_members_are_offered(session: Session, team: Team) -> None:
    make_member(session, team, starts_on=OPEN_WEEK.shift(-2).monday)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    page = reopenable(session, team.slug, actor=lead, now=AFTER_FREEZE)
    assert page.weeks == [OPEN_WEEK, OPEN_WEEK.shift(-1), OPEN_WEEK.shift(-2)]
    assert reopenable(session, team.slug, actor=lead, now=MONDAY).weeks == page.weeks[1:]
    reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    assert reopenable(session, team.slug, actor=lead, now=AFTER_FREEZE).weeks == page.weeks[1:]


def test_a_week_that_is_open_or_open_again_or_too_old_is_a_conflict(session: Session, team: Team, lead: Actor) -> None:
    with pytest.raises(Conflict, match="isn't published"):
        reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=MONDAY)
    with pytest.raises(Conflict, match="isn't published"):
        reopen_week(session, team.slug, OPEN_WEEK.shift(1), WHY, actor=lead, now=MONDAY)
    reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    with pytest.raises(Conflict, match="open again already"):
        reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=lead, now=AFTER_FREEZE)
    with pytest.raises(Conflict, match="too old"):
        reopen_week(session, team.slug, OPEN_WEEK.shift(-8), WHY, actor=lead, now=AFTER_FREEZE)


def test_a_week_can_be_opened_a_second_time_once_it_froze_again(session: Session, team: Team, lead: Actor) -> None:
    reopen_week(session, team.slug, OPEN_WEEK, WHY, days=1, actor=lead, now=AFTER_FREEZE)
    later = AFTER_FREEZE + timedelta(days=1)
    reopen_week(session, team.slug, OPEN_WEEK, WHY, days=1, actor=lead, now=later)
    assert phase_of(session, team, OPEN_WEEK, later) is Phase.OPEN


@pytest.mark.parametrize(
    ("reason", "days", "field"), [(" \n", 2, "reason"), ("x" * 281, 2, "reason"), (WHY, 0, "days"), (WHY, 8, "days")]
)
def test_without_a_reason_or_for_too_long_no_week_is_opened(
    session: Session, team: Team, lead: Actor, reason: str, days: int, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        reopen_week(session, team.slug, OPEN_WEEK, reason, days=days, actor=lead, now=AFTER_FREEZE)
    assert refused.value.field == field
    assert phase_of(session, team, OPEN_WEEK, AFTER_FREEZE) is Phase.FROZEN


def test_a_member_opens_no_week_and_a_stranger_finds_no_team(session: Session, team: Team) -> None:
    member = make_member(session, team)
    with pytest.raises(Forbidden):
        reopen_week(session, team.slug, OPEN_WEEK, WHY, actor=member, now=AFTER_FREEZE)
    with pytest.raises(NotFound):
        reopenable(session, team.slug, actor=Actor(999), now=AFTER_FREEZE)
