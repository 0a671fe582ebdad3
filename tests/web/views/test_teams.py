from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.services import messages
from bau_tracker.services.exporting import ITEM_COLUMNS, WEEK_COLUMNS
from bau_tracker.services.people import make_link
from bau_tracker.settings import Settings
from bau_tracker.storage.tables import Answer as StoredAnswer
from bau_tracker.storage.tables import Item, Team
from bau_tracker.web.app import create_app
from tests.conftest import SECRET, Clock
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_item,
    make_member,
    make_person,
    make_team,
    make_team_of,
)
from tests.post import Kept, office
from tests.web.pages import read

LEAD: Final = "lead@example.org"


@pytest.fixture
def team(session: Session, clock: Clock) -> tuple[Team, list[Actor]]:
    """Give a team of five with a lead who isn't asked, after W47 has frozen; another team is beside it."""
    team, members = make_team_of(session, 5)
    make_member(session, team, LEAD, role=Role.LEAD, hours=0)
    other, others = make_team_of(session, 3, "Search")
    for one in others:
        give_answer(session, other, one, answer=make_answer(1, 38, 1))
    session.commit()
    clock.now = AFTER_FREEZE
    return team, members


@pytest.fixture
def answered(session: Session, team: tuple[Team, list[Actor]]) -> tuple[Team, list[Actor]]:
    for number, member in enumerate(team[1][:4]):
        give_answer(session, team[0], member, answer=make_answer(26 - number, 8 + number, 6))
    session.commit()
    return team


