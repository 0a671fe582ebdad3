from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from bau_tracker.domain.permissions import Role
from bau_tracker.settings import Settings
from bau_tracker.storage.tables import Answer, ImportRun, Item, Team
from tests.conftest import Clock
from tests.factories import make_member
from tests.web.importing import GOOGLE, UNSEEN, action, checked, confirmed, follow, google, kept, row, unseen, upload
from tests.web.pages import Page, read

Count = Callable[[type[Any]], int]
CHOSEN: Final = {
    "column-answered_at": "Wann?",
    "column-email": "Wer bist du",
    "column-planned": "Zeit für Roadmap-Themen",
    "column-defect": "Zeit für Brände",
    "column-overhead": "Runden",
    "column-comment": "Was noch?",
    "date_order": "day",
}


def opened(client: FlaskClient, content: bytes, name: str = "umfrage.csv", **said: str) -> tuple[str, Page]:
    """Upload a file that leaves something open, and give the address and the page of its columns."""
    response = upload(client, content, name, **said)
    assert response.status_code == 302, read(response).text
    assert "/import/files/" in response.location
    return response.location, read(client.get(response.location))


def send(client: FlaskClient, address: str, page: Page, button: str = "preview", **chosen: str) -> TestResponse:
    """Send the form of a page as it stands, but for what is chosen otherwise."""
    typed = {name: value for name, value in page.value.items() if name != "csrf_token"}
    return client.post(address, data=typed | chosen | {"action": button})


def test_a_file_never_seen_before_is_explained_previewed_checked_and_imported(
    importer: FlaskClient, engine: sa.Engine, count: Count
) -> None:
    address, page = opened(importer, unseen("11/11/2026", "12/11/2026"))
    assert "open before this file can be read" in page.text
    assert "Still open:" in page.text
    assert "The first rows show here once nothing is open any more." in page.text
    response = send(importer, address, page, **CHOSEN)
    assert response.location == f"{address}#preview"
    page = read(importer.get(address))
    assert "This file can be read. It holds 2 rows of survey answers" in page.text
    assert "The first 2 rows; figures are hours" in page.text
    assert "member0@payments.example 2026-W46 30 6 4 ruhig" in page.text
    assert (count(ImportRun), count(Answer)) == (0, 0)
    page = follow(importer, send(importer, address, page, "read"))
    assert "Importing would add 2 of 2 rows." in page.text
    assert address in page.links
    confirmed(importer, page)
    with Session(engine) as session:
        answers = session.exec(select(Answer)).all()
    assert {(str(answer.week), answer.planned, answer.defect) for answer in answers} == {("2026-11-09", 30.0, 6.0)}


def test_the_same_form_next_week_needs_no_question(importer: FlaskClient) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    confirmed(importer, follow(importer, send(importer, address, page, "read", **CHOSEN)))
    page = checked(importer, unseen("12/11/2026", "12/11/2026"), "next.csv")
    assert "Importing would add 1 of 2 rows." in page.text


def test_a_form_whose_questions_changed_is_shown_with_what_changed(importer: FlaskClient) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    confirmed(importer, follow(importer, send(importer, address, page, "read", **CHOSEN)))
    reworded = (*UNSEEN[:3], "Zeit für Brände und Störungen", *UNSEEN[4:])
    address, page = opened(importer, unseen("12/11/2026", header=reworded))
    assert "“Zeit für Brände” now seems to be “Zeit für Brände und Störungen”" in page.text
    assert page.value["column-planned"] == "Zeit für Roadmap-Themen"
    assert "From this file on, figures come from other questions" in page.text


def test_the_order_of_dates_is_asked_with_both_readings_and_only_when_open(importer: FlaskClient) -> None:
    ambiguous = google(("11/10/2026 9:00:00", *row(0)[1:]))
    address, page = opened(importer, ambiguous)
    assert "“11/10/2026 9:00:00” can be read as" in page.text
    assert "11 October 2026" in page.text or "11 Oct 2026" in page.text
    assert "date_order" not in page.value
    page = follow(importer, send(importer, address, page, "read", date_order="month"))
    assert "2026-W46 (9-15 Nov)" in page.text or "2026-W45 (2-8 Nov)" in page.text
    address, page = opened(importer, unseen("2026-11-20"))
    assert "Which comes first in dates?" not in page.text


