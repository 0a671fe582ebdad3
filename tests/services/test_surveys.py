from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.statistics import add_up
from bau_tracker.domain.surveys import Answer, AnswerStatus, Step, TimeSplit
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.services import surveys, teams
from bau_tracker.services.surveys import Survey
from bau_tracker.storage.engine import writing
from bau_tracker.storage.import_tables import STAGED_ANSWER
from bau_tracker.storage.importing import Stage
from bau_tracker.storage.publishing import totals_of
from bau_tracker.storage.runs import add_run
from bau_tracker.storage.tables import Absence, AnswerRevision, Draft, ImportRun, Team, TeamWeek
from bau_tracker.storage.tables import Answer as StoredAnswer
from bau_tracker.storage.teams import memberships_of
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_member,
    make_team,
    make_team_of,
    reopen,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def ana(session: Session, team: Team) -> Actor:
    return make_member(session, team)


def look(session: Session, actor: Actor, week: Week = OPEN_WEEK, now: datetime = MONDAY) -> Survey:
    return surveys.open_survey(session, "payments", week, actor=actor, now=now)


def send(
    session: Session, actor: Actor, answer: Answer, based_on: int = 0, week: Week = OPEN_WEEK, now: datetime = MONDAY
) -> Survey:
    return surveys.send_answer(session, "payments", week, answer, based_on=based_on, actor=actor, now=now)


def end_membership(session: Session, team: Team, actor: Actor, day: date) -> None:
    (membership,) = memberships_of(session, team.id, actor.person_id or 0)
    membership.ends_on = day
    session.add(membership)
    session.flush()


def sums(session: Session, team: Team, week: Week = OPEN_WEEK) -> TeamWeek:
    session.expire_all()
    return session.get_one(TeamWeek, (team.id, week.monday))


def test_unanswered_draft_submitted_and_away_are_four_different_things(session: Session, ana: Actor) -> None:
    assert look(session, ana).status is AnswerStatus.UNANSWERED
    surveys.save_draft(session, "payments", OPEN_WEEK, {"planned": ["12"]}, actor=ana, now=MONDAY)
    assert look(session, ana).status is AnswerStatus.DRAFT
    assert send(session, ana, make_answer()).status is AnswerStatus.SUBMITTED
    assert send(session, ana, Answer(away=True), based_on=1).status is AnswerStatus.AWAY


def test_a_draft_is_kept_as_typed_counts_for_nothing_and_goes_when_sent(
    session: Session, team: Team, ana: Actor
) -> None:
    typed = {"planned": ["twelve"], "comment": ["not yet"]}
    surveys.save_draft(session, "payments", OPEN_WEEK, {"planned": ["1"]}, actor=ana, now=MONDAY)
    surveys.save_draft(session, "payments", OPEN_WEEK, typed, actor=ana, now=MONDAY)
    assert look(session, ana).typed == typed
    assert session.get(TeamWeek, (team.id, OPEN_WEEK.monday)) is None
    assert send(session, ana, make_answer()).typed is None


def test_a_draft_beside_an_answer_sent_is_not_the_answer(session: Session, ana: Actor) -> None:
    send(session, ana, make_answer())
    surveys.save_draft(session, "payments", OPEN_WEEK, {"planned": ["1"]}, actor=ana, now=MONDAY)
    survey = look(session, ana)
    assert survey.status is AnswerStatus.SUBMITTED
    assert survey.typed == {"planned": ["1"]}
    send(session, ana, make_answer(), based_on=1)
    assert look(session, ana).typed is None


def test_an_answer_counts_at_once_and_is_told_back_as_given(session: Session, team: Team, ana: Actor) -> None:
    answer = make_answer(planned=20.5, bau=2, comment="quiet")
    survey = send(session, ana, answer)
    assert (survey.answer, survey.revision, survey.answered_at) == (answer, 1, MONDAY)
    assert totals_of(sums(session, team)) == add_up(OPEN_WEEK, [answer], members=1)