@pytest.fixture
def lead(team: tuple[Team, list[Actor]], signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team
    return signed_in(LEAD)


def rows(response: TestResponse) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("answered")
def test_the_page_begins_with_the_verdict_and_shows_each_published_week(lead: FlaskClient) -> None:
    page = read(lead.get("/teams/payments"))
    assert "No verdict yet: 1 of the 7 weeks with enough answers that a verdict needs." in page.text
    assert "2026-W47 (16-22 Nov) 72.1 % 4 of 5" in page.text
    assert "Weeks as CSV" in page.text


@pytest.mark.usefixtures("answered")
def test_the_page_says_what_measuring_costs(lead: FlaskClient, session: Session) -> None:
    text = read(lead.get("/teams/payments")).text
    assert "Cost of measuring, last week: 80 % answered, none of the answers late." in text
    for number, answer in enumerate(session.exec(select(StoredAnswer).where(StoredAnswer.team_id == 1))):
        answer.seconds = 30 + number * 10
        answer.answered_at = AFTER_FREEZE if number == 0 else answer.answered_at
        session.add(answer)
    session.commit()
    text = read(lead.get("/teams/payments")).text
    assert (
        "Cost of measuring, last week: 45 seconds to answer (median), 80 % answered, 25 % of the answers late." in text
    )


def test_a_team_without_a_published_week_says_when_there_will_be_one(lead: FlaskClient) -> None:
    page = read(lead.get("/teams/payments"))
    assert "No week is published yet." in page.text
    assert "No work items are known. Import an export of your tracker" in page.text


def test_an_open_week_shows_only_how_many_have_answered(
    lead: FlaskClient, clock: Clock, session: Session, team: tuple[Team, list[Actor]]
) -> None:
    payments, members = team
    week = OPEN_WEEK.shift(1)
    for member in members[:4]:
        give_answer(session, payments, member, week, make_answer(31, 7, 2))
    session.commit()
    clock.advance(days=4)
    page = read(lead.get("/teams/payments"))
    assert "2026-W48 (23-29 Nov) is open: 4 of 5 answered. Its figures are published on" in page.text
    assert "81" not in page.text
    assert "2026-W48" not in lead.get("/teams/payments/weeks.csv").text


def test_a_member_sees_the_team_but_no_comments_and_no_downloads(
    session: Session, answered: tuple[Team, list[Actor]], signed_in: Callable[[str], FlaskClient]
) -> None:
    team, members = answered
    give_answer(session, team, members[4], answer=make_answer(comment="a comment of somebody"))
    session.commit()
    client = signed_in(members[0].name)
    page = read(client.get("/teams/payments"))
    assert "2026-W47" in page.text
    assert "Comments" not in page.text
    assert "a comment of somebody" not in page.text
    assert "Weeks as CSV" not in page.text
    assert "Import an export" not in page.text
    for path in ("weeks.csv", "items.csv"):
        response = client.get(f"/teams/payments/{path}")
        assert response.status_code == 403
        assert "Ask a lead of the team, or an administrator." in response.text


def test_a_lead_reads_comments_without_names_from_five_answers_on(
    session: Session, answered: tuple[Team, list[Actor]], lead: FlaskClient
) -> None:
    team, members = answered
    give_answer(session, team, members[0], answer=make_answer(comment="alerts all night"))
    session.commit()
    assert "No comments in recent weeks with 5 answers or more." in read(lead.get("/teams/payments")).text
    give_answer(session, team, members[4])
    session.commit()
    text = read(lead.get("/teams/payments")).text
    assert "alerts all night" in text
    assert members[0].name not in text


@pytest.mark.parametrize("path", ["", "/weeks.csv", "/items.csv"])
def test_another_team_looks_like_one_that_does_not_exist(lead: FlaskClient, path: str) -> None:
    responses = [lead.get(f"/teams/{slug}{path}") for slug in ("search", "nothing")]
    assert [response.status_code for response in responses] == [404, 404]
    assert read(responses[0]).text == read(responses[1]).text
    assert "There is no such team, or you are not a member of it." in responses[0].text


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("path", ["/teams/payments", "/teams/payments/weeks.csv", "/teams/payments/items.csv"])
def test_a_team_asks_to_sign_in_and_comes_back(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == f"/sign-in?next={path}"


@pytest.mark.usefixtures("answered")
def test_an_administrator_sees_every_team_under_the_same_minimums(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    small, members = make_team_of(session, 2, "Tiny")
    for member in members:
        give_answer(session, small, member)
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    client = signed_in("admin@example.org")
    assert "Payments" in client.get("/").text
    assert "72.1 %" in read(client.get("/teams/payments")).text
    page = read(client.get("/teams/tiny"))
    assert "too few answers" in page.text
    (row,) = rows(client.get("/teams/tiny/weeks.csv"))
    assert (row["answered"], row["figures"], row["planned_hours"], row["planned_share"]) == (
        "2", "too few answers", "", "",
    )  # fmt: skip


def test_weeks_download_with_documented_columns_and_iso_dates(
    session: Session, answered: tuple[Team, list[Actor]], lead: FlaskClient
) -> None:
    team, members = answered
    give_answer(session, team, members[0], OPEN_WEEK.shift(-2), make_answer(excessive=(Chip.ALERTS,)))
    session.commit()
    response = lead.get("/teams/payments/weeks.csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="payments-weeks.csv"'
    assert response.data.startswith(b"\xef\xbb\xbfteam,week,week_start,week_end,answered,expected")
    found = rows(response)
    assert tuple(found[0]) == WEEK_COLUMNS
    assert [(row["week"], row["figures"]) for row in found] == [
        ("2026-W45", "too few answers"),
        ("2026-W46", "no answers"),
        ("2026-W47", "shown"),
    ]
    newest = found[-1]
    assert (newest["week_start"], newest["week_end"]) == ("2026-11-16", "2026-11-22")
    assert (newest["answered"], newest["expected"]) == ("4", "5")
    assert (newest["planned_hours"], newest["defect_hours"], newest["planned_share"]) == ("98", "38", "0.7206")
    assert newest["signal"] == "Not enough data"
    assert {row["team"] for row in found} == {"payments"}


def test_what_a_spreadsheet_would_take_for_a_formula_is_guarded_in_items(
    session: Session, team: tuple[Team, list[Actor]], lead: FlaskClient
) -> None:
    make_item(session, team[0], "PAY-1", title='=HYPERLINK("http://evil.example")', labels=["+1", "-2"])
    make_item(session, team[0], "PAY-2", title="-5 degrees in the machine room", status="@home")
    make_item(session, team[0], "PAY-3", title="Zwölf, »quoted« and\nbroken")
    session.commit()
    response = lead.get("/teams/payments/items.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="payments-items.csv"'
    found = {row["key"]: row for row in rows(response)}
    assert tuple(found["PAY-1"]) == ITEM_COLUMNS
    assert found["PAY-1"]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert found["PAY-1"]["labels"] == "'+1; -2"
    assert found["PAY-2"]["title"] == "'-5 degrees in the machine room"
    assert found["PAY-2"]["status"] == "'@home"
    assert found["PAY-3"]["title"] == "Zwölf, »quoted« and\nbroken"


def test_a_fall_is_a_negative_number_in_the_download(
    session: Session, team: tuple[Team, list[Actor]], lead: FlaskClient
) -> None:
    payments, members = team
    for back in range(12):
        for member in members[:3]:
            hours = 20 if back < 4 else 30
            give_answer(session, payments, member, OPEN_WEEK.shift(-back), make_answer(hours, 40 - hours, 0))
    session.commit()
    newest = rows(lead.get("/teams/payments/weeks.csv"))[-1]
    assert newest["change"].startswith("-0.")
    assert float(newest["change"]) < -0.1
    page = read(lead.get("/teams/payments"))
    assert "Sliding from a healthy level" in page.text
    assert "Comparing the same people with their own past, planned work has been lower since 2026-W4" in page.text


def test_items_show_their_kind_and_why(session: Session, team: tuple[Team, list[Actor]], lead: FlaskClient) -> None:
    item = make_item(session, team[0], "PAY-7", title="Fix crash <script>alert(1)</script>")
    session.commit()
    text = lead.get("/teams/payments").text
    assert "PAY-7" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert item.class_reason in read(lead.get("/teams/payments")).text
    assert isinstance(item, Item)


def test_somebody_who_leads_two_teams_downloads_only_the_one_asked_for(
    session: Session, answered: tuple[Team, list[Actor]], lead: FlaskClient
) -> None:
    assert answered
    other = make_team(session, "Ledger")
    make_member(session, other, LEAD, role=Role.LEAD)
    session.commit()
    assert {row["team"] for row in rows(lead.get("/teams/payments/weeks.csv"))} == {"payments"}
    assert rows(lead.get("/teams/ledger/weeks.csv")) == []


def test_an_answer_of_a_lead_does_not_let_them_subtract(
    session: Session, team: tuple[Team, list[Actor]], signed_in: Callable[[str], FlaskClient]
) -> None:
    payments, members = team
    captain = make_member(session, payments, "captain@example.org", role=Role.LEAD)
    for one in (captain, *members[:2]):
        give_answer(session, payments, one, answer=Answer(TimeSplit(planned=17.5, support=3.5), hours_available=40))
    session.commit()
    for_captain = read(signed_in("captain@example.org").get("/teams/payments")).text
    assert "too few answers" in for_captain
    assert "83.3 %" not in for_captain
    assert "83.3 %" in read(signed_in(LEAD).get("/teams/payments")).text


def test_without_mail_a_lead_copies_a_reminder_while_a_week_is_open(
    lead: FlaskClient, team: tuple[Team, list[Actor]], session: Session, clock: Clock
) -> None:
    assert "Reminding the team" not in read(lead.get("/teams/payments")).text
    clock.now = MONDAY
    give_answer(session, team[0], team[1][0])
    session.commit()
    page = read(lead.get("/teams/payments"))
    assert "#reminder-title" in page.links
    assert "until Wednesday 25 Nov, 12:00 (UTC): http://127.0.0.1:8000/my-week" in page.by_id["reminder-text"]
    assert "readonly" in page.attributes["reminder-text"]
    assert "member" not in page.by_id["reminder-text"]


def test_with_mail_a_lead_learns_when_the_last_message_went_and_how_many_failed_and_no_name(
    settings: Settings, engine: sa.Engine, clock: Clock, team: tuple[Team, list[Actor]], session: Session
) -> None:
    clock.now = MONDAY
    outbox = Kept(failing={team[1][0].name: NotTaken("550 no such user", for_good=True)})
    messages.remind(session, office(outbox), clock=clock)
    token = make_link(session, make_person(session, LEAD), secret=SECRET, now=MONDAY)
    session.commit()
    app = create_app(replace(settings, mail="mailbox"), clock_=clock, engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post(f"/sign-in/{token}")
    page = read(client.get("/teams/payments"))
    assert "Invitations and reminders go out by mail, to each person once." in page.text
    assert "The last one about 2026-W47 went on Mon 23 Nov 2026, 10:00. 1 could not be sent" in page.text
    assert "reminder-text" not in page.by_id
    assert team[1][0].name not in page.text


def test_a_member_is_shown_nothing_of_the_reminders(
    team: tuple[Team, list[Actor]], signed_in: Callable[[str], FlaskClient], clock: Clock
) -> None:
    clock.now = MONDAY
    assert "Reminding the team" not in read(signed_in(team[1][0].name).get("/teams/payments")).text
