from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.storage import tables
from tests.factories import MONDAY, OPEN_WEEK, make_person, make_team


def insert(session: Session, table: str, **values: Any) -> None:
    """Insert past everything but the database itself."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    session.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608


def answer_values(team: tables.Team, **changed: Any) -> dict[str, Any]:
    values = {
        **dict.fromkeys((*CATEGORIES, "callouts"), 0.0),
        **{f"excessive_{chip.value}": False for chip in Chip},
        "team_id": team.id,
        "week": "2026-11-16",
        "respondent": "anonymous:1",
        "away": False,
        "excessive_asked": True,
        "comment": "",
        "revision": 1,
        "planned": 8.0,
    }
    return values | changed


def member_values(session: Session, team: tables.Team, **changed: Any) -> dict[str, Any]:
    person = make_person(session)
    return {"team_id": team.id, "person_id": person.id, "starts_on": "2026-01-05", "role": "member", **changed}


def test_the_columns_of_answers_and_sums_are_those_of_the_taxonomy() -> None:
    chips = {f"excessive_{chip.value}" for chip in Chip}
    for table in (tables.Answer, tables.AnswerRevision, tables.TeamWeek):
        columns = list(table.model_fields)
        assert [name for name in columns if name in CATEGORIES] == list(CATEGORIES)
        assert {name for name in columns if name.startswith("excessive_")} - {"excessive_asked"} == chips


def test_the_team_leads_every_key_of_a_teams_data() -> None:
    of_runs = {"import_run", "staged_answer", "staged_item", "remembered_mapping"}
    for table in tables.Person.metadata.tables.values():
        if "team_id" in table.columns and table.name not in of_runs:
            assert next(iter(table.primary_key.columns)).name == "team_id", table.name


def test_a_sound_answer_and_membership_are_taken(any_session: Session) -> None:
    team = make_team(any_session)
    insert(any_session, "answer", **answer_values(team))
    insert(any_session, "membership", **member_values(any_session, team))


@pytest.mark.parametrize("name", [*CATEGORIES, "callouts"])
def test_the_database_refuses_negative_hours(session: Session, name: str) -> None:
    team = make_team(session)
    with pytest.raises(sa.exc.IntegrityError, match="hours_not_negative"):
        insert(session, "answer", **answer_values(team, **{name: -0.5}))


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"planned": 100.5}, "hours_possible"),
        ({"away": True}, "away_without_hours"),
        ({"support": -1.0}, "hours_not_negative"),
        ({"team_id": 4711}, "(?i)foreign key"),
    ],
)
def test_the_database_refuses_an_answer_that_cannot_be(
    any_session: Session, changed: dict[str, Any], constraint: str
) -> None:
    team = make_team(any_session)
    with pytest.raises(sa.exc.IntegrityError, match=constraint):
        insert(any_session, "answer", **answer_values(team, **changed))


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"role": "emperor"}, "role_known"),
        ({"ends_on": "2026-01-04"}, "ends_after_start"),
        ({"hours_per_week": -1.0}, "hours_possible"),
        ({"hours_per_week": 101.0}, "hours_possible"),
    ],
)
def test_the_database_refuses_a_membership_that_cannot_be(
    any_session: Session, changed: dict[str, Any], constraint: str
) -> None:
    team = make_team(any_session)
    with pytest.raises(sa.exc.IntegrityError, match=constraint):
        insert(any_session, "membership", **member_values(any_session, team, **changed))


@pytest.mark.parametrize("hours", [0.0, -1.0, 100.5])
def test_the_database_refuses_a_team_whose_week_cannot_be(session: Session, hours: float) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="hours_possible"):
        insert(session, "team", slug="a", name="A", timezone="UTC", hours_per_week=hours, created_at="2026-11-16")


def test_an_answer_is_there_once_for_a_team_week_and_respondent(any_session: Session) -> None:
    team = make_team(any_session)
    insert(any_session, "answer", **answer_values(team))
    with pytest.raises(sa.exc.IntegrityError):
        insert(any_session, "answer", **answer_values(team))


def test_a_moment_comes_back_in_utc_from_every_database(any_session: Session) -> None:
    berlin = datetime(2026, 7, 1, 14, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    draft = tables.Draft(
        team_id=make_team(any_session).id, week=OPEN_WEEK.monday, person_id=make_person(any_session).id, saved_at=berlin
    )
    any_session.add(draft)
    any_session.flush()
    any_session.expire_all()
    assert draft.saved_at == berlin
    assert draft.saved_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(any_session: Session) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001
    any_session.add(tables.Team(slug="a", name="A", created_at=naive))
    with pytest.raises(sa.exc.StatementError, match="no time zone"):
        any_session.flush()


def test_what_was_typed_is_kept_as_typed(any_session: Session) -> None:
    typed = {"planned": ["twelve"], "comment": ["“ä”\n\x1f"], "excessive": ["alerts", "deployments"]}
    draft = tables.Draft(
        team_id=make_team(any_session).id,
        week=date(2026, 11, 16),
        person_id=make_person(any_session).id,
        typed=typed,
        saved_at=MONDAY,
    )
    any_session.add(draft)
    any_session.flush()
    any_session.expire_all()
    assert draft.typed == typed
