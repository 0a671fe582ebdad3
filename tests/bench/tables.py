"""Decides how the figures of the benchmark look: as tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.bench.detectors import BASELINE, OURS
from tests.bench.findings import NEVER, Findings
from tests.bench.intervals import Interval
from tests.bench.running import Outcome
from tests.bench.scoring import Delays, Summary, summarise

_ALARMS: Final = "false alarms / team-year"
_HEADLINES: Final = (
    _ALARMS, "median delay", "90th percentile of delay", "seen within 4 weeks", "seen within 8 weeks",
    "seen within 12 weeks",
)  # fmt: skip
_DELAYS: Final = ("slides", "seen before", "median", "p90", "<= 4", "<= 8", "<= 12")
_IN_WEEKS: Final = frozenset({"median delay", "90th percentile of delay"})
_COMPARED: Final = (_ALARMS, "seen within 8 weeks", "seen within 12 weeks", "median delay")


def report(found: Findings) -> str:
    """Tell in tables what came out for the teams of one origin."""
    outcome, summaries = found.outcome, found.summaries
    teams, years = len(outcome.scores[OURS]), summaries[OURS].years
    sections = [
        f"{found.origin}: {teams:,} teams, {outcome.team_weeks:,} team-weeks, {years:,.0f} team-years at risk",
        _headlines(found),
        _by_part(found.parts) if len(found.parts) > 1 else "",
        _alarms_by_scenario(summaries),
        _delays_by_scenario(summaries),
        _the_rest(summaries),
        _compared(found),
        _cost(found),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


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


def _headlines(found: Findings) -> str:
    rows = [
        [name, *(_with_bounds(figure, figures[figure]) for figure in _HEADLINES)]
        for name, figures in found.intervals.items()
    ]
    return table(("with 95 % intervals", "false alarms/y", "median delay", "p90", "<= 4", "<= 8", "<= 12"), rows)


def _by_part(parts: Mapping[str, Outcome]) -> str:
    rows = []
    for part, outcome in parts.items():
        summary = summarise(outcome.scores[OURS])
        rows.append([part, _number(summary.false_alarms), *_delay_cells(summary.changes)])
    return table((f"{OURS}, by part", "false alarms/y", *_DELAYS), rows)


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


def _compared(found: Findings) -> str:
    rows = [
        [f"less {name}", *(_with_bounds(figure, figures[figure], "+") for figure in _COMPARED)]
        for name, figures in found.differences.items()
    ]
    return table((f"{OURS} on the same teams", "false alarms/y", "<= 8", "<= 12", "median delay"), rows)


def _cost(found: Findings) -> str:
    ours, base = found.milliseconds(OURS), found.milliseconds(BASELINE)
    changed, compared = found.outcome.changed, found.outcome.compared
    return (
        f"{ours:.3f} ms a team-week, {ours / base:,.0f} times the {BASELINE} ({base:.4f} ms); "
        f"{changed:,} of {compared:,} rows differ once later weeks are known."
    )


def _with_bounds(name: str, figure: Interval, sign: str = "") -> str:
    decimals = 0 if name in _IN_WEEKS else 2
    value, low, high = (_figure(number, sign, decimals) for number in (figure.value, figure.low, figure.high))
    return f"{value} ({low}..{high})"


def _figure(number: float, sign: str, decimals: int) -> str:
    return f"{number:{sign}.{decimals}f}" if math.isfinite(number) else _weeks(number)


def _weeks(weeks: float) -> str:
    if math.isinf(weeks):
        return NEVER if weeks > 0 else f"-{NEVER}"
    return "-" if math.isnan(weeks) else f"{weeks:.0f}"


def _number(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.2f}"
