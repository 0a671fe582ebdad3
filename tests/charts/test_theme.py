from __future__ import annotations

import re
from pathlib import Path

import pytest

import bau_tracker.web
from bau_tracker.charts import theme
from bau_tracker.domain.taxonomy import KINDS, Kind
from bau_tracker.domain.verdicts import SIGNALS, Signal
from tests.charts.weeks import FIRST

CSS = (Path(bau_tracker.web.__file__).parent / "static" / "app.css").read_text()
LIGHT = CSS[: CSS.index('[data-bs-theme="dark"]')]
DARK = CSS[CSS.index('[data-bs-theme="dark"]') : CSS.index("/* The page */")]
SHAPES = {
    "▼": "triangle-down",
    "■": "square",
    "▽": "triangle-down-open",
    "◆": "diamond",
    "△": "triangle-up-open",
    "●": "circle",
    "○": "circle-open",
    "◐": "circle",
}


def value(block: str, name: str) -> str:
    found = re.search(rf"{name}: (#[0-9a-f]{{6}});", block)
    assert found, f"{name} has no colour in app.css"
    return found[1]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_every_kind_and_planned_work_stand_out_from_the_background(block: str) -> None:
    background = value(block, "--chart-surface")
    assert contrast(theme.PLANNED, background) >= 3
    for kind in Kind:
        best = max(contrast(theme.KIND_COLOURS[kind], background), contrast(theme.KIND_EDGES[kind], background))
        assert best >= 3, kind


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "name", ["--chart-text", "--chart-muted", "--signal-bad", "--signal-warn", "--signal-good", "--signal-none"]
)
def test_text_of_charts_and_verdicts_is_legible(block: str, name: str) -> None:
    assert contrast(value(block, name), value(block, "--chart-surface")) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_a_filled_verdict_are_legible(block: str) -> None:
    assert contrast(value(block, "--on-signal"), value(block, "--signal-bad")) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_that_figures_leave_to_the_theme_is_in_the_stylesheet(block: str) -> None:
    source = Path(theme.__file__).read_text()
    names = set(re.findall(r'"var\((--[a-z-]+)\)"', source))
    assert names
    for name in names:
        value(block, name)


def test_the_key_of_a_chart_has_the_colours_of_its_bars() -> None:
    for kind in KINDS:
        rule = re.search(rf"\.swatch-{kind.value} {{ border-color: (\S+); background: (\S+); }}", CSS)
        assert rule, kind
        assert rule.groups() == (theme.KIND_EDGES[kind].lower(), theme.KIND_COLOURS[kind].lower())


def test_a_signal_has_the_same_shape_in_charts_and_in_words() -> None:
    for signal in Signal:
        assert theme.SIGNAL_SYMBOLS[signal] == SHAPES[SIGNALS[signal].symbol]


def test_ticks_of_few_weeks_lie_on_their_mondays() -> None:
    axis = theme.week_axis(FIRST, FIRST.shift(8))
    assert axis["tick0"] == "2026-07-27"
    assert axis["dtick"] == 2 * 7 * 24 * 3600 * 1000


def test_a_year_of_weeks_is_marked_by_months() -> None:
    axis = theme.week_axis(FIRST, FIRST.shift(51))
    assert "dtick" not in axis
    assert axis["tickformatstops"][-1]["value"].startswith("%b")
