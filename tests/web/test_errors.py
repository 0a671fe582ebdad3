from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError, Conflict, Forbidden, InvalidInput, NotFound, UnreadableInput
from tests.factories import make_team_of
from tests.web.pages import read


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (InvalidInput("Mend this."), 400, "That can't be right"),
        (UnreadableInput("Mend this."), 400, "That can't be right"),
        (Forbidden("Mend this."), 403, "Not allowed"),
        (NotFound("Mend this."), 404, "Not found"),
        (Conflict("Mend this."), 409, "Something changed in between"),
    ],
)
def test_an_error_of_ours_becomes_its_status_and_says_its_words(
    app: Flask, error: BauTrackerError, status: int, title: str
) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", view_func=fail)
    response = app.test_client().get("/fails")
    assert response.status_code == status
    assert f"<h1>{title}</h1>".replace("'", "&#39;") in response.text
    assert "Mend this." in read(response).text


def test_an_address_without_a_page_says_where_to_go_instead(client: FlaskClient) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    page = read(response)
    assert "There is nothing at this address" in page.text
    assert "/" in page.links


def test_a_form_sent_to_a_page_that_takes_none_is_told_so(client: FlaskClient) -> None:
    response = client.post("/my-week")
    assert response.status_code == 405
    assert "use the page's own buttons" in read(response).text


def test_an_unforeseen_status_still_has_a_page_in_words(app: Flask) -> None:
    app.add_url_rule("/tea", view_func=lambda: abort(418))
    response = app.test_client().get("/tea")
    assert response.status_code == 418
    assert "Not possible" in read(response).text


def test_when_the_database_itself_fails_there_is_still_a_page(
    app: Flask, session: Session, engine: sa.Engine, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_team_of(session, 1)
    session.commit()
    client = signed_in("member0@payments.example")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE membership RENAME TO gone")
    response = client.get("/")
    assert response.status_code == 503
    assert "The database doesn't answer as it should. Nothing was changed" in read(response).text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
        OperationalError("INSERT", {}, sqlite3.OperationalError("attempt to write a readonly database")),
    ],
)
def test_a_full_disk_is_named_as_such(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", view_func=fail)
    response = app.test_client().get("/fails")
    assert response.status_code == 507
    assert "disk is full, or can't be written. Nothing was changed" in read(response).text


def test_any_other_fault_of_the_system_is_a_fault(app: Flask) -> None:
    def fail() -> str:
        raise OSError(errno.EBADF, "Bad file descriptor")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fails", view_func=fail)
    assert app.test_client().get("/fails").status_code == 500
