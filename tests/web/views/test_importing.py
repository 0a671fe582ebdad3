from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
import xlsxwriter  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from bau_tracker.domain.permissions import Role
from bau_tracker.formats.exports import csv_chunks
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services.exporting import answer_records
from bau_tracker.settings import Settings
from bau_tracker.storage.tables import Answer, AnswerRevision, ImportRun, Item, Team
from bau_tracker.web.app import create_app
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_member, make_person, make_team, make_team_of
from tests.web.pages import Page, read

GOOGLE: Final = ("Timestamp", "Email Address", "Planned work (hours)", "Defect fix (hours)", "Overhead (hours)")
MICROSOFT: Final = (
    "ID", "Start time", "Completion time", "Email", "Name", "Last modified time",
    "Planned work\u00a0(hours)", "Defect fix\u00a0(hours)", "Overhead (hours)",
)  # fmt: skip
JIRA: Final = "Summary,Issue key,Issue id,Issue Type,Status,Created\nFix crash,PAY-1,1,Bug,Open,2026-11-17 09:00\n"
ME: Final = "lead@example.org"


@pytest.fixture
def team(session: Session) -> Team:
    team, _ = make_team_of(session, 3)
    make_member(session, team, ME, role=Role.LEAD, hours=0)
    make_team(session, "Search")
    session.commit()
    return team


