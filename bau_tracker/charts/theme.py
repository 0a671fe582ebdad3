"""Decides what each meaning looks like in every chart: colours, symbols, fonts and the layout all figures share.

Colours of work are Okabe-Ito's palette, fixed per meaning and the same in both themes. What belongs to a theme (text,
grid, background, signals) is written as the name of a custom property of app.css, `var(--…)`; app.js puts the values
in before a figure is drawn, and again when the theme changes.

Texts of figures use no tags but `<br>` and `<extra>`: for `<b>` and its like Plotly writes style attributes, which the
security policy refuses; weight is a property of a font instead.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, Final

from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.verdicts import Signal
from bau_tracker.domain.weeks import Week

PLANNED: Final = "#0072B2"
PLANNED_BAND: Final = "rgba(0, 114, 178, 0.18)"

KIND_COLOURS: Final[dict[Kind, str]] = {
    Kind.CAPACITY: "#56B4E9",
    Kind.DEFECT: "#D55E00",
    Kind.SECURITY: "#CC79A7",
    Kind.TELEMETRY: "#009E73",
    Kind.SUPPORT: "#E69F00",
    Kind.MINOR_CHANGE: "#F0E442",
    Kind.OTHER_BAU: "#999999",
}

KIND_EDGES: Final[dict[Kind, str]] = {
    **KIND_COLOURS,
    Kind.CAPACITY: "#3080B0",
    Kind.SUPPORT: "#AD7800",
    Kind.MINOR_CHANGE: "#8C8418",
    Kind.OTHER_BAU: "#757575",
}
"""The outline of a kind: darker where the colour alone has less than 3:1 against white."""

TEXT: Final = "var(--chart-text)"
MUTED: Final = "var(--chart-muted)"
GRID: Final = "var(--chart-grid)"
SURFACE: Final = "var(--chart-surface)"

SIGNAL_COLOURS: Final[dict[Signal, str]] = {
    Signal.PITFALL: "var(--signal-bad)",
    Signal.EXCESSIVE: "var(--signal-bad)",
    Signal.EARLY_WARNING: "var(--signal-warn)",
    Signal.WATCH: "var(--signal-warn)",
    Signal.RECOVERING: "var(--signal-good)",
    Signal.LOW: "var(--signal-none)",
    Signal.HEALTHY: "var(--signal-good)",
    Signal.NOT_ENOUGH_DATA: "var(--signal-none)",
}

SIGNAL_SYMBOLS: Final[dict[Signal, str]] = {
    Signal.PITFALL: "triangle-down",
    Signal.EXCESSIVE: "square",
    Signal.EARLY_WARNING: "triangle-down-open",
    Signal.WATCH: "diamond",
    Signal.RECOVERING: "triangle-up-open",
    Signal.LOW: "circle",
    Signal.HEALTHY: "circle",
    Signal.NOT_ENOUGH_DATA: "circle-open",
}
"""Plotly's name of each shape; they are the shapes of `trends.SIGNALS`."""

_FONT: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'
_MARGIN_DAYS: Final = 5
_WEEK_MILLISECONDS: Final = 7 * 24 * 3600 * 1000
_FEW_WEEKS: Final = 16
_FEW_TICKS: Final = 5
"""Plotly's own ticks lie on Sundays when the weeks are few; these lie on the Mondays that stand for the weeks."""


def base_layout() -> dict[str, Any]:
    """Give the layout every figure starts from; its height is left to the page."""
    return {
        "autosize": True,
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": SURFACE,
        "font": {"family": _FONT, "size": 13, "color": TEXT},
        "margin": {"l": 48, "r": 16, "t": 12, "b": 44},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "hoverlabel": {
            "align": "left",
            "bgcolor": SURFACE,
            "bordercolor": MUTED,
            "font": {"family": _FONT, "size": 13, "color": TEXT},
        },
        "modebar": {"bgcolor": "rgba(0, 0, 0, 0)", "color": MUTED, "activecolor": TEXT},
    }


def week_axis(first: Week, last: Week) -> dict[str, Any]:
    """Give a horizontal axis of weeks that names months, and days when the weeks are few."""
    margin = timedelta(days=_MARGIN_DAYS)
    weeks = last - first + 1
    few = {"tick0": str(first.monday), "dtick": math.ceil(weeks / _FEW_TICKS) * _WEEK_MILLISECONDS}
    return (few if weeks <= _FEW_WEEKS else {}) | {
        "type": "date",
        "range": [str(first.monday - margin), str(last.monday + margin)],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "linecolor": GRID,
        "ticks": "outside",
        "tickcolor": GRID,
        "ticklen": 5,
        "tickangle": 0,
        "tickfont": {"size": 12, "color": MUTED},
        "tickformatstops": [
            {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", None], "value": "%b\n%Y"},
        ],
    }


def amount_axis() -> dict[str, Any]:
    """Give a vertical axis that starts at nothing, with a faint grid."""
    return {
        "rangemode": "tozero",
        "fixedrange": True,
        "gridcolor": GRID,
        "zeroline": False,
        "tickfont": {"size": 12, "color": MUTED},
    }
