from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.taxonomy import Chip
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_answer, make_member, make_person, make_team_of
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
    links = [link for link in page.links if link.startswith("/teams/")]
    assert links == ["/teams/beta", "/teams/delta", "/teams/gamma", "/teams/alpha"]
    assert "3 of 4 teams need a look. Beta first: sliding from a healthy level, 60 % planned work." in page.text
    assert "↘ 20 points lower ▼ Excessive-BAU pitfall" in page.text
    assert "20 points lower ▽ Early warning" in page.text
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
