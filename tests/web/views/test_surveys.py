from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.privacy import Minimums
from bau_tracker.domain.rules import Rules, WeekRules, stored_rules
from bau_tracker.domain.surveys import Answer, Step
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.services.people import make_link
from bau_tracker.storage import surveys, tables
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Answer as StoredAnswer
from bau_tracker.storage.tables import Draft, Membership, Team
from bau_tracker.storage.teams import rules_of
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
)
from tests.web.pages import Page, read

FORM: Final = f"/teams/payments/weeks/{OPEN_WEEK}"
SENT: Final = f"{FORM}/sent"
TYPED: Final = {"hours_available": "40", "planned": "24", "defect": "8", "overhead": "8", "revision": "0"}


@pytest.fixture
def team(session: Session) -> Team:
    team = make_team(session)
    make_member(session, team)
    make_team(session, "Search")
    session.commit()
    return team


@pytest.fixture
def ana(team: Team, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team.slug == "payments"
    return signed_in("ana@example.org")


@pytest.fixture
def actor(session: Session, team: Team) -> Actor:
    person = person_with_email(session, "ana@example.org")
    session.rollback()
    assert person is not None
    assert team.id
    return Actor(person.id, person.email)


@pytest.fixture
def stored(engine: sa.Engine) -> Callable[[], list[StoredAnswer]]:
    """Give a function that reads the answers that count now."""

    def read_answers() -> list[StoredAnswer]:
        with Session(engine) as session:
            return list(session.exec(select(StoredAnswer)))

    return read_answers


@pytest.fixture
def drafts(engine: sa.Engine) -> Callable[[], list[dict[str, Any]]]:
    def read_drafts() -> list[dict[str, Any]]:
        with Session(engine) as session:
            return [draft.typed for draft in session.exec(select(Draft))]

    return read_drafts


Stored = Callable[[], list[StoredAnswer]]
Drafts = Callable[[], list[dict[str, Any]]]


def send(client: FlaskClient, action: str = "send", **changed: Any) -> Any:
    return client.post(FORM, data=TYPED | {"action": action} | changed)


def messages(page: Page) -> dict[str, str]:
    return {name.removesuffix("-error"): text for name, text in page.by_id.items() if name.endswith("-error")}


def test_the_form_begins_empty_with_the_hours_of_the_team(ana: FlaskClient) -> None:
    page = read(ana.get(FORM))
    assert "Payments, 2026-W47 (16-22 Nov)" in page.text
    assert page.value["hours_available"] == "40"
    assert page.value["planned"] == ""
    assert "excessive" not in page.fields
    assert "Your lead sees team figures only, from 3 answers besides your own on, never yours." in page.text
    assert page.buttons >= {"send", "draft", "away"}
    assert "same" not in page.buttons


def test_the_form_begins_with_the_hours_of_the_member(
    session: Session, team: Team, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, team, "part@example.org", hours=22.5)
    session.commit()
    assert read(signed_in("part@example.org").get(FORM)).value["hours_available"] == "22.5"


def test_an_answer_is_stored_as_it_was_given(ana: FlaskClient, stored: Stored) -> None:
    response = send(ana, callouts="1,5", excessive=["alerts", "deployments"], deferred="y", comment=" a  long\r\nweek ")
    assert (response.status_code, response.location) == (302, SENT)
    (row,) = stored()
    expected = make_answer(excessive=(Chip.ALERTS, Chip.DEPLOYMENTS), callouts=1.5, comment="a long week")
    assert surveys.answer_of(row.model_dump()) == Answer(
        split=expected.split,
        hours_available=40,
        callouts=1.5,
        excessive=expected.excessive,
        deferred=True,
        comment="a long week",
    )
    page = read(ana.get(SENT))
    assert "24 h planned, 8 h BAU, 8 h overhead." in page.text
    assert "until Wed 25 Nov 2026, 12:00" in page.text


def test_hours_may_be_written_with_a_comma_a_unit_and_spaces(ana: FlaskClient, stored: Stored) -> None:
    assert send(ana, planned=" 22,5 ", defect="1.5 h", overhead="").status_code == 302
    (row,) = stored()
    assert (row.planned, row.defect, row.overhead) == (22.5, 1.5, 0)
    assert "Not placed, and counted as time away: 16 h." in read(ana.get(SENT)).text


def test_what_was_sent_stands_in_the_form_again(ana: FlaskClient) -> None:
    send(ana, excessive="alerts", deferred="y", comment="Ünïcode <b>", callouts="2")
    page = read(ana.get(FORM))
    assert {name: page.value[name] for name in ("planned", "defect", "overhead", "callouts")} == {
        "planned": "24",
        "defect": "8",
        "overhead": "8",
        "callouts": "2",
    }
    assert page.fields["excessive"] == ["alerts"]
    assert page.fields["deferred"] == ["y"]
    assert page.value["comment"] == "Ünïcode <b>"
    assert "You answered on" in page.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("planned", "25", "You placed 41 of 40 hours. Take 1 h off below"),
        ("planned", "-3", "Hours can't be negative"),
        ("planned", "a lot", "Use a number of hours, such as 2 or 2.5."),
        ("planned", "1:30", "Use a number of hours, such as 2 or 2.5."),
        ("planned", "nan", "Use a number of hours, such as 2 or 2.5."),
        ("planned", "inf", "Use a number of hours, such as 2 or 2.5."),
        ("planned", "2.2", "Use half hours, such as 2 or 2.5."),
        ("planned", "101", "101 h is more than a week has; use 100 h or less."),
        ("defect", "1e400", "Use a number of hours, such as 2 or 2.5."),
        ("overhead", "1,2,3", "Use a number of hours, such as 2 or 2.5."),
        ("hours_available", "0", "You placed 40 of 0 hours."),
        ("hours_available", "many", "Use a number of hours"),
        ("callouts", "-1", "Hours can't be negative"),
        ("comment", "x" * 281, "The comment is too long. Shorten it to 280 characters."),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_and_nothing_is_lost(
    ana: FlaskClient, stored: Stored, field: str, value: str, message: str
) -> None:
    typed = {"comment": "kept", "excessive": "alerts", field: value}
    response = send(ana, **typed)
    page = read(response)
    assert response.status_code == 400
    place = "hours_available" if message.startswith("You placed") else field
    assert message in messages(page)[place]
    assert messages(page).keys() == {place}
    assert message in page.by_id["error-summary"]
    assert f"#{place}" in page.links
    kept = {name: page.value[name] for name in {**TYPED, **typed}}
    assert kept == {**TYPED, **typed}
    assert page.fields["excessive"] == ["alerts"]
    assert stored() == []


def test_more_hours_than_a_week_can_have_are_refused_whatever_was_available(ana: FlaskClient, stored: Stored) -> None:
    response = send(ana, hours_available="100", planned="60", defect="60")
    assert response.status_code == 400
    assert (
        "You placed 128 h in all, which is more than a week has; use 100 h or less."
        in read(response).by_id["error-summary"]
    )
    assert stored() == []


def test_an_answer_without_any_hours_is_refused_with_both_ways_out(ana: FlaskClient, stored: Stored) -> None:
    response = send(ana, planned="", defect="0", overhead="")
    assert response.status_code == 400
    assert "Place them, or send “Away all week”." in messages(read(response))["planned"]
    assert stored() == []


def test_a_complaint_that_is_none_is_refused_at_its_field(ana: FlaskClient, stored: Stored) -> None:
    response = send(ana, excessive="meetings")
    page = read(response)
    assert response.status_code == 400
    assert messages(page).keys() == {"excessive"}
    assert "excessive" in page.by_id
    assert stored() == []


def test_pressing_send_twice_is_one_answer(ana: FlaskClient, engine: sa.Engine, stored: Stored) -> None:
    assert [send(ana).location, send(ana).location] == [SENT, SENT]
    assert [row.revision for row in stored()] == [1]
    with Session(engine) as session:
        assert session.exec(select(tables.AnswerRevision)).all() == []


def test_a_changed_answer_replaces_the_first_and_both_are_kept(
    ana: FlaskClient, engine: sa.Engine, stored: Stored
) -> None:
    send(ana)
    fields = read(ana.get(FORM)).value
    assert ana.post(FORM, data=fields | {"planned": "20", "action": "send"}).location == SENT
    assert [(row.planned, row.revision) for row in stored()] == [(20, 2)]
    with Session(engine) as session:
        (first,) = session.exec(select(tables.AnswerRevision)).all()
    assert (first.planned, first.revision) == (24, 1)


def test_what_is_sent_after_signing_out_in_another_tab_is_kept(ana: FlaskClient, stored: Stored) -> None:
    typed = read(ana.get(FORM)).value | TYPED | {"comment": "typed before"}
    ana.post("/sign-out")
    response = ana.post(FORM, data=typed | {"action": "send"})
    assert response.status_code == 302
    assert response.location.startswith("/sign-in?next=")
    assert "what you typed was kept" in read(ana.get(response.location)).text
    assert [row.comment for row in stored()] in ([], [""])


def test_a_second_tab_is_warned_before_it_replaces(ana: FlaskClient, stored: Stored) -> None:
    first, second = (read(ana.get(FORM)).value for _ in range(2))
    assert ana.post(FORM, data=first | TYPED | {"action": "send"}).status_code == 302
    other = second | TYPED | {"action": "send", "planned": "10", "comment": "other tab"}
    response = ana.post(FORM, data=other)
    page = read(response)
    assert response.status_code == 409
    assert "Send this one again to replace it. What you typed stands below." in page.text
    assert (page.value["planned"], page.value["comment"]) == ("10", "other tab")
    assert [row.planned for row in stored()] == [24]
    assert ana.post(FORM, data=page.value | {"action": "send"}).location == SENT
    assert [(row.planned, row.revision) for row in stored()] == [(10, 2)]


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 5000])
def test_a_revision_that_is_none_counts_as_a_form_without_an_answer(
    ana: FlaskClient, stored: Stored, revision: str
) -> None:
    assert send(ana, revision=revision).status_code == 302
    assert send(ana, revision=revision, planned="20").status_code == 409
    assert [row.planned for row in stored()] == [24]


