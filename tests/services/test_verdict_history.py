from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import NotFound
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.verdicts import Verdict
from bau_tracker.domain.weeks import Week
from bau_tracker.services.trends import team_page
from bau_tracker.services.verdict_history import COLUMNS, VerdictHistory, history_rows, verdict_history
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.rollups import refresh_week
from bau_tracker.storage.surveys import keep_answer
from bau_tracker.storage.tables import Answer as StoredAnswer
from bau_tracker.storage.tables import ImportRun, Team
from tests.factories import AFTER_FREEZE, OPEN_WEEK, answer_in_weeks, make_answer, make_member, make_team_of

FIGURES = ("planned_share", "low", "high", "earlier_share", "pressure", "fall", "complaints")


def say(session: Session, team: Team, who: list[Actor], back: int, answer: Answer) -> None:
    """Let some people give an answer for a week of the past."""
    week = OPEN_WEEK.shift(-back)
    for actor in who:
        keep_answer(
            session,
            team_id=team.id,
            week=week,
            respondent=f"person:{actor.person_id}",
            person_id=actor.person_id,
            answer=answer,
            now=AFTER_FREEZE,
        )
    refresh_week(session, team, week, AFTER_FREEZE)


def seen_by(session: Session, team: Team, actor: Actor) -> VerdictHistory:
    return verdict_history(session, team.slug, actor=actor, now=AFTER_FREEZE)


def figures(verdict: Verdict) -> set[object]:
    return {getattr(verdict, name) for name in FIGURES} | set(verdict.grown)


def test_a_member_of_a_team_of_three_reads_words_and_no_figure_which_a_lead_who_does_not_answer_does(
    session: Session,
) -> None:
    team, members = make_team_of(session, 3)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    answer_in_weeks(session, team, members, [0.8] * 12 + [0.5] * 5, excessive=(Chip.ALERTS,))
    settle(session, team, AFTER_FREEZE)
    for member in members:
        mine = seen_by(session, team, member)
        assert [week.stands.verdict.signal for week in mine.weeks] == [
            week.stands.verdict.signal for week in seen_by(session, team, lead).weeks
        ]
        assert {figure for week in mine.weeks for figure in figures(week.stands.verdict)} == {None}
        page = team_page(session, team.slug, actor=member, now=AFTER_FREEZE)
        assert {figure for verdict in page.trend.verdicts for figure in figures(verdict)} == {None}
    assert seen_by(session, team, lead).weeks[0].stands.verdict.planned_share is not None


def test_a_verdict_that_is_carried_over_a_silent_week_tells_no_more_than_the_week_it_is_of(session: Session) -> None:
    team, members = make_team_of(session, 3)
    answer_in_weeks(session, team, members, [0.8] * 12)
    later = AFTER_FREEZE + timedelta(weeks=2)
    settle(session, team, later)
    newest = verdict_history(session, team.slug, actor=members[0], now=later).weeks[0].stands.verdict
    assert newest.week == OPEN_WEEK.shift(2)
    assert figures(newest) == {None}


def test_a_lead_who_imported_all_answers_of_a_week_but_one_reads_no_figure_that_it_is_part_of(session: Session) -> None:
    team, members = make_team_of(session, 4)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    answer_in_weeks(session, team, members, [0.8] * 20, excessive=(Chip.ALERTS,))
    imported_by(session, team, lead, members[:3], OPEN_WEEK.shift(-2))
    settle(session, team, AFTER_FREEZE)
    history = {OPEN_WEEK - week.week: week.stands.verdict for week in seen_by(session, team, lead).weeks}
    assert all(figures(history[back]) == {None} for back in (0, 1, 2))
    assert history[3].planned_share is not None
    everything = {OPEN_WEEK - week.week: week.stands.verdict for week in seen_by(session, team, SERVER).weeks}
    assert everything[0].planned_share is not None
    for back in range(5):
        answer_in_weeks(session, team, members, [0.8], last=OPEN_WEEK.shift(back + 1), excessive=(Chip.ALERTS,))
    later = AFTER_FREEZE + timedelta(weeks=5)
    settle(session, team, later)
    newest = verdict_history(session, team.slug, actor=lead, now=later).weeks[0].stands.verdict
    assert newest.planned_share is not None
    assert newest.complaints is not None
    assert newest.complaints.norm is None
    everything_later = verdict_history(session, team.slug, actor=SERVER, now=later).weeks[0].stands.verdict
    assert everything_later.complaints is not None
    assert everything_later.complaints.norm is not None


