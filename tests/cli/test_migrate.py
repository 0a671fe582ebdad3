from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Run


def test_migrating_may_be_done_twice_and_checked(run_unmigrated: Run) -> None:
    run = run_unmigrated
    before = run("migrate", "--check")
    assert (before.status, before.out) == (1, "")
    assert before.err == "The database wants: bau-tracker migrate\n"
    assert [run("migrate").status for _ in range(2)] == [0, 0]
    after = run("migrate", "--check")
    assert (after.status, after.err) == (0, "The database is current.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("team", "add", "Payments"),
        ("person", "add", "ana@example.org"),
        ("export", "weeks"),
        ("serve",),
        ("import", "answers", "answers.csv"),
    ],
)
def test_a_command_on_an_old_database_says_what_to_run(
    run_unmigrated: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "answers.csv").write_text("team\n")
    outcome = run_unmigrated(*arguments)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "The database doesn't have the newest schema. Run: bau-tracker migrate\n"