def test_a_second_answer_replaces_the_first_and_both_are_kept(session: Session, team: Team, ana: Actor) -> None:
    first, second = make_answer(comment="first"), make_answer(planned=10, comment="second")
    send(session, ana, first)
    survey = send(session, ana, second, based_on=1, now=MONDAY + SECOND)
    assert (survey.answer, survey.revision) == (second, 2)
    (replaced,) = session.exec(select(AnswerRevision))
    assert (replaced.comment, replaced.revision, replaced.answered_at) == ("first", 1, MONDAY)
    assert replaced.replaced_at == MONDAY + SECOND
    assert totals_of(sums(session, team)) == add_up(OPEN_WEEK, [second], members=1)


def test_the_same_answer_twice_as_by_a_double_click_changes_nothing(session: Session, ana: Actor) -> None:
    send(session, ana, make_answer())
    again = send(session, ana, make_answer(), based_on=0, now=MONDAY + SECOND)
    assert (again.revision, again.answered_at) == (1, MONDAY)
    assert session.exec(select(AnswerRevision)).all() == []


def test_another_answer_from_a_tab_opened_before_is_a_conflict_and_changes_nothing(
    session: Session, ana: Actor
) -> None:
    send(session, ana, make_answer(planned=20))
    with pytest.raises(Conflict, match="perhaps in another tab"):
        send(session, ana, make_answer(planned=10), based_on=0)
    survey = look(session, ana)
    assert survey.answer == make_answer(planned=20)
    assert send(session, ana, make_answer(planned=10), based_on=survey.revision).revision == 2


def test_a_week_is_answered_only_while_it_is_open(session: Session, ana: Actor) -> None:
    opens = look(session, ana).opens_at
    with pytest.raises(Conflict, match=r"2026-W47 \(16-22 Nov\) has not opened yet"):
        send(session, ana, make_answer(), now=opens - SECOND)
    send(session, ana, make_answer(), now=opens)
    send(session, ana, make_answer(planned=10), based_on=1, now=AFTER_FREEZE - SECOND)
    with pytest.raises(Conflict, match="is frozen: its figures are published"):
        send(session, ana, make_answer(planned=12), based_on=2, now=AFTER_FREEZE)
    assert look(session, ana, now=AFTER_FREEZE).phase is Phase.FROZEN
    with pytest.raises(Conflict, match="is frozen"):
        surveys.save_draft(session, "payments", OPEN_WEEK, {}, actor=ana, now=AFTER_FREEZE)


def test_the_second_click_of_two_may_come_after_the_freeze(session: Session, ana: Actor) -> None:
    send(session, ana, make_answer())
    assert send(session, ana, make_answer(), now=AFTER_FREEZE).revision == 1


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(TimeSplit(planned=40.5), hours_available=40), "hours_available"),
        (Answer(TimeSplit(planned=8, support=2.25), hours_available=40), "support"),
    ],
)
def test_hours_that_do_not_fit_are_refused_and_nothing_is_stored(
    session: Session, team: Team, ana: Actor, answer: Answer, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        send(session, ana, answer)
    assert refused.value.field == field
    assert session.get(TeamWeek, (team.id, OPEN_WEEK.monday)) is None


def test_a_leaver_answers_for_the_last_week_and_for_none_after(session: Session, team: Team, ana: Actor) -> None:
    end_membership(session, team, ana, OPEN_WEEK.monday)
    assert send(session, ana, make_answer()).status is AnswerStatus.SUBMITTED
    later = OPEN_WEEK.shift(1)
    with pytest.raises(NotFound):
        send(session, ana, make_answer(), week=later, now=look(session, ana).opens_at + timedelta(weeks=1))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEAD])
def test_who_has_no_hours_is_not_asked_and_told_so(session: Session, team: Team, role: Role) -> None:
    reader = make_member(session, team, "reader@example.org", role=role, hours=0)
    with pytest.raises(Forbidden, match="without hours"):
        look(session, reader)
    assert surveys.own_teams(session, actor=reader, now=MONDAY) == []


def test_a_lead_with_hours_answers_like_everybody(session: Session, team: Team) -> None:
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    assert send(session, lead, make_answer()).status is AnswerStatus.SUBMITTED


