"""What asking costs a team: seconds to answer, response rate, late answers; over its newest published weeks, together.

Only ever in aggregate: nobody is told how long anybody took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import measuring, teams
from bau_tracker.storage.tables import Team

MEASURED_WEEKS: Final = 4
_ROUNDED_TO: Final = 5


@dataclass(frozen=True, slots=True)
class Measuring:
    """The cost of measuring over `weeks` published weeks: median seconds, answers of those asked, late of those sent.

    Each is None where too few people stand behind it, or nobody.
    """

    weeks: int
    seconds: int | None
    response_rate: float | None
    late_share: float | None


def measuring_of(session: Session, team: Team, published: Sequence[WeekTotals], *, viewer_id: int | None) -> Measuring:
    """Measure the newest of a team's published weeks, oldest first, for a viewer whom the caller has checked.

    Weeks in which answers wait to be shown are left out, since each would show here.
    """
    newest = [totals for totals in published if not totals.waiting][-MEASURED_WEEKS:]
    weeks = [totals.week for totals in newest]
    minimum = teams.rules_of(team).newest.minimums.time_split
    expected = sum(totals.expected for totals in newest)
    answered = sum(min(totals.respondents, totals.expected) for totals in newest)
    return Measuring(
        weeks=len(newest),
        seconds=_seconds(measuring.seconds_by_person(session, team.id, weeks), viewer_id, minimum),
        response_rate=answered / expected if expected else None,
        late_share=_late_share(session, team, weeks, minimum),
    )


def _seconds(timed: Sequence[tuple[int, int]], viewer_id: int | None, minimum: int) -> int | None:
    """Give the median, rounded, when enough people other than the viewer were timed."""
    if len({person for person, _ in timed} - {viewer_id}) < minimum:
        return None
    return round(median(seconds for _, seconds in timed) / _ROUNDED_TO) * _ROUNDED_TO


def _late_share(session: Session, team: Team, weeks: Sequence[Week], minimum: int) -> float | None:
    """Give the share of late answers; None for so few answers that it would tell whose was late."""
    schedule, sent = teams.schedule_of(team), measuring.moments_sent(session, team.id, weeks)
    if len(sent) <= minimum:
        return None
    return sum(at > schedule.due(week) for week, at in sent) / len(sent)