def test_a_draft_keeps_whatever_was_typed_and_counts_for_nothing(
    ana: FlaskClient, stored: Stored, drafts: Drafts
) -> None:
    response = send(ana, "draft", planned="about 20", excessive=["alerts", "approvals"], deferred="y", comment="so far")
    assert (response.status_code, response.location) == (302, FORM)
    assert stored() == []
    page = read(ana.get(FORM))
    assert "Kept as a draft." in page.text
    assert "This is your draft." in page.text
    assert (page.value["planned"], page.value["comment"]) == ("about 20", "so far")
    assert sorted(page.fields["excessive"]) == ["alerts", "approvals"]
    assert page.fields["deferred"] == ["y"]
    assert "Go on with your draft" in read(ana.get("/my-week")).text
    assert len(drafts()) == 1


def test_a_draft_is_gone_once_the_answer_is_sent(ana: FlaskClient, drafts: Drafts) -> None:
    send(ana, "draft", planned="1")
    send(ana)
    assert drafts() == []
    assert read(ana.get(FORM)).value["planned"] == "24"


def test_a_draft_beside_an_answer_is_gone_once_the_same_answer_is_sent_again(
    ana: FlaskClient, drafts: Drafts, stored: Stored
) -> None:
    send(ana)
    send(ana, "draft", planned="1")
    send(ana)
    assert drafts() == []
    assert [row.revision for row in stored()] == [1]
    assert read(ana.get(FORM)).value["planned"] == "24"


