from __future__ import annotations

from pathlib import Path

import pytest

from bau_tracker.settings import Settings
from tests.cli.program import Run, runner
from tests.conftest import Clock


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], settings: Settings, clock: Clock
) -> Run:
    """Give a function that runs the program on an empty, migrated database."""
    return runner(monkeypatch, capsysbinary, settings.data_dir, clock)


@pytest.fixture
def run_unmigrated(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, clock: Clock
) -> Run:
    """Give a function that runs the program where there is no database yet."""
    return runner(monkeypatch, capsysbinary, tmp_path, clock)


@pytest.fixture
def run_with_team(run: Run) -> Run:
    """Give a function that runs the program where Payments has three members."""
    assert run("team", "add", "Payments", "--timezone", "Europe/Berlin", "--step", "hours").out == "payments\n"
    for number in range(3):
        email = f"member{number}@example.org"
        assert run("person", "add", email).status == 0
        assert run("member", "add", email, "--team", "payments", "--from", "2026-01-05").status == 0
    return run
