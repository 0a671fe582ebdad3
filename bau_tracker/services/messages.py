"""What a team's week says to whom and when: invitations, reminders, weeks that were opened again.

Everybody who is asked and hasn't answered gets the message that is due, with a link of their own; the team's channel is
told once, without any link of a person's. That each goes once is left to `posting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bau_tracker.domain.messages import ASKING, Fate, MessageKind, Reached, due_kind, is_first, may_send, message_for
from bau_tracker.domain.permissions import Action, Actor, allows
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.outbound.letters import Letter, one_line, write
from bau_tracker.outbound.mail import Received, read_mailbox
from bau_tracker.services.invitations import invite
from bau_tracker.services.permissions import check_administers, roles_in
from bau_tracker.services.posting import ChannelPost, Clock, Office, Parcel, Report, send_all
from bau_tracker.services.subscriptions import unsubscribe_token
from bau_tracker.storage import availability, messages, teams
from bau_tracker.storage.messages import CHANNEL, Key, fate_of
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Message, Person, Team

NEWEST_MAILS: Final = 200


@dataclass(frozen=True, slots=True)
class TeamMessages:
    """What a lead is told of a team's messages, never about whom.

    `reminder` is the text to pass on by hand while a week is open, empty otherwise. `sent_at` and `failed` (how many
    could not be sent) are of the open week.
    """

    reminder: str
    week: Week | None
    sent_at: datetime | None
    failed: int


def remind(session: Session, office: Office, *, clock: Clock) -> Report:
    """Send every invitation and reminder that is due; commits for each, and raises like `posting.send_all`."""
    return send_all(session, due_messages(session, office, clock=clock), office, clock=clock)


def due_messages(session: Session, office: Office, *, clock: Clock) -> Iterator[Parcel]:
    """Give what is due in every team, planned as the caller comes to it, so that no plan is old."""
    for team in teams.all_teams(session):
        now = clock()
        for week, due in _weeks_to_ask(session, team, now) if is_live(team, now) else ():
            if office.outbox is not None:
                yield from _to_people(session, team, week, due, office, now)
            if team.webhook:
                yield from _to_channel(session, team, week, due, office, now)


def is_live(team: Team, now: datetime) -> bool:
    """Say whether a team still works: its last day, if it has one, is not over."""
    return team.archived_on is None or now.astimezone(teams.schedule_of(team).zone).date() <= team.archived_on


def key_of(parcel: Key) -> str:
    """Give the name of a message that stays the same when it is sent again."""
    recipient = parcel.recipient.replace(":", "-")
    return f"{parcel.kind.value}.{parcel.week}.{parcel.team_id}.{recipient}"


def envelope(team: Team, person: Person, key: Key, office: Office) -> dict[str, str]:
    """Give what every letter about a team's week carries beside its words."""
    token = unsubscribe_token(team.id, person.id, secret=office.secret)
    return {
        "to": person.email,
        "name": person.name,
        "key": key_of(key),
        "list_name": team.name,
        "list_slug": team.slug,
        "unsubscribe": f"{office.base_url}/unsubscribe/{token}",
    }


def moment_words(session: Session, team: Team, week: Week) -> str:
    """Write the moment at which a week freezes: `Wednesday 25 Nov, 12:00 (Europe/Berlin)`."""
    zone = teams.rules_of(team).of(week).times.zone
    return f"{_local_words(teams.freezes_at(session, team, week), zone)} ({zone.key})"


def due_words(team: Team, week: Week) -> str:
    """Write the moment at which a week is due: `Monday 23 Nov, 09:00`."""
    return _local_words(teams.schedule_of(team).due(week), teams.rules_of(team).of(week).times.zone)


def _local_words(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%b}, {local:%H:%M}"


def team_messages(session: Session, team: Team, *, actor: Actor, base_url: str, now: datetime) -> TeamMessages | None:
    """Give what the page of a team says of its messages; None for somebody who doesn't manage the team."""
    if not allows(Action.MANAGE_TEAM, roles_in(session, actor, team, now)):
        return None
    week = teams.schedule_of(team).open_week(now) if is_live(team, now) else None
    if week is None:
        return TeamMessages("", None, None, 0)
    asking = [one for one in messages.messages_about(session, team.id, week) if one.kind in ASKING]
    sent = [one.sent_at for one in asking if one.sent_at is not None]
    failed = sum(fate_of(one) in {Fate.DELAYED, Fate.REFUSED} for one in asking)
    return TeamMessages(reminder_text(session, team, week, base_url=base_url), week, max(sent, default=None), failed)