def test_a_draft_beside_an_answer_says_that_it_was_not_sent(ana: FlaskClient) -> None:
    send(ana)
    assert "a draft that you have not sent" not in read(ana.get(FORM)).text
    send(ana, "draft", planned="1")
    assert "Below stands a draft that you have not sent." in read(ana.get(FORM)).text


def test_a_very_long_text_does_not_fill_the_database_by_way_of_drafts(ana: FlaskClient, drafts: Drafts) -> None:
    send(ana, "draft", comment="x" * 50_000, planned="1" * 50_000)
    ((typed),) = drafts()
    assert max(len(value) for values in typed.values() for value in values) == 2000


def test_away_all_week_is_an_answer_without_hours_whatever_was_typed(ana: FlaskClient, stored: Stored) -> None:
    assert send(ana, "away", planned="a lot").location == SENT
    (row,) = stored()
    assert (row.away, row.planned) == (True, 0)
    assert "away all week" in read(ana.get(SENT)).text
    page = read(ana.get(FORM))
    assert "You said that you were away all week." in page.text
    assert "Below stands the draft that is kept of what you had typed" in page.text
    assert page.value["planned"] == "a lot"


def test_hours_replace_away_and_away_replaces_hours(ana: FlaskClient, stored: Stored) -> None:
    send(ana, "away")
    assert ana.post(FORM, data=read(ana.get(FORM)).value | TYPED | {"revision": "1"}).location == SENT
    assert [(row.away, row.planned) for row in stored()] == [(False, 24)]
    assert send(ana, "away", revision="2").location == SENT
    assert [(row.away, row.planned, row.revision) for row in stored()] == [(True, 0, 3)]


def test_same_as_last_week_fills_in_and_sends_nothing(
    ana: FlaskClient, session: Session, team: Team, actor: Actor, stored: Stored
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-1), make_answer(excessive=(Chip.ALERTS,), comment="old"))
    session.commit()
    assert "Same as last week" in ana.get(FORM).text
    response = ana.post(FORM, data={"action": "same", "comment": "typed already", "planned": "3", "revision": "0"})
    page = read(response)
    assert response.status_code == 200
    assert "Filled in from 2026-W46 (9-15 Nov). Change what was different, then send." in page.text
    assert (page.value["planned"], page.value["defect"], page.value["comment"]) == ("24", "8", "typed already")
    assert page.fields["excessive"] == ["alerts"]
    assert [row.week for row in stored()] == [OPEN_WEEK.shift(-1).monday]