def test_a_file_without_any_date_asks_for_the_week_and_states_the_rule(
    importer: FlaskClient, engine: sa.Engine
) -> None:
    content = google(("member0@payments.example", "30", "5", "5"), header=GOOGLE[1:])
    address, page = opened(importer, content)
    assert "No column says which week the answers are about." in page.text
    assert "on a Monday or Tuesday it is about the week before" in page.by_id["week-hint"]
    refused = send(importer, address, page, week="last week")
    assert refused.status_code == 400
    page = read(refused)
    assert "Write it as 2026-W47." in page.by_id["week-error"]
    assert page.value["week"] == "last week"
    confirmed(importer, follow(importer, send(importer, address, page, "read", week=" 2026-W40 ")))
    with Session(engine) as session:
        (answer,) = session.exec(select(Answer)).all()
    assert str(answer.week) == "2026-09-28"


def test_suggestions_are_marked_filled_in_and_taken_when_the_form_is_sent(importer: FlaskClient) -> None:
    header = ("Zeitstempel", "Mailadresse", "Geplantes (Roadmap)", "Fehlerbehebungen", "Besprechungen", "Kommentar")
    content = unseen("2026-11-20", header=header)
    address, page = opened(importer, content)
    suggested = [name for name in page.by_id if name.endswith("-hint") and "Suggestion." in page.by_id[name]]
    assert suggested
    for name in suggested:
        assert page.value[page.attributes[name.removesuffix("-hint")]["name"] or ""]
    page = follow(importer, send(importer, address, page))
    assert all("Suggestion." not in page.by_id[name] for name in suggested)


def test_what_is_open_comes_first_and_what_is_settled_is_folded(importer: FlaskClient) -> None:
    header = ("Email Address", "Planned work (hours)", "Defect fix (hours)", "Overhead (hours)")
    _, page = opened(importer, google(("member0@payments.example", "30", "5", "5"), header=header))
    assert "Settled (4): " in page.text
    assert (
        page.text.index("Week of all answers")
        < page.text.index("Which column holds what")
        < page.text.index("Settled (4)")
    )


def test_reading_with_something_open_says_so_and_keeps_what_was_chosen(importer: FlaskClient, count: Count) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    page = follow(importer, send(importer, address, page, "read", **{**CHOSEN, "date_order": ""}))
    assert "The file can't be read yet" in page.text
    assert page.value["column-planned"] == "Zeit für Roadmap-Themen"
    assert count(ImportRun) == 0


def test_a_column_that_isnt_there_is_refused_at_its_field_and_all_else_is_kept(importer: FlaskClient) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    response = send(importer, address, page, **{**CHOSEN, "column-defect": "Nirgends"}, unit="hours")
    page = read(response)
    assert response.status_code == 400
    assert "The file has no column “Nirgends”." in page.by_id["column-defect-error"]
    assert "column-defect-error" in (page.attributes["column-defect"]["aria-describedby"] or "")
    assert (page.value["column-planned"], page.value["unit"]) == ("Zeit für Roadmap-Themen", "hours")


def test_a_column_chosen_for_two_parts_of_the_week_would_count_twice(importer: FlaskClient) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    response = send(importer, address, page, **{**CHOSEN, "column-defect": "Zeit für Roadmap-Themen"})
    assert response.status_code == 400
    assert "it would count twice" in read(response).by_id["column-defect-error"]


@pytest.mark.parametrize(("field", "value"), [("encoding", "klingon"), ("delimiter", "comet"), ("unit", "stones")])
def test_an_unknown_encoding_delimiter_or_unit_is_refused(importer: FlaskClient, field: str, value: str) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    response = send(importer, address, page, **CHOSEN, **{field: value})
    assert response.status_code == 400
    assert "Not a valid choice" in read(response).by_id[f"{field}-error"]


