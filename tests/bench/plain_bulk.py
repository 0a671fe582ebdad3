"""The plainest way to import and export a table with the standard library: what bulk work is measured against."""

from __future__ import annotations

import csv
import sqlite3
import sys
from pathlib import Path


def plain_import(folder: Path) -> None:
    """Import answers.csv with csv and sqlite3's executemany, nothing checked."""
    with sqlite3.connect(folder / "plain.sqlite3") as database, (folder / "answers.csv").open(newline="") as file:
        rows = csv.reader(file)
        width = len(next(rows))
        database.execute(f"CREATE TABLE answer ({', '.join(f'c{n}' for n in range(width))}, PRIMARY KEY (c0, c1, c2))")
        marks = ", ".join("?" * width)
        database.executemany(f"INSERT INTO answer VALUES ({marks})", rows)  # noqa: S608  (made of question marks)


def plain_export(folder: Path) -> None:
    """Export what was imported with csv.writer over a cursor."""
    with sqlite3.connect(folder / "plain.sqlite3") as database, (folder / "plain.csv").open("w", newline="") as file:
        rows = database.execute("SELECT * FROM answer ORDER BY c0, c1, c2")
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description])
        writer.writerows(rows)


if __name__ == "__main__":
    {"import": plain_import, "export": plain_export}[sys.argv[1]](Path(sys.argv[2]))