def test_filling_in_over_what_was_typed_keeps_that_as_the_draft(
    ana: FlaskClient, session: Session, team: Team, actor: Actor, drafts: Drafts
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-1))
    session.commit()
    page = read(send(ana, "same", planned="", defect="0", overhead="", comment="only this"))
    assert "is kept as your draft" not in page.text
    assert drafts() == []
    page = read(send(ana, "same", planned="about 3", defect="", overhead="", callouts="2"))
    assert "What you had typed is kept as your draft: go back to it." in page.text
    assert FORM in page.links
    assert page.value["planned"] == "24"
    page = read(ana.get(FORM))
    assert (page.value["planned"], page.value["callouts"]) == ("about 3", "2")


def test_filling_in_has_a_button_to_send_beside_its_note(
    ana: FlaskClient, session: Session, team: Team, actor: Actor
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-1))
    session.commit()
    assert 'form="survey"' not in ana.get(FORM).text
    assert 'type="submit" form="survey" name="action" value="send"' in send(ana, "same").text


def test_an_earlier_answer_is_scaled_to_a_week_with_fewer_days_so_that_it_can_be_sent(
    ana: FlaskClient, session: Session, team: Team, actor: Actor, stored: Stored
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-1))
    session.get_one(Team, team.id).step = Step.HALF_DAYS
    friday = date(2026, 11, 20)
    session.add(tables.Absence(person_id=actor.person_id or 0, starts_on=friday, ends_on=friday))
    session.commit()
    page = read(ana.post(FORM, data={"action": "same"}))
    assert "Filled in from 2026-W46 (9-15 Nov), scaled to this week's 8 half-days." in page.text
    assert [page.value[name] for name in ("hours_available", "planned", "defect", "overhead")] == ["8", "5", "2", "1"]
    assert ana.post(FORM, data=page.value | {"action": "send"}).location == SENT
    assert [row.planned for row in stored() if row.week == OPEN_WEEK.monday] == [20]


def test_hours_that_being_away_replaced_come_back_in_one_press(ana: FlaskClient, stored: Stored) -> None:
    send(ana)
    ana.post(FORM, data=read(ana.get(FORM)).value | {"action": "away"})
    assert "undo" in read(ana.get(SENT)).buttons
    assert ana.post(FORM, data={"action": "undo"}).location == SENT
    assert [(row.away, row.planned, row.revision) for row in stored()] == [(False, 24, 3)]
    assert "undo" not in read(ana.get(SENT)).buttons
    response = ana.post(FORM, data={"action": "undo"})
    assert response.status_code == 409
    assert "There are no hours to go back to" in read(response).text


def test_the_form_after_away_offers_the_hours_sent_before(ana: FlaskClient, stored: Stored) -> None:
    send(ana, comment="sent")
    ana.post(FORM, data=read(ana.get(FORM)).value | {"action": "away"})
    page = read(ana.get(FORM))
    assert page.value["planned"] == ""
    assert "before" in page.buttons
    page = read(ana.post(FORM, data=page.value | {"action": "before"}))
    assert "These are the hours that you sent before." in page.text
    assert (page.value["planned"], page.value["comment"]) == ("24", "sent")
    assert ana.post(FORM, data=page.value | {"action": "send"}).location == SENT
    assert [(row.away, row.planned) for row in stored()] == [(False, 24)]


def test_what_was_typed_before_away_is_a_link_away_on_the_page_after_it(ana: FlaskClient) -> None:
    send(ana, "away", comment="half an answer")
    page = read(ana.get(SENT))
    assert "Not away after all? Go back to what you had typed" in page.text
    assert read(ana.get(FORM)).value["comment"] == "half an answer"


def test_a_draft_outlives_an_away_that_was_sent_from_an_empty_form(ana: FlaskClient, drafts: Drafts) -> None:
    send(ana, "draft", planned="12")
    ana.post(FORM, data={"action": "away"})
    ana.post(FORM, data={"action": "away"})
    assert [typed["planned"] for typed in drafts()] == [["12"]]


def test_the_page_after_sending_names_another_teams_survey_that_waits(ana: FlaskClient, session: Session) -> None:
    make_member(session, make_team(session, "Billing"))
    session.commit()
    send(ana)
    page = read(ana.get(SENT))
    assert "Answer for Billing, 2026-W47 (16-22 Nov)" in page.text
    assert FORM.replace("payments", "billing") in page.links
    ana.post(FORM.replace("payments", "billing"), data=TYPED)
    assert "There is nothing else to do." in read(ana.get(SENT)).text


def test_too_much_is_summed_up_as_too_much_without_a_script(ana: FlaskClient) -> None:
    page = read(send(ana, planned="30"))
    assert "46 h placed 6 h too many" in page.text


