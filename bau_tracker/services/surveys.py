"""What a member can do with the weekly survey: open it, keep a draft, send an answer, look at the own history.

Whether an answer is sound is decided by `domain.surveys`, when a week can be answered by `domain.weeks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.availability import HoursLeft
from bau_tracker.domain.errors import Conflict, Forbidden, NotFound
from bau_tracker.domain.permissions import Action, Actor, allows
from bau_tracker.domain.rules import WeekRules
from bau_tracker.domain.statistics import WeekTotals, add_up
from bau_tracker.domain.surveys import Answer, AnswerStatus, Step, Unit, check_fits, check_steps, scaled_to
from bau_tracker.domain.weeks import Phase, Schedule, Week
from bau_tracker.storage import availability, rollups, surveys, teams
from bau_tracker.storage.surveys import Answered
from bau_tracker.storage.tables import Team

LOOK_BACK = 4
"""How many weeks an answer may be old to be offered as “same as”."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One member's week: what was sent, what was typed and not sent, and what the form needs to know.

    `revision` is that of the answer sent, 0 without one; a form gives back the one it was made from. `imported` says
    that an import brought that answer. `earlier` is the newest answer with hours of the LOOK_BACK weeks before,
    `scaled` to this week's hours where the two weeks differ. `before_away` is the answer with hours that being away
    replaced. `opened_again` is why a published week is open again, empty for any other.
    """

    team: Team
    week: Week
    opens_at: datetime
    due_at: datetime
    freezes_at: datetime
    phase: Phase
    rules: WeekRules
    hours_left: HoursLeft
    status: AnswerStatus
    answer: Answer | None
    revision: int
    answered_at: datetime | None
    imported: bool
    typed: Mapping[str, object] | None
    earlier: tuple[Week, Answer] | None
    scaled: bool
    before_away: Answer | None
    opened_again: str

    @property
    def hours_available(self) -> float:
        """Give the hours that the member has this week, days off left out, as the team's step asks for them."""
        return self.unit(None).available_of(self.hours_left.hours)

    @property
    def stored(self) -> tuple[Answer, ...]:
        """Give the answers from which the form may have been filled."""
        earlier = self.earlier[1] if self.earlier else None
        return tuple(one for one in (self.answer, self.before_away, earlier) if one is not None)

    def unit(self, available: float | None) -> Unit:
        """Give what the form counts in, for somebody with so many hours available."""
        return Unit.of(self.team.step, self.team.hours_per_week, available)

    @property
    def unit_of_available(self) -> Unit:
        """Give the unit of the hours available, which aren't percent of themselves."""
        step = Step.HOURS if self.team.step is Step.PERCENT else self.team.step
        return Unit.of(step, self.team.hours_per_week, None)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """One line of a member's own history; `answer` is None for a week without one or away.

    `late` says that it was sent after it was due.
    """

    week: Week
    status: AnswerStatus
    answer: Answer | None
    late: bool = False

    @property
    def totals(self) -> WeekTotals:
        """Give the week as if this member were the team, for the own trend."""
        return add_up(self.week, [self.answer] if self.answer else [], members=1)


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """A member's place in one team: the week that can be answered now, if any, and the own history, newest first.

    `reopened` are published weeks that are open again. `opens_next` is None for somebody whom the team won't ask.
    """

    team: Team
    current: Survey | None
    reopened: tuple[Survey, ...]
    opens_next: Week | None
    schedule: Schedule
    history: tuple[OwnWeek, ...]


def open_survey(session: Session, slug: str, week: Week, *, actor: Actor, now: datetime) -> Survey:
    """Give a member's survey of a week, whatever its phase.

    Raises NotFound when there is no such team or the actor was no member in that week, Forbidden when not asked.
    """
    team = teams.team_with_slug(session, slug)
    membership = team and actor.person_id and teams.membership_in_week(session, team.id, actor.person_id, week)
    if not team or not membership:
        raise NotFound("There is no such team, or you were not a member of it in that week.")
    if membership.hours_per_week == 0 or not allows(Action.ANSWER, {membership.role}):
        raise Forbidden(
            "You belong to this team without hours, so it doesn't ask you. Whoever runs BAU Tracker can change that."
        )
    return _survey(session, team, week, membership.person_id, now=now)


