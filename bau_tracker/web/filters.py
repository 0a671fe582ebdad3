"""Decides how values are written on pages: shares as percent, hours, moments in a team's zone, signals in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.memberships import day_words
from bau_tracker.domain.reasons import headline, reasons, what_would_change
from bau_tracker.domain.verdicts import DEFAULTS, SIGNALS, Level, Signal, SignalWords, Thresholds, Verdict, level_of
from bau_tracker.domain.weeks import Week

NO_FIGURE = "-"
TOOLS = {
    "google_forms": "Google Forms",
    "microsoft_forms": "Microsoft Forms",
    "jira": "Jira",
    "bau_tracker": "our own export",
    "typeform": "Typeform",
    "surveymonkey": "SurveyMonkey",
    "limesurvey": "LimeSurvey",
    "github": "GitHub",
    "gitlab": "GitLab",
    "servicenow": "ServiceNow",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
    "azure_devops": "Azure DevOps",
    "table": "a table",
}
RUN_STATES = {
    RunState.READING: "being read",
    RunState.READ: "waits for you",
    RunState.TAKING_OVER: "being imported",
    RunState.IMPORTED: "imported",
    RunState.UNDONE: "undone",
    RunState.FAILED: "failed",
}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def percent(share: float | None) -> str:
    """Write a share 0..1 without decimals: `61 %`."""
    return NO_FIGURE if share is None else unbroken(f"{share * 100:.0f} %")


def percent1(share: float | None) -> str:
    """Write a share 0..1 with one decimal: `61.3 %`."""
    return NO_FIGURE if share is None else unbroken(f"{share * 100:.1f} %")


def hours(value: float | None) -> str:
    """Write hours with at most one decimal: `12`, `12.5`."""
    return NO_FIGURE if value is None else f"{value:.1f}".removesuffix(".0")


def moment(value: datetime | None, zone: str = "UTC") -> str:
    """Write a moment in a time zone: `Wed 25 Nov 2026, 12:00`."""
    return NO_FIGURE if value is None else f"{value.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M}"


def weekday(value: date) -> str:
    """Write a day: `Thu 24 Dec`."""
    return f"{value:%a %-d %b}"


def amount(value: float) -> str:
    """Write an amount of a form with at most two decimals: `12`, `5.63`."""
    return f"{round(value, 2):g}"


def day(value: date | None) -> str:
    """Write a day: `25 Nov 2026`."""
    return NO_FIGURE if value is None else day_words(value)


def week_label(monday: date) -> str:
    """Write the week of a Monday: `2026-W47 (16-22 Nov)`."""
    return Week(monday).label


def level_words(share: float, thresholds: Thresholds) -> str:
    """Say how high a planned share is, and against which line: `a low level (healthy from 70 %)`."""
    level = level_of(share, thresholds.healthy, thresholds.excessive)
    line = (
        f"under {thresholds.excessive * 100:.0f} %"
        if level is Level.EXCESSIVE
        else f"healthy from {thresholds.healthy * 100:.0f} %"
    )
    words = {Level.HEALTHY: "a healthy level", Level.LOW: "a low level", Level.EXCESSIVE: "excessive BAU"}
    return unbroken(f"{words[level]} ({line})")


def signal_words(signal: Signal) -> SignalWords:
    """Give the word and the shape of a signal."""
    return SIGNALS[signal]


def tool_name(tool: str) -> str:
    """Write the tool that a file was recognised as."""
    return TOOLS.get(tool, tool.replace("_", " "))


def shown(text: str, most: int = 300) -> str:
    """Write what stands in a file: in one line, cut when it is long, and with � for what would do more than be seen."""
    words = " ".join(text[: 2 * most].split())
    cut = words if len(words) <= most else f"{words[: most - 1]}…"
    return "".join(letter if letter.isprintable() or letter in _JOINERS else "�" for letter in cut)


def run_state(state: RunState) -> str:
    """Write how far an import has come."""
    return RUN_STATES[state]


def unbroken(text: str) -> str:
    """Keep a figure and its percent sign on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def reason_words(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> list[str]:
    """Say why a verdict is what it is, in sentences of which the first is the finding."""
    return [unbroken(sentence) for sentence in reasons(verdict, thresholds)]


def change_words(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Say what would change a verdict."""
    return unbroken(what_would_change(verdict, thresholds))


def register(app: Flask) -> None:
    """Make the filters known to templates."""
    for function in (
        percent,
        percent1,
        hours,
        moment,
        day,
        weekday,
        amount,
        week_label,
        signal_words,
        level_words,
        tool_name,
        shown,
        run_state,
        headline,
        reason_words,
        change_words,
    ):
        app.add_template_filter(function, function.__name__)