def test_another_encoding_shows_other_letters(importer: FlaskClient) -> None:
    content = unseen("12/11/2026").decode().encode("mac-roman")
    address, page = opened(importer, content)
    assert "Zeit für Brände" not in page.text
    page = follow(importer, send(importer, address, page, encoding="mac-roman"))
    assert "Zeit für Brände" in page.text
    assert page.value["encoding"] == "mac-roman"


def test_an_encoding_that_the_file_is_not_in_shows_at_once_and_can_be_taken_back(importer: FlaskClient) -> None:
    address, page = opened(importer, unseen("12/11/2026").decode().encode("cp1252"))
    wrong = follow(importer, send(importer, address, page, encoding="utf-16"))
    assert "Zeit für Brände" not in wrong.text
    assert "open before this file can be read" in wrong.text
    assert "Zeit für Brände" in follow(importer, send(importer, address, wrong, encoding="")).text


def test_a_file_taken_for_answers_can_be_said_to_hold_work_items(importer: FlaskClient, count: Count) -> None:
    header = ("Nummer", "Was", "Wann aufgekommen")
    address, page = opened(importer, google(("A-1", "Absturz beheben", "2026-11-17"), header=header), what="answers")
    assert "It holds work items instead" in page.text
    page = follow(importer, send(importer, address, page, "items"))
    assert "rows of work items" in page.text or "row of work items" in page.text
    chosen = {"column-title": "Was", "column-external_key": "Nummer", "column-created": "Wann aufgekommen"}
    page = follow(importer, send(importer, address, page, **chosen))
    assert "A-1 Absturz beheben 2026-W47 (16-22 Nov)" in page.text
    confirmed(importer, follow(importer, send(importer, address, page, "read")))
    assert count(Item) == 1


def test_the_columns_of_a_checked_file_can_be_changed_and_it_is_read_anew(importer: FlaskClient, count: Count) -> None:
    page = checked(importer, google(row(0)))
    (address,) = [link for link in page.links if "/import/files/" in link]
    page = read(importer.get(address))
    assert "This file can be read." in page.text
    assert "Suggestion." not in page.text
    page = follow(importer, send(importer, address, page, "read", **{"column-defect": "", "column-support": GOOGLE[3]}))
    assert "Support Overhead" in page.text or "Live support" in page.text or "support" in page.text.lower()
    assert count(ImportRun) == 1
    confirmed(importer, page)
    assert count(Answer) == 1


def test_what_is_left_as_it_was_recognised_is_not_said_about_the_file(importer: FlaskClient, engine: sa.Engine) -> None:
    page = checked(importer, google(row(0)))
    (address,) = [link for link in page.links if "/import/files/" in link]
    follow(importer, send(importer, address, read(importer.get(address)), "read"))
    with Session(engine) as session:
        (run,) = session.exec(select(ImportRun)).all()
    assert run.request["mapping"]["columns"] == {}


def test_a_file_with_thousands_of_columns_is_mapped_by_names_to_be_typed(importer: FlaskClient) -> None:
    names = [f"Custom field ({number})" for number in range(2000)]
    cells = ["x"] * len(names)
    content = google(
        (*cells, "30", "6", "2026-W46", "member0@payments.example"), header=(*names, "Eins", "Zwei", "Woche", "Wer")
    )
    response = upload(importer, content)
    page_response = importer.get(response.location)
    page = read(page_response)
    assert "The file has 2004 columns." in page.text
    assert page.attributes["column-planned"]["list"] == "columns"
    assert len(page_response.data) < 500_000
    chosen = {"column-planned": "Eins", "column-defect": "Zwei", "column-week": "Woche", "column-email": "Wer"}
    page = follow(importer, send(importer, response.location, page, "read", **chosen))
    assert "Importing would add 1 of 1 row." in page.text


