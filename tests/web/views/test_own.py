from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Actor
from bau_tracker.storage.tables import Absence, Answer, Team
from tests.conftest import Clock
from tests.factories import (
    AFTER_FREEZE,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_member,
    make_person,
    make_team,
    reopen,
)
from tests.web.pages import read

AWAY: Final = {"first": "2026-11-19", "last": "2026-11-20"}


@pytest.fixture
def ana(session: Session) -> Actor:
    team = make_team(session)
    actor = make_member(session, team)
    make_member(session, team, "ben@example.org")
    session.commit()
    return actor


@pytest.fixture
def client(ana: Actor, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in(ana.name)


def absences(session: Session) -> list[tuple[int, date, date]]:
    session.rollback()
    found = [(row.person_id, row.starts_on, row.ends_on) for row in session.exec(select(Absence))]
    session.rollback()
    return found


def test_days_away_are_entered_listed_counted_in_the_form_and_removed(
    client: FlaskClient, session: Session, ana: Actor
) -> None:
    response = client.post("/my-week/days-away", data=AWAY)
    assert (response.status_code, response.location) == (302, "/my-week#days-away")
    page = read(client.get("/my-week"))
    assert "Your days away are kept." in page.text
    assert "Thu 19 Nov to Fri 20 Nov 2026 Remove" in page.text
    assert absences(session) == [(ana.person_id, date(2026, 11, 19), date(2026, 11, 20))]
    form = read(client.get(f"/teams/payments/weeks/{OPEN_WEEK}"))
    assert form.value["hours_available"] == "24"
    assert "2 days less: away on Thu 19 Nov, Fri 20 Nov" in form.text
    (remove,) = [action for action in page.actions if action.endswith("/remove")]
    assert client.post(remove).location == "/my-week#days-away"
    assert "These days away are removed." in read(client.get("/my-week")).text
    assert absences(session) == []


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        (AWAY | {"last": "2026-11-18"}, "last", "The last day can't come before the first."),
        (AWAY | {"last": "2028-11-18"}, "last", "That is more than a year"),
        (AWAY | {"first": "19.11.2026"}, "first", "Choose a day, or write it as 2026-12-24."),
        (AWAY | {"last": "soon"}, "last", "Choose a day, or write it as 2026-12-24."),
        (AWAY | {"first": ""}, "first", "Choose a day, or write it as 2026-12-24."),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field_and_kept_in_it(
    client: FlaskClient, session: Session, typed: dict[str, str], field: str, message: str
) -> None:
    response = client.post("/my-week/days-away", data=typed)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert page.value["first"] == typed["first"]
    assert page.value["last"] == typed["last"]
    assert absences(session) == []


def test_an_empty_last_day_means_one_day(client: FlaskClient, session: Session, ana: Actor) -> None:
    client.post("/my-week/days-away", data=AWAY | {"last": ""})
    assert absences(session) == [(ana.person_id, date(2026, 11, 19), date(2026, 11, 19))]


def test_days_in_published_weeks_are_said_to_change_nothing_there(client: FlaskClient) -> None:
    client.post("/my-week/days-away", data={"first": "2026-11-12", "last": ""})
    assert "Their weeks are published already, so they change nothing there." in read(client.get("/my-week")).text
    client.post("/my-week/days-away", data={"first": "2026-11-13", "last": "2026-11-16"})
    assert "They count in every team, in weeks that have not frozen." in read(client.get("/my-week")).text


def test_an_answered_week_that_became_days_away_still_stands_there_to_be_changed(
    client: FlaskClient, session: Session, ana: Actor
) -> None:
    payments = session.exec(select(Team).where(Team.slug == "payments")).one()
    give_answer(session, payments, ana)
    session.commit()
    client.post("/my-week/days-away", data={"first": "2026-11-16", "last": "2026-11-20"})
    page = read(client.get("/my-week"))
    assert "2026-W47 (16-22 Nov) is answered. Change it until" in page.text
    assert f"/teams/payments/weeks/{OPEN_WEEK}" in page.links


def test_my_week_says_what_bau_is_and_shows_the_planned_share_first(
    client: FlaskClient, session: Session, ana: Actor
) -> None:
    payments = session.exec(select(Team).where(Team.slug == "payments")).one()
    give_answer(session, payments, ana)
    session.commit()
    text = read(client.get("/my-week")).text
    assert "BAU, business as usual: unplanned maintenance work." in text
    assert "Week Planned work Planned hours BAU hours Overhead hours Answer 2026-W47 (16-22 Nov) 75 % 24 8 8" in text


@pytest.mark.parametrize(("day", "status"), [("2026-11-19", 404), ("yesterday", 400)])
def test_days_away_that_are_not_there_cannot_be_removed(client: FlaskClient, day: str, status: int) -> None:
    response = client.post(f"/my-week/days-away/{day}/remove")
    assert response.status_code == status
    assert "My week" in read(response).text


def test_nobody_removes_the_days_of_somebody_else(
    client: FlaskClient, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    client.post("/my-week/days-away", data=AWAY)
    ben = signed_in("ben@example.org")
    assert ben.post("/my-week/days-away/2026-11-19/remove").status_code == 404
    assert "19 Nov" not in read(ben.get("/my-week")).text
    assert len(absences(session)) == 1


def test_the_own_answers_of_all_teams_are_a_file_and_nobody_elses_are_in_it(
    client: FlaskClient, session: Session, ana: Actor
) -> None:
    search = make_team(session, "Search")
    make_member(session, search)
    payments = session.exec(select(Team).where(Team.slug == "payments")).one()
    give_answer(session, payments, ana, answer=make_answer(comment="=cmd()"))
    give_answer(session, search, ana, OPEN_WEEK.shift(-1), make_answer(planned=10))
    give_answer(session, payments, make_member(session, payments, "ben@example.org"))
    session.commit()
    response = client.get("/my-week/answers.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-answers.csv"'
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert [(row["team"], row["week"], row["email"]) for row in rows] == [
        ("payments", "2026-W47", "ana@example.org"),
        ("search", "2026-W46", "ana@example.org"),
    ]
    assert not any(value.startswith("=") for row in rows for value in row.values())


def test_somebody_without_answers_gets_a_file_with_its_header_only(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "new@example.org")
    session.commit()
    assert len(signed_in("new@example.org").get("/my-week/answers.csv").text.splitlines()) == 1


def test_the_text_of_the_own_answers_is_deleted_after_asking(client: FlaskClient, session: Session, ana: Actor) -> None:
    payments = session.exec(select(Team).where(Team.slug == "payments")).one()
    give_answer(session, payments, ana, answer=make_answer(comment="too much said"))
    session.commit()
    page = read(client.get("/my-week/texts/delete"))
    assert "This can't be undone." in page.text
    session.rollback()
    assert session.exec(select(Answer.comment)).all() == ["too much said"]
    session.rollback()
    assert client.post("/my-week/texts/delete").location == "/my-week"
    assert "The text of your answers is deleted. The hours stand as they were." in read(client.get("/my-week")).text
    assert session.exec(select(Answer)).one().comment == ""
    session.rollback()
    client.post("/my-week/texts/delete")
    assert "There was no text to delete." in read(client.get("/my-week")).text


def test_a_reopened_week_waits_on_my_week_with_its_reason(client: FlaskClient, session: Session, clock: Clock) -> None:
    payments = session.exec(select(Team).where(Team.slug == "payments")).one()
    reopen(session, payments, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=30))
    session.commit()
    clock.now = AFTER_FREEZE
    page = read(client.get("/my-week"))
    assert (
        "Answer for Payments, 2026-W47 (16-22 Nov): it was opened again (The mail server was down), "
        "until Thu 26 Nov 2026, 18:00 (UTC)." in page.text
    )
    form = f"/teams/payments/weeks/{OPEN_WEEK}"
    assert form in page.links
    assert "It was published and opened again (The mail server was down): answers are taken" in client.get(form).text
    typed = read(client.get(form)).value | {"planned": "24", "action": "send"}
    assert client.post(form, data=typed).location == f"{form}/sent"
    page = read(client.get("/my-week"))
    assert "was opened again (The mail server was down) and is answered. Change it until" in page.text
    assert "answered, late" in page.text