def imported_by(session: Session, team: Team, lead: Actor, who: list[Actor], week: Week) -> None:
    """Let some answers of a week be ones that a lead imported, and so knows."""
    run = ImportRun(
        what="answers",
        file_name="a.csv",
        sha256="0",
        recognised="table",
        started_at=AFTER_FREEZE,
        person_id=lead.person_id,
        team_id=team.id,
    )
    session.add(run)
    session.flush()
    for actor in who:
        answer = session.get_one(StoredAnswer, (team.id, week.monday, f"person:{actor.person_id}"))
        answer.run_id = run.id
    session.flush()


def test_what_fewer_than_the_minimum_answered_is_part_of_no_verdict(session: Session) -> None:
    told = []
    for name, share in (("Payments", 40), ("Search", 0)):
        team, members = make_team_of(session, 4, name)
        answer_in_weeks(session, team, members, [0.8] * 12, last=OPEN_WEEK.shift(-1))
        answer = make_answer(planned=share, bau=40 - share, overhead=0, excessive=(Chip.ALERTS,))
        say(session, team, members[:2], 0, answer)
        settle(session, team, AFTER_FREEZE)
        told.append([week.stands.verdict for week in seen_by(session, team, SERVER).weeks])
    assert told[0] == told[1]


def test_every_figure_that_is_kept_is_a_whole_percent(session: Session) -> None:
    team, members = make_team_of(session, 7)
    for back in range(14):
        for number, member in enumerate(members):
            planned = 31.5 - 1.5 * number - (9 if back < 4 else 0)
            say(session, team, [member], back, make_answer(planned=planned, bau=8.5))
    settle(session, team, AFTER_FREEZE)
    for week in seen_by(session, team, SERVER).weeks:
        verdict = week.stands.verdict
        shares = [verdict.planned_share, verdict.low, verdict.high, verdict.earlier_share]
        shares += [verdict.fall.size, verdict.fall.low] if verdict.fall else []
        assert all(share is None or round(share, 2) == share for share in shares)


def test_an_earlier_verdict_on_other_answers_keeps_its_word_and_gives_no_figure(session: Session) -> None:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, [0.8] * 12)
    settle(session, team, AFTER_FREEZE)
    say(session, team, members, 0, make_answer(planned=4, bau=36, overhead=0))
    settle(session, team, AFTER_FREEZE + timedelta(hours=1))
    newest = seen_by(session, team, SERVER).weeks[0]
    assert [saying.number for saying in newest.sayings] == [1, 2]
    assert newest.sayings[0].verdict.planned_share is None
    assert newest.stands.verdict.planned_share is not None


def test_turns_are_marked_and_counted(session: Session) -> None:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, [0.8] * 12 + [0.45] * 6)
    settle(session, team, AFTER_FREEZE)
    history = seen_by(session, team, SERVER)
    signals = [week.stands.verdict.signal for week in history.weeks]
    turned = [week.turned for week in history.weeks]
    assert turned == [*(newer is not older for newer, older in pairwise(signals)), False]
    assert history.turns == sum(turned) >= 2


def test_the_table_holds_every_verdict_with_its_words(session: Session) -> None:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, [0.8] * 12)
    settle(session, team, AFTER_FREEZE)
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in history_rows(session, [team], actor=SERVER, now=AFTER_FREEZE)
    ]
    assert [row["week"] for row in rows] == [str(week) for week in OPEN_WEEK.shift(-11).until(OPEN_WEEK)]
    last = rows[-1]
    assert (last["team"], last["number"], last["stands"], last["because"]) == ("payments", 1, "yes", "published")
    assert (last["signal"], last["planned_share"], last["headline"]) == ("healthy", 0.8, "steady and healthy")
    assert str(last["reason"]).startswith("Planned work is 80 %")
    some = history_rows(session, [team], actor=SERVER, now=AFTER_FREEZE, since=OPEN_WEEK, until=OPEN_WEEK)
    assert len(list(some)) == 1


def test_somebody_of_no_team_learns_nothing(session: Session) -> None:
    make_team_of(session, 3)
    _, (stranger,) = make_team_of(session, 1, "Search")
    with pytest.raises(NotFound):
        verdict_history(session, "payments", actor=stranger, now=AFTER_FREEZE)
