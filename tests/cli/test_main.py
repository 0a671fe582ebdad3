from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from bau_tracker.cli import migrate
from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, UnreadableInput
from bau_tracker.settings import UnsafeSettings
from tests.cli.program import Run


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnreadableInput("Choose another file."), 2),
        (InvalidInput("Choose another file."), 2),
        (UnsafeSettings("Choose another file."), 2),
        (Conflict("Choose another file."), 1),
        (NotFound("Choose another file."), 1),
        (Forbidden("Choose another file."), 1),
        (FileNotFoundError(2, "Choose another file.", "x.csv"), 1),
    ],
)
def test_a_failure_is_one_message_on_standard_error_and_a_status(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(migrate, "read_settings", fail)
    outcome = run("migrate")
    assert outcome.status == status
    assert outcome.out == ""
    assert "Choose another file." in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("team", "add"),
        ("export", "people"),
        ("export", "weeks", "--pseudonymous"),
        ("export", "weeks", "--from", "yesterday"),
        ("export", "weeks", "--format", "pdf"),
        ("import", "answers"),
        ("serve", "--port", "0"),
        ("team", "add", "Payments", "--timezone", "Moon/Base"),
        ("team", "add", "Payments", "--hours", "0"),
        ("team", "add", "!!!"),
        ("person", "add", "ana"),
        ("member", "add", "ana@example.org", "--team", "payments", "--from", "2026-02-30"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_how_to_mend_it(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "has 5 characters; give it 32 or more"),
        ("BASE_URL", "bau.example", "must begin with http:// or https://"),
        ("PROXIES", "one", "must be a whole number"),
        ("DATABASE_URL", "postgresql://me@host/bau", "must begin with sqlite:/// or postgresql+psycopg://"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"BAU_TRACKER_{name}", value)
    outcome = run("migrate")
    assert (outcome.status, outcome.out) == (2, "")
    assert words in outcome.err
    assert f"BAU_TRACKER_{name}" in outcome.err


def test_a_database_that_cannot_be_reached_is_one_message(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAU_TRACKER_DATABASE_URL", "sqlite:////nowhere/at/all/bau.sqlite3")
    outcome = run("team", "add", "Payments")
    assert (outcome.status, outcome.out) == (1, "")
    assert "The database doesn't answer, or can't be written" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("program", [["-m", "bau_tracker"], ["-c", "from bau_tracker.cli.main import main; main()"]])
def test_the_program_runs_from_any_folder(tmp_path: Path, program: list[str]) -> None:
    environment = os.environ | {"BAU_TRACKER_DATA_DIR": str(tmp_path / "new" / "data")}
    outcome = subprocess.run(
        [sys.executable, *program, "migrate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert outcome.stderr == "The database is current.\n"
    assert (tmp_path / "new" / "data" / "bau-tracker.sqlite3").exists()


def test_the_version_is_that_of_the_package(run: Run) -> None:
    outcome = run("--version")
    assert outcome.status == 0
    assert version("bau-tracker") in outcome.out
