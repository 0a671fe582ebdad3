from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
import xlsxwriter  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.formats.exports import csv_chunks
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services.exporting import answer_records
from bau_tracker.services.importing import LASTS
from bau_tracker.settings import Settings
from bau_tracker.storage.tables import Answer, AnswerRevision, ImportRun, Item, Team
from bau_tracker.web import uploads
from bau_tracker.web.app import create_app
from tests.conftest import Clock
from tests.factories import OPEN_WEEK, give_answer, make_member, make_person, make_team_of
from tests.web.importing import GOOGLE, checked, confirmed, google, imported, kept, row, unseen, upload
from tests.web.pages import read

MICROSOFT: Final = (
    "ID", "Start time", "Completion time", "Email", "Name", "Last modified time",
    "Planned work\u00a0(hours)", "Defect fix\u00a0(hours)", "Overhead (hours)",
)  # fmt: skip
JIRA: Final = b"Summary,Issue key,Issue id,Issue Type,Status,Created\nFix crash,PAY-1,1,Bug,Open,2026-11-17 09:00\n"

Count = Callable[[type[Any]], int]


def test_a_file_is_checked_first_and_taken_over_on_request(
    importer: FlaskClient, count: Count, settings: Settings
) -> None:
    page = checked(importer, google(row(0), row(1, "20"), row(2, email="stranger@example.org")), "Survey.csv")
    assert "Check Survey.csv" in page.text
    assert "Importing would add 2 of 3 rows. Nothing is stored yet." in page.text
    assert "Recognised as Google Forms: " in page.text
    assert "People 2" in page.text
    assert "70 in all; 30 to 40 an answer" in page.text
    assert "stranger@example.org is not a member of Payments" in page.text
    assert count(Answer) == 0
    assert len(kept(settings)) == 1
    page = confirmed(importer, page)
    assert "2 rows added, 1 row rejected, on Wed 25 Nov 2026, 12:00." in page.text
    assert count(Answer) == 2
    assert kept(settings) == []


def test_rows_given_twice_in_a_file_frighten_nobody(importer: FlaskClient) -> None:
    page = checked(importer, google(row(0), row(0, "20"), row(1)))
    assert "Importing would add 2 of 3 rows. Nothing is stored yet." in page.text
    assert "1 row of the file is given again in it, for the same person and week: the later counts." in page.text
    assert "Replacing an older one 0 Given again in the file; the later counts 1" in page.text
    assert "2 rows added, 1 row given again in the file, on" in confirmed(importer, page).text


def test_a_check_that_nobody_confirms_says_until_when_it_waits_and_leaves_the_list_then(
    importer: FlaskClient, clock: Clock, count: Count
) -> None:
    assert "It waits for you until Thu 26 Nov 2026, 12:00" in checked(importer, google(row(0)), "left.csv").text
    assert "waits for you until Thu 26 Nov 2026" in read(importer.get("/import")).text
    clock.now += LASTS + timedelta(seconds=1)
    page = read(importer.get("/import"))
    assert "left.csv" not in page.text
    assert count(ImportRun) == 0