def reminder_text(session: Session, team: Team, week: Week, *, base_url: str) -> str:
    """Write a reminder to pass on to the whole team: it names nobody, and its address is the same for all."""
    minimum = teams.rules_of(team).of(week).minimums.time_split
    return (
        f"{team.name}: how did your week {week.label} split between planned and unplanned work? It takes under a "
        f"minute, until {moment_words(session, team, week)}: {base_url}/my-week\n"
        f"Figures are the team's only, from {minimum} answers besides your own on. Thanks if you have answered already."
    )


def mailbox(folder: Path, *, actor: Actor) -> list[Received]:
    """Give the newest mails of the development mailbox to an administrator; raises Forbidden."""
    check_administers(actor)
    return read_mailbox(folder, NEWEST_MAILS)


def _weeks_to_ask(session: Session, team: Team, now: datetime) -> Iterator[tuple[Week, MessageKind]]:
    """Give the weeks of a team that can be answered, each with the message that is due."""
    schedule = teams.schedule_of(team)
    newest = schedule.newest_started(now)
    if due := due_kind(schedule, newest, now):
        yield newest, due
    for week in messages.weeks_reopened(session, team.id, now):
        reopened = teams.phase_of(session, team, week, now) is Phase.OPEN
        if reopened and schedule.phase(week, now) is Phase.FROZEN:
            yield week, MessageKind.REOPENED


def _to_people(
    session: Session, team: Team, week: Week, due: MessageKind, office: Office, now: datetime
) -> Iterator[Parcel]:
    asked = availability.asked_in_weeks(session, [team], [week]).get((team.id, week), {})
    stored = messages.messages_about(session, team.id, week)
    answered, out = messages.answered_by(session, team.id, week), messages.opted_out(session, team.id)
    drafted = messages.drafted_by(session, team.id, week)
    for person_id, person in sorted(messages.people_with_ids(session, asked).items()):
        recipient = respondent_key(person_id)
        settled = recipient in answered or person_id in out
        heard = {one.kind: one.sent_at for one in stored if one.recipient == recipient and one.sent_at is not None}
        last_at = max(heard.values(), default=None)
        kind = message_for(due, Reached(_got(stored, recipient, now), settled=settled, last_at=last_at), now)
        if kind is not None:
            first = is_first(heard)
            key = Key(team.id, week, kind, recipient)
            letter = partial(_letter, session, office, team, person, key, first=first, drafted=person_id in drafted)
            yield Parcel(key, team, person, letter)


def _to_channel(
    session: Session, team: Team, week: Week, due: MessageKind, office: Office, now: datetime
) -> Iterator[Parcel]:
    """Give what the team's channel is told, once, as the week opens or opens again."""
    kind = due if due is MessageKind.REOPENED else MessageKind.INVITATION
    if kind not in _got(messages.messages_about(session, team.id, week), CHANNEL, now):
        key = Key(team.id, week, kind, CHANNEL)
        yield Parcel(key, team, None, partial(_opening, session, office, team, week, kind))


def _letter(
    session: Session, office: Office, team: Team, person: Person, key: Key, *, first: bool, drafted: bool
) -> Letter:
    """Write a letter that asks for an answer; it makes the person's link."""
    rules = teams.rules_of(team).of(key.week)
    token = invite(session, team, key.week, person.id, secret=office.secret)
    carried = envelope(team, person, key, office)
    subject, text, html = write(
        "asking",
        kind="invitation" if first and key.kind in ASKING else key.kind.value,
        name=person.name,
        team=one_line(team.name),
        week=key.week,
        due=due_words(team, key.week) if key.kind is MessageKind.INVITATION else "",
        until=moment_words(session, team, key.week),
        link=f"{office.base_url}/answer/{token}",
        drafted=drafted,
        minimum=rules.minimums.time_split,
        shows_missing=rules.shows_missing,
        unsubscribe=carried["unsubscribe"],
    )
    return Letter(subject=subject, text=text, html=html, **carried)


def _opening(session: Session, office: Office, team: Team, week: Week, kind: MessageKind) -> ChannelPost:
    again = " again" if kind is MessageKind.REOPENED else ""
    text = (
        f"How did your week split between planned and unplanned work? It takes under a minute, until "
        f"{moment_words(session, team, week)}: {office.base_url}/my-week"
    )
    return ChannelPost(f"{team.name}: {week.label} is open{again}", text)


def _got(stored: list[Message], recipient: str, now: datetime) -> frozenset[MessageKind]:
    """Give the messages to somebody that are done with, or in another process's hands."""
    return frozenset(
        one.kind
        for one in stored
        if one.recipient == recipient and not may_send(fate_of(one), one.attempts, one.claimed_at, now)
    )
