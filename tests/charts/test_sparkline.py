from __future__ import annotations

from bau_tracker.charts.sparkline import HEIGHT, WIDTH, sparkline
from tests.charts.weeks import make_series, make_week


def test_a_line_has_its_newest_week_at_the_right_edge_and_stands_on_one_scale() -> None:
    spark = sparkline(make_series(0.0, 1.0), healthy=0.5)
    assert spark.last == (WIDTH - 4, 4)
    assert spark.level_y == HEIGHT / 2
    assert spark.paths == (f"M146.1 {HEIGHT - 4}L{WIDTH - 4} 4",)


def test_a_gap_breaks_the_line_whether_given_or_left_out() -> None:
    given = sparkline(make_series(0.8, 0.8, None, 0.6, 0.6), healthy=0.7)
    left_out = sparkline([make_week(number, share) for number, share in [(0, 0.8), (1, 0.8), (3, 0.6), (4, 0.6)]], 0.7)
    assert len(given.paths) == 2
    assert given == left_out


def test_a_single_week_is_a_dot() -> None:
    assert sparkline(make_series(0.8, None, 0.8), 0.7).paths[0].endswith("h0")


def test_weeks_older_than_half_a_year_are_left_out() -> None:
    spark = sparkline(make_series(*[0.8] * 52), 0.7)
    assert spark.paths[0].count("L") == 25
    assert spark.paths[0].startswith("M4 ")


def test_a_hidden_newest_week_leaves_the_last_point_where_the_figures_end() -> None:
    spark = sparkline([make_week(0, 0.5), make_week(1, hidden=True)], 0.7)
    assert spark.last == (146.1, HEIGHT / 2)


def test_a_team_without_figures_has_the_level_only() -> None:
    for series in ([], make_series(None)):
        spark = sparkline(series, 0.7)
        assert spark.paths == ()
        assert spark.last is None
