"""Sends what is due because of alarms: several at once in one mail, each once.

As in `posting` they are claimed and committed, sent, then marked as sent (docs/decisions/0004). Whether they are due
still is asked again once they are claimed: somebody may have seen the alarm by then, or lead the team no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from bau_tracker.domain.errors import Unavailable
from bau_tracker.domain.messages import Fate
from bau_tracker.outbound import chat
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.outbound.letters import Letter
from bau_tracker.services.posting import ChannelPost, Clock, Office, Report, send_letter
from bau_tracker.storage import notices
from bau_tracker.storage.messages import CHANNEL
from bau_tracker.storage.notices import NoticeClaim, NoticeKey
from bau_tracker.storage.tables import Person


@dataclass(frozen=True, slots=True)
class Written:
    """What is sent, and of which notices it tells."""

    content: Letter | ChannelPost
    told: Collection[NoticeKey]


@dataclass(frozen=True, slots=True)
class Mailing:
    """Notices that are due to a person, or to a team's channel (`webhook`), in one mail or post.

    `write` makes it of those that were claimed; None when nothing of them is due any more. `lines` say for whoever runs
    the server what it is about: kind, team, week.
    """

    keys: Collection[NoticeKey]
    person: Person | None
    write: Callable[[Collection[NoticeKey]], Written | None]
    lines: Collection[tuple[str, str, str]]
    webhook: str = ""

    @property
    def to(self) -> str:
        """Say to whom it goes, for whoever runs the server."""
        return self.person.email if self.person else CHANNEL


def send_mailings(session: Session, mailings: Iterable[Mailing], office: Office, *, clock: Clock) -> Report:
    """Send what no other process has taken on; commits for each.

    One that isn't taken is noted and leaves the others alone. Raises Unavailable when none can be sent: what was not
    sent stays due.
    """
    report = Report()
    for mailing in mailings:
        session.commit()  # ends the reading, so that nobody waits for a lock while mail is sent
        try:
            report.sent += _send(session, mailing, office, clock)
        except NotTaken as error:
            kind, team, week = next(iter(mailing.lines))
            report.failures.append(f"{team} {week}, {kind}, {mailing.to}: {error.message}")
        except Unavailable as error:
            said = f"{report.sent} {'alert was' if report.sent == 1 else 'alerts were'} sent before"
            raise Unavailable(f"{error.message} ({said}; the others go with the next run.)") from error
    return report


def _send(session: Session, mailing: Mailing, office: Office, clock: Clock) -> bool:
    """Send one mail; false when others have it, or nothing is due any more. Raises like `send_mailings`."""
    person_id = mailing.person.id if mailing.person else None
    claims = notices.claim(session, mailing.keys, person_id, clock())
    session.expire_all()  # what was planned may have changed since
    written = mailing.write([one.key for one in claims]) if claims else None
    told = [one for one in claims if written and one.key in written.told]
    notices.release(session, [one for one in claims if one not in told])
    session.commit()
    if written is None or not told:
        return False
    _deliver(session, written, told, mailing, office)
    notices.mark_sent(session, told, clock())
    session.commit()
    return True


def _deliver(
    session: Session, written: Written, told: Collection[NoticeClaim], mailing: Mailing, office: Office
) -> None:
    """Hand one mail over; keeps why it wasn't taken, and raises that."""
    try:
        _hand_over(written, mailing, office, told)
    except NotTaken as error:
        notices.mark_failed(session, told, Fate.REFUSED if error.for_good else Fate.DELAYED, error.message)
        session.commit()
        raise
    except Unavailable:
        notices.release(session, told)
        session.commit()
        raise


def _hand_over(written: Written, mailing: Mailing, office: Office, told: Collection[NoticeClaim]) -> None:
    if isinstance(written.content, ChannelPost):
        chat.post(mailing.webhook, written.content.title, written.content.text)
        return
    send_letter(written.content, office, min(one.claimed_at for one in told))