def test_another_teams_survey_looks_like_none_at_all(session: Session, team: Team) -> None:
    stranger = make_member(session, make_team(session, "Search"), "stranger@example.org")
    messages = set()
    for slug in (team.slug, "nowhere"):
        with pytest.raises(NotFound) as missing:
            surveys.open_survey(session, slug, OPEN_WEEK, actor=stranger, now=MONDAY)
        messages.add(missing.value.message)
    assert len(messages) == 1
    for actor in (SERVER, Actor(None)):
        with pytest.raises(NotFound):
            look(session, actor)


@pytest.mark.usefixtures("team")
def test_an_administrator_has_no_survey_in_a_team_without_a_part_in_it(session: Session) -> None:
    admin = make_member(session, make_team(session, "Search"), "admin@example.org")
    with pytest.raises(NotFound):
        look(session, Actor(admin.person_id, is_admin=True))


def test_the_form_begins_with_the_hours_of_the_membership_else_of_the_team(session: Session) -> None:
    team = make_team(session, hours_per_week=36)
    full, part = make_member(session, team), make_member(session, team, "part@example.org", hours=18)
    assert (look(session, full).hours_available, look(session, part).hours_available) == (36, 18)


def test_an_earlier_answer_is_offered_for_four_weeks_and_never_an_absence(
    session: Session, team: Team, ana: Actor
) -> None:
    for back in (5, 4, 1):
        answer = Answer(away=True) if back == 1 else make_answer(planned=10 + back)
        give_answer(session, team, ana, OPEN_WEEK.shift(-back), answer)
    assert look(session, ana).earlier == (OPEN_WEEK.shift(-4), make_answer(planned=14))
    give_answer(session, team, ana, OPEN_WEEK, Answer(away=True))
    assert look(session, ana, week=OPEN_WEEK.shift(1)).earlier is None


def test_the_own_history_shows_each_week_as_what_it_was(session: Session, team: Team, ana: Actor) -> None:
    give_answer(session, team, ana, OPEN_WEEK.shift(-3))
    give_answer(session, team, ana, OPEN_WEEK.shift(-1), Answer(away=True))
    (own,) = surveys.own_teams(session, actor=ana, now=MONDAY)
    assert own.current is not None
    assert own.current.week == OPEN_WEEK
    assert [(week.week, week.status) for week in own.history] == [
        (OPEN_WEEK.shift(-1), AnswerStatus.AWAY),
        (OPEN_WEEK.shift(-2), AnswerStatus.UNANSWERED),
        (OPEN_WEEK.shift(-3), AnswerStatus.SUBMITTED),
    ]
    assert [week.totals.planned_share for week in own.history] == [None, None, 0.75]


def test_the_own_history_holds_no_answer_of_anybody_else(session: Session, team: Team, ana: Actor) -> None:
    bob = make_member(session, team, "bob@example.org")
    give_answer(session, team, bob, OPEN_WEEK.shift(-1))
    (own,) = surveys.own_teams(session, actor=ana, now=MONDAY)
    assert own.history == ()


def test_who_left_keeps_the_own_history_and_is_not_asked_any_more(session: Session, team: Team, ana: Actor) -> None:
    give_answer(session, team, ana, OPEN_WEEK.shift(-3))
    end_membership(session, team, ana, OPEN_WEEK.shift(-3).sunday)
    (own,) = surveys.own_teams(session, actor=ana, now=MONDAY)
    assert own.current is None
    assert [week.week for week in own.history] == [OPEN_WEEK.shift(-3)]


def test_between_a_freeze_and_the_next_opening_nothing_waits(session: Session, team: Team, ana: Actor) -> None:
    give_answer(session, team, ana)
    (own,) = surveys.own_teams(session, actor=ana, now=AFTER_FREEZE)
    assert own.current is None
    assert own.opens_next == OPEN_WEEK.shift(1)


def test_whoever_runs_the_server_has_no_surveys(session: Session) -> None:
    assert surveys.own_teams(session, actor=SERVER, now=MONDAY) == []


