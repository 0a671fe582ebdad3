"""Imports one file in two processes at once: its answers are stored once, and both commands end well.

Run by `make drill`, or `python -m tests.drill.twice`.
"""

from __future__ import annotations

from typing import Final

from tests.drill.checks import check_answers, check_whole
from tests.drill.place import PLACES, Failure, ended_well, main_of, number, tell

ROWS: Final = 100_000


def drill(where: str, rows: int) -> None:
    """Import at once; raise Failure when anything is doubled or lost, or a command fails."""
    with PLACES[where](rows) as place:
        first, second = place.start_import(), place.start_import()
        said = [ended_well(process).splitlines() for process in (first, second)]
        check_whole(place)
        check_answers(place, rows)
        added = sorted(place.rows("SELECT accepted FROM import_run"))
        if sum(count for (count,) in added) != rows:
            raise Failure(f"{rows} answers were imported; the imports say that they added {added}")
    for name, lines in zip(("one", "the other"), said, strict=True):
        tell(f"{where}, {rows:,} rows, {name}: " + " / ".join(lines[:-1]))


def main() -> None:
    """Drill on SQLite and on PostgreSQL."""
    rows = int(number("ROWS", ROWS))
    for where in PLACES:
        drill(where, rows)


if __name__ == "__main__":
    main_of(main)
