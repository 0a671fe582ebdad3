"""Measures reading a workbook of answers against bare iteration over the same sheet, in the same run.

Run by `make bench`, or `python -m tests.bench.bench_workbook [ROWS]`. The ratio is the figure, not the seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from bau_tracker.formats.answers import inspect_answers, open_answers
from tests.bench.bench_bulk import FIRST, PEOPLE, WEEKS

ROWS: Final = 100_000
ROUNDS: Final = 3
"""How often each way is timed, in turns; its shortest time counts."""
_HEADER: Final = (
    "Timestamp", "Email Address", "Team", "Planned work (hours)", "Defect fixes (hours)", "Meetings (hours)",
    "Anything else?",
)  # fmt: skip
_NOON: Final = time_of_day(12)


def write_google_forms(path: Path, rows: int) -> Path:
    """Write answers with real dates as Google Forms exports them; those of a person are of one week after the other."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "m/d/yyyy h:mm:ss"}) as book:
        sheet = book.add_worksheet("Form Responses 1")
        sheet.write_row(0, 0, _HEADER)
        for row in range(rows):
            person, week = divmod(row, WEEKS)
            at = datetime.combine(FIRST.shift(week).monday, _NOON) + timedelta(days=4, minutes=row % 60)
            said = "" if row % 10 else f"Said number {row}"
            hours = (20.0 + row % 9, row % 5, row % 3)
            sheet.write_row(row + 1, 0, (at, f"p{person}@example.org", f"team-{person // PEOPLE}", *hours, said))
    return path


def read_bare(path: Path) -> int:
    """Go through the cells, and do nothing with them."""
    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()) - 1


def read_ours(path: Path) -> int:
    """Recognise the file and read its answers."""
    return sum(1 for _ in open_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0))


def look_at(path: Path) -> int:
    """Find out what the file holds, as the pages of an import do first."""
    return inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0).rows


def seconds_for(read: Callable[[Path], int], path: Path, rows: int) -> float:
    """Say how long reading took, which has to give all rows."""
    started = time.perf_counter()
    found = read(path)
    if found != rows:
        raise SystemExit(f"{rows} rows were written and {found} read")
    return time.perf_counter() - started


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_google_forms(Path(folder) / "answers.xlsx", rows)
        rounds = [[seconds_for(read, path, rows) for read in (read_bare, read_ours, look_at)] for _ in range(ROUNDS)]
    bare, ours, look = (min(seconds) for seconds in zip(*rounds, strict=True))
    sys.stdout.write(
        f"{rows:,} answers as a workbook: recognised and read at {rows / ours:,.0f} rows/s, {ours / bare:.1f} times "
        f"the time of bare iteration ({rows / bare:,.0f} rows/s); looked at in {look / bare:.1f} times that time\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