def test_a_comment_that_is_too_long_is_tied_to_its_error(ana: FlaskClient) -> None:
    attributes = read(send(ana, comment="x" * 281)).attributes["comment"]
    assert (attributes["aria-invalid"], attributes["aria-describedby"]) == ("true", "comment-hint comment-error")


def test_a_frozen_week_shows_what_was_sent_and_no_form(ana: FlaskClient, clock: Clock) -> None:
    send(ana)
    clock.now = AFTER_FREEZE
    page = read(ana.get(FORM))
    assert "What you sent 24 h planned, 8 h BAU, 8 h overhead. What you sent, by kind of work Planned work 24 h" in (
        page.text
    )
    assert "planned" not in page.fields


def test_what_is_refused_in_a_frozen_week_stands_in_fields_that_take_nothing(ana: FlaskClient, clock: Clock) -> None:
    clock.now = AFTER_FREEZE
    assert "You sent no answer for it." in read(ana.get(FORM)).text
    assert "<fieldset disabled>" in send(ana).text


def test_an_amount_that_no_week_has_is_refused_in_the_unit_of_the_form(
    ana: FlaskClient, session: Session, team: Team
) -> None:
    session.get_one(Team, team.id).step = Step.HALF_DAYS
    session.commit()
    page = read(send(ana, hours_available="10", planned="40", defect="", overhead=""))
    assert messages(page) == {"planned": "40 half-days is more than a week has; a full week has 10. Use fewer."}


@pytest.mark.parametrize("typed", ["1 half-day", "+1", "1 half-days"])
def test_the_words_of_the_form_are_taken_as_they_are_shown(
    ana: FlaskClient, session: Session, team: Team, stored: Stored, typed: str
) -> None:
    session.get_one(Team, team.id).step = Step.HALF_DAYS
    session.commit()
    assert send(ana, hours_available="10 half-days", planned=typed, defect="", overhead="").location == SENT
    assert [row.planned for row in stored()] == [4]


def test_an_older_answer_is_named_by_its_week_and_a_very_old_one_is_not_offered(
    ana: FlaskClient, session: Session, team: Team, actor: Actor
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-5))
    session.commit()
    assert "Same as" not in ana.get(FORM).text
    assert send(ana, "same").status_code == 200
    give_answer(session, team, actor, OPEN_WEEK.shift(-3))
    session.commit()
    assert "Same as 2026-W44 (26 Oct-1 Nov)" in ana.get(FORM).text


def test_a_frozen_week_takes_no_answer_and_keeps_what_was_typed_in_the_form(
    ana: FlaskClient, clock: Clock, stored: Stored, drafts: Drafts
) -> None:
    clock.now = AFTER_FREEZE
    page = read(ana.get(FORM))
    assert "This week is frozen" in page.text
    assert not page.buttons & {"send", "draft", "away", "same"}
    response = send(ana, comment="too late")
    page = read(response)
    assert response.status_code == 409
    assert "is frozen: its figures are published and no longer move. What you typed stands below." in page.text
    assert (page.value["planned"], page.value["comment"]) == ("24", "too late")
    assert send(ana, "away").status_code == 409
    assert send(ana, "draft").status_code == 409
    assert (stored(), drafts()) == ([], [])


def test_a_week_that_has_not_opened_says_when_it_does(ana: FlaskClient, stored: Stored) -> None:
    later = FORM.replace(str(OPEN_WEEK), str(OPEN_WEEK.shift(1)))
    assert "This week opens on Fri 27 Nov 2026, 09:00 (UTC)." in read(ana.get(later)).text
    assert ana.post(later, data=TYPED).status_code == 409
    assert stored() == []


@pytest.mark.parametrize("week", ["2026-W54", "47", "next", "2026-W00", "9999-W60"])
def test_a_week_that_is_none_is_refused(ana: FlaskClient, week: str) -> None:
    response = ana.get(f"/teams/payments/weeks/{week}")
    assert response.status_code == 400
    assert "is not a week. Write it as 2026-W47." in read(response).text


@pytest.mark.parametrize("path", [FORM, SENT])
def test_another_team_looks_like_one_that_does_not_exist(ana: FlaskClient, path: str) -> None:
    pages = [ana.get(path.replace("payments", slug)) for slug in ("search", "nothing")]
    assert [page.status_code for page in pages] == [404, 404]
    assert read(pages[0]).text == read(pages[1]).text
    for slug in ("search", "nothing"):
        assert ana.post(FORM.replace("payments", slug), data=TYPED).status_code == 404


def test_a_survey_asks_to_sign_in_and_comes_back(app: Flask, team: Team) -> None:
    assert team.slug in FORM
    for path in (FORM, SENT, "/my-week"):
        response = app.test_client().get(path)
        assert (response.status_code, response.location) == (302, f"/sign-in?next={path}")