@pytest.fixture
def lead(team: Team, clock: Clock, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Sign the lead in once 2026-W47 is published, so that answers can be imported into it."""
    assert team
    clock.now = AFTER_FREEZE
    return signed_in(ME)


@pytest.fixture
def count(engine: sa.Engine) -> Callable[[type[Any]], int]:
    def count_rows(table: type[Any]) -> int:
        with Session(engine) as session:
            return len(session.exec(select(table)).all())

    return count_rows


Count = Callable[[type[Any]], int]


def google(*rows: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([GOOGLE, *rows])
    return text.getvalue().encode()


def row(number: int = 0, planned: str = "30", email: str = "") -> tuple[str, ...]:
    return ("2026-11-20 15:00:00", email or f"member{number}@payments.example", planned, "5", "5")


def upload(client: FlaskClient, content: bytes, name: str = "answers.csv", **said: str) -> TestResponse:
    data: dict[str, Any] = {"what": "answers", "team": "payments", "week": ""} | said
    return client.post("/import", data=data | {"file": (io.BytesIO(content), name)})


def token_of(page: Page) -> str:
    (address,) = [form for form in page.actions if form.startswith("/import/")]
    return address


def take_over(client: FlaskClient, response: TestResponse) -> Page:
    assert response.status_code == 200
    confirmed = client.post(token_of(read(response)))
    assert confirmed.status_code == 302
    return read(client.get(confirmed.location))


def kept(settings: Settings) -> list[Path]:
    return list(settings.uploads_dir.iterdir()) if settings.uploads_dir.exists() else []


def test_a_file_is_checked_first_and_taken_over_on_request(lead: FlaskClient, count: Count, settings: Settings) -> None:
    response = upload(lead, google(row(0), row(1, "20"), row(2, email="stranger@example.org")), "Survey.csv")
    page = read(response)
    assert "Check Survey.csv" in page.text
    assert "Recognised as Google Forms. Nothing is stored yet: importing would add 2 of 3 rows." in page.text
    assert "People 2" in page.text
    assert "70 in all; 30 to 40 an answer" in page.text
    assert "People not known to the team" in page.text
    assert "stranger@example.org is not a member of Payments" in page.text
    assert count(Answer) == 0
    page = take_over(lead, response)
    assert "2 rows added, 0 replaced, 0 known already, 1 rejected." in page.text
    assert count(Answer) == 2
    assert kept(settings) == []


def test_the_same_file_again_changes_nothing(lead: FlaskClient, count: Count) -> None:
    take_over(lead, upload(lead, google(row(0), row(1))))
    response = upload(lead, google(row(0), row(1)))
    assert "Nothing in this file is newer than what is stored." in read(response).text
    assert "0 rows added, 0 replaced, 2 known already, 0 rejected." in take_over(lead, response).text
    assert count(Answer) == 2


def test_dates_that_can_be_read_both_ways_are_settled_by_a_choice(lead: FlaskClient) -> None:
    text = ",".join(GOOGLE) + "\n11/10/2026 9:00:00,member0@payments.example,20,10,5\n"
    asked = upload(lead, text.encode())
    assert asked.status_code == 400
    told = read(upload(lead, text.encode(), date_order="month")).text
    assert "2026-W46 (9-15 Nov)" in told or "2026-W45 (2-8 Nov)" in told


@pytest.fixture
def export(session: Session, team: Team) -> bytes:
    """Give our own export of the one answer that a member sent by the form."""
    member = make_member(session, team, "member0@payments.example")
    give_answer(session, team, member)
    session.commit()
    rows = map(answer_row, answer_records(session, [team]))
    written = b"".join(csv_chunks(OWN_COLUMNS, rows))
    session.rollback()
    return written


def test_a_lead_learns_nothing_by_uploading_a_guess_and_overwrites_nobody(
    lead: FlaskClient, export: bytes, count: Count
) -> None:
    guesses = [export, export.replace(b",24,", b",22,"), export.replace(b"member0@", b"member1@")]
    told = [read(upload(lead, guess, "guess.csv", team="")).text for guess in guesses]
    assert "2026-W47 has answers of the form or of others; only an administrator imports into it." in told[0]
    assert told[0] == told[1] == told[2]
    take_over(lead, upload(lead, guesses[1], "guess.csv", team=""))
    assert count(Answer) == 1
    assert count(AnswerRevision) == 0


def test_our_own_export_of_answers_comes_back_in(
    signed_in: Callable[[str], FlaskClient], session: Session, export: bytes, count: Count
) -> None:
    make_person(session, "head@example.org", admin=True)
    session.commit()
    head = signed_in("head@example.org")
    page = read(upload(head, export, "export.csv", team=""))
    assert "Recognised as our own export" in page.text
    assert "Nothing in this file is newer than what is stored." in page.text
    mended = export.replace(b",24,", b",22,")
    assert mended != export
    page = take_over(head, upload(head, mended, "export.csv", team=""))
    assert "0 rows added, 1 replaced" in page.text
    assert count(Answer) == 1


def test_a_workbook_of_microsoft_forms_is_read_with_its_anonymous_rows(
    lead: FlaskClient, count: Count, tmp_path: Path
) -> None:
    path = tmp_path / "forms.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.write_row(0, 0, MICROSOFT)
        for line in (1, 2):
            at = "2026-11-20 15:00:00"
            sheet.write_row(line, 0, [line + 1, at, at, "anonymous", "", "", 20 + line, 5, 5])
    page = take_over(lead, upload(lead, path.read_bytes(), "forms.xlsx"))
    assert "2 rows added" in page.text
    assert count(Answer) == 2


def test_work_items_of_jira_are_taken_over(lead: FlaskClient, count: Count) -> None:
    response = upload(lead, JIRA.encode(), "jira.csv", what="items")
    assert "Recognised as Jira. Nothing is stored yet: importing would add 1 of 1 rows." in read(response).text
    assert "1 rows added" in take_over(lead, response).text
    assert count(Item) == 1
    assert "PAY-1" in read(lead.get("/teams/payments")).text


def test_rejected_rows_download_mend_and_import_again(lead: FlaskClient, count: Count) -> None:
    page = take_over(lead, upload(lead, google(row(0), row(1, "-3"), row(2, "=1+1"))))
    assert "All rejected rows" in page.text
    (address,) = [link for link in page.links if link.endswith("rejects.csv")]
    response = lead.get(address)
    assert response.headers["Content-Disposition"] == 'attachment; filename="rejects-1.csv"'
    rejects = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))
    assert [(reject["rejected_line"], reject[GOOGLE[2]]) for reject in rejects] == [("3", "'-3"), ("4", "'=1+1")]
    assert all(reject["rejected_because"] for reject in rejects)
    mended = response.data.replace(b"'-3", b"3").replace(b"'=1+1", b"2")
    assert "2 rows added, 0 replaced, 0 known already, 0 rejected." in take_over(lead, upload(lead, mended)).text
    assert count(Answer) == 3


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.csv", "empty"),
        (b"name,colour\nAda,red\n", "other.csv", "column"),
        (b"PK\x03\x04 not a zip", "broken.xlsx", "workbook"),
        (bytes(range(256)) * 10, "noise.bin", ""),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_chosen(
    lead: FlaskClient, count: Count, settings: Settings, content: bytes, name: str, message: str
) -> None:
    response = upload(lead, content, name, week="2026-W40")
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id["file-error"].lower()
    assert page.by_id["file-error"] in page.by_id["error-summary"]
    assert page.attributes["file"]["aria-describedby"] == "file-error"
    assert (page.value["week"], page.value["team"]) == ("2026-W40", "payments")
    assert (count(Answer), count(ImportRun), kept(settings)) == (0, 0, [])


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"week": "last week"}, "week", "Write it as 2026-W47."),
        ({"team": "search"}, "team", "Not a valid choice"),
        ({"what": "people"}, "what", "Not a valid choice"),
    ],
)
def test_what_is_said_wrongly_about_a_file_is_mended_at_its_field(
    lead: FlaskClient, count: Count, settings: Settings, said: dict[str, str], field: str, message: str
) -> None:
    response = upload(lead, google(row(0)), **said)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert (count(Answer), kept(settings)) == (0, [])


def test_a_file_has_to_be_chosen(lead: FlaskClient) -> None:
    response = lead.post("/import", data={"what": "answers", "team": "payments"})
    assert response.status_code == 400
    assert "Choose a file." in read(response).by_id["file-error"]


def test_a_week_said_by_hand_holds_for_all_rows(lead: FlaskClient, engine: sa.Engine) -> None:
    take_over(lead, upload(lead, google(row(0)), week=" 2026-W40 "))
    with Session(engine) as session:
        (answer,) = session.exec(select(Answer)).all()
    assert str(answer.week) == "2026-09-28"


def test_an_import_into_a_frozen_week_shows_in_the_trend(lead: FlaskClient, clock: Clock) -> None:
    clock.now = AFTER_FREEZE
    take_over(lead, upload(lead, google(*map(row, range(3)))))
    page = read(lead.get("/teams/payments"))
    assert OPEN_WEEK.label in page.text
    assert "85.7 %" in page.text


def test_a_file_that_names_another_team_brings_nothing_into_it(
    lead: FlaskClient, session: Session, count: Count
) -> None:
    other, (stranger, *_) = make_team_of(session, 1, "Ledger")
    session.commit()
    header = ("Team", *GOOGLE)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, ("Ledger", *row(email=stranger.name)), ("Payments", *row(0))])
    response = upload(lead, text.getvalue().encode(), team="")
    assert f"There is no team “{other.name}”, or you may not import for it." in read(response).text
    assert "1 rows added" in take_over(lead, response).text
    assert count(Answer) == 1


def test_somebody_elses_upload_and_run_look_like_none(
    lead: FlaskClient, session: Session, team: Team, signed_in: Callable[[str], FlaskClient], count: Count
) -> None:
    make_member(session, team, "other@example.org", role=Role.LEAD, hours=0)
    session.commit()
    response = upload(lead, google(row(0), row(9)))
    address = token_of(read(response))
    other = signed_in("other@example.org")
    denied = other.post(address)
    assert denied.status_code == 404
    assert "This file is no longer kept. Upload it again." in denied.text
    assert count(Answer) == 0
    take_over(lead, response)
    for path in ("/import/runs/1", "/import/runs/1/rejects.csv"):
        assert lead.get(path).status_code == 200
        shown = [other.get(path.replace("1", number, 1)) for number in ("1", "77")]
        assert [page.status_code for page in shown] == [404, 404]
        assert read(shown[0]).text == read(shown[1]).text


def test_pressing_import_twice_imports_once(lead: FlaskClient, count: Count) -> None:
    address = token_of(read(upload(lead, google(row(0)))))
    assert [lead.post(address).status_code for _ in range(2)] == [302, 404]
    assert count(Answer) == 1


@pytest.mark.parametrize("token", ["0" * 32, "..", "../../secret_key", "%2e%2e", "x"])
def test_a_token_that_is_none_finds_nothing(lead: FlaskClient, token: str) -> None:
    assert lead.post(f"/import/{token}").status_code in {404, 405}


def test_a_file_waits_for_a_day(lead: FlaskClient, clock: Clock, settings: Settings) -> None:
    first = token_of(read(upload(lead, google(row(0)))))
    clock.now = clock.now.replace(year=2036)
    upload(lead, google(row(1)))
    assert len(kept(settings)) == 1
    assert lead.post(first).status_code == 404


def test_a_member_is_told_that_importing_is_for_leads(
    team: Team, settings: Settings, count: Count, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert team
    client = signed_in("member0@payments.example")
    for response in (client.get("/import"), upload(client, google(row(0)))):
        assert response.status_code == 403
        assert "You lead no team" in read(response).text
    assert (count(Answer), kept(settings)) == (0, [])


def test_an_administrator_imports_for_every_team(
    session: Session, team: Team, signed_in: Callable[[str], FlaskClient], count: Count
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    client = signed_in("admin@example.org")
    page = client.get("/import").text
    assert team.name in page
    assert "Search" in page
    take_over(client, upload(client, google(row(0))))
    assert count(Answer) == 1


def test_an_administrator_without_any_team_is_told_how_to_add_one(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    response = signed_in("admin@example.org").get("/import")
    assert response.status_code == 200
    assert "There is no team yet. Add a team first" in read(response).text
    assert "/new-team" in read(response).links


@pytest.mark.parametrize("checked", [True, False])
def test_a_file_over_the_limit_is_refused_in_words(
    app: Flask, lead: FlaskClient, settings: Settings, checked: bool
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.config["WTF_CSRF_ENABLED"] = checked
    response = lead.post("/import", data=b"x" * (1024 * 1024 + 1), content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "The file is larger than this installation takes." in read(response).text
    assert kept(settings) == []


def test_the_limit_of_the_settings_is_the_limit_of_the_pages(settings: Settings, engine: sa.Engine) -> None:
    app = create_app(replace(settings, max_upload_mb=3), engine=engine)
    assert app.config["MAX_CONTENT_LENGTH"] == 3 * 1024 * 1024
