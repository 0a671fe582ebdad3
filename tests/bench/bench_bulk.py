"""Measures importing, exporting and undoing answers in bulk against the plainest way to do the same, in the same run.

Run by `make bench`, or `python -m tests.bench.bench_bulk [ROWS]`. Machines are noisy: the ratios are the figures, not
the seconds.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.own_answers import OWN_COLUMNS
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.migrate import upgrade
from bau_tracker.storage.tables import Membership, Person, Team

ROWS, WEEKS, PEOPLE = 1_000_000, 250, 8
"""Answers in all; of each person so many weeks, of each team so many people."""
FIRST = Week(date(2021, 1, 4))
NOW = datetime(2026, 1, 5, tzinfo=UTC)
PLAIN = Path(__file__).with_name("plain_bulk.py")


class Cost(NamedTuple):
    """What a command took: seconds, and the most memory it held, in MB."""

    seconds: float
    memory: float


def make_file(path: Path, rows: int) -> None:
    """Write the answers to be imported, in our own columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(OWN_COLUMNS)
        for number in range(rows):
            person, week = divmod(number, WEEKS)
            monday = FIRST.shift(week)
            hours = [20 + number % 9, *((number >> kind) % 3 for kind in range(len(CATEGORIES) - 1))]
            excessive = "alerts; deployments" if number % 5 == 0 else ""
            who = (f"team-{person // PEOPLE}", str(monday), f"p{person}@example.org", "", "submitted", 40)
            at = f"{monday.sunday}T{number % 24:02d}:{number // 24 % 60:02d}:{number // 1440 % 60:02d}Z"
            writer.writerow([*who, *hours, number % 2, excessive, "no", "", at])


def make_roster(url: str, people: int) -> None:
    """Make the database with its teams and people."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(writing(engine)) as session:
        for number in range(-(-people // PEOPLE)):
            session.add(Team(id=number + 1, slug=f"team-{number}", name=f"Team {number}", created_at=NOW))
        for number in range(people):
            session.add(Person(id=number + 1, email=f"p{number}@example.org", session_key="x", created_at=NOW))
        session.flush()
        for number in range(people):
            team_id = number // PEOPLE + 1
            session.add(Membership(team_id=team_id, person_id=number + 1, starts_on=FIRST.monday))
        session.commit()


def measure(*command: str, environment: dict[str, str]) -> Cost:
    """Run a command as a process of its own."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)


def compare(folder: Path, rows: int) -> Sequence[str]:
    """Import and export so many answers both ways; give a line for each."""
    database = folder / "bau-tracker.sqlite3"
    environment = os.environ | {
        "BAU_TRACKER_DATA_DIR": str(folder),
        "BAU_TRACKER_DATABASE_URL": f"sqlite:///{database}",
    }
    make_file(folder / "answers.csv", rows)
    make_roster(f"sqlite:///{database}", -(-rows // WEEKS))
    program = (sys.executable, "-m", "bau_tracker")
    ours = {
        "import": (*program, "import", "answers", str(folder / "answers.csv")),
        "export": (*program, "export", "answers", "-o", str(folder / "ours.csv")),
    }
    lines, costs = [], {}
    for what, command in ours.items():
        plain = measure(sys.executable, str(PLAIN), what, str(folder), environment=environment)
        cost = costs[what] = measure(*command, environment=environment)
        lines.append(
            f"{what}: {rows / cost.seconds:,.0f} rows/s, {cost.memory:.0f} MB at most; "
            f"{cost.seconds / plain.seconds:.1f} times the time of plain Python "
            f"({rows / plain.seconds:,.0f} rows/s, {plain.memory:.0f} MB)"
        )
    undo = measure(*program, "import", "undo", "1", environment=environment)
    times = undo.seconds / costs["import"].seconds
    return [*lines, f"undo: {times:.1f} times the time of importing, {undo.memory:.0f} MB at most"]


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"{rows:,} answers on SQLite", *compare(Path(folder), rows)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
