from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.importing import AnswerRecord
from bau_tracker.formats.answers import AnswerFile, open_answers

BERLIN = ZoneInfo("Europe/Berlin")


def opened(path: Path, *lines: str) -> AnswerFile:
    path.write_text("\n".join(lines), encoding="utf-8")
    return open_answers(path, zone=BERLIN, default_hours=40)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return tmp_path / "survey.csv"


def test_complaints_in_own_words_are_kept_with_the_comment_where_there_is_room(survey: Path) -> None:
    rows = ("Noisy alerts;Slow lift;Quiet week", "Slow lift;;", f"Slow lift;;{'x' * 280}", "Other;;")
    quoted = ['2026-W47,30,8,a@example.org,"{}",{}'.format(*row.rsplit(";", 1)) for row in rows]

    file = opened(survey, "Week,Planned hours,Defects hours,Email,Excessive,Comment", *quoted)

    comments = [record.answer.comment for record in file if isinstance(record, AnswerRecord)]
    assert comments == ["Quiet week. Too much time: Slow lift", "Too much time: Slow lift", "x" * 280, ""]
    notes = " ".join(file.layout.notes)
    assert "so kept with the comment: 3 times, such as “Slow lift”. Of those, left out because the comment" in notes
    assert "has no room for them: 1." in notes


def test_rows_that_could_be_anybodys_are_counted_and_what_that_means_is_said(survey: Path) -> None:
    rows = ("2026-W47;30;;", "2026-W47;31;anonymous;", "2026-W47;32;ada@example.org;", "2026-W47;33;;7")

    file = opened(survey, "Week;Planned hours;Email;Response ID;Defects hours", *(f"{row};8" for row in rows))

    (note,) = [note for note in file.layout.notes if "neither an address nor a response id" in note]
    assert "response id: 2. One that was changed in the tool since an earlier import" in note


def test_a_file_whose_rows_all_say_whose_they_are_needs_no_such_note(survey: Path) -> None:
    file = opened(survey, "Week;Planned hours;Defects hours;Email", "2026-W47;30;8;ada@example.org")

    assert not [note for note in file.layout.notes if "neither" in note]
