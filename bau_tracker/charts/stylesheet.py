"""Decides what static/plotly.css holds: the rules that Plotly's script would add to the page at run time.

The security policy forbids styles made by scripts. Plotly leaves its own out when it finds them linked, see the macro
`charts.head`. After an upgrade of plotly, write the file anew: `python -m bau_tracker.charts.stylesheet`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Final

import plotly  # type: ignore[import-untyped]  # plotly ships no types

_RULES: Final = re.compile(r'\{"X,X div":.*?\};for\(', re.DOTALL)
_BARE_NAME: Final = re.compile(r'([{,])([A-Za-z]\w*):(?=["\'])')
_SINGLE_QUOTED: Final = re.compile(r"(?<=:)'([^']*)'")
_MAP_STYLE: Final = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


def bundle() -> bytes:
    """Read the script that the installed plotly package carries."""
    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


def plotly_css() -> str:
    """Write out the rules of the installed bundle in the order in which Plotly would leave them.

    Raises ValueError when the bundle no longer holds them in the known form.
    """
    found = _RULES.search(bundle().decode())
    if found is None:
        raise ValueError("The rules are no longer where they were in plotly.min.js; see how it adds its styles now.")
    literal = _SINGLE_QUOTED.sub(lambda quoted: json.dumps(quoted[1]), found[0].removesuffix(";for("))
    rules: dict[str, str] = json.loads(_BARE_NAME.sub(r'\1"\2":', literal))
    lines = [f"{_selector(short)} {{ {body} }}" for short, body in rules.items()]
    return "\n".join(["/* Written by bau_tracker/charts/stylesheet.py */", *reversed(lines), ""])


def map_style_id() -> str:
    """Give the id of the style that the bundle adds for maps unless an element has that id already.

    Raises ValueError when the bundle no longer asks for it.
    """
    found = _MAP_STYLE.search(bundle().decode())
    if found is None:
        raise ValueError("The id of the style for maps is no longer in plotly.min.js.")
    return found[1]


def _selector(short: str) -> str:
    """Spell out Plotly's short forms: X is a plot, Y its notifier."""
    return re.sub("X", ".js-plotly-plot .plotly", short).replace("Y", ".plotly-notifier")


if __name__ == "__main__":
    sys.stdout.write(plotly_css())