def test_an_answer_sent_after_it_was_due_counts_fully_and_is_called_late_in_the_own_history(
    session: Session, team: Team, ana: Actor
) -> None:
    due = look(session, ana).due_at
    send(session, ana, make_answer(), now=due)
    assert not surveys.own_teams(session, actor=ana, now=MONDAY)[0].history[0].late
    send(session, ana, make_answer(planned=20), based_on=1, now=due + SECOND)
    (own,) = surveys.own_teams(session, actor=ana, now=MONDAY)
    assert own.history[0].late
    assert sums(session, team).planned == 20


def test_a_reopened_week_waits_with_its_reason_until_it_freezes_again(session: Session, team: Team, ana: Actor) -> None:
    reopen(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=1))
    reopen(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=9), now=AFTER_FREEZE + timedelta(minutes=5))
    later = AFTER_FREEZE + timedelta(hours=8)
    (own,) = surveys.own_teams(session, actor=ana, now=later)
    (survey,) = own.reopened
    assert (survey.week, survey.phase, survey.opened_again) == (OPEN_WEEK, Phase.OPEN, "The mail server was down")
    assert send(session, ana, make_answer(), now=later).status is AnswerStatus.SUBMITTED
    (own,) = surveys.own_teams(session, actor=ana, now=later + timedelta(hours=1))
    assert own.reopened == ()


def test_a_reopened_week_does_not_wait_for_who_was_not_asked_in_it(session: Session, team: Team) -> None:
    new = make_member(session, team, "new@example.org", starts_on=OPEN_WEEK.shift(1).monday)
    reopen(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=1))
    (own,) = surveys.own_teams(session, actor=new, now=AFTER_FREEZE)
    assert own.reopened == ()


def test_the_seconds_that_answering_took_stay_with_their_answer(session: Session, ana: Actor) -> None:
    for number, seconds in enumerate((45, None)):
        given, how = make_answer(planned=10 + number), {"based_on": number, "actor": ana, "now": MONDAY}
        surveys.send_answer(session, "payments", OPEN_WEEK, given, seconds=seconds, **how)  # type: ignore[arg-type]
    (replaced,) = session.exec(select(AnswerRevision))
    (current,) = session.exec(select(StoredAnswer))
    assert (replaced.seconds, current.seconds) == (45, None)


@pytest.mark.parametrize(
    ("step", "planned", "refused"),
    [(Step.HALF_DAYS, 8.0, 7.0), (Step.HOURS, 7.5, 7.25), (Step.PERCENT, 6.0, 7.0)],
)
def test_hours_are_checked_in_the_steps_of_the_team(
    session: Session, step: Step, planned: float, refused: float
) -> None:
    ana = make_member(session, make_team(session, step=step))
    with pytest.raises(InvalidInput, match="Planned work: use"):
        send(session, ana, Answer(TimeSplit(planned=refused), hours_available=40))
    assert send(session, ana, Answer(TimeSplit(planned=planned), hours_available=40)).revision == 1


def test_an_answer_given_in_another_unit_can_be_changed_without_touching_the_rest(session: Session) -> None:
    team = make_team(session)
    ana = make_member(session, team)
    send(session, ana, Answer(TimeSplit(planned=7.5, defect=3.5), hours_available=40))
    team.step = Step.HALF_DAYS
    session.flush()
    survey = send(session, ana, Answer(TimeSplit(planned=8, defect=3.5), hours_available=40), based_on=1)
    assert (survey.revision, survey.answer and survey.answer.split.defect) == (2, 3.5)
    with pytest.raises(InvalidInput, match="use whole half-days"):
        send(session, ana, Answer(TimeSplit(planned=8, defect=3.0), hours_available=40), based_on=2)


