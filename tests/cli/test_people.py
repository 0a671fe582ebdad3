from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session

from bau_tracker.storage.people import person_with_email
from tests.cli.program import BASE_URL, Run


def test_adding_a_person_prints_a_link_that_signs_in_once(run: Run, app: Flask) -> None:
    outcome = run("person", "add", "Ana@Example.org", "--name", "Ana")
    assert outcome.status == 0
    assert outcome.err == "The link signs ana@example.org in once, within 7 days.\n"
    (link,) = outcome.out.splitlines()
    assert link.startswith(f"{BASE_URL}/sign-in/")
    client = app.test_client()
    assert client.post(link.removeprefix(BASE_URL)).location == "/"
    assert "Ana" in client.get("/account").text
    assert app.test_client().post(link.removeprefix(BASE_URL)).location == "/sign-in"


def test_a_person_who_is_there_gets_a_new_link_and_keeps_name_and_rights(run: Run, session: Session) -> None:
    first = run("person", "add", "ana@example.org", "--name", "Ana", "--admin")
    second = run("person", "add", "ana@example.org")
    assert first.out != second.out
    person = person_with_email(session, "ana@example.org")
    assert person is not None
    assert (person.name, person.is_admin) == ("Ana", True)


@pytest.mark.parametrize("email", ["ana", "ana@", "@example.org", "a b@example.org", ""])
def test_an_address_that_is_none_adds_nobody(run: Run, email: str) -> None:
    outcome = run("person", "add", email)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Write it as name@example.org." in outcome.err
