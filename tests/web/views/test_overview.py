from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.storage.teams import team_with_slug
from tests.conftest import Clock
from tests.factories import (
    AFTER_FREEZE,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_member,
    make_person,
    make_team,
    make_team_of,
)
from tests.web.pages import read


def fill(session: Session, name: str, *, now: float, before: float, excessive: tuple[Chip, ...] = ()) -> None:
    """Make a team of three with twelve answered weeks, the newest four at one planned share, the others at another."""
    team, members = make_team_of(session, 3, name)
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    for back in range(12):
        planned = 40 * (now if back < 4 else before)
        answer = make_answer(planned, 40 - planned, 0, excessive=excessive if back < 4 else ())
        for member in members:
            give_answer(session, team, member, OPEN_WEEK.shift(-back), answer)


def test_teams_stand_worst_first_with_what_is_wrong_in_words(
    session: Session, clock: Clock, signed_in: Callable[[str], FlaskClient]
) -> None:
    fill(session, "Alpha", now=0.8, before=0.8)
    fill(session, "Beta", now=0.6, before=0.8, excessive=(Chip.DEPLOYMENTS,))
    fill(session, "Gamma", now=0.6, before=0.8)
    fill(session, "Delta", now=0.4, before=0.4)
    make_team_of(session, 3, "Hidden")
    session.commit()
    clock.now = AFTER_FREEZE
    page = read(signed_in("lead@example.org").get("/"))
    links = [link for link in page.links if link.startswith("/teams/") and "#" not in link]
    assert links == ["/teams/beta", "/teams/delta", "/teams/gamma", "/teams/alpha"]
    assert "3 of 4 teams need a look. Beta first: sliding from a healthy level, 6" in page.text
    assert page.text.count("points lower since 2026-W44") == 2
    assert "since 2026-W44 ▼ Excessive-BAU pitfall" in page.text
    assert "since 2026-W44 ▽ Early warning" in page.text
    assert "→ unchanged ● Healthy" in page.text
    assert "3 of 3 answered" in page.text
    assert "Hidden" not in page.text


def test_a_member_sees_the_own_team_and_what_waits(session: Session, signed_in: Callable[[str], FlaskClient]) -> None:
    make_team_of(session, 2)
    make_team_of(session, 2, "Search")
    session.commit()
    page = read(signed_in("member0@payments.example").get("/"))
    assert "Answer for Payments, 2026-W47 (16-22 Nov)" in page.text
    assert "no published week yet" in page.text
    assert "Search" not in page.text
    assert "Import" not in page.text


def test_the_menu_offers_the_import_to_leads_and_administrators(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    team, _ = make_team_of(session, 1)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    for email, offered in (
        ("lead@example.org", True),
        ("admin@example.org", True),
        ("member0@payments.example", False),
    ):
        assert ("/import" in read(signed_in(email).get("/")).links) is offered


def test_the_overview_asks_to_sign_in_and_comes_back(client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in?next=/"


def test_an_administrator_is_led_from_an_empty_installation_to_the_first_answer(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    client = signed_in("admin@example.org")
    assert "/new-team" in read(client.get("/")).links
    client.post("/new-team", data={"name": "Payments", "timezone": "UTC", "hours": "40", "step": "hours"})
    page = read(client.get("/"))
    assert "Done: 1 team is here." in page.text
    assert "/teams/payments/members/add" in page.links
    typed = {"people": "ana@example.org", "role": "member", "starts_on": "2026-11-23"}
    client.post("/teams/payments/members/add/confirm", data=typed)
    page = read(client.get("/"))
    assert "Done: 1 person is asked each week." in page.text
    assert "/people" in page.links


def test_a_lead_of_a_team_without_people_is_told_to_add_them(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, make_team(session), "lead@example.org", role=Role.LEAD, hours=0)
    session.commit()
    page = read(signed_in("lead@example.org").get("/"))
    assert "Nobody is asked in Payments yet." in page.text
    assert "/teams/payments/members/add" in page.links
    assert "First steps" not in page.text


def test_a_teams_own_lines_are_those_of_its_words_and_pictures(
    session: Session, clock: Clock, signed_in: Callable[[str], FlaskClient]
) -> None:
    fill(session, "Alpha", now=0.8, before=0.8)
    team = team_with_slug(session, "alpha")
    assert team is not None
    team.thresholds = {"healthy": 0.9}
    session.commit()
    clock.now = AFTER_FREEZE
    client = signed_in("lead@example.org")
    assert "Low steady, but low" in read(client.get("/")).text
    page = client.get("/teams/alpha")
    assert "Steady, but low." in read(page).text
    assert re.search(r"healthy.{1,20}90 %", page.text)