@pytest.mark.parametrize(("step", "planned"), [(Step.HOURS, 16.0), (Step.HALF_DAYS, 16.0), (Step.PERCENT, 16.0)])
def test_an_earlier_answer_is_offered_with_the_hours_of_this_week_when_days_are_missing(
    session: Session, step: Step, planned: float
) -> None:
    team = make_team(session, step=step)
    ana = make_member(session, team)
    answer = Answer(TimeSplit(planned=20), hours_available=40)
    give_answer(session, team, ana, OPEN_WEEK.shift(-1), answer)
    assert look(session, ana).earlier == (OPEN_WEEK.shift(-1), answer)
    friday = OPEN_WEEK.monday + timedelta(days=4)
    session.add(Absence(person_id=ana.person_id or 0, starts_on=friday, ends_on=friday))
    session.flush()
    earlier = look(session, ana).earlier
    assert earlier is not None
    assert (earlier[1].hours_available, earlier[1].split.planned) == (32, planned)


@pytest.mark.parametrize("step", list(Step))
def test_nothing_earlier_is_offered_to_who_is_away_all_week(session: Session, step: Step) -> None:
    team = make_team(session, step=step)
    ana = make_member(session, team)
    give_answer(session, team, ana, OPEN_WEEK.shift(-1), Answer(TimeSplit(planned=20), hours_available=40))
    session.add(Absence(person_id=ana.person_id or 0, starts_on=OPEN_WEEK.monday, ends_on=OPEN_WEEK.sunday))
    session.flush()
    survey = look(session, ana)
    assert (survey.hours_available, survey.earlier) == (0, None)


def test_the_form_of_a_week_knows_why_hours_are_missing(session: Session) -> None:
    team = make_team(session, holidays="DE-BY")
    ana = make_member(session, team)
    survey = look(session, ana, week=Week.parse("2026-W53"))
    assert (survey.hours_available, [str(day) for day in survey.hours_left.holidays]) == (32, ["2027-01-01"])


def test_the_newest_hours_that_being_away_replaced_are_sent_again_and_the_sums_follow(any_session: Session) -> None:
    team, (ana, ben) = make_team_of(any_session, 2)
    give_answer(any_session, team, ben, answer=make_answer(planned=3))
    give_answer(any_session, team, ana, answer=make_answer(planned=24))
    for answer in (Answer(away=True), make_answer(planned=20), Answer(away=True)):
        give_answer(any_session, team, ana, answer=answer)
    surveys.save_draft(any_session, team.slug, OPEN_WEEK, {"planned": ["1"]}, actor=ana, now=MONDAY)
    assert look(any_session, ana).before_away == make_answer(planned=20)
    survey = surveys.undo_away(any_session, team.slug, OPEN_WEEK, actor=ana, now=MONDAY)
    assert (survey.answer, survey.revision, survey.typed) == (make_answer(planned=20), 5, {"planned": ["1"]})
    assert (sums(any_session, team).planned, sums(any_session, team).away) == (23, 0)


def test_being_away_is_not_undone_without_hours_before_nor_once_the_week_froze(session: Session, ana: Actor) -> None:
    send(session, ana, Answer(away=True))
    with pytest.raises(Conflict, match="no hours to go back to"):
        surveys.undo_away(session, "payments", OPEN_WEEK, actor=ana, now=MONDAY)
    with pytest.raises(Conflict, match="is frozen"):
        surveys.undo_away(session, "payments", OPEN_WEEK, actor=ana, now=AFTER_FREEZE)


def test_an_earlier_answer_that_says_more_hours_than_the_week_has_is_scaled_too(
    session: Session, team: Team, ana: Actor
) -> None:
    imported = Answer(TimeSplit(planned=30, defect=20))
    give_answer(session, team, ana, OPEN_WEEK.shift(-1), imported)
    survey = look(session, ana)
    assert survey.scaled
    assert survey.earlier is not None
    assert (survey.earlier[1].split.planned, survey.earlier[1].split.defect) == (24, 16)


def test_an_earlier_answer_of_a_part_timer_is_brought_to_whole_half_days(session: Session) -> None:
    team = make_team(session)
    ana = make_member(session, team, hours=19.5)
    give_answer(
        session, team, ana, OPEN_WEEK.shift(-1), Answer(TimeSplit(planned=12, defect=7.5), hours_available=19.5)
    )
    team.step = Step.HALF_DAYS
    session.flush()
    survey = look(session, ana)
    assert survey.earlier is not None
    assert survey.hours_available == 20
    assert survey.earlier[1].split == TimeSplit(planned=12, defect=8)


