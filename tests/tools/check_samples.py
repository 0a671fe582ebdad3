"""Reads real export files of a folder and compares what comes out with what a careful person counted.

Run by `make samples SAMPLES=DIR`. Files of the folder that aren't expected here are named, and don't count.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Mapping, Problem
from bau_tracker.formats.answers import inspect_answers, open_answers
from bau_tracker.formats.items import inspect_items, open_items

_UTC: Final = ZoneInfo("UTC")
_ASKS: Final = "asks for a mapping (planned, other_bau, week)"


def count_items(path: Path) -> str:
    """Say how many items and problems a tracker's file comes to."""
    rows = list(open_items(path, zone=_UTC))
    problems = sum(isinstance(row, Problem) for row in rows)
    return f"{len(rows) - problems} items, {problems} problems"


def ask_which_columns(path: Path) -> str:
    """Say whether a table that no tracker writes ends in a request to map columns."""
    try:
        open_items(path, zone=_UTC)
    except UnreadableInput as error:
        return "asks for a mapping" if "mapping" in error.message else error.message
    return "was taken for items"


def count_as_suggested(path: Path) -> str:
    """Say how many items a table comes to once a person takes the columns that are offered."""
    offered = {field: guess.column for field, guess in inspect_items(path, zone=_UTC).guesses.items()}
    rows = list(open_items(path, zone=_UTC, mapping=Mapping(offered)))
    problems = sum(isinstance(row, Problem) for row in rows)
    return f"{ask_which_columns(path)}; then {len(rows) - problems} items, {problems} problems"


def survey(path: Path) -> str:
    """Say what is found out about a survey, and what is asked about it before any row is read."""
    found = inspect_answers(path, zone=_UTC, default_hours=40)
    layout, columns = found.layout, dict(found.layout.columns)
    try:
        open_answers(path, zone=_UTC, default_hours=40)
        outcome = "is read"
    except UnreadableInput as error:
        outcome = "asks for a mapping" if "mapping" in error.message else error.message
    time, asked = columns.get("answered_at", "none"), ", ".join(question.field for question in found.questions)
    return (
        f"{layout.tool}, {len(layout.header)} columns, {layout.header_rows} + {found.rows} rows, {layout.encoding}, "
        f"id “{columns.get('respondent', '')}”, time {time}, {outcome} ({asked})"
    )


EXPECTED: Final[dict[str, tuple[Callable[[Path], str], str]]] = {
    # Counted by `grep -cE ',TES-[0-9]+,1[0-9]+,'`, a key and an id beside each other: 22, from TES-4 to TES-25.
    "jira_csv/planeso.csv": (count_items, "22 items, 0 problems"),
    # Counted by `grep -c '^[0-9]*,"{""Conn'`, the lines that begin a record: 42; of these `grep -c '""pull_request""'`
    # finds 16, left out with their reason. One pull request stands there twice, as two connections fetched it.
    "github_rest/devlake-raw.csv": (count_items, "26 items, 16 problems"),
    # Counted by `grep -c '""incident_number""'`, once a record: 3.
    "pagerduty/devlake-raw.csv": (count_items, "3 items, 0 problems"),
    # Counted by `grep -c '""tinyId""'`, once a record: 2.
    "opsgenie/devlake-raw.csv": (count_items, "2 items, 0 problems"),
    # A database's table of items, which no tracker writes so: its columns are for a person to say. 4 lines by `wc -l`,
    # the first of them the header.
    "devlake/apache__devlake__issues_input.csv": (
        count_as_suggested,
        "asks for a mapping; then 3 items, 0 problems",
    ),
    # Logs of work, three for two items: they hold no items, so no title either.
    "devlake/apache__devlake__issue_worklogs.csv": (ask_which_columns, "asks for a mapping"),
    # Surveys about other things: no column says how a week split, and none when it was answered. Counted by a CSV
    # reader that knows nothing of surveys: rows that aren't blank, without the header's.
    "surveymonkey/star-wars.csv": (
        survey,
        f"surveymonkey, 38 columns, 2 + 399 rows, cp1252, id “RespondentID”, time none, {_ASKS}",
    ),
    "surveymonkey/steak-risk.csv": (
        survey,
        f"surveymonkey, 15 columns, 2 + 550 rows, utf-8, id “RespondentID”, time none, {_ASKS}",
    ),
    "limesurvey/digital-twins-de.csv": (
        survey,
        f"limesurvey, 317 columns, 1 + 96 rows, utf-8-sig, id “Antwort ID”, time none, {_ASKS}",
    ),
}


def main(folder: Path) -> int:
    """Print a line for each file; give 1 when any comes out otherwise than counted."""
    wrong = 0
    for name, (read, expected) in EXPECTED.items():
        found = read(folder / name)
        wrong += found != expected
        sys.stdout.write(f"{'ok   ' if found == expected else 'WRONG'} {name}: {found}; counted: {expected}\n")
    known = {folder / name for name in EXPECTED}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path not in known):
        sys.stdout.write(f"      {path.relative_to(folder)}: no importer yet\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