def test_unfinished_answers_are_left_out_unless_they_are_wanted(importer: FlaskClient) -> None:
    header = ("Response ID", "Date submitted", "Last page", "Start language", "E-mail", "Planned work", "Defects")
    done = ("1", "2026-11-20 10:00:00", "2", "en", "member0@payments.example", "30", "5")
    begun = ("2", "", "1", "en", "member1@payments.example", "20", "5")
    page = checked(importer, google(done, begun, header=header))
    assert "LimeSurvey" in page.text
    assert "Importing would add 1 of 2 rows." in page.text
    (address,) = [link for link in page.links if "/import/files/" in link]
    page = read(importer.get(address))
    assert "keep_all" not in page.value
    page = follow(importer, send(importer, address, page, keep_all="y", week="2026-W47"))
    assert page.value["keep_all"] == "y"


def test_hostile_headings_and_cells_are_shown_and_do_nothing(importer: FlaskClient) -> None:
    header = ("<script>alert(1)</script>", '"><b>', "\u202eReversed", "x" * 2000, "Runden", "\x07")
    address, _ = opened(importer, unseen("11/11/2026", header=header))
    text = importer.get(address).text
    assert "<script>alert" not in text
    assert '"><b>' not in text
    assert "x" * 100 not in read(importer.get(address)).text


def test_headings_that_are_long_together_are_typed_so_that_the_page_stays_small(importer: FlaskClient) -> None:
    header = [f"{number} " + "<b>" * 600 for number in range(40)]
    address, page = opened(importer, google(["1"] * 40, header=header))
    assert page.attributes["column-planned"]["list"] == "columns"
    assert len(importer.get(address).data) < 600_000


def test_a_heading_that_is_too_long_is_refused_with_what_to_do(importer: FlaskClient) -> None:
    response = upload(importer, google(["1"], header=["h" * 100_000]))
    assert response.status_code == 400
    assert "The heading of column 1 of answers.csv has 100,000 characters" in read(response).text
    assert len(response.data) < 100_000


def test_a_file_is_given_up(importer: FlaskClient, settings: Settings) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    page = follow(importer, importer.post(f"{address}/drop"))
    assert "umfrage.csv is given up. Nothing of it was stored." in page.text
    assert kept(settings) == []
    assert importer.get(address).status_code == 404


def test_somebody_elses_file_looks_like_none(
    importer: FlaskClient, session: Session, payments: Team, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, payments, "other@example.org", role=Role.LEAD, hours=0)
    session.commit()
    address, page = opened(importer, unseen("12/11/2026"))
    other = signed_in("other@example.org")
    none = f"/import/files/{'0' * 32}"
    assert [other.get(where).status_code for where in (address, none)] == [404, 404]
    assert read(other.get(address)).text == read(other.get(none)).text
    for response in (send(other, address, page, "read", **CHOSEN), other.post(f"{address}/drop")):
        assert response.status_code == 404
        assert "This file is no longer kept. Upload it again." in response.text
    assert importer.get(address).status_code == 200


@pytest.mark.parametrize("token", ["0" * 32, "..", "../../secret_key", "%2e%2e", "x"])
def test_a_token_that_is_none_finds_nothing(importer: FlaskClient, token: str) -> None:
    for response in (importer.get(f"/import/files/{token}"), importer.post(f"/import/files/{token}/drop")):
        assert response.status_code == 404


def test_an_expired_file_is_asked_for_again(importer: FlaskClient, clock: Clock) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    clock.advance(days=2)
    importer.get("/import")
    for response in (importer.get(address), send(importer, address, page, "read", **CHOSEN)):
        assert response.status_code == 404
        assert "Upload it again." in response.text


def test_a_file_that_changed_on_the_way_to_being_read_is_refused(importer: FlaskClient, settings: Settings) -> None:
    address, page = opened(importer, unseen("12/11/2026"))
    (folder,) = kept(settings)
    Path(folder, "file").write_bytes(b"")
    assert importer.get(address).status_code == 400
    assert send(importer, address, page, "read", **CHOSEN).status_code == 400
    assert action(read(importer.get("/import")), "/sign-out")
