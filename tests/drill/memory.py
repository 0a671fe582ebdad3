"""Imports large files by the command with a hard limit of memory: a million answers as CSV, 100,000 as a workbook.

Run by `make drill`, or `python -m tests.drill.memory`. The limits are of address space (RLIMIT_AS), the program and its
libraries included. Files that somebody made to do harm are in tests/formats/test_hostile_files.py.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_workbook import write_google_forms
from tests.drill.checks import check_answers, check_whole
from tests.drill.place import ended_well, main_of, number, sqlite_place, tell

CSV_ROWS, CSV_MEGABYTES = 1_000_000, 320
XLSX_ROWS, XLSX_MEGABYTES = 100_000, 640


def drill(rows: int, megabytes: int, write: Callable[[Path, int], Path] | None = None) -> None:
    """Import so many rows within so much memory."""
    with tempfile.TemporaryDirectory(prefix="bau-drill-") as folder:
        file = write(Path(folder) / "answers.xlsx", rows) if write else None
        with sqlite_place(rows, file) as place:
            started = time.perf_counter()
            limit = (megabytes << 20, megabytes << 20)
            ended_well(place.start_import(prepare=lambda: resource.setrlimit(resource.RLIMIT_AS, limit)))
            tell(f"{place.file.name}: {rows:,} rows in {time.perf_counter() - started:.0f} s within {megabytes} MB")
            check_whole(place)
            check_answers(place, rows)


def main() -> None:
    """Import both files."""
    drill(int(number("ROWS", CSV_ROWS)), CSV_MEGABYTES)
    drill(min(int(number("ROWS", XLSX_ROWS)), XLSX_ROWS), XLSX_MEGABYTES, write_google_forms)


if __name__ == "__main__":
    main_of(main)
