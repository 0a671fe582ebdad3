"""Gives files as the tools write them: what the drill spoils."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from bau_tracker.domain.importing import AnswerRecord
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services.recognising import ANSWERS, ITEMS
from tests import survey_exports, tracker_files

TEAM: Final = "payments"
PEOPLE: Final = 5
START: Final = datetime(2026, 9, 7, 8, tzinfo=UTC)
_FIXTURES: Final = Path(__file__).parents[1] / "fixtures" / "imports"
_TEXTS: Final = ("", "quiet", "zwei Ausfälle", "=1+1", 'said "no", twice', "first line\nsecond line", "🔥", "a;b,c\td")


@dataclass(frozen=True, slots=True)
class Original:
    """A file that is right: what is imported from it, what it is called, what it holds, of how many rows."""

    what: str
    name: str
    content: bytes
    rows: int | None = None


def some_original(random: Random) -> Original:
    """Give a file that a tool might have written."""
    return random.choice((_own, _survey, _survey, _tracker, _tracker, _fixture))(random)


def _fixture(random: Random) -> Original:
    path = random.choice(sorted(_FIXTURES.iterdir()))
    return Original(ITEMS, path.name, path.read_bytes())


def _tracker(random: Random) -> Original:
    writer = random.choice(list(tracker_files.WRITERS))
    found = [_item(random) for _ in range(random.randint(1, 12))]
    ending = "json" if "json" in writer.__name__ else "csv"
    return Original(ITEMS, f"items.{ending}", writer(found).encode(), len(found))


def _item(random: Random) -> dict[str, Any]:
    created = _moment(random)
    return {
        "title": f"Mend part {random.randint(1, 99)}",
        "text": random.choice(_TEXTS),
        "labels": random.sample(["bug", "urgent", "büro", "a b"], random.randint(0, 3)),
        "created": created,
        "closed": random.choice((None, created + timedelta(days=2))),
        "seconds": random.choice((0, 3_600, 90_000)),
    }


def _survey(random: Random) -> Original:
    given = [_given(random) for _ in range(random.randint(1, 12))]
    rows = random.choice(survey_exports.WRITERS)(given)
    ending, write = random.choice((("csv", survey_exports.write_csv), ("xlsx", survey_exports.write_xlsx)))
    return Original(ANSWERS, f"answers.{ending}", _written(lambda path: write(path, rows)), len(given))


def _given(random: Random) -> survey_exports.Given:
    return survey_exports.Given(
        planned=random.randint(0, 60) / 2,
        defect=random.randint(0, 20) / 2,
        overhead=random.randint(1, 10) / 2,
        excessive=frozenset(random.sample(list(Chip), random.randint(0, 3))),
        deferred=random.random() < 0.5,
        comment=random.choice(_TEXTS),
        email=_email(random),
        at=_moment(random),
    )


def _own(random: Random) -> Original:
    records = [_record(random, line) for line in range(random.randint(1, 12))]
    content = _written(lambda path: write_table(path, OWN_COLUMNS, map(answer_row, records)))
    return Original(ANSWERS, "answers.csv", content, len(records))


def _record(random: Random, line: int) -> AnswerRecord:
    split = TimeSplit(planned=random.randint(0, 60) / 2, defect=random.randint(1, 20) / 2)
    answer = Answer(split=split, hours_available=40.0, comment=random.choice(_TEXTS))
    at = _moment(random)
    return AnswerRecord(line, Week.containing(at.date()), answer, TEAM, _email(random), answered_at=at)


def _moment(random: Random) -> datetime:
    return START + timedelta(minutes=random.randint(0, 60 * 24 * 60))


def _email(random: Random) -> str:
    return f"member{random.randrange(PEOPLE + 1)}@{TEAM}.example"


def _written(write: Callable[[Path], Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(path)
        return path.read_bytes()
