"""Gives and keeps alarms, who has seen them, who snoozed them, and how people want to hear of them. Commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.alerts import Alarm, NoticeKind, Said, Wish
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.weeks import Week
from bau_tracker.storage.alert_tables import Alert, AlertSnooze, AlertWish, Notice
from bau_tracker.storage.tables import Membership
from bau_tracker.storage.verdict_tables import StoredVerdict


def signals_of(session: Session, team_id: int) -> list[Said]:
    """Give what the verdict that stands of each week says, oldest first."""
    found = select(col(StoredVerdict.week), col(StoredVerdict.signal)).where(col(StoredVerdict.team_id) == team_id)
    ordered = found.order_by(col(StoredVerdict.week), col(StoredVerdict.number))
    standing = dict(session.exec(ordered).all())  # of several of a week the one with the highest number
    return [Said(Week(monday), signal) for monday, signal in standing.items()]


def open_alerts(session: Session, team_ids: Collection[int]) -> list[Alert]:
    """Give the open alarms of some teams."""
    found = select(Alert).where(col(Alert.team_id).in_(team_ids), col(Alert.over_at).is_(None))
    return list(session.exec(found.execution_options(populate_existing=True)))


def alerts_ended(session: Session, team_ids: Collection[int], since: datetime) -> list[Alert]:
    """Give the alarms that were ended by calm verdicts after a moment, oldest first."""
    ended = col(Alert.over_at) > since, col(Alert.over_week).is_not(None)
    found = select(Alert).where(col(Alert.team_id).in_(team_ids), *ended)
    return list(session.exec(found.order_by(col(Alert.over_at), col(Alert.team_id))))


def alert_with_number(session: Session, team_id: int, number: int) -> Alert | None:
    """Find one of a team's alarms."""
    return session.get(Alert, (team_id, number), populate_existing=True)


def add_alert(session: Session, team_id: int, alarm: Alarm, now: datetime) -> Alert:
    """Keep a new alarm; the caller holds the team's lock, and has ended the one before."""
    newest = session.exec(select(sa.func.max(Alert.number)).where(col(Alert.team_id) == team_id)).one()
    alert = Alert(
        team_id=team_id,
        number=(newest or 0) + 1,
        week=alarm.week.monday,
        signal=alarm.signal,
        turned_from=alarm.turned_from,
        found_week=alarm.found.monday,
        raised_at=now,
    )
    session.add(alert)
    session.flush()
    return alert


def end_alert(session: Session, alert: Alert, week: Week | None, now: datetime) -> None:
    """Keep that an alarm is over: by the verdict of a week, or None when a worse alarm follows."""
    alert.over_at, alert.over_week = now, week.monday if week else None
    session.add(alert)
    session.flush()


def alarm_of(alert: Alert) -> Alarm:
    """Give what an alarm was about."""
    return Alarm(Week(alert.week), alert.signal, alert.turned_from, Week(alert.found_week))


def snoozes_of(session: Session, alerts: Collection[Alert]) -> dict[tuple[int, int, int], AlertSnooze]:
    """Give who snoozed some alarms, by team, number and person."""
    teams = {alert.team_id for alert in alerts}
    found = select(AlertSnooze).where(col(AlertSnooze.team_id).in_(teams))
    snoozes = session.exec(found.execution_options(populate_existing=True))
    return {(one.team_id, one.number, one.person_id): one for one in snoozes}


def snooze(session: Session, alert: Alert, person_id: int, until: datetime) -> None:
    """Keep until when a person wants to hear nothing of an alarm; a later wish replaces an earlier one."""
    kept = session.get(AlertSnooze, (alert.team_id, alert.number, person_id), populate_existing=True)
    if kept is None:
        kept = AlertSnooze(team_id=alert.team_id, number=alert.number, person_id=person_id, until=until, times=1)
    else:
        kept.until, kept.times = until, kept.times + 1
    session.add(kept)
    session.flush()


def wishes_of(session: Session, person_ids: Collection[int]) -> dict[int, AlertWish]:
    """Give how people want to hear of alarms, for those who chose."""
    found = select(AlertWish).where(col(AlertWish.person_id).in_(person_ids))
    return {one.person_id: one for one in session.exec(found.execution_options(populate_existing=True))}


def people_with_wish(session: Session, wish: Wish) -> set[int]:
    """Give who chose to hear of alarms so."""
    return set(session.exec(select(col(AlertWish.person_id)).where(col(AlertWish.wish) == wish)))


def keep_wish(session: Session, person_id: int, wish: Wish, now: datetime) -> None:
    """Keep how a person wants to hear of alarms."""
    session.merge(AlertWish(person_id=person_id, wish=wish, chosen_at=now))
    session.flush()


def ever_leads(session: Session, team_ids: Collection[int]) -> dict[int, set[int]]:
    """Give who ever led some teams, by person: the numbers of the teams. Whether they do now is left to the caller."""
    found = select(col(Membership.person_id), col(Membership.team_id)).where(
        col(Membership.team_id).in_(team_ids), col(Membership.role) == Role.LEAD
    )
    leads: dict[int, set[int]] = {}
    for person_id, team_id in session.exec(found):
        leads.setdefault(person_id, set()).add(team_id)
    return leads


def notices_of(session: Session, recipients: Collection[str], kinds: Sequence[NoticeKind]) -> list[Notice]:
    """Give what was sent, or is being sent, to some recipients."""
    found = select(Notice).where(col(Notice.recipient).in_(recipients), col(Notice.kind).in_(kinds))
    return list(session.exec(found.execution_options(populate_existing=True)))
