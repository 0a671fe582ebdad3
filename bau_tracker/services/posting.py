"""Sends what is due, each message once: claimed in the database and committed, sent, then marked as sent.

Here the services commit, unlike elsewhere: what was sent can't be taken back by a rollback. Why, and what it costs, is
in docs/decisions/0004. Which messages are due is left to `messages` and `digests`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.errors import Unavailable
from bau_tracker.domain.messages import Fate
from bau_tracker.outbound import chat
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.outbound.letters import Letter, address_letter
from bau_tracker.outbound.mail import Outbox
from bau_tracker.storage import messages
from bau_tracker.storage.messages import Claim, Key
from bau_tracker.storage.tables import Person, Team

Clock = Callable[[], datetime]
"""Gives the time of the edge: sending takes longer than a moment, and a claim must be as young as it says."""


@dataclass(frozen=True, slots=True)
class Office:
    """How messages leave: where mail goes (None without mail), from whom, and what links begin and are signed with."""

    outbox: Outbox | None
    sender: str
    base_url: str
    secret: str


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """What a team's channel is told."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is due to a person, or to the team's channel; `write` makes it, with its link, once claimed."""

    key: Key
    team: Team
    person: Person | None
    write: Callable[[], Letter | ChannelPost]

    @property
    def to(self) -> str:
        """Say to whom it goes, for whoever runs the server."""
        return self.person.email if self.person else messages.CHANNEL


@dataclass(slots=True)
class Report:
    """How many messages were sent, how many of these are alerts and summaries, and in words which were not sent."""

    sent: int = 0
    failures: list[str] = field(default_factory=list)
    alerts: int = 0


def send_all(session: Session, parcels: Iterable[Parcel], office: Office, *, clock: Clock) -> Report:
    """Send each message that no other process has taken on; commits for each.

    One that isn't taken is noted and leaves the others alone. Raises Unavailable when none can be sent: what was not
    sent stays due.
    """
    report = Report()
    for parcel in parcels:
        session.commit()  # ends the reading, so that nobody waits for a lock while mail is sent
        try:
            report.sent += _send(session, parcel, office, clock)
        except NotTaken as error:
            report.failures.append(f"{parcel.team.slug} {parcel.key.week}, {parcel.to}: {error.message}")
        except Unavailable as error:
            said = f"{report.sent} {'message was' if report.sent == 1 else 'messages were'} sent before"
            raise Unavailable(f"{error.message} ({said}; the others go with the next run.)") from error
    return report


def send_letter(letter: Letter, office: Office, now: datetime) -> None:
    """Send one letter; raises NotTaken for this one, Unavailable when none can be sent."""
    if office.outbox is None:
        raise Unavailable("No mail is set up; set BAU_TRACKER_MAIL.")
    office.outbox.send(address_letter(letter, sender=office.sender, base_url=office.base_url, now=now))


def _send(session: Session, parcel: Parcel, office: Office, clock: Clock) -> bool:
    """Send one message; false when another process has it. Raises like `send_all`."""
    person_id = parcel.person.id if parcel.person else None
    claimed = messages.claim(session, parcel.key, person_id, clock())
    if claimed is None:
        return False
    written = parcel.write()
    session.commit()
    try:
        _hand_over(written, parcel, office, claimed)
    except NotTaken as error:
        fate = Fate.REFUSED if error.for_good else Fate.DELAYED
        messages.mark_failed(session, claimed, fate, error.message)
        session.commit()
        raise
    except Unavailable:
        messages.release(session, claimed)
        session.commit()
        raise
    messages.mark_sent(session, claimed, clock())
    session.commit()
    return True


def _hand_over(written: Letter | ChannelPost, parcel: Parcel, office: Office, claimed: Claim) -> None:
    if isinstance(written, ChannelPost):
        chat.post(parcel.team.webhook, written.title, written.text)
        return
    send_letter(written, office, claimed.claimed_at)
