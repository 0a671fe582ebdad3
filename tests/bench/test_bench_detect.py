from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import bench_detect, running
from tests.bench.bench_detect import main
from tests.bench.cases import Case, read_cases, write_cases
from tests.bench.detectors import Row
from tests.bench.examples import make_case
from tests.bench.mechanisms.plans import SCENARIOS
from tests.bench.running import Chunk, Outcome, judge

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        cases = [
            make_case([80.0] * 20),
            make_case([80.0] * 20 + [40.0] * 10, team="step-0", onset=20, scenario="step"),
        ]
        write_cases(cases, tmp_path / "data" / name)
    return tmp_path / "data"


def at_once(chunks: list[Chunk]) -> Outcome:
    return judge([case for chunk in chunks for case in chunk()])


def test_given_teams_are_measured_in_several_processes(folder: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.bench.bench_detect",
        "--seeds",
        "--data",
        str(folder),
        "--json",
        str(tmp_path / "o"),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (
        0,
        f"{folder}: 4 teams, 100 team-weeks, 2 team-years at risk",
    )
    (told,) = json.loads((tmp_path / "o").read_text())
    assert told["parts"] == ["one", "two"]


def test_made_teams_are_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_detect, "run", lambda chunks: at_once(chunks[-1:]))
    main(["--seeds", "1", "2", "--teams", "1"])
    out = capsys.readouterr().out
    assert out.startswith("Our own generator: 2 teams, ")
    assert "\nseed 2 " in out


def test_a_run_can_be_compared_with_an_earlier_one_of_the_same_teams(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench_detect, "run", at_once)
    earlier = str(tmp_path / "earlier.json")
    main(["--seeds", "--data", str(folder), "--json", earlier])
    main(["--seeds", "--data", str(folder), "--against", earlier])
    assert "less the earlier run" in capsys.readouterr().out
    write_cases([make_case([80.0] * 20)], folder / "two")
    main(["--seeds", "--data", str(folder), "--against", earlier])
    told = capsys.readouterr()
    assert "less the earlier run" not in told.out
    assert "the earlier run was of other teams" in told.err


def test_without_any_teams_there_is_nothing_to_measure() -> None:
    with pytest.raises(SystemExit, match="Give --seeds"):
        main(["--seeds"])


def test_made_teams_can_be_written_for_other_tools(tmp_path: Path) -> None:
    main(["--seeds", "4", "--teams", "1", "--write", str(tmp_path)])
    assert [case.truth.scenario for case in read_cases(tmp_path / "seed-4")] == list(SCENARIOS)


def test_a_verdict_that_uses_later_weeks_fails_the_run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def with_hindsight(_: Case, last: int) -> dict[int, Row]:
        return {0: {"state": "healthy", "last": last}}

    monkeypatch.setattr(bench_detect, "run", at_once)
    monkeypatch.setattr(running, "verdicts", with_hindsight)
    with pytest.raises(SystemExit, match="later weeks"):
        main(["--seeds", "--data", str(folder)])
