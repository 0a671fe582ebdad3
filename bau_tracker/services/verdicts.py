"""What is done so that verdicts are history: reached once a week freezes, kept, and reached anew only for all to see.

A verdict stands by the detector and the settings of its day. It is reached anew when what it was reached on changed,
with the settings of then, or when somebody asks for it, with those of now; the earlier one is kept, and the team's
history says so. What of a verdict is shown to whom is left to `trends`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.detector import VERSION, WEEKS_NEEDED, judge, tell
from bau_tracker.domain.evidence import Evidence, fingerprints, without_people
from bau_tracker.domain.permissions import SERVER, Actor
from bau_tracker.domain.verdict_data import BECAUSE, Because, read_thresholds, thresholds_data, verdict_data
from bau_tracker.domain.verdicts import Missing, State, Thresholds, Verdict, coarse
from bau_tracker.domain.weeks import Week
from bau_tracker.services import history
from bau_tracker.services.alerts import raise_alert
from bau_tracker.services.organisation import thresholds_of
from bau_tracker.storage import publishing, surveys, teams, verdicts
from bau_tracker.storage.evidence import evidence_of
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict

Clock = Callable[[], datetime]
_NO_MARK: Final = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many verdicts of a team were reached for the first time, how many anew, and how many of these differ."""

    first: int = 0
    anew: int = 0
    otherwise: int = 0


@dataclass(frozen=True, slots=True)
class _Ground:
    """What stands of a team: its weeks with their marks, with and without people, its verdicts, and what is set now."""

    evidence: Sequence[Evidence]
    marks: Mapping[Week, str]
    answers: Mapping[Week, str]
    standing: Mapping[Week, StoredVerdict]
    set_now: Thresholds


def settle(session: Session, team: Team, now: datetime, *, again: bool = False, actor: Actor = SERVER) -> Settled:
    """Reach the verdicts of frozen weeks that have none, and those anew whose evidence changed; keep them.

    With `again` those too that another detector or other settings reached, by the present ones. Holds the team until
    the end of the transaction, so that two that settle at once take turns. A week that is open again waits.
    """
    surveys.lock_team(session, team.id)
    return settle_held(session, team, now, again=again, actor=actor)


def settle_held(session: Session, team: Team, now: datetime, *, again: bool = False, actor: Actor = SERVER) -> Settled:
    """Settle a team that the caller holds; see `settle`."""
    mark = verdicts.mark_of(session, team, now)  # first, so that what changes meanwhile is found the next time
    ground = _ground(session, team, now)
    closed = publishing.weeks_open_again(session, [team.id], now).get(team.id, set())
    due = {week: because for week, because in _due(ground, again=again) if week not in closed}
    reached = _reach(ground, due, again=again)
    rows = [_row(team, ground, verdict, thresholds, due[verdict.week], now) for verdict, thresholds in reached]
    verdicts.add_verdicts(session, rows)
    settled = _tell(session, team, ground, rows, again=again, actor=actor, now=now)
    raise_alert(session, team, now)
    verdicts.keep_settled(session, team, mark, now)
    return settled


def settle_all(
    session: Session, clock: Clock, *, slug: str | None = None, again: bool = False, thorough: bool = True
) -> Generator[tuple[Team, Settled], None, None]:
    """Settle every team, or one, and give each with what came of it; commits for each.

    What was done stands when it is stopped, and the next run goes on. Without `thorough` a team is passed over of which
    nothing that can be seen in one query has changed.
    """
    found = teams.all_teams(session)
    chosen = [team for team in found if slug in {None, team.slug}]
    if not (thorough or again):
        chosen = verdicts.unsettled(session, chosen, clock())
    session.commit()
    for team in chosen:
        settled = settle(session, team, clock(), again=again)
        session.commit()
        yield team, settled


def settle_some(session: Session, found: Sequence[Team], now: datetime, *, most: int) -> int:
    """Settle those of some teams that nobody else holds, `most` at a time, and count them; commits for each."""
    done = 0
    for number in [team.id for team in found[:most]]:
        team = teams.team_with_id(session, number)
        if team is not None and verdicts.hold_unless_held(session, number):
            settle_held(session, team, now)
            done += 1
        session.commit()
    return done


def unsettled(session: Session, found: Sequence[Team], now: datetime) -> list[Team]:
    """Give those of some teams whose verdicts may be missing or out of date; costs one query."""
    return verdicts.unsettled(session, found, now) if found else []


