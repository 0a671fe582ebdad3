from __future__ import annotations

from bau_tracker.charts.complaints import complaint_bars
from bau_tracker.domain.taxonomy import Chip
from tests.charts.weeks import make_series, make_week


def test_complaints_are_listed_most_named_first_as_a_share_of_the_answers() -> None:
    series = [
        make_week(0, chips={Chip.ALERTS: 1, Chip.DEPLOYMENTS: 2}),
        make_week(1, chips={Chip.DEPLOYMENTS: 3, Chip.APPROVALS: 0}),
    ]
    assert [(bar.chip, bar.label, bar.ticks, bar.share) for bar in complaint_bars(series)] == [
        (Chip.DEPLOYMENTS, "Deployments", 5, 0.5),
        (Chip.ALERTS, "Intermittent or noisy alerts", 1, 0.1),
    ]


def test_only_the_newest_weeks_that_asked_count() -> None:
    old = make_week(0, chips={Chip.ALERTS: 5})
    recent = [make_week(number, chips={Chip.DEPLOYMENTS: 1}) for number in range(1, 5)]
    silent = make_week(5, None, respondents=0)
    assert [bar.chip for bar in complaint_bars([old, *recent, silent])] == [Chip.DEPLOYMENTS]


def test_without_complaints_there_are_no_bars() -> None:
    assert complaint_bars(make_series(0.8, None)) == []
    assert complaint_bars([]) == []
