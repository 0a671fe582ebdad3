"""Runs the program as a shell would, in this process: status, standard output and standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from bau_tracker.cli import demo, exporting, importing, people, reminders, teams, verdicts
from bau_tracker.cli.main import main
from tests.conftest import SECRET, Clock

BASE_URL: Final = "https://bau.example"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a shell sees of a command that has ended."""

    status: int
    data: bytes
    err: str

    @property
    def out(self) -> str:
        """Give standard output as text."""
        return self.data.decode()

    @property
    def json(self) -> Any:
        """Give standard output as the one JSON object that it is."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


def runner(monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes], folder: Path, clock: Clock) -> Run:
    """Give a function that runs the program with this data folder, and at the moment of this clock."""
    monkeypatch.setenv("BAU_TRACKER_DATA_DIR", str(folder))
    monkeypatch.setenv("BAU_TRACKER_SECRET_KEY", SECRET)
    monkeypatch.setenv("BAU_TRACKER_BASE_URL", BASE_URL)
    for name in ("DATABASE_URL", "MAIL", "MAIL_FROM"):
        monkeypatch.delenv(f"BAU_TRACKER_{name}", raising=False)
    monkeypatch.chdir(folder)
    for module in (demo, exporting, importing, people, reminders, teams, verdicts):
        monkeypatch.setattr(module, "moment", clock)

    def run(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr("sys.argv", ["bau-tracker", *map(str, arguments)])
        capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capture.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err.decode())

    return run