def provisional(session: Session, team: Team, now: datetime) -> Verdict | None:
    """Give the verdict that the week which is open now would have if it froze as it is; None where none is open.

    For the system only: it tells what single answers did, so it is never kept and nothing shows it.
    """
    week = teams.schedule_of(team).open_week(now)
    if week is None:
        return None
    evidence = evidence_of(session, team, teams.freezes_at(session, team, week))
    reached = judge(tell(evidence), thresholds_of(session, team))
    return next((coarse(verdict) for verdict in reached if verdict.week == week), None)


def _ground(session: Session, team: Team, now: datetime) -> _Ground:
    evidence = evidence_of(session, team, now)
    weeks = [one.week for one in evidence]
    return _Ground(
        evidence,
        marks=dict(zip(weeks, fingerprints(evidence), strict=True)),
        answers=dict(zip(weeks, fingerprints([without_people(one) for one in evidence]), strict=True)),
        standing=verdicts.standing_verdicts(session, [team.id]).get(team.id, {}),
        set_now=thresholds_of(session, team),
    )


def _due(ground: _Ground, *, again: bool) -> Iterator[tuple[Week, Because]]:
    """Give the weeks whose verdict is to be reached, and why; also those that nothing is published of any more."""
    for week in sorted({*ground.marks, *ground.standing}):
        stands, mark = ground.standing.get(week), ground.marks.get(week, _NO_MARK)
        if stands is None:
            yield week, Because.PUBLISHED
        elif stands.evidence != mark:
            same = stands.answers == ground.answers.get(week, _NO_MARK)
            yield week, Because.PEOPLE_CHANGED if same else Because.ANSWERS_CHANGED
        elif again and mark and stands.detector != VERSION:
            yield week, Because.ANOTHER_DETECTOR
        elif again and mark and read_thresholds(stands.thresholds) != ground.set_now:
            yield week, Because.ASKED_FOR


def _reach(ground: _Ground, due: Mapping[Week, Because], *, again: bool) -> Iterator[tuple[Verdict, Thresholds]]:
    """Give the verdicts of some weeks, each with what was set for it: of then where it had one, else of now."""
    if not due:
        return
    told = tell(ground.evidence)
    judged: dict[Thresholds, dict[Week, Verdict]] = {}
    for week in due:
        stands = None if again else ground.standing.get(week)
        thresholds = read_thresholds(stands.thresholds) if stands else ground.set_now
        if thresholds not in judged:
            judged[thresholds] = {verdict.week: verdict for verdict in judge(told, thresholds)}
        yield coarse(judged[thresholds].get(week) or _nothing(week)), thresholds


def _nothing(week: Week) -> Verdict:
    """Give the verdict of a week of which nothing is published any more."""
    return Verdict(week, State.NOT_ENOUGH_DATA, weeks_needed=WEEKS_NEEDED, missing=Missing.WEEKS)


def _row(
    team: Team, ground: _Ground, verdict: Verdict, thresholds: Thresholds, because: Because, now: datetime
) -> StoredVerdict:
    return StoredVerdict(
        team_id=team.id,
        week=verdict.week.monday,
        number=verdicts.next_number(ground.standing, verdict.week),
        reached_at=now,
        because=because,
        detector=VERSION,
        evidence=ground.marks.get(verdict.week, _NO_MARK),
        answers=ground.answers.get(verdict.week, _NO_MARK),
        thresholds=thresholds_data(thresholds),
        signal=verdict.signal,
        state=verdict.state,
        told=verdict_data(verdict),
    )


def _tell(
    session: Session,
    team: Team,
    ground: _Ground,
    rows: Sequence[StoredVerdict],
    *,
    again: bool,
    actor: Actor,
    now: datetime,
) -> Settled:
    """Say in the team's history which verdicts were reached anew; the first of a week is no news."""
    anew = [row for row in rows if row.number > 1]
    otherwise = sum(row.signal != ground.standing[Week(row.week)].signal for row in anew)
    if anew:
        history.record(session, team, _words(anew, otherwise, again=again), actor=actor, now=now)
    return Settled(len(rows) - len(anew), len(anew), otherwise)


def _words(anew: Sequence[StoredVerdict], otherwise: int, *, again: bool) -> str:
    count = "1 verdict" if len(anew) == 1 else f"{len(anew)} verdicts"
    begun = f"asked for verdicts anew and got {count}" if again else f"{history.REACHED} {count} anew"
    why = " and ".join(dict.fromkeys(BECAUSE[row.because] for row in anew))
    differ = "none says" if not otherwise else "1 says" if otherwise == 1 else f"{otherwise} say"
    return f"{begun}, since {Week(min(row.week for row in anew))}, because {why}; {differ} something else."
