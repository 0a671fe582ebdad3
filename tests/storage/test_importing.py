from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given

from bau_tracker.domain.surveys import Answer
from bau_tracker.storage.import_tables import STAGED_NAMES
from bau_tracker.storage.importing import staged_row
from bau_tracker.storage.surveys import columns_of
from tests.factories import OPEN_WEEK, answers


@given(answer=answers)
def test_a_staged_row_says_what_the_columns_of_an_answer_say(answer: Answer) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    key = {"team_id": 1, "respondent": "person:2", "person_id": 2, "answered_at": at}
    row = staged_row(answer, monday=OPEN_WEEK.monday, **key)  # type: ignore[arg-type]
    assert dict(zip(STAGED_NAMES, row, strict=True)) == columns_of(answer) | key | {"week": OPEN_WEEK.monday}
