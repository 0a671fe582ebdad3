from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

from tests.bench.examples import make_case
from tests.bench.running import Outcome, judge
from tests.bench.tables import report, table, values


@cache
def outcome() -> Outcome:
    steady = [make_case([80.0, 78.0] * 26, team=f"calm-{number}") for number in range(3)]
    sliding = [make_case([80.0] * 20 + [40.0] * 14, team="step-0", onset=20, scenario="step")]
    return judge([*steady, *sliding])


def test_columns_are_aligned() -> None:
    assert table(("name", "share"), [("a", "0.50"), ("longer", "never")]) == (
        "name    share\n------  -----\na        0.50\nlonger  never"
    )


def test_the_report_names_every_detector_scenario_and_figure() -> None:
    lines = report("Two parts", {"seed 1": outcome(), "seed 2": outcome()}).splitlines()
    assert lines[0] == "Two parts: 8 teams, 380 team-weeks, 7 team-years at risk"
    starts = {line.split("  ")[0] for line in lines}
    assert starts >= {"BAU Tracker", "spreadsheet", "regression", "XmR chart", "seed 1", "seed 2", "calm", "step"}
    assert starts >= {"before a slide", "less spreadsheet", "alert weeks in the first 6"}
    assert "times the spreadsheet" in lines[-1]
    assert " 0 of 234 rows differ" in lines[-1]
    assert "nan" not in "\n".join(lines)


def test_one_part_has_no_table_by_part() -> None:
    assert "by part" not in report("One part", {"seed 1": outcome()})


def test_what_never_comes_and_what_is_not_there_can_be_kept_in_a_file() -> None:
    told: dict[str, Any] = values("One part", {"seed 1": outcome()})
    kept = json.loads(json.dumps(told, allow_nan=False))
    assert kept["detectors"]["spreadsheet"]["summary"]["changes"]["median"] == 1
    assert kept["detectors"]["spreadsheet"]["summary"]["clearing"]["median"] is None
    assert kept["detectors"]["regression"]["intervals"]["seen within 8 weeks"]["value"] in {0, 1}
    assert kept["differences"].keys() == {"spreadsheet", "regression", "XmR chart"}
    assert (kept["teams"], kept["team_weeks"]) == (4, 190)
    assert math.isfinite(kept["detectors"]["BAU Tracker"]["ms_a_team_week"])
