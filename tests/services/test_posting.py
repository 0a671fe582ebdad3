from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.errors import Unavailable
from bau_tracker.domain.messages import CLAIM_LASTS, FIRST_PAUSE, MOST_ATTEMPTS, Fate, MessageKind
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.services.messages import remind
from bau_tracker.services.posting import Report
from bau_tracker.storage import messages
from bau_tracker.storage.engine import writing
from bau_tracker.storage.messages import Key, fate_of
from bau_tracker.storage.tables import Message
from tests.factories import MONDAY, OPEN_WEEK, make_team_of
from tests.post import Kept, office

ANA, BEN = "member0@payments.example", "member1@payments.example"
LATER = NotTaken("451 try later", for_good=False)
NEVER = NotTaken("550 no such user", for_good=True)


def fixed(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def run(session: Session, outbox: Kept, now: datetime = MONDAY) -> Report:
    return remind(session, office(outbox), clock=fixed(now))


def stored(session: Session) -> dict[str, tuple[Fate, int, str]]:
    session.expire_all()
    rows = session.exec(select(Message).order_by(col(Message.recipient)))
    return {row.recipient: (fate_of(row), row.attempts, row.failure) for row in rows}


def person(session: Session, email: str) -> str:
    (found,) = [one for one in messages.people_with_ids(session, range(10)).values() if one.email == email]
    return f"person:{found.id}"


def test_a_run_again_sends_nothing_again(any_session: Session) -> None:
    make_team_of(any_session, 2)
    outbox = Kept()
    assert run(any_session, outbox).sent == 2
    assert [to for to, _ in outbox.lines] == [ANA, BEN]
    assert run(any_session, outbox) == Report()
    assert set(stored(any_session).values()) == {(Fate.SENT, 1, "")}


def test_an_address_that_is_refused_is_noted_not_tried_again_and_stops_nobody_else(any_session: Session) -> None:
    make_team_of(any_session, 2)
    outbox = Kept(failing={ANA: NEVER})
    report = run(any_session, outbox)
    assert (report.sent, report.failures) == (1, [f"payments 2026-W47, {ANA}: 550 no such user"])
    assert stored(any_session)[person(any_session, ANA)] == (Fate.REFUSED, 1, "refused: 550 no such user")
    for hours in (1, 5, 20):
        assert run(any_session, outbox, MONDAY + timedelta(hours=hours)) == Report()
    assert outbox.tried == [ANA, BEN]


def test_what_is_put_off_is_tried_again_by_later_runs_a_few_times(any_session: Session) -> None:
    make_team_of(any_session, 1)
    outbox = Kept(failing={ANA: LATER})
    assert run(any_session, outbox).failures == [f"payments 2026-W47, {ANA}: 451 try later"]
    assert run(any_session, outbox, MONDAY + FIRST_PAUSE - timedelta(seconds=1)) == Report()
    assert stored(any_session)[person(any_session, ANA)] == (Fate.DELAYED, 1, "delayed: 451 try later")
    for minutes in range(0, 20 * 60, 10):
        run(any_session, outbox, MONDAY + timedelta(minutes=minutes))
    assert outbox.tried == [ANA] * MOST_ATTEMPTS


def test_what_was_put_off_and_then_taken_was_sent_once(any_session: Session) -> None:
    make_team_of(any_session, 1)
    outbox = Kept(failing={ANA: LATER})
    run(any_session, outbox)
    outbox.failing.clear()
    assert run(any_session, outbox, MONDAY + FIRST_PAUSE).sent == 1
    assert stored(any_session)[person(any_session, ANA)] == (Fate.SENT, 2, "")
    assert run(any_session, outbox, MONDAY + timedelta(hours=3)).sent == 0


def test_a_mail_server_that_is_away_costs_nothing_but_time(any_session: Session) -> None:
    make_team_of(any_session, 3)
    outbox = Kept(failing={"*": Unavailable("The mail server can't be reached.")})
    with pytest.raises(Unavailable, match=r"can't be reached. \(0 messages were sent before; the others go"):
        run(any_session, outbox)
    assert stored(any_session) == {}
    assert len(outbox.tried) == 1
    outbox.failing.clear()
    assert run(any_session, outbox).sent == 3


def test_a_mail_server_that_goes_away_amid_a_run_keeps_what_was_sent_and_loses_nothing(any_session: Session) -> None:
    make_team_of(any_session, 3)
    outbox = Kept(failing={BEN: Unavailable("The mail server can't be reached.")})
    with pytest.raises(Unavailable, match="1 message was sent before"):
        run(any_session, outbox)
    outbox.failing.clear()
    assert run(any_session, outbox).sent == 2
    assert len(outbox.lines) == 3


def test_a_claim_given_back_leaves_an_earlier_failure_as_it_was(any_session: Session) -> None:
    make_team_of(any_session, 1)
    outbox = Kept(failing={ANA: LATER})
    run(any_session, outbox)
    before = stored(any_session)
    outbox.failing[ANA] = Unavailable("gone")
    with pytest.raises(Unavailable):
        run(any_session, outbox, MONDAY + FIRST_PAUSE)
    assert stored(any_session) == before


def test_a_message_whose_process_died_is_sent_by_a_later_one_and_not_before(any_session: Session) -> None:
    team, (ana,) = make_team_of(any_session, 1)
    key = Key(team.id, OPEN_WEEK, MessageKind.FIRST_REMINDER, f"person:{ana.person_id}")
    assert messages.claim(any_session, key, ana.person_id, MONDAY)
    any_session.commit()
    outbox = Kept()
    assert run(any_session, outbox, MONDAY + CLAIM_LASTS - timedelta(seconds=1)).sent == 0
    assert run(any_session, outbox, MONDAY + CLAIM_LASTS).sent == 1
    assert run(any_session, outbox, MONDAY + CLAIM_LASTS * 2).sent == 0


def test_of_two_that_take_over_a_dead_process_one_gets_the_message(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as first:
        team, (ana,) = make_team_of(first, 1)
        key = Key(team.id, OPEN_WEEK, MessageKind.FIRST_REMINDER, f"person:{ana.person_id}")
        messages.claim(first, key, ana.person_id, MONDAY)
        first.commit()
        later = MONDAY + CLAIM_LASTS
        assert messages.claim(first, key, ana.person_id, later)
        first.commit()
        with Session(writing(any_engine), expire_on_commit=False) as second:
            assert messages.claim(second, key, ana.person_id, later + timedelta(seconds=1)) is None


def test_another_run_that_comes_while_a_mail_is_sent_does_not_send_it(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as session:
        make_team_of(session, 1)
        session.commit()
    inner = Kept()

    class Slow(Kept):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            with Session(writing(any_engine), expire_on_commit=False) as other:
                run(other, inner)

    slow = Slow()
    with Session(writing(any_engine), expire_on_commit=False) as session:
        assert run(session, slow).sent == 1
    assert (len(slow.tried), inner.tried) == (1, [])


def test_without_mail_nothing_is_due_to_people(any_session: Session) -> None:
    make_team_of(any_session, 2)
    assert remind(any_session, office(None), clock=fixed(MONDAY)) == Report()
    assert stored(any_session) == {}


def test_a_long_reason_is_kept_shortened(any_session: Session) -> None:
    make_team_of(any_session, 1)
    run(any_session, Kept(failing={ANA: NotTaken("5" * 2000, for_good=True)}))
    ((_, _, failure),) = stored(any_session).values()
    assert len(failure) == 500