def test_an_administrator_of_no_team_is_not_asked(session: Session, signed_in: Callable[[str], FlaskClient]) -> None:
    make_person(session, "admin@example.org", admin=True)
    make_team(session)
    session.commit()
    response = signed_in("admin@example.org").get(FORM)
    assert response.status_code in {403, 404}


def test_a_reader_without_hours_is_not_asked(
    session: Session, team: Team, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    session.commit()
    client = signed_in("lead@example.org")
    response = client.get(FORM)
    assert response.status_code == 403
    assert "doesn't ask you" in read(response).text
    assert FORM not in read(client.get("/")).links


def test_who_left_during_the_week_can_answer_it_and_no_later_one(
    ana: FlaskClient, session: Session, team: Team, clock: Clock, stored: Stored
) -> None:
    leave(session, team, "ana@example.org", date(2026, 11, 18))
    assert send(ana).location == SENT
    assert len(stored()) == 1
    clock.advance(days=5)
    later = FORM.replace(str(OPEN_WEEK), str(OPEN_WEEK.shift(1)))
    assert ana.get(later).status_code in {403, 404}
    assert ana.post(later, data=TYPED).status_code in {403, 404}
    assert len(stored()) == 1


def test_who_left_before_the_week_keeps_the_own_history_and_is_asked_nothing(
    ana: FlaskClient, session: Session, team: Team, actor: Actor
) -> None:
    give_answer(session, team, actor, OPEN_WEEK.shift(-2))
    leave(session, team, "ana@example.org", date(2026, 11, 14))
    assert ana.get(FORM).status_code in {403, 404}
    page = read(ana.get("/my-week"))
    assert "2026-W45 (2-8 Nov)" in page.text
    assert "2026-W46" not in page.text
    assert "No week is open" not in page.text
    assert FORM not in page.links


def leave(session: Session, team: Team, email: str, last: date) -> None:
    person = person_with_email(session, email)
    assert person is not None
    (membership,) = session.exec(
        select(Membership).where(Membership.team_id == team.id, Membership.person_id == person.id)
    )
    membership.ends_on = last
    session.add(membership)
    session.commit()


def test_the_page_after_sending_leads_back_to_the_form_when_nothing_was_sent(ana: FlaskClient) -> None:
    response = ana.get(SENT)
    assert (response.status_code, response.location) == (302, FORM)


def test_my_week_says_what_waits_then_what_was_said(ana: FlaskClient, clock: Clock) -> None:
    page = read(ana.get("/my-week"))
    assert "Answer for Payments, 2026-W47 (16-22 Nov): under a minute, until Wed 25 Nov 2026, 12:00 (UTC)." in page.text
    assert "Once you have answered, your own history stands here." in page.text
    send(ana)
    page = read(ana.get("/my-week"))
    assert "2026-W47 (16-22 Nov) is answered. Change it until Wed 25 Nov 2026, 12:00 (UTC)." in page.text
    assert "2026-W47 (16-22 Nov) 75 % 24 8 8 answered, late" in page.text
    clock.now = AFTER_FREEZE
    page = read(ana.get("/my-week"))
    assert "No week is open. The next one, 2026-W48 (23-29 Nov), opens on Fri 27 Nov 2026, 09:00 (UTC)." in page.text


def test_a_new_member_is_told_when_the_first_survey_opens(
    session: Session, team: Team, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, team, "new@example.org", starts_on=date(2026, 11, 26))
    session.commit()
    page = read(signed_in("new@example.org").get("/my-week"))
    assert "The next one, 2026-W48 (23-29 Nov), opens on Fri 27 Nov 2026, 09:00 (UTC)." in page.text


def test_times_are_those_of_the_team(session: Session, signed_in: Callable[[str], FlaskClient]) -> None:
    team = make_team(session, timezone="Australia/Sydney")
    make_member(session, team)
    session.commit()
    text = read(signed_in("ana@example.org").get("/my-week")).text
    assert "until Wed 25 Nov 2026, 12:00 (Australia/Sydney)" in text


class TestTheUnitOfTheTeam:
    """A team counts in half-days, hours or percent; answers are stored in hours."""

    @pytest.fixture
    def switch(self, engine: sa.Engine, team: Team) -> Callable[[Step], None]:
        """Give a function that lets the team count in another unit from now on."""

        def switch_to(step: Step) -> None:
            with Session(engine) as session:
                session.get_one(Team, team.id).step = step
                session.commit()

        return switch_to

    def test_half_days_are_asked_summed_and_stored_as_hours(
        self, ana: FlaskClient, switch: Callable[[Step], None], stored: Stored
    ) -> None:
        switch(Step.HALF_DAYS)
        page = read(ana.get(FORM))
        assert "Half-days you worked this week" in page.text
        assert page.value["hours_available"] == "10"
        assert "0 half-days placed 10 half-days left" in page.text
        page = read(send(ana, hours_available="10", planned="6", defect="1.5", overhead="1"))
        assert messages(page) == {"defect": "Use whole half-days, such as 2."}
        assert "8.5 half-days placed 1.5 half-days left" in page.text
        assert send(ana, hours_available="10", planned="6", defect="1", overhead="1").location == SENT
        assert [(row.hours_available, row.planned, row.defect) for row in stored()] == [(40, 24, 4)]
        text = read(ana.get(SENT)).text
        assert "6 half-days planned, 1 half-day BAU, 1 half-day overhead." in text
        assert "Not placed, and counted as time away: 2 half-days." in text

    def test_percent_need_not_be_a_hundred_and_may_not_be_more(
        self, ana: FlaskClient, switch: Callable[[Step], None], stored: Stored
    ) -> None:
        switch(Step.PERCENT)
        page = read(send(ana, planned="80", defect="25", overhead=""))
        assert "You placed 105 %, more than the whole week. Take 5 % off." in messages(page)["planned"]
        assert send(ana, planned="62", defect="", overhead="").status_code == 400
        assert send(ana, hours_available="30", planned="60", defect="20", overhead="").location == SENT
        assert [(row.hours_available, row.planned, row.defect) for row in stored()] == [(30, 18, 6)]
        page = read(ana.get(FORM))
        assert (page.value["hours_available"], page.value["planned"]) == ("30", "60")
        assert "80 % placed 20 % left" in page.text

    def test_an_answer_in_hours_is_opened_and_sent_in_half_days_without_a_change(
        self, ana: FlaskClient, switch: Callable[[Step], None], stored: Stored
    ) -> None:
        send(ana, planned="23.5", defect="3.5")
        switch(Step.HALF_DAYS)
        fields = read(ana.get(FORM)).value
        assert (fields["planned"], fields["defect"]) == ("5.88", "0.88")
        assert ana.post(FORM, data=fields | {"action": "send"}).location == SENT
        assert [(row.planned, row.defect, row.revision) for row in stored()] == [(23.5, 3.5, 1)]
        assert ana.post(FORM, data=fields | {"action": "send", "planned": "6"}).location == SENT
        assert [(row.planned, row.defect, row.revision) for row in stored()] == [(24, 3.5, 2)]

    def test_a_draft_in_another_unit_keeps_its_words_and_loses_its_amounts(
        self, ana: FlaskClient, switch: Callable[[Step], None]
    ) -> None:
        send(ana, "draft", planned="24", comment="kept", excessive="alerts", callouts="2", step="hours")
        switch(Step.HALF_DAYS)
        page = read(ana.get(FORM))
        assert "The team counts in another unit since this was typed" in page.text
        assert (page.value["planned"], page.value["hours_available"]) == ("", "10")
        assert (page.value["comment"], page.value["callouts"]) == ("kept", "2")
        assert page.fields["excessive"] == ["alerts"]

    def test_a_form_opened_before_the_team_switched_is_not_misread(
        self, ana: FlaskClient, switch: Callable[[Step], None], stored: Stored
    ) -> None:
        fields = read(ana.get(FORM)).value
        switch(Step.HALF_DAYS)
        response = ana.post(FORM, data=fields | {"action": "send", "planned": "8", "comment": "kept"})
        page = read(response)
        assert response.status_code == 409
        assert "Type them again, then send." in page.text
        assert (page.value["planned"], page.value["comment"], page.value["step"]) == ("", "kept", "half_days")
        assert stored() == []
        assert ana.post(FORM, data=page.value | {"action": "send", "planned": "8"}).location == SENT
        assert [row.planned for row in stored()] == [32]


def test_the_form_says_until_when_it_is_due_and_later_that_it_was(ana: FlaskClient, clock: Clock) -> None:
    clock.advance(hours=-2)
    assert "Due Mon 23 Nov 2026, 09:00, open until Wed 25 Nov 2026, 12:00 (UTC)." in read(ana.get(FORM)).text
    clock.advance(hours=3)
    text = read(ana.get(FORM)).text
    assert "It was due on Mon 23 Nov 2026, 09:00; answers count fully until Wed 25 Nov 2026, 12:00 (UTC)." in text


def test_the_form_says_what_this_teams_rules_show_before_the_first_field(
    ana: FlaskClient, session: Session, team: Team
) -> None:
    assert "by name" not in read(ana.get(FORM)).text
    times = rules_of(team).newest.times
    rules = Rules(((Week.parse("2026-W01"), WeekRules(times, Minimums(4, 7), shows_missing=True)),))
    session.get_one(Team, team.id).rules = stored_rules(rules)
    session.commit()
    page = read(ana.get(FORM))
    said = "Confidential, not anonymous: the program knows who answered, in order to remind."
    before, after = page.text.split(said)
    assert "Planned work" not in before
    assert after.strip().startswith(
        "Your lead sees team figures only, from 4 answers besides your own on, never yours. "
        "This team shows by name who hasn't answered yet."
    )
    assert "from 7 answers besides your own on" in page.by_id["comment-hint"]


def test_the_form_tells_what_became_of_the_last_answers_and_what_the_tracker_logged(
    ana: FlaskClient, session: Session, team: Team
) -> None:
    assert "Last published" not in read(ana.get(FORM)).text
    for number in range(3):
        member = make_member(session, team, f"member{number}@example.org")
        give_answer(session, team, member, OPEN_WEEK.shift(-1), make_answer(16, 9))
    session.add(tables.AgreedAction(team_id=team.id, number=1, text="Delete noisy alerts", agreed_at=MONDAY))
    make_item(session, team, hours=6)
    session.commit()
    page = read(ana.get(FORM))
    assert "Last published: 64 % planned (2026-W46). Agreed since: Delete noisy alerts" in page.text
    assert "Your tracker logged for the whole team this week: defect fix 6 h." in page.text
    assert page.value["defect"] == ""


def test_the_seconds_that_answering_took_are_kept_with_the_answer(
    ana: FlaskClient, clock: Clock, stored: Stored
) -> None:
    fields = read(ana.get(FORM)).value
    clock.advance(seconds=42)
    ana.post(FORM, data=fields | TYPED | {"action": "send"})
    assert [row.seconds for row in stored()] == [42]


class TestWhenTheSessionEnded:
    """The form is sent with the check of posts switched on, as a browser would that was left open."""

    @pytest.fixture
    def form(self, app: Flask, ana: FlaskClient) -> dict[str, str]:
        app.config["WTF_CSRF_ENABLED"] = True
        return read(ana.get(FORM)).value

    def test_what_was_typed_is_kept_and_shown_after_signing_in(
        self, app: Flask, form: dict[str, str], engine: sa.Engine, stored: Stored
    ) -> None:
        anybody = app.test_client()
        response = anybody.post(FORM, data=form | TYPED | {"comment": "kept", "action": "send"})
        assert (response.status_code, response.location) == (302, f"/sign-in?next={FORM}")
        assert "Your session had ended, and what you typed was kept." in anybody.get(response.location).text
        assert stored() == []
        with Session(engine) as session:
            person = person_with_email(session, "ana@example.org")
            assert person is not None
            token = make_link(session, person, secret=SECRET, now=MONDAY)
            session.commit()
        page = read(anybody.get(f"/sign-in/{token}"))
        assert anybody.post(f"/sign-in/{token}", data=page.value).status_code == 302
        page = read(anybody.get(FORM))
        assert (page.value["planned"], page.value["comment"]) == ("24", "kept")
        assert anybody.post(FORM, data=page.value | {"action": "send"}).location == SENT
        assert [row.planned for row in stored()] == [24]

    def test_a_browser_that_is_signed_in_again_is_led_straight_to_the_form(
        self, form: dict[str, str], ana: FlaskClient, stored: Stored
    ) -> None:
        response = ana.post(FORM, data=form | TYPED | {"csrf_token": "of an older session"})
        assert (response.status_code, response.location) == (302, FORM)
        assert read(ana.get(FORM)).value["planned"] == "24"
        assert stored() == []

    @pytest.mark.parametrize("ticket", ["", "made.up", "x" * 9000])
    def test_without_a_valid_ticket_nothing_is_stored(
        self, app: Flask, form: dict[str, str], stored: Stored, drafts: Drafts, ticket: str
    ) -> None:
        response = app.test_client().post(FORM, data=form | TYPED | {"ticket": ticket})
        assert response.status_code == 400
        assert "Go back, load it again" in read(response).text
        assert (stored(), drafts()) == ([], [])

    def test_a_ticket_for_one_week_keeps_nothing_for_another(
        self, app: Flask, form: dict[str, str], engine: sa.Engine
    ) -> None:
        later = FORM.replace(str(OPEN_WEEK), str(OPEN_WEEK.shift(-1)))
        app.test_client().post(later, data=form | TYPED)
        with Session(engine) as session:
            assert {draft.week for draft in session.exec(select(Draft))} <= {OPEN_WEEK.monday}

    def test_a_week_that_froze_meanwhile_is_told_and_not_kept(
        self, app: Flask, form: dict[str, str], clock: Clock, drafts: Drafts
    ) -> None:
        clock.now = AFTER_FREEZE
        response = app.test_client().post(FORM, data=form | TYPED)
        assert response.status_code == 400
        assert "is frozen" in read(response).text
        assert drafts() == []
