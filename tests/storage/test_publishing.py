"""What stands published of a week while its answers change, and an attacker who adds and subtracts all they can get."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.privacy import last_of_block
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.storage import rollups, surveys, tables
from bau_tracker.storage.publishing import keep_published, releases, reopenings_of
from bau_tracker.storage.tables import Team
from bau_tracker.storage.teams import phase_of
from bau_tracker.storage.trends import published, published_comments
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_person,
    make_team,
    make_team_of,
)

LATER: Final = AFTER_FREEZE + timedelta(hours=1)


def change(
    session: Session, team: Team, actor: Actor, answer: Answer, week: Week = OPEN_WEEK, now: datetime = LATER
) -> None:
    """Let an answer arrive after its week was published, as an import or a reopened week would."""
    surveys.keep_answer(
        session,
        team_id=team.id,
        week=week,
        respondent=surveys.respondent_key(actor.person_id or 0),
        person_id=actor.person_id,
        answer=answer,
        now=now,
    )
    rollups.refresh_week(session, team, week, now)


def open_again(session: Session, team: Team, week: Week, now: datetime, until: datetime) -> None:
    """Open a published week again, as `services.reopening` does, unless it is open."""
    if phase_of(session, team, week, now) is not Phase.FROZEN:
        return
    keep_published(session, team, week, now)
    session.add(
        tables.Reopening(team_id=team.id, week=week.monday, reopened_at=now, freezes_at=until, reason="late answers")
    )
    row = session.get(tables.TeamWeek, (team.id, week.monday))
    if row is not None:
        row.freezes_at = until
        session.add(row)
    session.flush()


def seen(session: Session, team: Team, viewer: Actor | None = None, now: datetime = LATER) -> WeekTotals:
    found = published(session, [team], viewer_id=viewer.person_id if viewer else None, now=now)
    return found[team.id].weeks[-1]


def seen_in(session: Session, team: Team, week: Week, now: datetime = LATER) -> WeekTotals:
    weeks = published(session, [team], viewer_id=None, now=now)[team.id].weeks
    return next(totals for totals in weeks if totals.week == week)


def test_a_late_answer_waits_while_it_could_be_told_by_subtracting(any_session: Session) -> None:
    team, members = make_team_of(any_session, 8)
    for member in members[:3]:
        give_answer(any_session, team, member, answer=make_answer(30, 10, 0))
    for number, member in enumerate(members[3:6], 1):
        change(any_session, team, member, make_answer(0, 40, 0))
        week = seen(any_session, team)
        assert (week.respondents, week.planned_share, week.revision, week.waiting) == (3, 0.75, 0, number)
    change(any_session, team, members[6], make_answer(0, 40, 0))
    week = seen(any_session, team)
    assert (week.respondents, week.planned_share, week.waiting) == (7, 90 / 280, 0)
    assert week.revision == 4


def test_what_was_shown_last_is_what_stands_when_the_week_changes_again(session: Session) -> None:
    team, members = make_team_of(session, 9)
    for member in members[:3]:
        give_answer(session, team, member)
    for member in members[3:7]:
        change(session, team, member, make_answer())
    change(session, team, members[7], make_answer(0, 40, 0))
    week = seen(session, team)
    assert (week.respondents, week.waiting) == (7, 1)


def test_a_changed_answer_waits_like_a_new_one(session: Session) -> None:
    team, members = make_team_of(session, 5)
    for member in members:
        give_answer(session, team, member, answer=make_answer(30, 10, 0))
    change(session, team, members[0], make_answer(0, 40, 0))
    assert (seen(session, team).planned_share, seen(session, team).waiting) == (0.75, 1)
    for member in members[1:4]:
        change(session, team, member, make_answer(0, 40, 0))
    assert seen(session, team).planned_share == 30 / 200


def test_few_answers_that_come_late_to_an_empty_week_wait_once_its_block_is_over(session: Session) -> None:
    team, members = make_team_of(session, 3)
    last = last_of_block(OPEN_WEEK.shift(-4))
    give_answer(session, team, members[0], last.shift(-1))
    for number, member in enumerate(members[:2], 1):
        change(session, team, member, make_answer(), last)
        week = seen_in(session, team, last)
        assert (week.respondents, week.hidden, week.waiting) == (0, False, number)
    change(session, team, members[2], make_answer(), last)
    assert (seen_in(session, team, last).respondents, seen_in(session, team, last).waiting) == (3, 0)


def test_a_week_nobody_answered_can_be_opened_again(session: Session) -> None:
    team, members = make_team_of(session, 3)
    last = last_of_block(OPEN_WEEK.shift(-4))
    give_answer(session, team, members[0], last.shift(-1))
    open_again(session, team, last, LATER, LATER + timedelta(days=1))
    change(session, team, members[0], make_answer(), last)
    week = seen_in(session, team, last, LATER + timedelta(days=1))
    assert (week.respondents, week.expected, week.waiting) == (0, 3, 1)


def test_a_small_week_that_nobody_could_see_yet_shows_what_comes_when_it_is_opened_again(session: Session) -> None:
    team, members = make_team_of(session, 6)
    for member in members[:2]:
        give_answer(session, team, member)
    assert seen(session, team).hidden
    open_again(session, team, OPEN_WEEK, LATER, LATER + timedelta(days=2))
    assert published(session, [team], viewer_id=None, now=LATER)[team.id].weeks == ()
    for member in members[2:5]:
        change(session, team, member, make_answer())
    week = seen(session, team, now=LATER + timedelta(days=2))
    assert (week.respondents, week.hidden, week.waiting) == (5, False, 0)


def test_a_week_opened_again_shows_what_was_published_until_it_freezes_again(session: Session) -> None:
    team, members = make_team_of(session, 8)
    for member in members[:3]:
        give_answer(session, team, member, answer=make_answer(30, 10, 0))
    open_again(session, team, OPEN_WEEK, LATER, LATER + timedelta(days=1))
    for member in members[3:7]:
        change(session, team, member, make_answer(0, 40, 0))
    week = seen(session, team)
    assert (week.respondents, week.planned_share, week.waiting) == (3, 0.75, 0)
    assert seen(session, team, now=LATER + timedelta(days=1)).respondents == 7


def test_a_small_week_that_grew_later_stays_with_the_small_ones(session: Session) -> None:
    team, members = make_team_of(session, 8)
    last = last_of_block(OPEN_WEEK.shift(-4))
    for member in members[:2]:
        give_answer(session, team, member, last)
    for member in members[2:6]:
        change(session, team, member, make_answer(), last)
    week = seen_in(session, team, last)
    assert (week.hidden, week.respondents, week.waiting) == (True, 2, 4)


def test_a_comment_that_comes_late_waits_with_its_figures(session: Session) -> None:
    team, members = make_team_of(session, 10)
    for member in members[:5]:
        give_answer(session, team, member, answer=make_answer(comment="in time"))
    change(session, team, members[5], make_answer(comment="late"))
    change(session, team, members[0], make_answer(comment="changed"))

    def comments() -> list[str]:
        return published_comments(session, team, viewer_id=None, now=LATER, since=OPEN_WEEK)

    assert comments() == ["in time"] * 5
    for member in members[6:8]:
        change(session, team, member, make_answer(comment="late"))
    assert sorted(comments()) == ["changed", *["in time"] * 4, *["late"] * 3]


def test_reopenings_are_given_newest_first_with_who_did_it(any_session: Session) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    person = make_person(any_session)
    for number, (of, who) in enumerate([(team, None), (team, person.id), (other, person.id)]):
        opened = MONDAY + timedelta(hours=number)
        any_session.add(
            tables.Reopening(
                team_id=of.id,
                week=OPEN_WEEK.monday,
                reopened_at=opened,
                freezes_at=opened + timedelta(days=1),
                reason=f"reason {number}",
                person_id=who,
            )
        )
    any_session.flush()
    found = reopenings_of(any_session, team.id)
    assert [(one.reason, who and who.email) for one, who in found] == [
        ("reason 1", "ana@example.org"),
        ("reason 0", None),
    ]


# --- the attacker

Variable = tuple[int, str, int]
"""A week (counted), a respondent and the revision of an answer: what the attacker wants to know of others."""
FIRST: Final = OPEN_WEEK.shift(-8)


@dataclass
class Attacker:
    """A lead who also answers: writes down every sum that is shown, less what they know, and solves."""

    person_id: int
    rows: list[dict[Variable, Fraction]] = field(default_factory=list)

    def look(self, session: Session, team: Team, now: datetime) -> None:
        """Write down each figure that is shown exactly, and each pool as if it were exact too."""
        made_of = {week: dict(one.group) for week, one in releases(session, [team], now).get(team.id, {}).items()}
        view = published(session, [team], viewer_id=self.person_id, now=now)[team.id]
        hidden = []
        for totals in view.weeks:
            group = made_of.get(totals.week, {})
            if totals.hidden:
                hidden.append((totals.week, group))
            elif group:
                self._note([(totals.week, group)])
                assert totals.respondents == len(group)
        for pool in view.pools:
            self._note([(week, group) for week, group in hidden if pool.first <= week <= pool.last])

    def _note(self, weeks: list[tuple[Week, dict[str, int]]]) -> None:
        own = surveys.respondent_key(self.person_id)
        row = {
            (week - FIRST, name, revision): Fraction(1)
            for week, group in weeks
            for name, revision in group.items()
            if name != own
        }
        if row and row not in self.rows:
            self.rows.append(row)

    def found(self) -> set[Variable]:
        """Give the answers of others that follow from what was written down: rows of one variable after elimination."""
        reduced: list[dict[Variable, Fraction]] = []
        for row in self.rows:
            left = dict(row)
            for known in reduced:
                left = _minus(left, known, min(known))
            if left:
                pivot = min(left)
                left = {name: value / left[pivot] for name, value in left.items()}
                reduced = [*(_minus(known, left, pivot) for known in reduced), left]
        return {next(iter(row)) for row in reduced if len(row) == 1}


def _minus(row: dict[Variable, Fraction], other: dict[Variable, Fraction], pivot: Variable) -> dict[Variable, Fraction]:
    factor = row.get(pivot, Fraction(0))
    result = {
        name: row.get(name, Fraction(0)) - factor * other.get(name, Fraction(0)) for name in row.keys() | other.keys()
    }
    return {name: value for name, value in result.items() if value}


def test_the_attacker_finds_what_can_be_found() -> None:
    attacker = Attacker(1)
    attacker._note([(FIRST, {"person:2": 1, "person:3": 1, "person:4": 1})])  # noqa: SLF001
    assert attacker.found() == set()
    attacker._note([(FIRST, {"person:2": 1, "person:3": 1, "person:4": 1, "person:5": 1})])  # noqa: SLF001
    assert attacker.found() == {(0, "person:5", 1)}


masks = st.integers(0, 2**7 - 1)
late = st.tuples(st.integers(0, 3), masks, st.integers(0, 2))
steps = st.lists(st.tuples(masks, st.lists(late, max_size=2)), min_size=3, max_size=8)
"""For each week: who answers in time; then whose answers of which week back come late, and for how long it opens."""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(2, 7), st.booleans())
@pytest.mark.slow
def test_a_lead_who_also_answers_cannot_work_out_what_anybody_said(
    session: Session, weeks: list[tuple[int, list[tuple[int, int, int]]]], size: int, lead_answers: bool
) -> None:
    team, members = make_team_of(session, size)
    lead = members[0]
    attacker = Attacker(lead.person_id or 0)
    for number, (in_time, later) in enumerate(weeks):
        week = FIRST.shift(number)
        now = AFTER_FREEZE + timedelta(weeks=week - OPEN_WEEK)
        for member in _chosen(members, in_time | lead_answers):
            change(session, team, member, _any_answer(number), week, now - timedelta(days=1))
        attacker.look(session, team, now)
        for turn, (back, who, opened) in enumerate(later, 1):
            now += timedelta(minutes=turn)
            earlier = week.shift(-min(back, number))
            if opened:
                open_again(session, team, earlier, now, now + timedelta(weeks=opened, hours=1))
            for member in _chosen(members, who):
                change(session, team, member, _any_answer(number + back), earlier, now)
            attacker.look(session, team, now)
    found = attacker.found()
    session.rollback()
    assert found == set()


def _chosen(members: list[Actor], mask: int) -> list[Actor]:
    return [member for number, member in enumerate(members) if mask >> number & 1]


def _any_answer(number: int) -> Answer:
    return Answer(TimeSplit(planned=20 + number / 2, defect=10))


def test_before_anything_is_published_the_attacker_sees_nothing(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members:
        give_answer(session, team, member)
    attacker = Attacker(members[0].person_id or 0)
    attacker.look(session, team, MONDAY)
    assert attacker.rows == []
