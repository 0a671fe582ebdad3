"""Who is told of alarms, and in which words: leads by mail, all of a team's in one; the team's channel once a change.

A lead is one of today. What the newest verdict doesn't say any more is told nobody. Figures are those that the reader
sees on the team's page; a channel, which every member reads, is told none that is hidden from any of them. The weekly
summary is left to `summaries`, that each goes once to `notices`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.advice import first_help
from bau_tracker.domain.alerts import NoticeKind, Wish, is_alarming, severity
from bau_tracker.domain.messages import may_send
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.reasons import headline, reason, what_would_change
from bau_tracker.domain.verdicts import SIGNALS, Signal, Verdict, without_figures
from bau_tracker.domain.weeks import Week
from bau_tracker.outbound.letters import Letter, one_line, write
from bau_tracker.services.alerts import about
from bau_tracker.services.messages import is_live
from bau_tracker.services.notices import Mailing, Written
from bau_tracker.services.permissions import roles_in
from bau_tracker.services.posting import ChannelPost, Clock, Office
from bau_tracker.services.subscriptions import wish_token
from bau_tracker.services.trends import TeamTrend, team_trend
from bau_tracker.storage import alerts, memberships, messages, notices, teams
from bau_tracker.storage.alert_tables import Alert, AlertSnooze
from bau_tracker.storage.messages import CHANNEL
from bau_tracker.storage.notices import NoticeKey
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Person, Team

NEWS_LASTS: Final = timedelta(days=14)
"""An alarm, or a reminder, that could not be sent for so long is no news any more; the team's page shows it."""
_SUBJECTS: Final = {
    Signal.PITFALL: "Excessive-BAU pitfall",
    Signal.EXCESSIVE: "Excessive BAU",
    Signal.EARLY_WARNING: "Early warning, worth a look",
}
_TONES: Final = {
    Signal.PITFALL: "Planned work falls and the team complains: that is the pitfall. Talk with the team this week.",
    Signal.EXCESSIVE: "Unplanned work takes more than is sound for long. Agree with the team on one thing to change.",
    Signal.EARLY_WARNING: "This is worth a look, and no more yet: it may pass. Ask the team what has changed.",
}


@dataclass(frozen=True, slots=True)
class Due:
    """An alarm that a lead is to be told of, first or again, with the team as they see it."""

    key: NoticeKey
    alert: Alert
    trend: TeamTrend
    verdict: Verdict

    @property
    def line(self) -> tuple[str, str, str]:
        """Say what it is, for whoever runs the server."""
        return self.key.kind.value, self.trend.team.slug, str(Week(self.alert.week))


def due_mailings(session: Session, office: Office, *, clock: Clock) -> Iterator[Mailing]:
    """Give what is due to leads, one mail each, and to the channels of teams."""
    now = clock()
    live = {team.id: team for team in teams.all_teams(session) if is_live(team, now)}
    opened = {alert.team_id: alert for alert in alerts.open_alerts(session, live)}
    led = alerts.ever_leads(session, opened) if office.outbox is not None else {}
    for person_id, person in sorted(messages.people_with_ids(session, led).items()):
        done = done_of(session, respondent_key(person_id), clock())
        due = due_to(session, person_id, led[person_id], clock(), done=done)
        if due:
            make = partial(_write, session, office, person_id, led[person_id], clock)
            yield Mailing([one.key for one in due], person, make, [one.line for one in due])
    for team_id in sorted(opened):
        if live[team_id].webhook:
            yield from _to_channel(session, live[team_id], opened[team_id], office, clock)


def due_to(
    session: Session, person_id: int, team_ids: Collection[int], now: datetime, *, done: Collection[NoticeKey] = ()
) -> list[Due]:
    """Give what a person is to be told of some teams, worst first, but for what is done."""
    kept = alerts.wishes_of(session, [person_id]).get(person_id)
    wish = kept.wish if kept else Wish.AT_ONCE
    found = []
    opened = alerts.open_alerts(session, team_ids)
    snoozes = alerts.snoozes_of(session, opened)
    for alert in opened:
        team = teams.team_with_id(session, alert.team_id)
        snoozed = snoozes.get((alert.team_id, alert.number, person_id))
        kind = _kind(alert, snoozed, person_id, wish, now)
        key = _key(alert, snoozed, kind, person_id) if kind else None
        if team is None or key is None or key in done or not is_told(session, team, person_id, now):
            continue
        trend = team_trend(session, team, actor=Actor(person_id), now=now)
        if trend.verdict and is_alarming(trend.signal):
            found.append(Due(key, alert, trend, trend.verdict))
    return sorted(found, key=lambda one: (-severity(one.alert.signal), one.trend.team.name))


def done_of(session: Session, recipient: str, now: datetime) -> set[NoticeKey]:
    """Give what somebody was sent, can't be sent at all, or is in another process's hands."""
    return {
        notices.key_of(one)
        for one in alerts.notices_of(session, [recipient], list(NoticeKind))
        if not may_send(notices.fate_of(one), one.attempts, one.claimed_at, now)
    }


def is_told(session: Session, team: Team, person_id: int, now: datetime) -> bool:
    """Say whether a person leads a team that works, now, and wants its messages."""
    leads = is_live(team, now) and Role.LEAD in roles_in(session, Actor(person_id), team, now)
    return leads and person_id not in messages.opted_out(session, team.id)


def letter_key(keys: Collection[NoticeKey]) -> str:
    """Give the name of a mail that stays the same when the same is sent again."""
    said = "|".join(f"{key.kind}.{key.about}.{key.recipient}" for key in sorted(keys))
    return f"alerts.{blake2b(said.encode(), digest_size=16).hexdigest()}"


