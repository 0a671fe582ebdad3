"""A team's year in small: everybody uses the pages only, and time passes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.taxonomy import PRACTICES, Chip, practice_for
from bau_tracker.domain.weeks import Week
from bau_tracker.services.people import first_code, make_link
from bau_tracker.storage.people import person_with_email
from tests.conftest import SECRET, Clock
from tests.factories import MONDAY, OPEN_WEEK, make_member, make_team_of
from tests.web.pages import Page, read

LEAD: Final = "lead@example.org"
MEMBERS: Final = tuple(f"member{number}@payments.example" for number in range(3))


def answer(client: FlaskClient, week: Week, **typed: str) -> Page:
    """Open the survey that the overview offers, fill it in, send it, and give the page after it."""
    overview = read(client.get("/"))
    (address,) = [link for link in overview.links if link.endswith(f"/weeks/{week}")]
    form = read(client.get(address))
    sent = client.post(address, data=form.value | typed | {"action": "send"})
    assert sent.status_code == 302
    return read(client.get(sent.location))


def test_a_team_answers_for_twelve_weeks_and_its_lead_sees_the_slide(
    app: Flask, session: Session, clock: Clock, signed_in: Callable[[str], FlaskClient]
) -> None:
    team, _ = make_team_of(session, 3)
    make_member(session, team, LEAD, role=Role.LEAD, hours=0)
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    first = OPEN_WEEK.shift(-11)
    clock.now = MONDAY.replace(month=9, day=7)
    people = [signed_in(email) for email in MEMBERS]
    lead = signed_in(LEAD)
    for number, week in enumerate(first.until(OPEN_WEEK)):
        slid = number >= 8
        for client in people:
            page = answer(
                client, week, planned="20" if slid else "30", defect="16" if slid else "6", overhead="4",
                **({"excessive": "deployments"} if slid else {}),
            )  # fmt: skip
            assert "Thanks, answered" in page.text
        if week is not first and number % 6 == 0:
            assert str(week) not in weeks_of(lead)
            assert f"{week.label} is open: 3 of 3 answered." in read(lead.get("/teams/payments")).text
        clock.advance(days=2, hours=2)
        if number % 6 == 5:
            assert weeks_of(lead)[-1] == str(week)
        clock.advance(days=4, hours=22)
    page = read(lead.get("/"))
    assert re.search(
        "1 of 1 team needs a look. Payments first: sliding from a healthy level, [56][0-9] % planned work.", page.text
    )
    page = read(lead.get("/teams/payments"))
    assert "Comparing the same people with their own past, planned work has been lower since 2026-W4" in page.text
    assert PRACTICES[practice_for(Chip.DEPLOYMENTS)].label in page.text
    assert len(weeks_of(lead)) == 12
    assert "your planned work, 26 weeks" in read(people[0].get("/my-week")).text


def weeks_of(client: FlaskClient) -> list[str]:
    response = client.get("/teams/payments/weeks.csv")
    return [row["week"] for row in csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")))]


def test_a_first_administrator_a_lead_and_a_member_come_in_by_their_links(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    admin = app.test_client()
    form = read(admin.get("/first")).value
    typed = {"code": first_code(SECRET), "email": "admin@example.org", "password": "a few words are fine"}
    assert admin.post("/first", data=form | typed).location == "/"
    team, _ = make_team_of(session, 1)
    person = person_with_email(session, MEMBERS[0])
    assert person is not None
    token = make_link(session, person, secret=SECRET, now=MONDAY)
    session.commit()
    member = app.test_client()
    page = read(member.get(f"/sign-in/{token}"))
    assert member.post(f"/sign-in/{token}", data=page.value).location == "/"
    assert "24 h planned, 8 h BAU" in answer(member, OPEN_WEEK, planned="24", defect="8").text
    assert f"{OPEN_WEEK.label} is open: 1 of 1 answered." in read(admin.get(f"/teams/{team.slug}")).text
    page = read(member.get("/account"))
    out = member.post("/sign-out", data={"csrf_token": page.value["csrf_token"]})
    assert out.location == "/sign-in"
    assert member.get("/my-week").status_code == 302
