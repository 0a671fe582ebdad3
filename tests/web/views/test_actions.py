from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import AgreedAction, Team
from tests.factories import make_member, make_team
from tests.web.pages import read

TEAM: Final = "/teams/payments"
ACTIONS: Final = f"{TEAM}/actions"


@pytest.fixture
def team(session: Session) -> Team:
    team = make_team(session)
    make_member(session, team)
    make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD)
    session.commit()
    return team


@pytest.fixture
def ana(team: Team, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team
    return signed_in("ana@example.org")


def stored(session: Session) -> list[tuple[str, date | None]]:
    """Give the actions as the database has them."""
    found = [(one.text, one.done_on) for one in session.exec(select(AgreedAction)).all()]
    session.rollback()
    return found


def test_a_member_agrees_finishes_and_resumes_on_the_teams_page(session: Session, ana: FlaskClient) -> None:
    response = ana.post(ACTIONS, data={"text": "Fix the <b>flaky</b> tests"})
    assert (response.status_code, response.location) == (302, f"{TEAM}#agreed")
    page = read(ana.get(TEAM))
    assert "Fix the <b>flaky</b> tests since Mon 23 Nov 2026" in page.text
    assert f"{ACTIONS}/1/done" in page.actions
    assert ana.post(f"{ACTIONS}/1/done").status_code == 302
    page = read(ana.get(ACTIONS))
    assert "Nothing is under way, 1 is done." in page.text
    assert "done on 23 Nov 2026" in page.text
    assert ana.post(f"{ACTIONS}/1/resume").status_code == 302
    assert stored(session) == [("Fix the <b>flaky</b> tests", None)]


@pytest.mark.parametrize(("text", "message"), [("", "Write what you agreed to do."), ("x" * 201, "shorten it to 200")])
def test_what_cannot_be_an_action_stays_in_its_field(
    session: Session, ana: FlaskClient, text: str, message: str
) -> None:
    response = ana.post(ACTIONS, data={"text": text})
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id["error-summary"]
    assert page.value["text"] == text
    assert stored(session) == []


def test_done_twice_is_a_conflict_and_an_unknown_action_is_not_found(ana: FlaskClient) -> None:
    ana.post(ACTIONS, data={"text": "once"})
    ana.post(f"{ACTIONS}/1/done")
    assert ana.post(f"{ACTIONS}/1/done").status_code == 409
    for path in ("9/done", "9/resume", f"{2**31}/done"):
        assert ana.post(f"{ACTIONS}/{path}").status_code == 404


def test_another_team_has_no_part_in_it(
    session: Session, ana: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    ana.post(ACTIONS, data={"text": "ours"})
    stranger = signed_in("other@example.org")
    assert stranger.get(ACTIONS).status_code == 404
    assert stranger.post(ACTIONS, data={"text": "theirs"}).status_code == 404
    assert stranger.post(f"{ACTIONS}/1/done").status_code == 404
    assert stranger.post("/teams/search/actions/1/done").status_code == 404
    assert stored(session) == [("ours", None)]


def test_nobody_agrees_without_signing_in(team: Team, client: FlaskClient) -> None:
    assert team
    for response in (client.get(ACTIONS), client.post(ACTIONS, data={"text": "x"})):
        assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in")
