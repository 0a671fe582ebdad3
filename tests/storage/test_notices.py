from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bau_tracker.domain.alerts import NoticeKind
from bau_tracker.domain.messages import CLAIM_LASTS, FIRST_PAUSE, Fate
from bau_tracker.storage import notices
from bau_tracker.storage.alert_tables import Notice
from bau_tracker.storage.notices import NoticeKey
from tests.factories import MONDAY, make_person

FIRST, SECOND = (NoticeKey("person:1", NoticeKind.ALARM, f"1.{number}") for number in (1, 2))


def stored(session: Session) -> list[tuple[str, Fate, int]]:
    session.expire_all()
    found = sorted(session.exec(select(Notice)).all(), key=lambda one: one.about)
    return [(one.about, notices.fate_of(one), one.attempts) for one in found]


def test_of_some_notices_those_are_claimed_that_nobody_has(any_session: Session) -> None:
    ana = make_person(any_session).id
    assert [one.key for one in notices.claim(any_session, [FIRST], ana, MONDAY)] == [FIRST]
    assert [one.key for one in notices.claim(any_session, [SECOND, FIRST], ana, MONDAY)] == [SECOND]
    assert notices.claim(any_session, [FIRST, SECOND], ana, MONDAY + CLAIM_LASTS / 2) == []
    again = notices.claim(any_session, [FIRST, SECOND], ana, MONDAY + CLAIM_LASTS)
    assert [one.key for one in again] == [FIRST, SECOND]
    assert stored(any_session) == [("1.1", Fate.CLAIMED, 2), ("1.2", Fate.CLAIMED, 2)]


def test_what_was_sent_or_refused_is_never_claimed_again(any_session: Session) -> None:
    ana = make_person(any_session).id
    first, second = notices.claim(any_session, [FIRST, SECOND], ana, MONDAY)
    notices.mark_sent(any_session, [first], MONDAY)
    notices.mark_failed(any_session, [second], Fate.REFUSED, "550 no such user" * 100)
    assert notices.claim(any_session, [FIRST, SECOND], ana, MONDAY + timedelta(days=30)) == []
    assert stored(any_session) == [("1.1", Fate.SENT, 1), ("1.2", Fate.REFUSED, 1)]


def test_a_claim_given_back_leaves_everything_as_it_was(any_session: Session) -> None:
    ana = make_person(any_session).id
    notices.release(any_session, notices.claim(any_session, [FIRST], ana, MONDAY))
    assert stored(any_session) == []
    notices.mark_failed(any_session, notices.claim(any_session, [FIRST], ana, MONDAY), Fate.DELAYED, "451 later")
    notices.release(any_session, notices.claim(any_session, [FIRST], ana, MONDAY + FIRST_PAUSE))
    assert stored(any_session) == [("1.1", Fate.DELAYED, 1)]
