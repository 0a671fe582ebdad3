from __future__ import annotations

from tests.bench.examples import make_outcome
from tests.bench.findings import Findings, Kept
from tests.bench.tables import report, table


def test_columns_are_aligned() -> None:
    assert table(("name", "share"), [("a", "0.50"), ("longer", "never")]) == (
        "name    share\n------  -----\na        0.50\nlonger  never"
    )


def test_the_report_names_every_detector_scenario_and_figure() -> None:
    lines = report(Findings("Two parts", {"seed 1": make_outcome(), "seed 2": make_outcome()})).splitlines()
    assert lines[0] == "Two parts: 8 teams, 380 team-weeks, 7 team-years at risk"
    starts = {line.split("  ")[0] for line in lines}
    assert starts >= {"BAU Tracker", "spreadsheet", "regression", "XmR chart", "seed 1", "seed 2", "calm", "step"}
    assert starts >= {"before a slide", "less spreadsheet", "alert weeks in the first 6"}
    assert "times the spreadsheet" in lines[-1]
    assert " 0 of 234 rows differ" in lines[-1]
    assert "nan" not in "\n".join(lines)


def test_one_part_has_no_table_by_part() -> None:
    assert "by part" not in report(Findings("One part", {"seed 1": make_outcome()}))


def test_an_earlier_run_stands_among_what_is_compared() -> None:
    outcome = make_outcome()
    earlier = Kept(("seed 1",), tuple(outcome.scores["BAU Tracker"]))
    (line,) = (
        line
        for line in report(Findings("One part", {"seed 1": outcome}, earlier)).splitlines()
        if line.startswith("less the earlier run")
    )
    assert "+0.00 (+0.00..+0.00)" in line
