from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.messages import (
    ASKING,
    CLAIM_LASTS,
    FIRST_PAUSE,
    MOST_ATTEMPTS,
    REST,
    Fate,
    MessageKind,
    Reached,
    digest_is_due,
    due_kind,
    is_first,
    may_send,
    message_for,
)
from bau_tracker.domain.weeks import Schedule, Week

WEEK = Week.parse("2026-W47")
SCHEDULE = Schedule.constant(ZoneInfo("UTC"))
INVITATION, FIRST, SECOND = ASKING
MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (at(20, 8, 59), None),
        (at(20, 9), INVITATION),
        (at(23, 8, 59), INVITATION),
        (at(23, 9), FIRST),
        (at(24, 8, 59), FIRST),
        (at(24, 9), SECOND),
        (at(25, 11, 59), SECOND),
        (at(25, 12), None),
    ],
)
def test_the_newest_message_whose_moment_has_come_is_due_until_the_week_freezes(
    now: datetime, kind: MessageKind | None
) -> None:
    assert due_kind(SCHEDULE, WEEK, now) is kind


@pytest.mark.parametrize(
    ("due", "got", "expected"),
    [
        (INVITATION, set(), INVITATION),
        (INVITATION, {INVITATION}, None),
        (FIRST, {INVITATION}, FIRST),
        (FIRST, set(), FIRST),
        (FIRST, {INVITATION, FIRST}, None),
        (INVITATION, {SECOND}, None),
        (SECOND, {INVITATION, FIRST}, SECOND),
        (FIRST, {MessageKind.DIGEST, MessageKind.REOPENED}, FIRST),
        (MessageKind.REOPENED, {INVITATION, FIRST, SECOND}, MessageKind.REOPENED),
        (MessageKind.REOPENED, {MessageKind.REOPENED}, None),
    ],
)
def test_each_message_goes_once_and_none_after_a_newer_one(
    due: MessageKind, got: set[MessageKind], expected: MessageKind | None
) -> None:
    assert message_for(due, Reached(frozenset(got)), MOMENT) is expected


@pytest.mark.parametrize("due", ASKING)
def test_nothing_is_due_to_whom_nothing_more_is_asked(due: MessageKind) -> None:
    assert message_for(due, Reached(frozenset(), settled=True), MOMENT) is None


def test_who_was_just_written_to_gets_the_next_message_later() -> None:
    reached = Reached(frozenset({INVITATION}), last_at=MOMENT)
    assert message_for(FIRST, reached, MOMENT + REST - timedelta(seconds=1)) is None
    assert message_for(FIRST, reached, MOMENT + REST) is FIRST


def test_only_what_asked_for_the_week_before_makes_a_message_a_reminder() -> None:
    assert is_first([])
    assert is_first([MessageKind.DIGEST])
    assert not is_first([FIRST])


def test_a_digest_goes_after_the_freeze_and_not_when_it_is_a_week_old() -> None:
    assert not digest_is_due(MOMENT, MOMENT - timedelta(seconds=1))
    assert digest_is_due(MOMENT, MOMENT)
    assert digest_is_due(MOMENT, MOMENT + timedelta(days=7, seconds=-1))
    assert not digest_is_due(MOMENT, MOMENT + timedelta(days=7))


def test_a_claim_is_taken_over_once_its_process_must_have_died() -> None:
    assert not may_send(Fate.CLAIMED, 1, MOMENT, MOMENT + CLAIM_LASTS - timedelta(seconds=1))
    assert may_send(Fate.CLAIMED, 1, MOMENT, MOMENT + CLAIM_LASTS)


@pytest.mark.parametrize("attempts", range(1, MOST_ATTEMPTS))
def test_what_was_put_off_is_tried_again_after_a_pause_that_doubles(attempts: int) -> None:
    pause = FIRST_PAUSE * 2 ** (attempts - 1)
    assert not may_send(Fate.DELAYED, attempts, MOMENT, MOMENT + pause - timedelta(seconds=1))
    assert may_send(Fate.DELAYED, attempts, MOMENT, MOMENT + pause)


@pytest.mark.parametrize(
    ("fate", "attempts"),
    [(Fate.SENT, 1), (Fate.REFUSED, 1), (Fate.DELAYED, MOST_ATTEMPTS), (Fate.CLAIMED, MOST_ATTEMPTS)],
)
def test_what_was_sent_or_refused_or_tried_often_enough_is_left_alone(fate: Fate, attempts: int) -> None:
    assert not may_send(fate, attempts, MOMENT, MOMENT + timedelta(days=3))
