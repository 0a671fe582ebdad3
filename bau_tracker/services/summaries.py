"""What leads who chose so are told once a week: all teams that they lead, worst first, in one mail.

It is due from Wednesday noon on, in the last of their teams' time zones: by then most weeks have frozen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.alerts import NoticeKind, Wish, summary_week
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.reasons import headline
from bau_tracker.domain.verdicts import SIGNALS
from bau_tracker.domain.weeks import Week
from bau_tracker.outbound.letters import Letter, one_line, write
from bau_tracker.services.alert_mail import done_of, foot, is_told, letter_key
from bau_tracker.services.alerts import OpenAlert, ended_words, shown_alerts
from bau_tracker.services.notices import Mailing, Written
from bau_tracker.services.posting import Clock, Office
from bau_tracker.services.trends import TeamTrend, badness, team_trend
from bau_tracker.storage import alerts, messages, teams
from bau_tracker.storage.notices import NoticeKey
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Team

_LOOK_BACK: Final = timedelta(days=7)


def due_summaries(session: Session, office: Office, *, clock: Clock) -> Iterator[Mailing]:
    """Give the weekly summaries that are due."""
    weekly = alerts.people_with_wish(session, Wish.WEEKLY) if office.outbox is not None else set()
    for person_id, person in sorted(messages.people_with_ids(session, weekly).items()):
        now = clock()
        week = _week_due(session, person_id, now)
        key = NoticeKey(respondent_key(person_id), NoticeKind.SUMMARY, str(week))
        if week is not None and key not in done_of(session, key.recipient, now):
            make = partial(_write, session, office, person_id, clock)
            yield Mailing([key], person, make, [(key.kind.value, "-", str(week))])


def _week_due(session: Session, person_id: int, now: datetime) -> Week | None:
    """Give the week whose summary a person is to get; none is sent for a time before they chose so."""
    kept = alerts.wishes_of(session, [person_id]).get(person_id)
    found = summary_week([teams.schedule_of(team).zone for team in _led(session, person_id, now)], now)
    if kept is None or kept.wish is not Wish.WEEKLY or found is None:
        return None
    week, since = found
    return week if since >= kept.chosen_at else None


def _led(session: Session, person_id: int, now: datetime) -> list[Team]:
    return [team for team in teams.teams_of(session, person_id) if is_told(session, team, person_id, now)]


def _write(
    session: Session, office: Office, person_id: int, clock: Clock, keys: Collection[NoticeKey]
) -> Written | None:
    """Write a summary; None when the person wants it no more, or leads no team by now."""
    now = clock()
    week = _week_due(session, person_id, now)
    person = messages.people_with_ids(session, [person_id]).get(person_id)
    if week is None or person is None or str(week) not in {key.about for key in keys}:
        return None
    itself = Actor(person_id)
    found = sorted(
        (team_trend(session, team, actor=itself, now=now) for team in _led(session, person_id, now)), key=badness
    )
    opened = {one.team.id: one for one in shown_alerts(session, found, actor=itself, now=now)}
    carried = foot(person, office)
    subject, text, html = write(
        "summary",
        week=week,
        title=_title(found, opened),
        name=person.name,
        entries=[_entry(trend, opened.get(trend.team.id), office) for trend in found],
        ended=_ended(session, found, now),
        choose=carried["unsubscribe"],
    )
    return Written(Letter(subject=subject, text=text, html=html, key=letter_key(keys), **carried), keys)


def _title(found: Sequence[TeamTrend], opened: Collection[int]) -> str:
    if not opened:
        return "no open alert"
    return f"{len(opened)} of {len(found)} with an open alert"


def _entry(trend: TeamTrend, opened: OpenAlert | None, office: Office) -> dict[str, str]:
    """Give what a summary says of one team, in words."""
    words = SIGNALS[trend.signal]
    return {
        "team": one_line(trend.team.name),
        "signal": f"{words.symbol} {words.label}",
        "headline": headline(trend.verdict, trend.thresholds) if trend.verdict else "no published week yet",
        "change": _change(trend),
        "share": _share(trend),
        "answered": _answered(trend),
        "alert": _alert(opened) if opened else "",
        "link": f"{office.base_url}/teams/{trend.team.slug}",
    }


def _change(trend: TeamTrend) -> str:
    """Compare the newest verdict with the one before."""
    if len(trend.verdicts) < 2:  # noqa: PLR2004  (a comparison needs two)
        return ""
    before = trend.verdicts[-2].signal
    if before is trend.signal:
        return "As the week before."
    return f"The week before: “{SIGNALS[before].label}”."


def _share(trend: TeamTrend) -> str:
    verdict = trend.verdict
    if verdict is None or verdict.planned_share is None:
        return ""
    return f"Planned work is {verdict.planned_share * 100:.0f} %."


def _answered(trend: TeamTrend) -> str:
    newest = trend.newest
    return f"{newest.respondents} of {newest.expected} answered {newest.week}." if newest else ""


def _alert(opened: OpenAlert) -> str:
    seen = f"seen by {one_line(opened.seen_by)}" if opened.seen_by else "nobody has seen it yet"
    return f"Open alert since {opened.week}: “{SIGNALS[opened.alert.signal].label}”, {seen}."


def _ended(session: Session, found: Sequence[TeamTrend], now: datetime) -> list[str]:
    """Say which alarms ended in the last week."""
    names = {trend.team.id: one_line(trend.team.name) for trend in found}
    ended = alerts.alerts_ended(session, names, now - _LOOK_BACK)
    return [f"{names[alert.team_id]}: {ended_words(alert)}" for alert in ended]
