"""What `bau-tracker detect` does with the answers of a file: a verdict for every team and week, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bau_tracker.domain.statistics import WeekTotals, add_up
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.trends import Verdict, judge, reason
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.detection import Response, RosterEntry, WeekForm, write_week
from bau_tracker.formats.exports import Line

COLUMNS: Final = (
    "team",
    "week",
    "state",
    "level",
    "corroborated",
    "planned_share",
    "low",
    "high",
    "respondents",
    "reason",
)
_WEEK_0: Final = Week(date(1970, 1, 5))
_SOMETHING: Final = frozenset({Chip.INTERRUPTIONS})
"""Stands for a complaint whose topic isn't told; it is taken out again, so that no reason names it."""


def verdict_rows(responses: Iterable[Response], roster: Iterable[RosterEntry], form: WeekForm) -> Iterator[Line]:
    """Go through teams and weeks, from a team's first answer to the last answer of all, in COLUMNS.

    Shares are in percent: the medians that the verdict compares and the range of its newest weeks.
    """
    answers: dict[str, dict[int, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for response in responses:
        answers[response.team][response.week].append(_answer(response))
    members: dict[str, list[RosterEntry]] = defaultdict(list)
    for entry in roster:
        members[entry.team].append(entry)
    last = max((week for weeks in answers.values() for week in weeks), default=0)
    for team in sorted(answers):
        series = list(_series(answers[team], members[team], last))
        for totals, verdict in zip(series, judge(series), strict=True):
            yield _row(team, totals, verdict, form)


def _series(answers: dict[int, list[Answer]], roster: Sequence[RosterEntry], last: int) -> Iterator[WeekTotals]:
    for week in range(min(answers), last + 1):
        here = [entry for entry in roster if entry.joined_week <= week and _stays(entry, week)]
        totals = add_up(_WEEK_0.shift(week), answers.get(week, []), members=len(here))
        yield replace(totals, chips={})


def _stays(entry: RosterEntry, week: int) -> bool:
    return entry.left_week is None or week < entry.left_week


def _answer(response: Response) -> Answer:
    planned = response.hours * response.planned_share
    split = TimeSplit(planned=planned, other_bau=max(0.0, response.hours - planned))
    return Answer(split=split, away=split.total == 0, excessive=_SOMETHING if response.complaint else frozenset())


def _row(team: str, totals: WeekTotals, verdict: Verdict, form: WeekForm) -> Line:
    return (
        team,
        write_week(totals.week - _WEEK_0, form),
        verdict.state.value,
        verdict.level.value if verdict.level else None,
        int(verdict.corroborated),
        _percent(verdict.planned_share),
        _percent(verdict.low),
        _percent(verdict.high),
        totals.respondents,
        reason(verdict),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)
