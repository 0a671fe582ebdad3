"""Walks every page and download as a lead, with answers whose values would be known anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.storage.teams import team_with_slug
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_item, make_member, make_person, make_team
from tests.web.pages import read

ANSWERED: Final = ("Quirin Answered", "Ragna Answered", "Severin Answered")
SILENT: Final = ("Tilda Silent", "Ulf Silent")
OWN_VALUES: Final = ((31.5, 3.5, 1.5), (32, 4.5, 2), (32.5, 8.5, 2.5))
"""Hours planned, of defects and of overhead; nobody's share is that of the team."""
MEMBERS: Final = "/teams/payments/members"
"""Where everybody in the team is named, whether they have answered or not."""
OTHER_WEEKS: Final = {1: ANSWERED[:2], 2: ANSWERED[:1], 3: ()}
"""Weeks back -> who answered: too few to be shown."""


def email(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"


def answer_of(number: int) -> Answer:
    planned, defect, overhead = OWN_VALUES[number]
    split = TimeSplit(planned=planned, defect=defect, overhead=overhead)
    return Answer(split=split, hours_available=44, callouts=number + 0.5, comment=f"remark of number {number}")


@pytest.fixture
def lead(session: Session, clock: Clock, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    team = make_team(session)
    people = {name: make_member(session, team, email(name)) for name in (*ANSWERED, *SILENT)}
    for name in people:
        make_person(session, email(name), name=name)
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    make_item(session, team)
    for back, names in {0: ANSWERED, **OTHER_WEEKS, -1: ANSWERED}.items():
        for number, name in enumerate(names):
            give_answer(session, team, people[name], OPEN_WEEK.shift(-back), answer_of(number))
    session.commit()
    clock.now = AFTER_FREEZE
    clock.advance(days=4)
    return signed_in("lead@example.org")


def walked(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Open every page and download there is, following links too, and give the text of each."""
    values: dict[str, str | int] = {"slug": "payments", "week": str(OPEN_WEEK), "token": "0" * 32, "run_id": 1}
    bound = app.url_map.bind("localhost")
    reading = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    waiting = [
        str(bound.build(rule.endpoint, {name: values[name] for name in rule.arguments}))
        for rule in reading
        if rule.arguments <= set(values)
    ]
    seen: dict[str, str] = {}
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/") or path.startswith(("/static/", "/bootstrap/", "/assets/")):
            continue
        response = client.get(path)
        seen[path] = response.get_data(as_text=True)
        if response.mimetype == "text/html":
            waiting += [link.partition("#")[0] for link in read(response).links]
        if response.status_code == 302:
            waiting.append(response.location)
        response.close()
    return seen


def test_no_page_or_download_shows_a_lead_whose_answer_it_is_or_who_gave_none(app: Flask, lead: FlaskClient) -> None:
    pages = walked(app, lead)
    assert {"/", "/teams/payments", "/teams/payments/weeks.csv", "/teams/payments/items.csv", "/import"} <= set(pages)
    assert "2026-W47" in pages["/teams/payments"]
    for path, text in pages.items():
        for name in (*ANSWERED, *SILENT) if not path.startswith(MEMBERS) else ():
            assert name not in text, path
            assert email(name) not in text, path
        assert "remark of number" not in text, path


def test_the_pages_of_members_say_the_same_whoever_has_answered(
    app: Flask, session: Session, clock: Clock, lead: FlaskClient
) -> None:
    clock.advance(days=-1)
    before = {path: read(lead.get(path)).text for path in walked(app, lead) if path.startswith(MEMBERS)}
    assert len(before) >= 7
    team = team_with_slug(session, "payments")
    assert team is not None
    give_answer(session, team, make_member(session, team, email(SILENT[0])), OPEN_WEEK.shift(1), answer_of(0))
    session.commit()
    assert {path: read(lead.get(path)).text for path in before} == before


def test_no_page_or_download_shows_a_lead_a_single_persons_hours(app: Flask, lead: FlaskClient) -> None:
    given = [answer_of(number) for number in range(3)]
    singles = {answer.split.planned for answer in given} | {answer.split.total for answer in given}
    sums_of_two = {given[0].split.planned + given[1].split.planned, given[0].split.total + given[1].split.total}
    shares = {f"{answer.split.planned / (answer.split.planned + answer.split.bau) * 100:.1f}" for answer in given}
    secrets = {f"{value:g}" for value in singles | sums_of_two if not float(value).is_integer()} | shares
    assert len(secrets) >= 5
    for path, text in walked(app, lead).items():
        assert {secret for secret in secrets if secret in text} == set(), path


def test_weeks_with_too_few_answers_show_only_how_many_there_were(lead: FlaskClient) -> None:
    text = read(lead.get("/teams/payments")).text
    assert "2026-W46 (9-15 Nov) too few answers - 2 of 5" in text
    assert "2026-W45 (2-8 Nov) too few answers - 1 of 5" in text
    assert "2026-W44" not in text


def test_a_member_too_sees_nobody_elses_answer(
    app: Flask, lead: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert lead
    for path, text in walked(app, signed_in(email(SILENT[0]))).items():
        for name in (*ANSWERED, SILENT[1]) if path != MEMBERS else ():
            assert name not in text, path
            assert email(name) not in text, path
        assert "31.5" not in text, path


def test_who_answered_sees_the_own_answer_only(
    app: Flask, lead: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert lead
    pages = walked(app, signed_in(email(ANSWERED[1])))
    assert "32" in pages["/my-week"]
    for path, text in pages.items():
        assert "31.5" not in text, path
        assert path == MEMBERS or ANSWERED[0] not in text, path