def test_over_so_many_waiting_files_an_upload_is_refused_and_what_waits_is_listed_to_be_given_up(
    importer: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    assert "Your files that wait" not in read(importer.get("/import")).text
    checked(importer, google(row(0)), "first.csv")
    upload(importer, unseen("12/11/2026"), "second.csv")
    waiting = kept(settings)
    response = upload(importer, google(row(1)), "third.csv")
    page = read(response)
    assert response.status_code == 400
    assert "With this file 3 of yours would wait to be imported" in page.text
    assert "Import or give up what waits, below, or come back tomorrow" in page.text
    assert kept(settings) == waiting
    links = [link for link in page.links if "/import/files/" in link]
    assert len(links) == 2
    for link in links:
        assert importer.get(link).status_code == 200
    assert importer.post(f"{links[0]}/drop").status_code == 302
    checked(importer, google(row(1)), "third.csv")


def test_an_import_that_is_taken_over_makes_room_for_the_next(
    importer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    for number in range(3):
        imported(importer, google(row(number)))


def test_the_same_file_again_changes_nothing_and_the_page_says_when_it_came_before(
    importer: FlaskClient, count: Count
) -> None:
    imported(importer, google(row(0), row(1)))
    page = checked(importer, google(row(0), row(1)), "again.csv")
    assert "Nothing in this file is newer than what is stored." in page.text
    assert "The same file was imported before, on Wed 25 Nov 2026, 12:00" in page.text
    assert "/import/runs/1" in page.links
    assert not any(address.endswith("/confirm") for address in page.actions)
    assert count(Answer) == 2


@pytest.fixture
def export(session: Session, payments: Team) -> bytes:
    """Give our own export of the one answer that a member sent by the form."""
    member = make_member(session, payments, "member0@payments.example")
    give_answer(session, payments, member)
    session.commit()
    rows = map(answer_row, answer_records(session, [payments]))
    written = b"".join(csv_chunks(OWN_COLUMNS, rows))
    session.rollback()
    return written


def test_a_lead_learns_nothing_by_uploading_a_guess_and_overwrites_nobody(
    importer: FlaskClient, export: bytes, count: Count
) -> None:
    guesses = [export, export.replace(b",24,", b",22,"), export.replace(b"member0@", b"member1@")]
    told = [checked(importer, guess, "guess.csv", team="").text for guess in guesses]
    assert "2026-W47 has answers of the form or of others; only an administrator imports into it." in told[0]
    assert told[0] == told[1] == told[2]
    imported(importer, guesses[1], "guess.csv", team="")
    assert count(Answer) == 1
    assert count(AnswerRevision) == 0


def test_our_own_export_of_answers_comes_back_in(
    signed_in: Callable[[str], FlaskClient], session: Session, export: bytes, count: Count
) -> None:
    make_person(session, "head@example.org", admin=True)
    session.commit()
    head = signed_in("head@example.org")
    page = checked(head, export, "export.csv", team="")
    assert "Recognised as our own export" in page.text
    assert "Nothing in this file is newer than what is stored." in page.text
    mended = export.replace(b",24,", b",22,")
    assert mended != export
    assert "1 row replaced, on" in imported(head, mended, "export.csv", team="").text
    assert count(Answer) == 1


def test_a_workbook_of_microsoft_forms_is_read_with_its_anonymous_rows(
    importer: FlaskClient, count: Count, tmp_path: Path
) -> None:
    path = tmp_path / "forms.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.write_row(0, 0, MICROSOFT)
        for line in (1, 2):
            at = "2026-11-20 15:00:00"
            sheet.write_row(line, 0, [line + 1, at, at, "anonymous", "", "", 20 + line, 5, 5])
    assert "2 rows added" in imported(importer, path.read_bytes(), "forms.xlsx").text
    assert count(Answer) == 2


def test_work_items_are_told_from_answers(importer: FlaskClient, count: Count) -> None:
    page = checked(importer, JIRA, "jira.csv")
    assert "Recognised as Jira" in page.text
    assert "PAY-1 Fix crash 2026-W47 (16-22 Nov) defect unplanned" in page.text
    assert "1 row added" in confirmed(importer, page).text
    assert count(Item) == 1
    assert "PAY-1" in read(importer.get("/teams/payments")).text


def test_rejected_rows_download_mend_and_import_again(importer: FlaskClient, count: Count) -> None:
    page = imported(importer, google(row(0), row(1, "-3"), row(2, "=1+1")))
    assert "Rejected rows by reason" in page.text
    (address,) = [link for link in page.links if link.endswith("rejects.csv")]
    response = importer.get(address)
    assert response.headers["Content-Disposition"] == 'attachment; filename="rejects-1.csv"'
    rejects = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))
    assert [(reject["rejected_line"], reject[GOOGLE[2]]) for reject in rejects] == [("3", "'-3"), ("4", "'=1+1")]
    assert all(reject["rejected_because"] for reject in rejects)
    mended = response.data.replace(b"'-3", b"3").replace(b"'=1+1", b"2")
    assert "2 rows added, on" in imported(importer, mended).text
    assert count(Answer) == 3


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.csv", "empty"),
        (b"PK\x03\x04 not a zip", "broken.xlsx", "workbook"),
        (b"%PDF-1.7", "survey.pdf", "a pdf"),
        (b"\0" * 3000, "noise.csv", "noise.csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_chosen(
    importer: FlaskClient, count: Count, settings: Settings, content: bytes, name: str, message: str
) -> None:
    response = upload(importer, content, name, what="items")
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id["file-error"].lower()
    assert page.by_id["file-error"] in page.by_id["error-summary"]
    assert page.attributes["file"]["aria-describedby"] == "file-hint file-error"
    assert (page.value["what"], page.value["team"]) == ("items", "payments")
    assert (count(Answer), count(ImportRun), kept(settings)) == (0, 0, [])


@pytest.mark.parametrize(("said", "field"), [({"team": "search"}, "team"), ({"what": "people"}, "what")])
def test_what_is_said_wrongly_about_a_file_is_mended_at_its_field(
    importer: FlaskClient, count: Count, settings: Settings, said: dict[str, str], field: str
) -> None:
    response = upload(importer, google(row(0)), **said)
    page = read(response)
    assert response.status_code == 400
    assert "Not a valid choice" in page.by_id[f"{field}-error"]
    assert "Not a valid choice" in page.by_id["error-summary"]
    assert (count(Answer), kept(settings)) == (0, [])