def send_answer(  # noqa: PLR0913  (what was sent, and the form that it was sent from)
    session: Session,
    slug: str,
    week: Week,
    answer: Answer,
    *,
    based_on: int,
    seconds: int | None = None,
    actor: Actor,
    now: datetime,
) -> Survey:
    """Send an answer, or replace the one sent before; the same answer again changes nothing.

    One that an import brought is replaced by the same answer too, so that what its member sent outlives the import.
    A draft goes once it is sent; it stays for somebody who is away, who may have pressed that by mistake.
    `based_on` is the revision that the form was made from, `seconds` how long answering took. Raises InvalidInput when
    hours don't fit, Conflict when the week isn't open or another answer was sent since, and what `open_survey` raises.
    """
    survey = open_survey(session, slug, week, actor=actor, now=now)
    unit = survey.unit(answer.hours_available)
    check_steps(answer, unit, survey.stored)
    check_fits(answer, unit)
    surveys.lock_team(session, survey.team.id)
    survey = open_survey(session, slug, week, actor=actor, now=now)
    if survey.answer == answer and not survey.imported:
        _drop_draft(session, survey, answer, actor.person_id or 0)
        return survey
    _check_open(survey)
    if survey.answer is not None and based_on != survey.revision:
        raise Conflict(
            "You sent another answer for this week since you opened this page, perhaps in another tab. "
            "Send this one again to replace it."
        )
    _keep(session, survey, answer, seconds, actor, now)
    return open_survey(session, slug, week, actor=actor, now=now)


def undo_away(session: Session, slug: str, week: Week, *, actor: Actor, now: datetime) -> Survey:
    """Send again the hours that being away replaced; a draft stays as it is.

    Raises Conflict when there are none to go back to, or the week isn't open.
    """
    survey = open_survey(session, slug, week, actor=actor, now=now)
    surveys.lock_team(session, survey.team.id)
    survey = open_survey(session, slug, week, actor=actor, now=now)
    _check_open(survey)
    if survey.before_away is None:
        raise Conflict("There are no hours to go back to: your answer was changed since. Open the form to see it.")
    _keep(session, survey, survey.before_away, None, actor, now, keeps_draft=True)
    return open_survey(session, slug, week, actor=actor, now=now)


