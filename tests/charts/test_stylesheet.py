from __future__ import annotations

from pathlib import Path

import pytest

import bau_tracker.web
from bau_tracker.charts import stylesheet


def test_the_shipped_stylesheet_is_that_of_the_installed_plotly() -> None:
    shipped = Path(bau_tracker.web.__file__).parent / "static" / "plotly.css"
    assert shipped.read_text() == stylesheet.plotly_css(), "run python -m bau_tracker.charts.stylesheet"


def test_the_rules_place_the_drawing_and_hide_the_toolbar_until_it_is_pointed_at() -> None:
    rules = stylesheet.plotly_css().splitlines()
    assert ".js-plotly-plot .plotly .main-svg { position:absolute;top:0;left:0;pointer-events:none; }" in rules
    assert any(rule.startswith(".js-plotly-plot .plotly .modebar--hover") and "opacity:0" in rule for rule in rules)
    assert len(rules) > 60


def test_the_style_for_maps_is_asked_for_by_an_id() -> None:
    assert len(stylesheet.map_style_id()) == 64


def test_a_bundle_that_holds_its_styles_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylesheet, "bundle", lambda: b"something else")
    with pytest.raises(ValueError, match="no longer"):
        stylesheet.plotly_css()
    with pytest.raises(ValueError, match="no longer"):
        stylesheet.map_style_id()
