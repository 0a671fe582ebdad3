from __future__ import annotations

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from tests.cli.program import Run
from tests.conftest import SECRET, Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, answer_in_weeks, make_team_of


@pytest.fixture
def with_answers(run: Run, session: Session, clock: Clock) -> Run:
    """Give a function that runs the program where two teams have answered for twelve weeks."""
    for name in ("Payments", "Search"):
        team, members = make_team_of(session, 4, name)
        answer_in_weeks(session, team, members, [0.75] * 12)
    session.commit()
    clock.now = AFTER_FREEZE
    return run


def numbers(engine: sa.Engine) -> list[int]:
    with Session(engine) as session:
        return [one.number for one in session.exec(select(StoredVerdict))]


def test_a_timer_has_verdicts_reached_once(with_answers: Run, engine: sa.Engine) -> None:
    outcome = with_answers("verdicts")
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err == "payments: 12 reached.\nsearch: 12 reached.\n"
    outcome = with_answers("verdicts")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert numbers(engine) == [1] * 24


def test_one_team_can_be_asked_for_and_an_unknown_one_is_named(with_answers: Run, engine: sa.Engine) -> None:
    assert with_answers("verdicts", "--team", "search").err == "search: 12 reached.\n"
    assert numbers(engine) == [1] * 12
    outcome = with_answers("verdicts", "--team", "nowhere")
    assert outcome.status == 1
    assert outcome.err == "There is no team nowhere. Its slug stands in the address of its page.\n"


def test_the_past_is_reached_anew_only_when_asked_for_and_the_old_verdicts_are_kept(
    with_answers: Run, session: Session, engine: sa.Engine
) -> None:
    with_answers("verdicts")
    for team in session.exec(select(Team)):
        team.thresholds = {"healthy": 0.9}
    session.commit()
    assert with_answers("verdicts").err == ""
    outcome = with_answers("verdicts", "--again", "--team", "payments")
    assert outcome.err == "payments: 12 reached anew, of which 6 say something else.\n"
    assert sorted(numbers(engine)) == [1] * 24 + [2] * 12
    assert with_answers("verdicts", "--again", "--team", "payments").err == ""


def test_an_export_has_the_missing_verdicts_reached_first(with_answers: Run, engine: sa.Engine) -> None:
    lines = with_answers("export", "verdicts", "--team", "payments", "--from", str(OPEN_WEEK)).out.splitlines()
    assert len(lines) == 2
    assert "healthy" in lines[1]
    assert numbers(engine) == [1] * 12
    (weeks,) = with_answers("export", "weeks", "--team", "search", "--from", str(OPEN_WEEK)).out.splitlines()[1:]
    assert "Healthy" in weeks
    assert '"signal": "healthy"' in with_answers("export", "verdicts", "--format", "jsonl").out


def test_the_digest_has_verdicts_reached_first(
    with_answers: Run, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAU_TRACKER_MAIL", "mailbox")
    assert with_answers("digest", "--dry-run").status == 0
    assert numbers(engine) == []
    assert with_answers("digest").status == 0
    assert numbers(engine) == [1] * 24


def test_two_programs_at_once_reach_each_verdict_once(any_url: str) -> None:
    engine = make_engine(any_url)
    with Session(writing(engine)) as session:
        for number in range(4):
            team, members = make_team_of(session, 3, f"Team {number}")
            answer_in_weeks(session, team, members, [0.75] * 9)
        session.commit()
    environment = os.environ | {"BAU_TRACKER_DATABASE_URL": any_url, "BAU_TRACKER_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "bau_tracker", "verdicts"]
    programs = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(program.communicate(timeout=120)[1], program.returncode) for program in programs]
    assert [status for _, status in ended] == [0, 0], ended
    with Session(engine) as session:
        found = session.exec(select(StoredVerdict)).all()
        assert {row.number for row in found} == {1}
        assert {row.team_id for row in found} == {team.id for team in session.exec(select(Team))}
    engine.dispose()
