from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bau_tracker.domain.surveys import Answer
from bau_tracker.storage.import_tables import STAGED_ANSWER
from bau_tracker.storage.importing import Stage
from bau_tracker.storage.runs import add_run
from bau_tracker.storage.surveys import columns_of
from bau_tracker.storage.tables import ImportRun
from tests.factories import MONDAY, OPEN_WEEK, answers

MOMENTS = [
    None,
    datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 20, 1, tzinfo=timezone(timedelta(hours=5))),
]


@given(answer=answers, at=st.sampled_from(MOMENTS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("copies", [1, 2])
def test_a_staged_answer_says_what_its_columns_say(
    any_session: Session, answer: Answer, at: datetime | None, copies: int
) -> None:
    any_session.rollback()
    run = ImportRun(what="answers", file_name="a.csv", sha256="0", recognised="", started_at=MONDAY)
    run_id = add_run(any_session, run)
    Stage(any_session, run_id).add([(1, OPEN_WEEK.monday, "person:2", 2, at, answer)] * copies)
    (row,) = any_session.execute(sa.select(STAGED_ANSWER)).mappings()
    assert dict(row) == columns_of(answer) | {
        "run_id": run_id,
        "team_id": 1,
        "week": OPEN_WEEK.monday,
        "respondent": "person:2",
        "person_id": 2,
        "answered_at": at,
        "copies": copies,
    }
