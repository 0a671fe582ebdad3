"""Decides how the figures of the benchmark look: as tables for a terminal, and as values for a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from tests.bench.detectors import BASELINE, DETECTORS, OURS
from tests.bench.intervals import Interval, compare, intervals
from tests.bench.running import Outcome
from tests.bench.scoring import Delays, Summary, summarise

_ALARMS: Final = "false alarms / team-year"
_HEADLINES: Final = (
    _ALARMS, "median delay", "90th percentile of delay", "seen within 4 weeks", "seen within 8 weeks",
    "seen within 12 weeks",
)  # fmt: skip
_IN_WEEKS: Final = frozenset({"median delay", "90th percentile of delay"})
_COMPARED: Final = (_ALARMS, "seen within 8 weeks", "seen within 12 weeks", "median delay")


def report(title: str, parts: dict[str, Outcome]) -> str:
    """Tell in tables what came out for teams of one origin, all together and by part (a seed, a folder)."""
    outcome = together(parts)
    summaries = {name: summarise(scores) for name, scores in outcome.scores.items()}
    teams, years = len(outcome.scores[OURS]), summaries[OURS].years
    sections = [
        f"{title}: {teams:,} teams, {outcome.team_weeks:,} team-weeks, {years:,.0f} team-years at risk",
        _headlines(outcome),
        _by_part(parts) if len(parts) > 1 else "",
        _alarms_by_scenario(summaries),
        _delays_by_scenario(summaries),
        _the_rest(summaries),
        _compared(outcome),
        _cost(outcome),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def together(parts: dict[str, Outcome]) -> Outcome:
    """Put the parts together."""
    outcome = Outcome()
    for part in parts.values():
        outcome.add(part)
    return outcome


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set cells in columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [_line(header, widths), "  ".join("-" * width for width in widths), *(_line(row, widths) for row in rows)]
    return "\n".join(line.rstrip() for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if not column else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others])


def _headlines(outcome: Outcome) -> str:
    rows = []
    for name, scores in outcome.scores.items():
        figures = intervals(scores)
        rows.append([name, *(_with_bounds(figure, figures[figure]) for figure in _HEADLINES)])
    header = ("with 95 % intervals", "false alarms/y", "median delay", "p90", "<= 4", "<= 8", "<= 12")
    return table(header, rows)


def _by_part(parts: dict[str, Outcome]) -> str:
    rows = []
    for part, outcome in parts.items():
        summary = summarise(outcome.scores[OURS])
        rows.append([part, _number(summary.false_alarms), *_delay_cells(summary.changes)])
    return table((f"{OURS}, by part", "false alarms/y", *_DELAYS), rows)


_DELAYS: Final = ("slides", "seen before", "median", "p90", "<= 4", "<= 8", "<= 12")


def _delay_cells(delays: Delays) -> list[str]:
    shares = (delays.within_4, delays.within_8, delays.within_12)
    counts, weeks = (str(delays.count), str(delays.preempted)), (_weeks(delays.median), _weeks(delays.ninetieth))
    return [*counts, *weeks, *(_number(share) for share in shares)]


def _alarms_by_scenario(summaries: dict[str, Summary]) -> str:
    scenarios = summaries[OURS].false_alarms_by_scenario
    rows = [
        [scenario, *(_number(summary.false_alarms_by_scenario[scenario]) for summary in summaries.values())]
        for scenario in scenarios
    ]
    return table(("false alarms / team-year", *summaries), rows)


def _delays_by_scenario(summaries: dict[str, Summary]) -> str:
    rows = [
        [scenario, *(_short(summary.changes_by_scenario[scenario]) for summary in summaries.values())]
        for scenario in summaries[OURS].changes_by_scenario
    ]
    return table(("median/p90, <= 8/<= 12", *summaries), rows)


def _short(delays: Delays) -> str:
    shares = f"{_number(delays.within_8)}/{_number(delays.within_12)}"
    return f"{_weeks(delays.median)}/{_weeks(delays.ninetieth)}, {shares}"


_REST: Final[dict[str, Callable[[Summary], str]]] = {
    "weeks to clear after recovery, median/p90": lambda s: (
        f"{_weeks(s.clearing.median)}/{_weeks(s.clearing.ninetieth)}"
    ),
    "recoveries (not in alert when they began)": lambda s: f"{s.clearing.count} ({s.clearing.preempted})",
    "in alert when truly under 45 %": lambda s: _number(s.alert_when_low),
    "excessive when truly over 55 %": lambda s: f"{s.excessive_when_high:.4f}",
    "state changes / stable team-year": lambda s: _number(s.state_changes_a_year),
    "alert weeks in the first 6": lambda s: str(s.early_alert_weeks),
    "first verdict, median week": lambda s: _weeks(s.first_verdict),
}


def _the_rest(summaries: dict[str, Summary]) -> str:
    rows = [[name, *(tell(summary) for summary in summaries.values())] for name, tell in _REST.items()]
    return table(("other figures", *summaries), rows)


def _compared(outcome: Outcome) -> str:
    rows = []
    for name in DETECTORS:
        if name != OURS:
            differences = compare(outcome.scores[OURS], outcome.scores[name])
            rows.append([f"less {name}", *(_with_bounds(figure, differences[figure], "+") for figure in _COMPARED)])
    return table((f"{OURS} on the same teams", "false alarms/y", "<= 8", "<= 12", "median delay"), rows)


def _cost(outcome: Outcome) -> str:
    ours, base = (1000 * outcome.seconds[name] / outcome.team_weeks for name in (OURS, BASELINE))
    hindsight = f"{outcome.changed} of {outcome.compared:,} rows differ once later weeks are known"
    return f"{ours:.3f} ms a team-week, {ours / base:,.0f} times the {BASELINE} ({base:.4f} ms); {hindsight}."


def _with_bounds(name: str, figure: Interval, sign: str = "") -> str:
    decimals = 0 if name in _IN_WEEKS else 2
    value, low, high = (_figure(number, sign, decimals) for number in (figure.value, figure.low, figure.high))
    return f"{value} ({low}..{high})"


def _figure(number: float, sign: str, decimals: int) -> str:
    return f"{number:{sign}.{decimals}f}" if math.isfinite(number) else _weeks(number)


def _weeks(weeks: float) -> str:
    if math.isinf(weeks):
        return "never" if weeks > 0 else "-never"
    return "-" if math.isnan(weeks) else f"{weeks:.0f}"


def _number(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.2f}"


def values(title: str, parts: dict[str, Outcome]) -> dict[str, Any]:
    """Give all figures of one origin in a shape that JSON can hold: what never comes is “never”, what isn't null."""
    outcome = together(parts)
    ours = outcome.scores[OURS]
    told = {
        "origin": title,
        "parts": list(parts),
        "teams": len(ours),
        "team_weeks": outcome.team_weeks,
        "rows_compared": outcome.compared,
        "rows_changed_by_later_weeks": outcome.changed,
        "detectors": {
            name: {
                "intervals": {figure: asdict(interval) for figure, interval in intervals(scores).items()},
                "summary": asdict(summarise(scores)),
                "by_part": {part: asdict(summarise(one.scores[name])) for part, one in parts.items()},
                "ms_a_team_week": 1000 * outcome.seconds[name] / outcome.team_weeks,
            }
            for name, scores in outcome.scores.items()
        },
        "differences": {
            name: {figure: asdict(interval) for figure, interval in compare(ours, outcome.scores[name]).items()}
            for name in DETECTORS
            if name != OURS
        },
    }
    plain: dict[str, Any] = _plain(told)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "never"
    return value
