from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.engine import writing
from bau_tracker.storage.rollups import refresh_week
from bau_tracker.storage.surveys import keep_answer
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from bau_tracker.web import settling
from tests.conftest import Clock
from tests.factories import (
    AFTER_FREEZE,
    OPEN_WEEK,
    answer_in_weeks,
    make_answer,
    make_member,
    make_person,
    make_team_of,
)
from tests.web.pages import read

SignIn = Callable[[str], FlaskClient]
MEMBER = "member0@payments.example"
HISTORY = ("/teams/payments/verdicts", "/teams/payments/verdicts.csv")
FALL = [0.8] * 14 + [0.5] * 6


def stored(engine: sa.Engine) -> int:
    with Session(engine) as session:
        return len(session.exec(select(StoredVerdict)).all())


@pytest.fixture
def payments(session: Session, clock: Clock) -> tuple[Team, list[Actor]]:
    """Give a team of five that slid, at the moment at which its newest week has frozen."""
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, FALL)
    session.commit()
    clock.now = AFTER_FREEZE
    return team, members


def change_newest_week(session: Session, team: Team, members: list[Actor]) -> None:
    for member in members:
        answer = make_answer(planned=38, bau=2, overhead=0)
        respondent = f"person:{member.person_id}"
        keep_answer(
            session,
            team_id=team.id,
            week=OPEN_WEEK,
            respondent=respondent,
            person_id=member.person_id,
            answer=answer,
            now=AFTER_FREEZE,
        )
    refresh_week(session, team, OPEN_WEEK, AFTER_FREEZE)
    session.commit()


@pytest.mark.usefixtures("payments")
def test_a_teams_page_has_the_verdicts_reached_that_are_missing_and_shows_them_at_once(
    signed_in: SignIn, engine: sa.Engine
) -> None:
    client = signed_in(MEMBER)
    assert stored(engine) == 0
    page = read(client.get("/teams/payments"))
    assert "Sliding from a healthy level" in page.text
    assert "/teams/payments/verdicts" in page.links
    assert stored(engine) == 20
    client.get("/teams/payments")
    assert stored(engine) == 20


@pytest.mark.usefixtures("payments")
@pytest.mark.parametrize(
    "address", ["/", "/teams/payments", "/teams/payments/verdicts", "/teams/payments/verdicts.csv"]
)
def test_a_database_that_somebody_writes_to_still_gives_the_page(
    signed_in: SignIn, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    client = signed_in(MEMBER)
    monkeypatch.setattr("bau_tracker.storage.engine.LITTLE_PATIENCE", 1)
    with writing(engine).connect() as other, other.begin():
        assert client.get(address).status_code == 200
    assert stored(engine) == 0


@pytest.mark.usefixtures("payments")
def test_a_database_that_can_only_be_read_still_gives_the_page(signed_in: SignIn, engine: sa.Engine) -> None:
    client = signed_in(MEMBER)

    def only_read(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(engine, "checkout", only_read)
    response = client.get("/teams/payments")
    sa.event.remove(engine, "checkout", only_read)
    assert response.status_code == 200
    assert "This week's verdict follows" in read(response).text


def test_the_overview_settles_some_teams_and_says_of_the_others_that_their_verdicts_follow(
    session: Session, clock: Clock, signed_in: SignIn, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "AT_ONCE", 2)
    for number in range(5):
        team, members = make_team_of(session, 3, f"Team {number}")
        answer_in_weeks(session, team, members, [0.8] * 4)
    make_person(session, "head@example.org", admin=True)
    session.commit()
    clock.now = AFTER_FREEZE
    client = signed_in("head@example.org")
    assert "The verdicts of 3 teams follow: load this page again in a while." in read(client.get("/")).text
    assert stored(engine) == 8
    assert "The verdict of 1 team follows" in read(client.get("/")).text
    text = read(client.get("/")).text
    assert "load this page again" not in text
    assert stored(engine) == 20


def test_the_history_says_what_was_said_when_and_keeps_what_was_said_before(
    payments: tuple[Team, list[Actor]], session: Session, signed_in: SignIn, clock: Clock
) -> None:
    client = signed_in(MEMBER)
    client.get("/teams/payments/verdicts")
    change_newest_week(session, *payments)
    clock.now = AFTER_FREEZE + timedelta(hours=3)
    page = read(client.get("/teams/payments/verdicts"))
    assert "turned" in page.text
    assert "with the same people compared" in page.text
    assert "[" not in page.text
    assert (
        "on Wed 25 Nov 2026, 12:00 (version 2); reached anew on Wed 25 Nov 2026, 15:00 because answers changed"
        in page.text
    )
    assert page.text.index(OPEN_WEEK.label) < page.text.index(OPEN_WEEK.shift(-1).label)
    rows = list(csv.DictReader(io.StringIO(client.get("/teams/payments/verdicts.csv").text)))
    assert [row["number"] for row in rows][-2:] == ["1", "2"]
    assert [row["stands"] for row in rows][-2:] == ["no", "yes"]
    assert [row["because"] for row in rows][-2:] == ["published", "answers_changed"]
    assert rows[-2]["planned_share"] == ""
    assert rows[-1]["planned_share"] != ""
    assert rows[-1]["reason"]


def test_a_team_without_verdicts_says_when_the_first_one_comes(session: Session, signed_in: SignIn) -> None:
    make_team_of(session, 3)
    session.commit()
    text = read(signed_in(MEMBER).get("/teams/payments/verdicts")).text
    assert "No verdict is reached yet." in text


@pytest.mark.usefixtures("payments")
@pytest.mark.parametrize("address", HISTORY)
def test_somebody_of_another_team_finds_no_history(session: Session, signed_in: SignIn, address: str) -> None:
    make_team_of(session, 1, "Search")
    session.commit()
    assert signed_in("member0@search.example").get(address).status_code == 404
    assert signed_in("member0@search.example").get(address.replace("payments", "nowhere")).status_code == 404
    assert stored(session.get_bind()) == 0  # type: ignore[arg-type]  # an engine in tests


def test_nothing_of_a_week_that_is_still_open_shows_as_answers_come_in(
    session: Session, clock: Clock, signed_in: SignIn
) -> None:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, [0.8] * 12, last=OPEN_WEEK.shift(-1))
    settle(session, team, clock())
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    session.commit()
    client = signed_in("lead@example.org")
    addresses = (*HISTORY, "/teams/payments/weeks.csv", "/")
    client.get("/")  # shows that one is signed in, once
    before = [read(client.get(address)).text for address in addresses]
    answer_in_weeks(session, team, members, [0.1])
    session.commit()
    assert [read(client.get(address)).text for address in addresses] == before
