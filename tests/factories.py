"""Makes the smallest sound thing of each kind; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from hypothesis import strategies as st
from sqlmodel import Session

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.surveys import CATEGORIES, Answer, Step, TimeSplit
from bau_tracker.domain.taxonomy import Chip, ItemClass, Origin
from bau_tracker.domain.weeks import Week
from bau_tracker.services import people, surveys, teams
from bau_tracker.storage.item_history import keep_items, key_of
from bau_tracker.storage.rollups import refresh_week
from bau_tracker.storage.surveys import keep_answer, respondent_key
from bau_tracker.storage.tables import Item, Person, Reopening, Team
from bau_tracker.storage.teams import schedule_of

MONDAY: Final = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday morning: 2026-W47 is open until Wednesday noon."""
OPEN_WEEK: Final = Week.parse("2026-W47")
AFTER_FREEZE: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AGO: Final = date(2020, 1, 6)

_some_hours = st.dictionaries(st.sampled_from(list(CATEGORIES)), st.integers(0, 22).map(lambda halves: halves / 2))
_splits = _some_hours.map(lambda hours: TimeSplit(**hours)).filter(lambda split: split.total > 0)
_said: Final[dict[str, st.SearchStrategy[Any]]] = {
    "callouts": st.integers(0, 20).map(float),
    "excessive": st.none() | st.frozensets(st.sampled_from(Chip)),
    "deferred": st.none() | st.booleans(),
    "comment": st.sampled_from(["", "quiet", "=1+1", "ein Ausfall, zwei Tage lang"]),
}
answers: Final = st.one_of(
    st.builds(Answer, split=_splits, hours_available=st.none() | st.sampled_from([40.0, 99.0]), **_said),
    st.builds(Answer, away=st.just(value=True), **_said),
)
"""Any answer that the domain takes, in half hours."""


def make_person(session: Session, email: str = "ana@example.org", **values: Any) -> Person:
    return people.add_person(session, email, now=MONDAY, **values)


def make_team(session: Session, name: str = "Payments", **values: Any) -> Team:
    return teams.add_team(session, name, now=MONDAY, **({"step": Step.HOURS} | values))


def make_member(
    session: Session,
    team: Team,
    email: str = "ana@example.org",
    *,
    role: Role = Role.MEMBER,
    starts_on: date = LONG_AGO,
    hours: float | None = None,
) -> Actor:
    person = make_person(session, email)
    teams.add_member(session, email, team.slug, role=role, starts_on=starts_on, hours_per_week=hours, now=MONDAY)
    return Actor(person.id, email, is_admin=person.is_admin)


def make_team_of(session: Session, size: int, name: str = "Payments", **values: Any) -> tuple[Team, list[Actor]]:
    team = make_team(session, name, **values)
    return team, [make_member(session, team, f"member{number}@{team.slug}.example") for number in range(size)]


def make_answer(
    planned: float = 24, bau: float = 8, overhead: float = 8, *, excessive: tuple[Chip, ...] = (), **values: Any
) -> Answer:
    split = TimeSplit(planned=planned, defect=bau, overhead=overhead)
    return Answer(split=split, hours_available=40.0, excessive=frozenset(excessive), deferred=False, **values)


def give_answer(
    session: Session, team: Team, actor: Actor, week: Week = OPEN_WEEK, answer: Answer | None = None
) -> None:
    """Let a member answer while the week is open."""
    now = moment_open(team, week)
    survey = surveys.open_survey(session, team.slug, week, actor=actor, now=now)
    given = answer or make_answer()
    surveys.send_answer(session, team.slug, week, given, based_on=survey.revision, actor=actor, now=now)


def make_item(
    session: Session, team: Team, key: str = "PAY-1", *, week: Week = OPEN_WEEK, hours: float = 0.0, **values: Any
) -> Item:
    """Make a defect that nobody planned, with hours logged in the week in which it arrived."""
    usual = {"title": "Fix crash", "item_class": ItemClass.DEFECT, "origin": Origin.UNPLANNED, "labels": []}
    what: dict[str, Any] = usual | values
    reasons = {"class_reason": "The title says crash.", "origin_reason": "Nobody planned it."}
    item = Item(team_id=team.id, source="jira", external_key=key, week=week.monday, confidence=0.9, **(reasons | what))
    keep_items(session, [item], {key_of(item): {week: hours} if hours else {}}, MONDAY)
    return item


def reopen(session: Session, team: Team, week: Week, until: datetime, *, now: datetime = AFTER_FREEZE) -> None:
    """Open a frozen week again until a moment."""
    why = "The mail server was down"
    session.add(Reopening(team_id=team.id, week=week.monday, reopened_at=now, freezes_at=until, reason=why))
    session.flush()


def moment_open(team: Team, week: Week) -> datetime:
    """Give a moment at which a team's week is open."""
    return schedule_of(team).opens(week)


def answer_in_weeks(
    session: Session, team: Team, people_: list[Actor], shares: list[float], *, last: Week = OPEN_WEEK, **values: Any
) -> None:
    """Let the same people answer one week for each share (0..1), the newest in `last`, as an import would."""
    for back, share in enumerate(reversed(shares)):
        week = last.shift(-back)
        for actor in people_:
            answer = make_answer(planned=share * 40, bau=40 - share * 40, overhead=0, **values)
            keep_answer(
                session,
                team_id=team.id,
                week=week,
                respondent=respondent_key(actor.person_id or 0),
                person_id=actor.person_id,
                answer=answer,
                now=MONDAY,
            )
        refresh_week(session, team, week, MONDAY)
