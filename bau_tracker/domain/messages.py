"""Decides which message about a week is due to whom: an invitation, two reminders, the digest, a reopened week.

How a message is worded and sent is left to `outbound`, that it goes once to `storage.messages`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bau_tracker.domain.weeks import Schedule, Week

DIGEST_LASTS: Final = timedelta(days=7)
"""A digest older than this says nothing new, so that a first run sends none of the past."""
CLAIM_LASTS: Final = timedelta(minutes=30)
"""A message claimed longer ago and not sent was left by a process that died (sending one takes seconds)."""
MOST_ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(minutes=5)
"""How long a message that was put off waits; doubled each time, so that five attempts span more than an hour."""

REST: Final = timedelta(hours=2)
"""Nobody is written to about a week twice within this time, when a run came late and the next moment is near."""


class MessageKind(StrEnum):
    """What a message is about, in the order in which a week sends them; each goes once to one person."""

    INVITATION = "invitation"
    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    REOPENED = "reopened"
    DIGEST = "digest"


ASKING: Final = (MessageKind.INVITATION, MessageKind.FIRST_REMINDER, MessageKind.SECOND_REMINDER)
"""The messages that ask for an answer, oldest first."""


class Fate(StrEnum):
    """What became of a message that was claimed."""

    CLAIMED = "claimed"
    SENT = "sent"
    DELAYED = "delayed"
    REFUSED = "refused"


def may_send(fate: Fate, attempts: int, claimed_at: datetime, now: datetime) -> bool:
    """Say whether a message that was claimed before may be claimed again.

    One that was put off, a few times with growing pauses; one whose process died, after CLAIM_LASTS. Never one that was
    sent, or refused for good, or tried MOST_ATTEMPTS times.
    """
    pauses = {Fate.CLAIMED: CLAIM_LASTS, Fate.DELAYED: FIRST_PAUSE * 2 ** (attempts - 1)}
    return fate in pauses and attempts < MOST_ATTEMPTS and now - claimed_at >= pauses[fate]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a person got about a week already, and when the last of it was sent.

    `settled` says that nothing more is asked: answered, away, opted out.
    """

    got: frozenset[MessageKind]
    settled: bool = False
    last_at: datetime | None = None


def due_kind(schedule: Schedule, week: Week, now: datetime) -> MessageKind | None:
    """Name the newest asking message whose moment has come; None before the week opens and once it froze.

    A run that comes late sends the newest only: nobody gets two messages at once.
    """
    if not schedule.opens(week) <= now < schedule.freezes(week):
        return None
    if now >= schedule.second_reminder(week):
        return MessageKind.SECOND_REMINDER
    return MessageKind.FIRST_REMINDER if now >= schedule.due(week) else MessageKind.INVITATION


def message_for(due: MessageKind, reached: Reached, now: datetime) -> MessageKind | None:
    """Give the message that a person is to get now; None for whom nothing is due.

    Somebody who got a newer one already, or this one, gets none; somebody who was just written to gets it later.
    """
    newer = ASKING[ASKING.index(due) :] if due in ASKING else (due,)
    rested = reached.last_at is None or now - reached.last_at >= REST
    return due if rested and not reached.settled and reached.got.isdisjoint(newer) else None


def is_first(got: Collection[MessageKind]) -> bool:
    """Say whether a person hears of the week for the first time, so that nothing is called a reminder that is none."""
    return not set(got) & set(ASKING)


def digest_is_due(frozen_at: datetime, now: datetime) -> bool:
    """Say whether the digest of a week that froze then is to go: after freezing, and while it is news."""
    return frozen_at <= now < frozen_at + DIGEST_LASTS
