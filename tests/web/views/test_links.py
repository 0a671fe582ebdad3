from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.invitations import invite
from bau_tracker.storage.tables import Absence, Answer, Draft, Invitation, Team
from tests.conftest import SECRET, Clock
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

TYPED: Final = {"hours_available": "40", "planned": "24", "defect": "8", "overhead": "8", "action": "send"}


@pytest.fixture
def team(session: Session) -> Team:
    team = make_team(session)
    make_person(session, name="Ana Ibáñez")
    make_member(session, team)
    make_member(session, team, "ben@example.org")
    session.commit()
    return team


@pytest.fixture
def link(session: Session, team: Team) -> str:
    """Give the address of Ana's link."""
    token = invite(session, team, OPEN_WEEK, 1, secret=SECRET)
    session.commit()
    return f"/answer/{token}"


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """Give a browser without cookies, with the check of posts switched on."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app.test_client(use_cookies=False)


@pytest.fixture
def stored(engine: sa.Engine) -> Callable[[], list[Answer]]:
    def read_answers() -> list[Answer]:
        with Session(engine) as session:
            return list(session.exec(select(Answer)))

    return read_answers


Stored = Callable[[], list[Answer]]


def test_a_link_leads_to_the_form_of_its_person_and_to_nothing_else(anybody: FlaskClient, link: str) -> None:
    response = anybody.get(link)
    page = read(response)
    assert response.status_code == 200
    assert "Answering as Ana Ibáñez for Payments." in page.text
    assert page.buttons >= {"send", "draft", "away"}
    assert {url for url in page.links if url.startswith("/")} == set()
    assert page.actions == [link, f"{link}/revoke"]
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_opening_a_link_changes_nothing_however_often(
    anybody: FlaskClient, link: str, session: Session, stored: Stored
) -> None:
    for path in (link, f"{link}/sent", f"{link}/revoke", f"{link}/revoked"):
        anybody.get(path)
        anybody.head(path)
    assert stored() == []
    assert session.exec(select(Draft)).all() == []
    assert [row.revoked_at for row in session.exec(select(Invitation))] == [None]


def test_the_answer_is_that_of_the_person_of_the_link(anybody: FlaskClient, link: str, stored: Stored) -> None:
    typed = read(anybody.get(link)).value | TYPED
    response = anybody.post(link, data=typed)
    assert (response.status_code, response.location) == (302, f"{link}/sent")
    (answer,) = stored()
    assert (answer.person_id, answer.planned, answer.run_id) == (1, 24, None)
    page = read(anybody.get(response.location))
    assert "24 h planned, 8 h BAU, 8 h overhead." in page.text
    assert "Sign in to see your own trend" in page.text
    assert set(page.links) == {"#main", link, "/my-week"}
    assert "Set-Cookie" not in response.headers


def test_it_signs_nobody_in(app: Flask, link: str) -> None:
    client = app.test_client()
    client.post(link, data=TYPED)
    assert client.get(f"{link}/sent").status_code == 200
    for path in ("/", "/my-week", "/teams/payments", f"/teams/payments/weeks/{OPEN_WEEK}", "/account"):
        response = client.get(path)
        assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in")


def test_it_works_whoever_else_is_signed_in_and_tells_nobody_who_that_is(
    link: str, session: Session, team: Team, signed_in: Callable[[str], FlaskClient], stored: Stored
) -> None:
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    session.commit()
    lead = signed_in("lead@example.org")
    page = read(lead.get(link))
    assert "lead@example.org" not in page.text
    assert "Sign out" not in page.text
    assert "Overview" not in page.text
    lead.post(link, data=TYPED | {"action": "draft", "comment": "Ana's"})
    assert "draft" not in read(lead.get("/")).text
    lead.post(link, data=TYPED)
    assert [answer.person_id for answer in stored()] == [1]
    assert "lead@example.org" not in read(lead.get(f"{link}/sent")).text
    assert lead.get("/account").status_code == 200


def test_what_cannot_be_right_is_said_at_its_field_and_kept(anybody: FlaskClient, link: str, stored: Stored) -> None:
    response = anybody.post(link, data=TYPED | {"planned": "a lot", "comment": "kept"})
    page = read(response)
    assert response.status_code == 400
    assert "Use a number of hours" in page.by_id["planned-error"]
    assert (page.value["planned"], page.value["comment"]) == ("a lot", "kept")
    assert stored() == []


def test_a_draft_waits_at_the_link_and_in_the_signed_in_form(
    anybody: FlaskClient, link: str, app: Flask, signed_in: Callable[[str], FlaskClient]
) -> None:
    response = anybody.post(link, data=TYPED | {"action": "draft", "planned": "about 20"})
    assert (response.status_code, response.location) == (302, link)
    page = read(anybody.get(link))
    assert "This is your draft. It counts once you send it." in page.text
    assert page.value["planned"] == "about 20"
    app.config["WTF_CSRF_ENABLED"] = False
    own = read(signed_in("ana@example.org").get(f"/teams/payments/weeks/{OPEN_WEEK}"))
    assert own.value["planned"] == "about 20"


def test_same_as_last_week_takes_two_presses(
    anybody: FlaskClient, link: str, session: Session, team: Team, stored: Stored
) -> None:
    give_answer(session, team, Actor(1), OPEN_WEEK.shift(-1), make_answer(20, 10))
    session.commit()
    page = read(anybody.post(link, data=read(anybody.get(link)).value | {"action": "same"}))
    assert "Filled in from 2026-W46" in page.text
    assert anybody.post(link, data=page.value | {"action": "send"}).location == f"{link}/sent"
    assert [(answer.planned, answer.defect) for answer in stored() if answer.week == OPEN_WEEK.monday] == [(20, 10)]


def test_another_answer_sent_meanwhile_is_a_conflict_on_the_same_page(
    anybody: FlaskClient, link: str, stored: Stored
) -> None:
    old = read(anybody.get(link)).value
    anybody.post(link, data=old | TYPED)
    response = anybody.post(link, data=old | TYPED | {"planned": "10"})
    page = read(response)
    assert response.status_code == 409
    assert "What you typed stands below." in page.text
    assert page.value["planned"] == "10"
    assert [answer.planned for answer in stored()] == [24]


def test_a_link_of_a_frozen_week_says_where_the_figures_are_and_loses_nothing_typed(
    anybody: FlaskClient, link: str, clock: Clock, stored: Stored
) -> None:
    clock.now = AFTER_FREEZE
    response = anybody.get(link)
    page = read(response)
    assert response.status_code == 410
    assert "2026-W47 (16-22 Nov) is frozen for Payments" in page.text
    assert "The week's figures are published; sign in to see them." in page.text
    assert "What you typed" not in page.text
    response = anybody.post(link, data=TYPED | {"comment": "a long week"})
    page = read(response)
    assert response.status_code == 410
    assert "It was not sent. Copy what you want to keep. What you typed Planned work 24 Defect fix 8" in page.text
    assert "Comment a long week" in page.text
    assert stored() == []


def test_a_link_works_again_while_its_week_is_open_again(
    anybody: FlaskClient, link: str, clock: Clock, session: Session, team: Team, stored: Stored
) -> None:
    clock.now = AFTER_FREEZE
    reopen(session, team, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=1))
    session.commit()
    assert anybody.post(link, data=TYPED).status_code == 302
    assert len(stored()) == 1


def test_nothing_is_confirmed_of_a_link_that_still_counts(anybody: FlaskClient, link: str) -> None:
    response = anybody.get(f"{link}/revoked")
    assert (response.status_code, response.location) == (302, link)


def test_a_link_to_an_answered_week_still_opens_it_after_the_whole_week_became_days_away(
    anybody: FlaskClient, link: str, session: Session
) -> None:
    away = Absence(person_id=1, starts_on=OPEN_WEEK.monday, ends_on=OPEN_WEEK.sunday)
    session.add(away)
    session.commit()
    assert anybody.get(link).status_code == 410
    session.delete(away)
    session.commit()
    anybody.post(link, data=TYPED)
    session.add(Absence(person_id=1, starts_on=OPEN_WEEK.monday, ends_on=OPEN_WEEK.sunday))
    session.commit()
    page = read(anybody.get(link))
    assert page.value["planned"] == "24"
    assert anybody.post(link, data=page.value | {"planned": "20", "action": "send"}).location == f"{link}/sent"


def test_away_by_a_link_is_undone_in_one_press(anybody: FlaskClient, link: str, stored: Stored) -> None:
    anybody.post(link, data=TYPED)
    anybody.post(link, data=read(anybody.get(link)).value | {"action": "away"})
    page = read(anybody.get(f"{link}/sent"))
    assert link in page.actions
    assert "undo" in page.buttons
    assert anybody.post(link, data={"action": "undo"}).location == f"{link}/sent"
    assert [(answer.away, answer.planned) for answer in stored()] == [(False, 24)]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", ""), ("GET", "/sent"), ("POST", "/revoke"), ("GET", "/revoked")]
)
def test_a_link_that_was_cut_says_so(anybody: FlaskClient, link: str, method: str, path: str) -> None:
    response = anybody.open(f"{link[:-3]}{path}", method=method, data=TYPED)
    page = read(response)
    assert response.status_code == 400
    assert "This link isn't complete. Copy the whole link from the message" in page.text
    assert "/my-week" in page.links


def test_whoever_got_a_link_by_mistake_can_make_it_worthless(
    anybody: FlaskClient, link: str, session: Session, team: Team, stored: Stored
) -> None:
    anybody.post(link, data=TYPED)
    response = anybody.post(f"{link}/revoke")
    assert (response.status_code, response.location) == (302, f"{link}/revoked")
    response = anybody.get(response.location)
    assert response.status_code == 200
    assert "This link is worthless now Nobody can answer by it any more." in read(response).text
    response = anybody.get(link)
    assert response.status_code == 410
    assert "This link no longer counts." in read(response).text
    assert anybody.post(link, data=TYPED | {"planned": "10"}).status_code == 410
    assert [answer.planned for answer in stored()] == [24]
    session.expire_all()
    new = invite(session, team, OPEN_WEEK, 1, secret=SECRET)
    session.commit()
    assert f"/answer/{new}" != link
    assert anybody.get(f"/answer/{new}").status_code == 200


def test_the_page_after_sending_leads_back_to_the_form_when_nothing_was_sent(anybody: FlaskClient, link: str) -> None:
    response = anybody.get(f"{link}/sent")
    assert (response.status_code, response.location) == (302, link)


def test_the_ticket_of_a_link_keeps_no_draft_elsewhere(
    app: Flask, anybody: FlaskClient, link: str, session: Session
) -> None:
    form = read(anybody.get(link)).value
    response = app.test_client().post(f"/teams/payments/weeks/{OPEN_WEEK}", data=form | TYPED)
    assert response.status_code == 400
    assert session.exec(select(Draft)).all() == []


def test_no_page_of_a_lead_holds_the_link_of_a_member(
    link: str, session: Session, team: Team, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    session.commit()
    lead = signed_in("lead@example.org")
    seen = {"/", "/my-week", "/teams/payments"}
    for path in sorted(seen | {url for page in seen for url in read(lead.get(page)).links if url.startswith("/teams")}):
        text = lead.get(path).text
        assert link not in text
        assert "/answer/" not in text, path


class TestHowLongAnsweringTook:
    """The time runs from the first opening of the form until it is sent."""

    @staticmethod
    def seconds(stored: Stored) -> int | None:
        (answer,) = stored()
        return answer.seconds

    def test_it_goes_on_through_errors(self, anybody: FlaskClient, link: str, clock: Clock, stored: Stored) -> None:
        form = read(anybody.get(link)).value
        clock.advance(seconds=20)
        form = read(anybody.post(link, data=form | TYPED | {"planned": "?"})).value
        clock.advance(seconds=25)
        anybody.post(link, data=form | TYPED)
        assert self.seconds(stored) == 45

    def test_it_goes_on_through_a_draft(self, anybody: FlaskClient, link: str, clock: Clock, stored: Stored) -> None:
        form = read(anybody.get(link)).value
        clock.advance(seconds=20)
        anybody.post(link, data=form | TYPED | {"action": "draft"})
        clock.advance(seconds=70)
        form = read(anybody.get(link)).value
        clock.advance(seconds=10)
        anybody.post(link, data=form | {"action": "send"})
        assert self.seconds(stored) == 100

    @pytest.mark.parametrize("ticket", ["", "made.up", "WzEsInBheW1lbnRzIiwiMjAyNi1XNDciLDBd.x.y"])
    def test_a_ticket_that_is_not_ours_counts_as_a_form_opened_just_now(
        self, anybody: FlaskClient, link: str, stored: Stored, ticket: str
    ) -> None:
        anybody.post(link, data=TYPED | {"ticket": ticket})
        assert self.seconds(stored) == 0

    def test_a_page_left_open_says_nothing(self, anybody: FlaskClient, link: str, clock: Clock, stored: Stored) -> None:
        form = read(anybody.get(link)).value
        clock.advance(minutes=31)
        anybody.post(link, data=form | TYPED)
        assert self.seconds(stored) is None

    def test_a_clock_set_back_says_nothing(self, anybody: FlaskClient, link: str, clock: Clock, stored: Stored) -> None:
        form = read(anybody.get(link)).value
        clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        anybody.post(link, data=form | TYPED)
        assert self.seconds(stored) is None

    def test_the_ticket_of_somebody_else_is_not_taken(
        self, anybody: FlaskClient, link: str, session: Session, team: Team, clock: Clock, stored: Stored
    ) -> None:
        other = f"/answer/{invite(session, team, OPEN_WEEK, 2, secret=SECRET)}"
        session.commit()
        form = read(anybody.get(other)).value
        clock.advance(seconds=100)
        anybody.post(link, data=form | TYPED)
        assert self.seconds(stored) == 0
