"""What becomes of an alarm: raised as verdicts are reached, shown to leads, seen by one, snoozed, and over at last.

Which change is worth one is decided in `domain.alerts`; who is written to is left to `alert_mail`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.alerts import REMINDERS, NoticeKind, is_alarming, severity, turn
from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.messages import Fate, MessageKind
from bau_tracker.domain.permissions import Action, Actor, Role, allows
from bau_tracker.domain.reasons import headline
from bau_tracker.domain.verdicts import SIGNALS
from bau_tracker.domain.weeks import Week
from bau_tracker.services.history import who
from bau_tracker.services.messages import is_live
from bau_tracker.services.permissions import roles_in, team_for
from bau_tracker.services.trends import TeamTrend
from bau_tracker.storage import alerts, messages, surveys, teams
from bau_tracker.storage.alert_tables import Alert
from bau_tracker.storage.notices import fate_of
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Team

_TOLD_AFTER: Final = timedelta(days=14)
"""How long ago an alarm that is over may have ended to be told to somebody who got no result since."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An open alarm as a lead sees it: what the newest verdict says in words, and who has seen it, in words.

    `is_calmer` says that the newest verdict alarms no more. `snoozed_until` is the viewer's own; `may_snooze` is false
    for an administrator who doesn't lead the team, to whom nothing is sent.
    """

    team: Team
    alert: Alert
    words: str
    is_calmer: bool
    seen_by: str
    snoozed_until: datetime | None
    may_snooze: bool

    @property
    def week(self) -> Week:
        """Give the week in which the verdict turned."""
        return Week(self.alert.week)

    @property
    def is_late(self) -> bool:
        """Say whether it was found only when later weeks had a verdict already."""
        return alerts.alarm_of(self.alert).is_late


def raise_alert(session: Session, team: Team, now: datetime) -> Alert | None:
    """Raise the alarm that a team's verdicts ask for, and end the one that is over; gives a new one.

    The caller holds the team's lock. A team that works no more alarms nobody.
    """
    if not is_live(team, now):
        return None
    newest = teams.newest_frozen(team, now)
    said = [one for one in alerts.signals_of(session, team.id) if one.week <= newest]
    opened = next(iter(alerts.open_alerts(session, [team.id])), None)
    found = turn(said, alerts.alarm_of(opened) if opened else None, newest)
    if opened and (found.ends or found.alarm):
        alerts.end_alert(session, opened, newest if found.is_calm else None, now)
    return alerts.add_alert(session, team.id, found.alarm, now) if found.alarm else None


def shown_alerts(session: Session, found: Sequence[TeamTrend], *, actor: Actor, now: datetime) -> list[OpenAlert]:
    """Give the open alarms of some teams to somebody who may manage them: those nobody has seen first, worst first."""
    by_id = {trend.team.id: trend for trend in found if is_live(trend.team, now)}
    opened = alerts.open_alerts(session, by_id)
    snoozes = alerts.snoozes_of(session, opened)
    people = messages.people_with_ids(session, {one.acknowledged_by_id for one in opened if one.acknowledged_by_id})
    shown = []
    for alert in opened:
        trend = by_id[alert.team_id]
        roles = roles_in(session, actor, trend.team, now)
        if allows(Action.MANAGE_TEAM, roles):
            snoozed = snoozes.get((alert.team_id, alert.number, actor.person_id or 0))
            shown.append(
                OpenAlert(
                    team=trend.team,
                    alert=alert,
                    words=headline(trend.verdict, trend.thresholds) if trend.verdict else "",
                    is_calmer=not is_alarming(trend.signal),
                    seen_by=who(people.get(alert.acknowledged_by_id or 0)) if alert.acknowledged_at else "",
                    snoozed_until=snoozed.until if snoozed and snoozed.until > now else None,
                    may_snooze=Role.LEAD in roles,
                )
            )
    return sorted(shown, key=lambda one: (bool(one.seen_by), -severity(one.alert.signal), one.team.name))


def acknowledge(session: Session, slug: str, number: int, *, actor: Actor, now: datetime) -> Alert:
    """Keep that somebody has seen an alarm, for all leads to see; the first who did stays.

    Raises like `team_for`, NotFound for no alarm of that number, Conflict when it is over.
    """
    _, alert = _open_alert(session, slug, number, actor, now)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_id = now, actor.person_id
        session.add(alert)
        session.flush()
    return alert


def snooze(session: Session, slug: str, number: int, weeks: int, *, actor: Actor, now: datetime) -> datetime:
    """Let a lead hear nothing of an alarm for some weeks, and then once; gives the moment.

    Raises like `acknowledge`, InvalidInput for other numbers of weeks, Forbidden for who doesn't lead the team, and
    Conflict when somebody has seen it.
    """
    if weeks not in REMINDERS:
        raise InvalidInput("Choose to be reminded in 1, 2 or 4 weeks.")
    team, alert = _open_alert(session, slug, number, actor, now)
    if actor.person_id is None or Role.LEAD not in roles_in(session, actor, team, now):
        raise Forbidden("Only leads of the team are reminded. You can say that you have seen it.")
    if alert.acknowledged_at is not None:
        raise Conflict("Somebody has seen this alert already, so nothing more is sent about it.")
    until = now + timedelta(weeks=weeks)
    alerts.snooze(session, alert, actor.person_id, until)
    return until


def about(alert: Alert) -> str:
    """Give what stands for an alarm in what is sent about it."""
    return f"{alert.team_id}.{alert.number}"


def ended_words(alert: Alert) -> str:
    """Say that an alarm is over."""
    return f"“{SIGNALS[alert.signal].label}” since {Week(alert.week)} is over: the verdicts have been calm since."


def over_words(session: Session, team: Team, person_id: int, week: Week, now: datetime) -> list[str]:
    """Say which alarms that a person got have ended since the last result of the team that they were sent."""
    recipient = respondent_key(person_id)
    last = messages.last_sent(session, team.id, MessageKind.DIGEST, recipient, before=week)
    ended = alerts.alerts_ended(session, [team.id], last or now - _TOLD_AFTER)
    sent = alerts.notices_of(session, [recipient], [NoticeKind.ALARM])
    got = {one.about for one in sent if fate_of(one) is Fate.SENT}
    return [ended_words(alert) for alert in ended if about(alert) in got]


def _open_alert(session: Session, slug: str, number: int, actor: Actor, now: datetime) -> tuple[Team, Alert]:
    """Give an open alarm to somebody who may manage its team, held until the end of the transaction."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    surveys.lock_team(session, team.id)
    alert = alerts.alert_with_number(session, team.id, number)
    if alert is None:
        raise NotFound(f"{team.name} has no such alert.")
    if alert.over_at is not None or not is_live(team, now):
        raise Conflict("This alert is over by now. Load the team's page again to see where it stands.")
    return team, alert
