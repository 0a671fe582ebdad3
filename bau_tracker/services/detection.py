"""What `bau-tracker detect` does with the answers of a file: a verdict for every team and week, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from bau_tracker.domain.detector import judge, tell
from bau_tracker.domain.evidence import Evidence, Said
from bau_tracker.domain.reasons import reason
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import Verdict
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
LONGEST_SILENCE: Final = 53
"""After a year without answers nothing of what was known before counts."""
_WEEK_0: Final = Week(date(1970, 1, 5))


def verdict_rows(
    responses: Iterable[Response],
    roster: Iterable[RosterEntry],
    form: WeekForm,
    first_mondays: Mapping[str, date],
    *,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Iterator[Line]:
    """Go through teams and weeks, from a team's first answer to the last answer of all, in COLUMNS.

    Of a silence only its first LONGEST_SILENCE weeks are told. Shares are in percent. `first_mondays` are those of each
    team's week 0; where one isn't known, no quarter ends. `watch` goes through the teams and may tell how far it is.
    """
    answers: dict[str, dict[int, list[Response]]] = defaultdict(lambda: defaultdict(list))
    for response in responses:
        answers[response.team][response.week].append(response)
    members: dict[str, list[RosterEntry]] = defaultdict(list)
    for entry in roster:
        members[entry.team].append(entry)
    last = max((week for weeks in answers.values() for week in weeks), default=0)
    for team in watch(sorted(answers)):
        week_0 = Week(first_mondays[team]) if team in first_mondays else _WEEK_0
        evidence = list(evidence_of_file(answers[team], members.get(team), week_0, last))
        verdicts = judge(tell(evidence, dated=team in first_mondays))
        for one, verdict in zip(evidence, verdicts, strict=True):
            yield _row(team, write_week(one.week - week_0, form), one, verdict, _reason(verdict, week_0, form))


def evidence_of_file(
    answers: Mapping[int, Sequence[Response]], roster: Sequence[RosterEntry] | None, week_0: Week, last: int
) -> Iterator[Evidence]:
    """Give one team's weeks up to `last` from its answers by week; without a roster nobody knows who belongs to it."""
    for week in _told_weeks(sorted(answers), last):
        given = [one for one in answers.get(week, ()) if one.hours > 0]  # who has no hours is away
        members = None if roster is None else frozenset(entry.member for entry in roster if _is_in(entry, week))
        totals = WeekTotals(
            week=week_0.shift(week),
            respondents=len(given),
            expected=max(len(given), len(members or ())),
            complaint_answers=len(given),
            complaining=sum(response.complaint for response in given),
        )
        yield Evidence(totals, {one.member: Said(one.planned_share, one.hours) for one in given}, members)


def _told_weeks(answered: Sequence[int], last: int) -> Iterator[int]:
    """Give the weeks from the first answered one to the last of all, of each silence no more than LONGEST_SILENCE."""
    for week, following in pairwise([*answered, last + 1]):
        yield from range(week, min(following, week + 1 + LONGEST_SILENCE))


def _is_in(entry: RosterEntry, week: int) -> bool:
    return entry.joined_week <= week and (entry.left_week is None or week < entry.left_week)


def _reason(verdict: Verdict, week_0: Week, form: WeekForm) -> str:
    """Say why, with the week in which a fall began written as the file writes its weeks."""
    said = reason(verdict)
    if form is WeekForm.ISO or verdict.fall is None:
        return said
    onset = verdict.fall.onset
    return said.replace(str(onset), f"week {write_week(onset - week_0, form)}")


def _row(team: str, week: int | str, evidence: Evidence, verdict: Verdict, why: str) -> Line:
    return (
        team,
        week,
        verdict.state.value,
        verdict.level.value if verdict.level else None,
        int(verdict.corroborated),
        _percent(verdict.planned_share),
        _percent(verdict.low),
        _percent(verdict.high),
        evidence.totals.respondents,
        why,
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)