def foot(person: Person, office: Office) -> dict[str, str]:
    """Give what every letter about alarms carries beside its words."""
    token = wish_token(person.id, secret=office.secret)
    return {
        "to": person.email,
        "name": person.name,
        "list_name": "BAU Tracker alerts",
        "list_slug": "alerts",
        "unsubscribe": f"{office.base_url}/alert-mail/{token}",
    }


def _kind(alert: Alert, snoozed: AlertSnooze | None, person_id: int, wish: Wish, now: datetime) -> NoticeKind | None:
    """Say what somebody is to be told of an alarm: the alarm, a reminder they asked for, or nothing."""
    if snoozed is not None:
        due = snoozed.until <= now < snoozed.until + NEWS_LASTS
        return NoticeKind.REMINDER if due and alert.acknowledged_at is None and wish is not Wish.NONE else None
    news = now < alert.raised_at + NEWS_LASTS
    return NoticeKind.ALARM if news and wish is Wish.AT_ONCE and alert.acknowledged_by_id != person_id else None


def _key(alert: Alert, snoozed: AlertSnooze | None, kind: NoticeKind, person_id: int) -> NoticeKey:
    told = f"{about(alert)}.{snoozed.times}" if snoozed else about(alert)
    return NoticeKey(respondent_key(person_id), kind, told)


def _write(
    session: Session,
    office: Office,
    person_id: int,
    team_ids: Collection[int],
    clock: Clock,
    keys: Collection[NoticeKey],
) -> Written | None:
    """Write a person's mail on those of some notices that are due still."""
    due = [one for one in due_to(session, person_id, team_ids, clock()) if one.key in keys]
    person = messages.people_with_ids(session, [person_id]).get(person_id)
    if not due or person is None:
        return None
    carried = foot(person, office)
    subject, text, html = write(
        "alert",
        title=_subject(due),
        name=person.name,
        entries=[_entry(one, office) for one in due],
        choose=carried["unsubscribe"],
    )
    told = [one.key for one in due]
    return Written(Letter(subject=subject, text=text, html=html, key=letter_key(told), **carried), told)


def _subject(due: Sequence[Due]) -> str:
    worst = due[0]
    reminder = "Reminder: " if all(one.key.kind is NoticeKind.REMINDER for one in due) else ""
    more = f", and {len(due) - 1} more" if len(due) > 1 else ""
    return f"{reminder}{_SUBJECTS[worst.alert.signal]}: {one_line(worst.trend.team.name)}{more}"


def _entry(due: Due, office: Office) -> dict[str, object]:
    """Give what a mail says of one team."""
    alert, trend = due.alert, due.trend
    words = SIGNALS[alert.signal]
    return {
        "team": one_line(trend.team.name),
        "signal": f"{words.symbol} {words.label}",
        "loud": alert.signal is Signal.PITFALL,
        "headline": headline(due.verdict, trend.thresholds),
        "week": Week(alert.week),
        "reminder": due.key.kind is NoticeKind.REMINDER,
        "before": SIGNALS[alert.turned_from].label,
        "late": alerts.alarm_of(alert).is_late,
        "tone": _TONES[alert.signal],
        "sentences": _sentences(trend, due.verdict),
        "link": f"{office.base_url}/teams/{trend.team.slug}#alerts",
    }


def _sentences(trend: TeamTrend, verdict: Verdict) -> list[str]:
    """Say why, what would change it, and what helps, as one reader may see it."""
    found = (
        reason(verdict, trend.thresholds),
        what_would_change(verdict, trend.thresholds),
        first_help(trend.weeks[-trend.thresholds.recent_weeks :]),
    )
    return [sentence for sentence in found if sentence]


def _to_channel(session: Session, team: Team, alert: Alert, office: Office, clock: Clock) -> Iterator[Mailing]:
    key = NoticeKey(CHANNEL, NoticeKind.ALARM, about(alert))

    def written(keys: Collection[NoticeKey]) -> Written | None:
        post = _post(session, team, alert, office, clock())
        return Written(post, keys) if post else None

    if key not in done_of(session, CHANNEL, clock()) and written([key]):
        yield Mailing([key], None, written, [(key.kind.value, team.slug, str(Week(alert.week)))], team.webhook)


def _post(session: Session, team: Team, alert: Alert, office: Office, now: datetime) -> ChannelPost | None:
    """Write what a channel is told: figures only where every member sees the same."""
    today = now.astimezone(teams.schedule_of(team).zone).date()
    readers = {one.person_id for one in memberships.reaching(session, team.id, today) if one.starts_on <= today}
    seen = [team_trend(session, team, actor=Actor(person_id), now=now) for person_id in sorted(readers)]
    verdict = seen[0].verdict if seen else None
    if verdict is None or not is_alarming(verdict.signal) or alert.over_at or now >= alert.raised_at + NEWS_LASTS:
        return None
    thresholds = seen[0].thresholds
    alike = all(one.verdict == verdict for one in seen)
    shown = verdict if alike else without_figures(verdict)
    why = f" {reason(shown, thresholds)}" if alike else ""
    said = headline(shown, thresholds)
    title = f"{_SUBJECTS[alert.signal]}: {one_line(team.name)}"
    turned = f"{said[0].upper()}{said[1:]}; the verdict turned in {Week(alert.week)}."
    return ChannelPost(title, f"{turned}{why} {office.base_url}/teams/{team.slug}")