def test_a_file_has_to_be_chosen(importer: FlaskClient) -> None:
    response = importer.post("/import", data={"what": "", "team": "payments"})
    assert response.status_code == 400
    assert "Choose a file." in read(response).by_id["file-error"]


def test_a_name_of_a_file_is_shown_without_what_would_break_the_page(importer: FlaskClient, settings: Settings) -> None:
    page = checked(importer, google(row(0)), "..\\..\\<b>evil\u202egpj.csv")
    assert "<b>evilgpj.csv" in page.text
    assert {path.name for folder in kept(settings) for path in folder.iterdir()} == {"file", "upload.json"}


def test_an_import_into_a_frozen_week_shows_in_the_trend(importer: FlaskClient) -> None:
    imported(importer, google(*map(row, range(3))))
    page = read(importer.get("/teams/payments"))
    assert OPEN_WEEK.label in page.text
    assert "85.7 %" in page.text


def test_a_file_that_names_another_team_brings_nothing_into_it(
    importer: FlaskClient, session: Session, count: Count
) -> None:
    other, (stranger, *_) = make_team_of(session, 1, "Ledger")
    session.commit()
    content = google(("Ledger", *row(email=stranger.name)), ("Payments", *row(0)), header=("Team", *GOOGLE))
    page = checked(importer, content, team="")
    assert f"There is no team “{other.name}”, or you may not import for it." in page.text
    assert "1 row added" in confirmed(importer, page).text
    assert count(Answer) == 1


def test_the_imports_so_far_are_listed_with_their_state(importer: FlaskClient) -> None:
    imported(importer, google(row(0)), "first.csv")
    checked(importer, google(row(1), row(2, "-3")), "second.csv")
    page = read(importer.get("/import"))
    assert "first.csv imported 1 row added Wed 25 Nov 2026, 12:00" in page.text
    assert "second.csv waits for you until Thu 26 Nov 2026, 12:00 2 rows read, 1 rejected" in page.text
    assert {"/import/runs/1", "/import/runs/2"} <= set(page.links)
    assert "Who" not in page.text


def test_a_file_waits_for_a_day(importer: FlaskClient, clock: Clock, settings: Settings) -> None:
    checked(importer, google(row(0)))
    clock.now = clock.now.replace(year=2036)
    checked(importer, google(row(1)))
    assert len(kept(settings)) == 1
    page = read(importer.get("/import"))
    assert page.text.count("waits for you") == 1


def test_a_member_is_told_that_importing_is_for_leads(
    payments: Team, settings: Settings, count: Count, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert payments
    client = signed_in("member0@payments.example")
    for response in (client.get("/import"), upload(client, google(row(0)))):
        assert response.status_code == 403
        assert "You lead no team" in read(response).text
    assert (count(Answer), kept(settings)) == (0, [])


def test_an_administrator_imports_for_every_team_and_sees_who_imported_what(
    session: Session, importer: FlaskClient, signed_in: Callable[[str], FlaskClient], count: Count
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    imported(importer, google(row(1)))
    client = signed_in("admin@example.org")
    page = read(client.get("/import"))
    assert "The file says which team" in page.text
    assert "Search" in page.text
    assert re.search(r"answers\.csv imported 1 row added .* lead@example\.org", page.text)
    imported(client, google(row(0)))
    assert count(Answer) == 2


def test_an_administrator_without_any_team_is_told_how_to_add_one(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    response = signed_in("admin@example.org").get("/import")
    assert response.status_code == 200
    assert "There is no team yet. Add a team first" in read(response).text
    assert "/new-team" in read(response).links


@pytest.mark.parametrize("checked_", [True, False])
def test_a_file_over_the_limit_is_refused_in_words(
    app: Flask, importer: FlaskClient, settings: Settings, checked_: bool
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.config["WTF_CSRF_ENABLED"] = checked_
    response = importer.post("/import", data=b"x" * (1024 * 1024 + 1), content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "The file is larger than this installation takes." in read(response).text
    assert kept(settings) == []


def test_the_limit_of_the_settings_is_the_limit_of_the_pages(settings: Settings, engine: sa.Engine) -> None:
    app = create_app(replace(settings, max_upload_mb=3), engine=engine)
    assert app.config["MAX_CONTENT_LENGTH"] == 3 * 1024 * 1024


def test_a_week_that_only_the_answers_time_tells_is_told_by_the_stated_rule(
    importer: FlaskClient, engine: sa.Engine
) -> None:
    on_monday = ("2026-11-16 09:00:00", *row(0)[1:])
    page = checked(importer, google(on_monday))
    assert "answers given on a Monday or Tuesday are taken for the week before" in page.text
    confirmed(importer, page)
    with Session(engine) as session:
        (answer,) = session.exec(select(Answer)).all()
    assert str(answer.week) == "2026-11-09"