def save_draft(
    session: Session, slug: str, week: Week, typed: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    """Keep what was typed without sending it, whatever it says; raises Conflict when the week isn't open."""
    survey = open_survey(session, slug, week, actor=actor, now=now)
    _check_open(survey)
    if actor.person_id is not None:
        surveys.keep_draft(session, survey.team.id, week, actor.person_id, typed=dict(typed), now=now)


def delete_texts(session: Session, *, actor: Actor) -> int:
    """Delete every comment that the actor wrote, sent, replaced or drafted; count them. The hours stand."""
    return surveys.forget_texts(session, actor.person_id) if actor.person_id is not None else 0


def own_teams(session: Session, *, actor: Actor, now: datetime, weeks: int = 26) -> list[OwnTeam]:
    """Give every team that asks the actor now or next, or in which they have a history, with so many weeks of it."""
    if actor.person_id is None:
        return []
    found = (_own_team(session, team, actor, now, weeks) for team in teams.teams_of(session, actor.person_id))
    return [own for own in found if own.current or own.reopened or own.opens_next or own.history]


def _own_team(session: Session, team: Team, actor: Actor, now: datetime, weeks: int) -> OwnTeam:
    schedule = teams.schedule_of(team)
    newest, open_week = schedule.newest_started(now), schedule.open_week(now)
    person_id = actor.person_id or 0
    asked = availability.hours_of(session, team, newest, person_id)
    answers = {found.week: found for found in surveys.answers_of_person(session, team.id, person_id)}
    belongs = asked or (newest in answers and _has_hours(session, team, newest, person_id))
    current = _survey(session, team, newest, person_id, now=now) if belongs and open_week else None
    last = newest if asked else max(answers, default=newest)
    first = max(min(answers, default=last), newest.shift(1 - weeks))
    span = [week for week in first.until(last) if week in answers or week != open_week] if answers else []
    history = tuple(_own_week(week, answers.get(week), schedule) for week in reversed(span))
    opens_next = newest.shift(1) if availability.hours_of(session, team, newest.shift(1), person_id) else None
    return OwnTeam(team, current, _reopened(session, team, person_id, now), opens_next, schedule, history)


def _has_hours(session: Session, team: Team, week: Week, person_id: int) -> bool:
    """Say whether a person belongs to a team in a week, away on all its days or not."""
    membership = teams.membership_in_week(session, team.id, person_id, week)
    return membership is not None and membership.hours_per_week != 0


def _reopened(session: Session, team: Team, person_id: int, now: datetime) -> tuple[Survey, ...]:
    """Give the surveys of the weeks that are open again and that ask this person."""
    weeks = [Week(row.week) for row in surveys.weeks_open_again(session, team.id, now)]
    asked = [week for week in weeks if availability.hours_of(session, team, week, person_id)]
    return tuple(_survey(session, team, week, person_id, now=now) for week in asked)


def _own_week(week: Week, found: Answered | None, schedule: Schedule) -> OwnWeek:
    if found is None:
        return OwnWeek(week, AnswerStatus.UNANSWERED, None)
    late = found.sent_at is not None and found.sent_at > schedule.due(week)
    return OwnWeek(week, found.answer.status, None if found.answer.away else found.answer, late)


def _survey(session: Session, team: Team, week: Week, person_id: int, *, now: datetime) -> Survey:
    schedule, left = teams.schedule_of(team), availability.hours_left_of(session, team, week, person_id)
    stored = surveys.answer_in_week(session, team.id, week, surveys.respondent_key(person_id))
    answer = surveys.answer_of(stored.model_dump()) if stored else None
    draft = surveys.draft_of(session, team.id, week, person_id)
    again = {row.week: row.reason for row in surveys.weeks_open_again(session, team.id, now)}
    unanswered = AnswerStatus.DRAFT if draft else AnswerStatus.UNANSWERED
    earlier, scaled = _earlier(session, team, week, person_id, left.hours)
    return Survey(
        team=team,
        week=week,
        opens_at=schedule.opens(week),
        due_at=schedule.due(week),
        freezes_at=teams.freezes_at(session, team, week),
        phase=teams.phase_of(session, team, week, now),
        rules=teams.rules_of(team).of(week),
        hours_left=left,
        status=answer.status if answer else unanswered,
        answer=answer,
        revision=stored.revision if stored else 0,
        answered_at=stored.answered_at if stored else None,
        imported=stored is not None and stored.run_id is not None,
        typed=draft.typed if draft else None,
        earlier=earlier,
        scaled=scaled,
        before_away=_before_away(session, team, week, answer, person_id),
        opened_again=again.get(week.monday, ""),
    )


def _earlier(
    session: Session, team: Team, week: Week, person_id: int, hours: float
) -> tuple[tuple[Week, Answer] | None, bool]:
    """Give the answer to offer as “same as”, and whether it was scaled to the hours of this week so that it fits."""
    found = surveys.latest_answer_before(session, team.id, person_id, week, not_before=week.shift(-LOOK_BACK))
    if found is None or not hours:
        return None, False
    earlier, answer = found
    unit = Unit.of(team.step, team.hours_per_week, hours)
    has = unit.available_of(hours)
    said = answer.hours_available or has
    fits = answer.split.total <= said == unit.available_of(said)
    if fits and availability.hours_left_of(session, team, earlier, person_id).hours == hours:
        return found, False
    return (earlier, scaled_to(answer, unit, has)), True


def _before_away(session: Session, team: Team, week: Week, answer: Answer | None, person_id: int) -> Answer | None:
    if answer is None or not answer.away:
        return None
    return surveys.newest_replaced(session, team.id, week, surveys.respondent_key(person_id))


def _drop_draft(session: Session, survey: Survey, answer: Answer, person_id: int) -> None:
    if not answer.away:
        surveys.drop_draft(session, survey.team.id, survey.week, person_id)


def _keep(
    session: Session,
    survey: Survey,
    answer: Answer,
    seconds: int | None,
    actor: Actor,
    now: datetime,
    *,
    keeps_draft: bool = False,
) -> None:
    if actor.person_id is None:
        raise Forbidden("Only a person can answer.")
    surveys.keep_answer(
        session,
        team_id=survey.team.id,
        week=survey.week,
        respondent=surveys.respondent_key(actor.person_id),
        person_id=actor.person_id,
        answer=answer,
        seconds=seconds,
        now=now,
    )
    if not keeps_draft:
        _drop_draft(session, survey, answer, actor.person_id)
    rollups.refresh_week(session, survey.team, survey.week, now)


def _check_open(survey: Survey) -> None:
    if survey.phase is Phase.FROZEN:
        raise Conflict(f"{survey.week.label} is frozen: its figures are published and no longer move.")
    if survey.phase is Phase.UPCOMING:
        raise Conflict(f"{survey.week.label} has not opened yet.")
