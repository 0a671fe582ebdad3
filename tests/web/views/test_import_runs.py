from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.permissions import Role
from bau_tracker.services.importing import LEASE, TAKES_OVER
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import writing
from bau_tracker.storage.import_tables import STAGED_ANSWER
from bau_tracker.storage.tables import Answer, ImportRun, Membership, Person, Team
from bau_tracker.web import reading
from bau_tracker.web.reading import READERS
from bau_tracker.web.views.import_runs import SECONDS
from tests.conftest import Clock
from tests.factories import make_member, make_person
from tests.web.importing import GOOGLE, action, checked, confirmed, follow, google, imported, kept, row, upload
from tests.web.pages import Page, read

Count = Callable[[type[Any]], int]
RUN = "/import/runs/1"


class Later(Executor):
    """Keeps what would go to a thread until it is told to do it."""

    def __init__(self) -> None:
        self.left: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **_options: Any) -> Future[Any]:
        self.left.append((work, arguments))
        return Future()

    def do(self) -> None:
        while self.left:
            work, arguments = self.left.pop(0)
            work(*arguments)


@pytest.fixture
def thread(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let every file be long, read batch by batch, and do nothing in the thread until the test says so."""
    later = Later()
    app.extensions[READERS] = later
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    monkeypatch.setattr("bau_tracker.services.importing.BATCH", 1)
    return later


@pytest.fixture
def other(importer: FlaskClient, session: Session, payments: Team, signed_in: Callable[[str], FlaskClient]) -> Any:
    assert importer
    make_member(session, payments, "other@example.org", role=Role.LEAD, hours=0)
    session.commit()
    return signed_in("other@example.org")


def shown(client: FlaskClient, path: str = RUN) -> Page:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return read(response)


def change(engine: sa.Engine, **values: Any) -> None:
    """Write something into the one run, as another process would."""
    with Session(writing(engine)) as session:
        session.execute(sa.update(ImportRun).values(**values))
        session.commit()


def test_a_long_file_goes_on_in_a_thread_and_the_page_says_how_far_it_is(
    importer: FlaskClient, thread: Later, count: Count
) -> None:
    response = upload(importer, google(row(0), row(1), row(2)))
    progress = importer.get(response.location)
    page = read(progress)
    assert "Reading answers.csv" in page.text
    assert "1 of 3 rows are read (33 %)." in page.text
    assert progress.headers["Refresh"] == str(SECONDS)
    assert thread.left
    thread.do()
    done = importer.get(response.location)
    assert "Refresh" not in done.headers
    assert "Importing would add 3 of 3 rows." in read(done).text
    assert count(Answer) == 0


def test_looking_at_the_progress_changes_nothing_and_can_be_kept_still(importer: FlaskClient, thread: Later) -> None:
    assert thread is not None
    location = upload(importer, google(row(0), row(1))).location
    texts = [read(importer.get(location)).text for _ in range(3)]
    assert len(set(texts)) == 1
    still = importer.get(f"{location}?steady=yes")
    assert "Refresh" not in still.headers
    assert "This page doesn't change by itself." in read(still).text


def test_without_a_known_total_the_rows_alone_are_told(importer: FlaskClient, thread: Later, engine: sa.Engine) -> None:
    assert thread is not None
    upload(importer, google(row(0), row(1)))
    change(engine, rows_total=None)
    assert "1 row is read so far." in shown(importer).text


def test_an_import_whose_server_stopped_goes_on_once_its_lease_is_over(
    importer: FlaskClient, thread: Later, clock: Clock
) -> None:
    upload(importer, google(row(0), row(1), row(2)))
    thread.left.clear()
    assert "Go on" not in shown(importer).text
    clock.now += LEASE + timedelta(seconds=1)
    stopped = importer.get(RUN)
    page = read(stopped)
    assert "The server stopped while reading, after 1 row" in page.text
    assert "Refresh" not in stopped.headers
    assert importer.post(action(page, "/go-on")).status_code == 302
    thread.do()
    assert "Importing would add 3 of 3 rows." in shown(importer).text


def test_going_on_while_another_process_reads_says_so(importer: FlaskClient, thread: Later) -> None:
    assert thread is not None
    upload(importer, google(row(0), row(1)))
    page = follow(importer, importer.post(f"{RUN}/go-on"))
    assert "is being read by another process, 1 rows so far." in page.text


def test_going_on_with_an_import_that_waits_for_somebody_changes_nothing(importer: FlaskClient, count: Count) -> None:
    checked(importer, google(row(0)))
    assert "Importing would add 1 of 1 row." in follow(importer, importer.post(f"{RUN}/go-on")).text
    assert count(Answer) == 0


def test_going_on_without_the_file_fails_and_says_what_to_do(
    importer: FlaskClient, thread: Later, settings: Settings, clock: Clock
) -> None:
    upload(importer, google(row(0), row(1)))
    thread.left.clear()
    (folder,) = kept(settings)
    (folder / "file").unlink()
    clock.now += LEASE + timedelta(seconds=1)
    page = follow(importer, importer.post(f"{RUN}/go-on"))
    assert "This import can't go on: The file isn't there any more" in page.text
    assert "Upload the file again" in page.text
    follow(importer, importer.post(action(page, "/give-up")))
    assert kept(settings) == []


def test_what_goes_wrong_in_the_thread_stands_on_the_page_of_the_run(
    importer: FlaskClient, thread: Later, settings: Settings
) -> None:
    upload(importer, google(row(0), row(1)))
    (folder,) = kept(settings)
    (folder / "file").write_bytes(b"something else")
    thread.do()
    page = shown(importer)
    assert "This import can't go on: answers.csv was changed since its import began. Import it anew." in page.text
    assert "failed" in read(importer.get("/import")).text


def test_a_fault_of_the_program_in_the_thread_doesnt_leave_the_run_waiting_for_ever(
    importer: FlaskClient, thread: Later, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the inside")

    upload(importer, google(row(0), row(1)))
    monkeypatch.setattr("bau_tracker.services.importing.read_on", broken)
    thread.do()
    page = shown(importer)
    assert "This is a fault of the program, and nothing was imported." in page.text
    assert "a secret of the inside" not in page.text
    assert "a secret of the inside" in caplog.text


def test_an_import_given_up_while_it_is_read_is_gone_and_its_thread_ends(
    importer: FlaskClient, thread: Later, settings: Settings, count: Count
) -> None:
    upload(importer, google(row(0), row(1)))
    page = follow(importer, importer.post(action(shown(importer), "/give-up")))
    assert "answers.csv is given up. Nothing of it was stored." in page.text
    thread.do()
    assert (count(ImportRun), kept(settings)) == (0, [])
    assert importer.get(RUN).status_code == 404
    assert importer.post(f"{RUN}/give-up").status_code == 404


def test_a_long_import_is_taken_over_in_the_thread_and_the_page_shows_it(
    importer: FlaskClient, thread: Later, count: Count, settings: Settings
) -> None:
    location = upload(importer, google(row(0), row(1))).location
    thread.do()
    page = confirmed(importer, read(importer.get(location)))
    assert "Importing answers.csv" in page.text
    assert "2 rows are being taken over, all of them or none." in page.text
    assert "Give up" not in page.text
    again = follow(importer, importer.post(f"{location}/go-on"))
    assert "This import is being taken over already." in again.text
    assert count(Answer) == 0
    thread.do()
    assert "2 rows added" in shown(importer).text
    assert (count(Answer), kept(settings)) == (2, [])


def test_an_import_whose_server_stopped_while_taking_over_is_taken_over_anew(
    importer: FlaskClient, thread: Later, clock: Clock, count: Count
) -> None:
    location = upload(importer, google(row(0), row(1))).location
    thread.do()
    confirmed(importer, read(importer.get(location)))
    thread.left.clear()
    clock.now += TAKES_OVER + timedelta(seconds=1)
    page = shown(importer)
    assert "The server stopped while importing. Nothing is stored yet." in page.text
    importer.post(action(page, "/go-on"))
    thread.do()
    assert count(Answer) == 2


def test_pressing_import_twice_imports_once(importer: FlaskClient, count: Count) -> None:
    page = checked(importer, google(row(0)))
    confirmed(importer, page)
    again = confirmed(importer, page)
    assert "was taken over already" in again.text
    assert count(Answer) == 1


def test_a_page_of_an_import_that_was_given_up_imports_nothing(importer: FlaskClient, count: Count) -> None:
    earlier = checked(importer, google(row(0)))
    follow(importer, importer.post(action(earlier, "/give-up")))
    checked(importer, google(row(1)), "another.csv")
    assert importer.post(action(earlier, "/confirm")).status_code == 404
    assert count(Answer) == 0


def test_a_page_that_waits_tells_nothing_of_what_others_answered(importer: FlaskClient, engine: sa.Engine) -> None:
    checked(importer, google(row(0)))
    with Session(writing(engine)) as session:
        run = session.exec(select(ImportRun)).one()
        (staged,) = session.execute(sa.select(STAGED_ANSWER)).mappings()
        answer = Answer(team_id=staged["team_id"], week=staged["week"], respondent=staged["respondent"], planned=1)
        session.add(answer)
        session.commit()
        assert run.state == RunState.READ
    page = read(importer.get(RUN))
    assert "has answers of the form or of others" in page.text
    assert "Known already" not in page.text
    assert "Replacing" not in page.text


def test_somebody_elses_run_looks_like_none(importer: FlaskClient, other: FlaskClient, count: Count) -> None:
    checked(importer, google(row(0), row(9, "-1")))
    for ending in ("", "/rejects.csv", "/undo"):
        shown_ = [other.get(f"/import/runs/{number}{ending}") for number in (1, 77)]
        assert [page.status_code for page in shown_] == [404, 404]
        assert read(shown_[0]).text == read(shown_[1]).text
    for ending in ("/confirm", "/go-on", "/give-up", "/people", "/undo"):
        assert other.post(f"{RUN}{ending}").status_code == 404
    assert count(Answer) == 0
    assert importer.get(RUN).status_code == 200


def test_an_administrator_sees_anothers_run_but_not_its_rows_and_not_its_file(
    importer: FlaskClient, session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    checked(importer, google(row(0), row(email="stranger@example.org")))
    page = shown(signed_in("admin@example.org"))
    assert "Importing would add 1 of 2 rows." in page.text
    assert "As they will be stored" not in page.text
    assert "/import/runs/1/people" not in page.actions
    assert not any("/import/files/" in link for link in page.links)


def test_rejected_rows_are_told_by_reason_the_most_frequent_first(importer: FlaskClient) -> None:
    bad = [row(number % 3, f"-{number}") for number in range(1, 8)]
    page = checked(importer, google(*bad, row(0), row(email="x1@example.org"), row(email="x2@example.org")))
    reasons = page.text.partition("Rejected rows by reason Reason Rows Lines ")[2]
    assert "7 2, 3, 4, 5, 6, …" in reasons
    assert "x1@example.org is not a member of Payments." in reasons
    assert "x2@example.org is not a member" not in reasons
    assert reasons.index("7 2, 3, 4") < reasons.index("x1@example.org")
    assert "2 10, 11" in reasons


def test_an_unknown_address_is_said_to_be_a_members(importer: FlaskClient, engine: sa.Engine) -> None:
    page = checked(importer, google(row(0), row(email="ada@private.example")))
    assert "The rows of 1 address are rejected until you say whose it is." in page.text
    response = importer.post(action(page, "/people"), data={"who-0": "member1@payments.example"})
    page = follow(importer, response)
    assert "Importing would add 2 of 2 rows." in page.text
    assert "People not known" not in page.text
    confirmed(importer, page)
    with Session(engine) as session:
        persons = session.exec(select(Person.email).join(Answer)).all()
    assert sorted(persons) == ["member0@payments.example", "member1@payments.example"]


def test_an_unknown_person_is_added_to_the_team_from_the_first_week_of_the_file(
    importer: FlaskClient, engine: sa.Engine
) -> None:
    early = ("2026-10-02 15:00:00", "member0@payments.example", "30", "5", "5")
    page = checked(importer, google(early, row(email="new@example.org")))
    assert "Who is added is a member from 28 Sep 2026" in page.text
    page = follow(importer, importer.post(action(page, "/people"), data={"who-0": "+"}))
    assert "Importing would add 2 of 2 rows." in page.text
    with Session(engine) as session:
        membership = session.exec(select(Membership).join(Person).where(Person.email == "new@example.org")).one()
    assert str(membership.starts_on) == "2026-09-28"


def test_an_unknown_persons_rows_are_left_out_on_purpose(importer: FlaskClient) -> None:
    page = checked(importer, google(row(0), row(email="gone@example.org")))
    page = follow(importer, importer.post(action(page, "/people"), data={"who-0": "-"}))
    assert "gone@example.org is left out, as you said." in page.text
    assert "People not known" not in page.text


def test_an_address_that_is_none_is_not_added(importer: FlaskClient, count: Count) -> None:
    before = count(Person)
    page = checked(importer, google(row(0), row(email="not an address")))
    page = follow(importer, importer.post(action(page, "/people"), data={"who-0": "+"}))
    assert "“not an address” is not an e-mail address." in page.text
    assert count(Person) == before


def test_nobody_of_another_team_can_be_chosen(importer: FlaskClient, session: Session) -> None:
    make_person(session, "elsewhere@example.org")
    session.commit()
    page = checked(importer, google(row(email="ada@private.example")))
    response = importer.post(action(page, "/people"), data={"who-0": "elsewhere@example.org"})
    assert response.status_code == 400
    assert "Not a valid choice" in read(response).by_id["who-0-error"]


def test_people_of_a_file_that_is_gone_cannot_be_matched_any_more(importer: FlaskClient, settings: Settings) -> None:
    page = checked(importer, google(row(0), row(email="ada@private.example")))
    (folder,) = kept(settings)
    (folder / "upload.json").unlink()
    assert importer.post(action(page, "/people"), data={"who-0": "-"}).status_code == 404
    page = shown(importer)
    assert not any(address.endswith("/people") for address in page.actions)


def test_undoing_is_asked_for_first_and_then_told(importer: FlaskClient, count: Count) -> None:
    page = imported(importer, google(row(0), row(1)))
    asked = shown(importer, f"{RUN}/undo")
    assert "2 rows that it added go, and what it replaced stands again." in asked.text
    assert count(Answer) == 2
    page = follow(importer, importer.post(action(asked, "/undo")))
    assert "2 rows are gone." in page.text
    assert count(Answer) == 0
    twice = importer.post(f"{RUN}/undo")
    assert twice.status_code == 409
    assert "only once" in twice.text


def test_undoing_says_what_stays_and_why(importer: FlaskClient, clock: Clock) -> None:
    imported(importer, google(row(0), row(1)))
    clock.advance(minutes=1)
    imported(importer, google(("2026-11-21 15:00:00", *row(0)[1:2], "20", "5", "5")), "newer.csv")
    page = follow(importer, importer.post(f"{RUN}/undo"))
    assert "1 row is gone" in page.text
    assert "What was replaced since then stays as it is now" in page.text
    assert "1 row by import 2" in page.text


def test_undoing_is_refused_to_who_no_longer_leads_the_team(
    importer: FlaskClient, engine: sa.Engine, count: Count
) -> None:
    imported(importer, google(row(0)))
    with Session(writing(engine)) as session:
        session.execute(sa.update(Membership).values(role=Role.MEMBER))
        session.commit()
    assert importer.post(f"{RUN}/undo").status_code == 403
    assert importer.get(RUN).status_code == 403
    assert count(Answer) == 1


def test_an_import_that_is_taken_over_cannot_be_given_up(importer: FlaskClient, count: Count) -> None:
    imported(importer, google(row(0)))
    assert importer.post(f"{RUN}/give-up").status_code == 409
    assert count(Answer) == 1


def test_an_import_that_is_only_read_cannot_be_undone(importer: FlaskClient) -> None:
    checked(importer, google(row(0)))
    assert importer.get(f"{RUN}/undo").status_code == 409


def test_what_stands_in_cells_is_shown_and_does_nothing(importer: FlaskClient) -> None:
    header = (*GOOGLE, "Comment")
    nasty = (*row(0), '<script>alert("x")</script>\x07\u202e' + "W" * 500)
    response = upload(importer, google(nasty, (*row(email='"><img src=x>@example.org'), ""), header=header))
    answer = importer.get(response.location)
    assert "<script>alert" not in answer.text
    assert "<img src=x>" not in answer.text
    assert "\x07" not in answer.text
    assert "\u202e" not in answer.text
    assert '<script>alert("x")</script>��WWW' in read(answer).text
    assert "W" * 200 not in answer.text


def test_an_import_of_the_command_line_is_shown_to_an_administrator(
    session: Session, engine: sa.Engine, importer: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    checked(importer, google(row(0)))
    change(engine, person_id=None, state=RunState.READING, leased_until=None)
    client = signed_in("admin@example.org")
    assert "the command line" in read(client.get("/import")).text
    assert "The server stopped while reading" in shown(client).text
    assert importer.get(RUN).status_code == 404


def test_undoing_says_what_stands_again(importer: FlaskClient, clock: Clock) -> None:
    imported(importer, google(row(0)))
    clock.advance(minutes=1)
    imported(importer, google(("2026-11-21 15:00:00", *row(0)[1:2], "20", "5", "5")), "newer.csv")
    page = follow(importer, importer.post("/import/runs/2/undo"))
    assert "1 row that had been replaced stands again." in page.text


def test_weeks_that_the_teams_page_no_longer_shows_are_pointed_to(importer: FlaskClient) -> None:
    page = imported(importer, google(row(0)).replace(b"2026-", b"2024-"))
    assert "Earlier ones are kept: weeks as CSV, items as CSV." in page.text
