"""What was said of a team when: every verdict that was ever reached on a week, as somebody may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.reasons import headline, reason
from bau_tracker.domain.shown_verdicts import shown_verdict
from bau_tracker.domain.verdict_data import FLAT_COLUMNS, Because, flat_cells, read_thresholds, read_verdict
from bau_tracker.domain.verdicts import Thresholds, Verdict, without_figures
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import Line
from bau_tracker.services.permissions import team_for
from bau_tracker.services.trends import secret_weeks
from bau_tracker.storage import teams, trends
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from bau_tracker.storage.verdicts import verdicts_of

COLUMNS: Final = (
    "team",
    "week",
    "number",
    "stands",
    "reached_at",
    "because",
    "detector",
    *FLAT_COLUMNS,
    "headline",
    "reason",
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A verdict as it was reached: when, why, by which version of the detector and with which settings."""

    verdict: Verdict
    number: int
    reached_at: datetime
    because: Because
    detector: str
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class WeekSaid:
    """All that was said of a week, the newest last; `turned` says that the week before was called something else."""

    week: Week
    sayings: Sequence[Saying]
    turned: bool = False

    @property
    def stands(self) -> Saying:
        """Give what stands."""
        return self.sayings[-1]


@dataclass(frozen=True, slots=True)
class VerdictHistory:
    """A team's weeks with all that was said of them, newest first; `zone` is the one that moments are told in."""

    team: Team
    weeks: Sequence[WeekSaid]
    zone: str

    @property
    def turns(self) -> int:
        """Count the weeks in which the verdict became another one."""
        return sum(week.turned for week in self.weeks)


def verdict_history(session: Session, slug: str, *, actor: Actor, now: datetime) -> VerdictHistory:
    """Give what was said of a team when to somebody who may see it; raises like `team_for`."""
    team = team_for(session, slug, Action.VIEW_TEAM, actor=actor, now=now)
    weeks = trends.published_weeks(session, [team], viewer_id=actor.person_id, now=now)[team.id]
    secret = secret_weeks(team, weeks)
    found: list[WeekSaid] = []
    for week, rows in verdicts_of(session, team.id).items():
        shown = [shown_verdict(read_verdict(week, row.told), weeks, secret) for row in rows]
        found.append(WeekSaid(week, list(_sayings(rows, shown))))
    return VerdictHistory(team, _with_turns(found), teams.schedule_of(team).zone.key)


def history_rows(
    session: Session,
    found: Iterable[Team],
    *,
    actor: Actor,
    now: datetime,
    since: Week | None = None,
    until: Week | None = None,
) -> Iterator[Line]:
    """Go through all that was said of some teams, oldest week first, in COLUMNS; raises like `verdict_history`."""
    for team in found:
        for week in reversed(verdict_history(session, team.slug, actor=actor, now=now).weeks):
            if (since is None or week.week >= since) and (until is None or week.week <= until):
                yield from (_line(team.slug, saying, stands=saying is week.stands) for saying in week.sayings)


def _sayings(rows: Sequence[StoredVerdict], shown: Sequence[Verdict]) -> Iterator[Saying]:
    """Put together what was said of one week.

    One that was reached on other answers than those that stand shows no figure: they may be those of too few people.
    """
    for row, verdict in zip(rows, shown, strict=True):
        yield Saying(
            verdict if row.answers == rows[-1].answers else without_figures(verdict),
            row.number,
            row.reached_at,
            row.because,
            row.detector,
            read_thresholds(row.thresholds),
        )


def _with_turns(weeks: Sequence[WeekSaid]) -> list[WeekSaid]:
    turned = [newer.stands.verdict.signal is not older.stands.verdict.signal for newer, older in pairwise(weeks)]
    return [
        WeekSaid(one.week, one.sayings, turned=has_turned)
        for one, has_turned in zip(weeks, [*turned, False][: len(weeks)], strict=True)
    ]


def _line(slug: str, saying: Saying, *, stands: bool) -> Line:
    verdict = saying.verdict
    return (
        slug,
        str(verdict.week),
        saying.number,
        "yes" if stands else "no",
        saying.reached_at,
        saying.because.value,
        saying.detector,
        *flat_cells(verdict),
        headline(verdict, saying.thresholds),
        reason(verdict, saying.thresholds),
    )
