"""Draws figures in a real browser under the strict policy, with the page's own scripts and styles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, Response, render_template_string, request
from flask_bootstrap import Bootstrap5
from playwright.sync_api import Page, expect

from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.kinds import kinds_figure, kinds_key, kinds_sentence
from bau_tracker.charts.trend import trend_figure
from bau_tracker.charts.trend_words import trend_sentence
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.verdicts import Fall, Level, State, Verdict
from bau_tracker.resources import resource
from bau_tracker.web import filters
from bau_tracker.web.assets import assets
from bau_tracker.web.security import POLICY
from tests.charts.weeks import FIRST, make_series
from tests.chromium import axe_violations

SERIES = make_series(*[0.8] * 14, None, *[0.55] * 12)
SLIDE = Verdict(FIRST.shift(14), State.SLIDING, Level.LOW, fall=Fall(FIRST.shift(15), 0.2, 0.1, 0.3))
LINE = [
    Adjusted(totals.week, 80 if number < 15 else 55, 50, 85, clipped=number == 5, fitted=80 if number < 15 else 55)
    for number, totals in enumerate(SERIES)
]
TREND = Drawn(SERIES, [replace(SLIDE, week=totals.week) for totals in SERIES[15:]], adjusted=LINE)
HEAD = """<!doctype html>
<html lang="en">
<head>
  <title>Parts of pages</title>
  <script src="{{ url_for('static', filename='theme.js') }}"></script>
  {{ bootstrap.load_css() }}
  <link rel="stylesheet" href="{{ url_for('static', filename='app.css') }}">
  <link rel="icon" href="{{ url_for('static', filename='icon.svg') }}">
  {% import "macros/charts.html" as charts %}
"""
CHARTS = """  {{ charts.head() }}
  <script src="{{ url_for('static', filename='app.js') }}" defer></script>
</head>
<body><main>
  <h1>Charts</h1>
  <button type="button" data-theme-button hidden>Theme</button>
  {% call charts.chart("trend", trend, trend_sentence, "Weeks") %}<table><tr><td>80 %</td></tr></table>{% endcall %}
  {% call charts.chart("kinds", kinds, kinds_sentence, "Kinds", key=key) %}<p>none</p>{% endcall %}
</main></body>
</html>"""
SURVEY = """  <script src="{{ url_for('static', filename='app.js') }}" defer></script>
</head>
<body><main>
  <form method="post" data-survey data-one=" h" data-many=" h">
    <label>Available <input name="available" value="8" data-available></label>
    <label>Planned <input name="planned" data-amount></label>
    <label>Defects <input name="defect" data-amount></label>
    <progress data-bar value="0" max="8" aria-label="Hours placed"></progress>
    <span data-total></span> <span data-remainder></span>
    <button name="action" value="send">Send</button>
  </form>
</main></body>
</html>"""


@pytest.fixture
def posts() -> list[dict[str, str]]:
    return []


@pytest.fixture
def address(live_server: Callable[[Flask], str], posts: list[dict[str, str]]) -> str:
    app = Flask("bau_tracker.web", template_folder=str(resource("templates")))
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.register_blueprint(assets)
    filters.register(app)

    @app.get("/")
    def page() -> str:
        return render_template_string(
            HEAD + CHARTS,
            trend=figure_json(trend_figure(TREND)),
            trend_sentence=trend_sentence(TREND),
            kinds=figure_json(kinds_figure(SERIES)),
            kinds_sentence=kinds_sentence(SERIES),
            key=kinds_key(SERIES),
        )

    @app.get("/survey")
    def survey() -> str:
        return render_template_string(HEAD + SURVEY)

    @app.post("/survey")
    def keep() -> tuple[str, int]:
        posts.append(request.form.to_dict())
        return "", 204

    @app.after_request
    def add_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return live_server(app)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_charts_are_drawn_and_styled_under_the_strict_policy(
    new_page: Callable[..., Page], address: str, scheme: str, width: int
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(address)
    expect(page.locator("#kinds svg.main-svg").first).to_be_attached()
    assert page.locator("#trend svg.main-svg").first.evaluate("svg => getComputedStyle(svg).position") == "absolute"
    assert page.locator("#kinds .bars path").count() >= len(SERIES) - 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(page) == []


def test_the_toolbar_shows_only_when_pointed_at(page: Page, address: str) -> None:
    page.goto(address)
    toolbar = page.locator("#trend .modebar-group")
    expect(toolbar).to_have_css("opacity", "0")
    page.locator("#trend").hover()
    expect(toolbar).to_have_css("opacity", "1")
    expect(page.locator("#trend .modebar-btn")).to_have_count(1)


def test_the_table_closes_once_its_chart_is_drawn(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Weeks as a table")).to_be_visible()
    expect(page.get_by_role("cell", name="80 %")).to_be_hidden()
    page.get_by_text("Weeks as a table").click()
    expect(page.get_by_role("cell", name="80 %")).to_be_visible()


def test_without_scripts_the_table_stands_open(new_page: Callable[..., Page], address: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address)
    expect(page.get_by_role("cell", name="80 %")).to_be_visible()
    expect(page.locator("#trend")).to_be_hidden()


def test_the_theme_button_recolours_the_charts_and_is_remembered(page: Page, address: str) -> None:
    page.goto(address)
    tick = page.locator("#trend .xtick text").first
    expect(tick).to_have_css("fill", "rgb(92, 99, 106)")
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(tick).to_have_css("fill", "rgb(163, 171, 179)")
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()


def test_the_sum_of_the_survey_follows_what_is_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/survey")
    page.get_by_label("Planned").fill("5")
    page.get_by_label("Defects").fill("2,5")
    expect(page.locator("[data-total]")).to_have_text("7.5 h")
    expect(page.locator("[data-remainder]")).to_have_text("0.5 h left")
    expect(page.get_by_label("Hours placed")).to_have_js_property("value", 7.5)
    page.get_by_label("Defects").fill("4")
    expect(page.locator("[data-remainder]")).to_have_text("1 h too many")
    page.get_by_label("Available").fill("9")
    expect(page.locator("[data-remainder]")).to_have_text("all placed")


def test_a_double_click_posts_once_with_the_name_of_its_button(
    page: Page, address: str, posts: list[dict[str, str]]
) -> None:
    page.goto(f"{address}/survey")
    page.get_by_label("Planned").fill("8")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name="Send").dblclick()
    assert posts == [{"available": "8", "planned": "8", "defect": "", "action": "send"}]