def test_deleting_the_text_empties_every_comment_of_this_person_and_nothing_else(any_session: Session) -> None:
    team, (ana, ben) = make_team_of(any_session, 2)
    for actor in (ana, ben):
        give_answer(any_session, team, actor, OPEN_WEEK.shift(-1), make_answer(comment="first"))
        give_answer(any_session, team, actor, OPEN_WEEK.shift(-1), make_answer(planned=10, comment="second"))
        surveys.save_draft(
            any_session,
            team.slug,
            OPEN_WEEK,
            {"planned": ["3"], "comment": ["draft"]},
            actor=actor,
            now=MONDAY,
        )
    assert surveys.delete_texts(any_session, actor=ana) == 3
    assert surveys.delete_texts(any_session, actor=ana) == 0
    assert surveys.delete_texts(any_session, actor=SERVER) == 0
    any_session.expire_all()
    found = any_session.exec(select(StoredAnswer).order_by(StoredAnswer.respondent)).all()
    assert [(row.comment, row.planned) for row in found] == [("", 10), ("second", 10)]
    replaced = any_session.exec(select(AnswerRevision).order_by(AnswerRevision.respondent)).all()
    assert [(row.comment, row.planned) for row in replaced] == [("", 24), ("first", 24)]
    drafts = any_session.exec(select(Draft).order_by(Draft.person_id)).all()  # type: ignore[arg-type]
    assert [draft.typed for draft in drafts] == [{"planned": ["3"]}, {"planned": ["3"], "comment": ["draft"]}]


def test_deleting_the_text_empties_what_an_import_has_read_and_not_taken_over(any_session: Session) -> None:
    team, (ana, ben) = make_team_of(any_session, 2)
    run = ImportRun(what="answers", file_name="a.csv", sha256="0", recognised="", started_at=MONDAY)
    stage = Stage(any_session, add_run(any_session, run))
    for actor in (ana, ben):
        key = f"person:{actor.person_id}"
        answer = make_answer(comment="imported")
        stage.add([(team.id, OPEN_WEEK.monday, key, actor.person_id, None, answer)])
    assert surveys.delete_texts(any_session, actor=ana) == 1
    found = any_session.execute(sa.select(STAGED_ANSWER.c.comment).order_by(STAGED_ANSWER.c.person_id))
    assert list(found.scalars()) == ["", "imported"]


def test_all_who_answer_one_week_at_once_count(any_engine: sa.Engine) -> None:
    def answer(actor: Actor) -> None:
        barrier.wait()
        with Session(writing(any_engine)) as session:
            send(session, actor, make_answer(planned=20, bau=10, overhead=0))
            session.commit()

    def join(number: int) -> None:
        barrier.wait()
        with Session(writing(any_engine)) as session:
            email = f"member{number}@payments.example"
            teams.add_member(session, email, "payments", hours_per_week=30, starts_on=OPEN_WEEK.monday, now=MONDAY)
            session.commit()

    with Session(writing(any_engine), expire_on_commit=False) as session:
        team, members = make_team_of(session, 6)
        session.commit()
    barrier = Barrier(6)
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(answer, actor) for actor in members[:4]]
        waiting += [threads.submit(join, number) for number in (4, 5)]
        for done in waiting:
            done.result()
    with Session(any_engine) as session:
        assert len(session.exec(select(StoredAnswer)).all()) == 4
        row = sums(session, team)
        assert (row.respondents, row.planned, row.defect, row.expected) == (4, 80, 40, 6)


def test_of_two_different_answers_of_one_person_at_once_one_is_a_conflict(any_engine: sa.Engine) -> None:
    def answer(planned: float) -> str:
        barrier.wait()
        with Session(writing(any_engine)) as session:
            try:
                send(session, ana, make_answer(planned=planned))
            except Conflict:
                return "conflict"
            session.commit()
            return "sent"

    with Session(writing(any_engine), expire_on_commit=False) as session:
        ana = make_member(session, make_team(session))
        session.commit()
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(answer, (10, 20))) == ["conflict", "sent"]
