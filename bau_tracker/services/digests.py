"""What a published week says to whom: its result as each reader may see it, and to leads what it means.

Somebody gets it who belonged to the team in that week and still does. Where nobody answered, leads get a short note and
nobody else anything. The channel is told what every member may see alike, since all of them read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.advice import first_help
from bau_tracker.domain.digests import result_title, sentences
from bau_tracker.domain.messages import MessageKind, digest_is_due, may_send
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.reasons import headline, reason
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import SIGNALS, Signal, Thresholds, Verdict
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.outbound.letters import Letter, one_line, write
from bau_tracker.services.alert_mail import due_mailings
from bau_tracker.services.alerts import over_words
from bau_tracker.services.messages import envelope, is_live
from bau_tracker.services.notices import Mailing, send_mailings
from bau_tracker.services.permissions import roles_in
from bau_tracker.services.posting import ChannelPost, Clock, Office, Parcel, Report, send_all
from bau_tracker.services.summaries import due_summaries
from bau_tracker.services.trends import team_trend
from bau_tracker.services.verdicts import settle, settle_all, unsettled
from bau_tracker.storage import actions, availability, messages, teams
from bau_tracker.storage.messages import CHANNEL, Key, fate_of
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Person, Team

ADVISED: Final = {Signal.PITFALL, Signal.EXCESSIVE, Signal.EARLY_WARNING, Signal.WATCH}
"""The signals that come with what helps."""


@dataclass(frozen=True, slots=True)
class Result:
    """A team's published weeks up to the one that is told, as one reader may see them, with the last one's verdict.

    `ended` says of which alarms that a lead got it is over.
    """

    weeks: Sequence[WeekTotals]
    verdict: Verdict | None
    thresholds: Thresholds
    ended: Sequence[str] = ()

    @property
    def totals(self) -> WeekTotals:
        """Give the week that is told."""
        return self.weeks[-1]


def digest(session: Session, office: Office, *, clock: Clock) -> Report:
    """Send the result of every week that was published lately, then alerts; commits for each, raises like `send_all`.

    Verdicts that are missing are reached first.
    """
    for _ in settle_all(session, clock, thorough=False):
        pass
    report = send_all(session, due_digests(session, office, clock=clock), office, clock=clock)
    told = send_mailings(session, due_alerts(session, office, clock=clock), office, clock=clock)
    return Report(report.sent + told.sent, [*report.failures, *told.failures], alerts=told.sent)


def settle_for_now(session: Session, now: datetime) -> None:
    """Reach the verdicts that are missing, for a look at what is due; the caller takes them back."""
    for team in unsettled(session, teams.all_teams(session), now):
        settle(session, team, now)


def due_alerts(session: Session, office: Office, *, clock: Clock) -> Iterator[Mailing]:
    """Give the alerts and the weekly summaries that are due."""
    yield from due_mailings(session, office, clock=clock)
    yield from due_summaries(session, office, clock=clock)


def due_digests(session: Session, office: Office, *, clock: Clock) -> Iterator[Parcel]:
    """Give the digests that are due in every team, planned as the caller comes to it."""
    for team in teams.all_teams(session):
        now = clock()
        week = _published_lately(session, team, now) if is_live(team, now) else None
        if week is not None:
            yield from _due(session, team, week, office, now)


def _published_lately(session: Session, team: Team, now: datetime) -> Week | None:
    """Give the newest week of a team that froze, if its result is still news."""
    newest = teams.schedule_of(team).newest_started(now)
    for week in (newest, newest.shift(-1)):
        if teams.phase_of(session, team, week, now) is Phase.FROZEN:
            return week if digest_is_due(teams.freezes_at(session, team, week), now) else None
    return None


def _due(session: Session, team: Team, week: Week, office: Office, now: datetime) -> Iterator[Parcel]:
    done = {
        one.recipient
        for one in messages.messages_about(session, team.id, week)
        if one.kind is MessageKind.DIGEST and not may_send(fate_of(one), one.attempts, one.claimed_at, now)
    }
    roles = _readers(session, team, week, now)
    if office.outbox is not None:
        out = messages.opted_out(session, team.id)
        wanting = {person_id for person_id in roles if person_id not in out and respondent_key(person_id) not in done}
        for person_id, person in sorted(messages.people_with_ids(session, wanting).items()):
            leads = Role.LEAD in roles[person_id]
            result = _result(session, team, week, person_id, now)
            if result and leads:
                result = replace(result, ended=over_words(session, team, person_id, week, now))
            key = Key(team.id, week, MessageKind.DIGEST, respondent_key(person_id))
            letter = _letter(session, office, team, person, key, result, leads=leads)
            if letter is not None:
                yield Parcel(key, team, person, letter)
    if team.webhook and CHANNEL not in done:
        told = _told_to_all(_result(session, team, week, person_id, now) for person_id in roles)
        if told:
            post = ChannelPost(f"{one_line(team.name)}: {week.label}", f"{' '.join(told)} {_page(office, team)}")
            yield Parcel(Key(team.id, week, MessageKind.DIGEST, CHANNEL), team, None, lambda: post)


def _readers(session: Session, team: Team, week: Week, now: datetime) -> dict[int, set[Role]]:
    """Give who belonged to a team in a week and still does, with what they are to it now."""
    asked = availability.asked_in_weeks(session, [team], [week]).get((team.id, week), {})
    then = {*asked, *messages.members_between(session, team.id, week)}
    roles = {person_id: roles_in(session, Actor(person_id), team, now) for person_id in then}
    return {person_id: found for person_id, found in roles.items() if found}


def _result(session: Session, team: Team, week: Week, person_id: int, now: datetime) -> Result | None:
    """Give a week's result as a person may see it; None when its figures are not published after all."""
    trend = team_trend(session, team, actor=Actor(person_id), now=now)
    until = [
        (totals, verdict) for totals, verdict in zip(trend.weeks, trend.verdicts, strict=True) if totals.week <= week
    ]
    weeks = [totals for totals, _ in until]
    if weeks and weeks[-1].week == week:
        return Result(weeks, until[-1][1], trend.thresholds)
    if messages.answered_by(session, team.id, week):
        return None
    expected = availability.members_in_weeks(session, [team], [week]).get((team.id, week), 0)
    return Result([*weeks, WeekTotals(week, expected=expected)], None, trend.thresholds)


def _letter(
    session: Session, office: Office, team: Team, person: Person, key: Key, result: Result | None, *, leads: bool
) -> Callable[[], Letter] | None:
    """Give what writes a person's letter; None when there is nothing to tell them."""
    if result is None or result.totals.expected == 0:
        return None
    if result.totals.respondents == 0:
        asked = team.created_at < teams.freezes_at(session, team, key.week)
        return partial(_written, "silence", office, team, person, key, {}) if leads and asked else None
    return partial(_digest, session, office, team, person, key, result, leads=leads)


def _digest(
    session: Session, office: Office, team: Team, person: Person, key: Key, result: Result, *, leads: bool
) -> Letter:
    verdict, advice = _judgement(result) if leads else ("", [])
    values = {
        "title": result_title(result.totals),
        "sentences": sentences(result.weeks),
        "agreed": [one_line(action.text) for action in actions.open_actions(session, team.id)],
        "verdict": verdict,
        "advice": advice,
        "ended": result.ended,
    }
    return _written("digest", office, team, person, key, values)


def _written(
    template: str, office: Office, team: Team, person: Person, key: Key, values: Mapping[str, object]
) -> Letter:
    carried = envelope(team, person, key, office)
    shared = {
        "name": person.name,
        "team": one_line(team.name),
        "week": key.week,
        "link": _page(office, team),
        "unsubscribe": carried["unsubscribe"],
    }
    subject, text, html = write(template, **shared, **values)
    return Letter(subject=subject, text=text, html=html, **carried)


def _judgement(result: Result) -> tuple[str, list[str]]:
    """Give a verdict in words, and why with what helps."""
    verdict = result.verdict
    if verdict is None:
        return "", []
    words = SIGNALS[verdict.signal]
    said = f"{words.symbol} {words.label}: {headline(verdict, result.thresholds)}."
    helps = first_help(result.weeks[-result.thresholds.recent_weeks :]) if verdict.signal in ADVISED else ""
    return said, [sentence for sentence in (reason(verdict, result.thresholds), helps) if sentence]


def _told_to_all(results: Iterable[Result | None]) -> list[str]:
    """Give the sentences that every reader may see alike; the figure as coarse as the one who may see least of it."""
    told = [sentences(result.weeks) for result in results if result is not None and result.totals.respondents]
    alike = [sentence for sentence in told[0] if all(sentence in other for other in told)] if told else []
    if told and told[0][0] not in alike:
        return [min((found[0] for found in told), key=_exactness)]
    return alike


def _exactness(sentence: str) -> int:
    """Rank a sentence by how exact its figure is: none, rounded, exact."""
    return 0 if "%" not in sentence else 1 if "about" in sentence else 2


def _page(office: Office, team: Team) -> str:
    return f"{office.base_url}/teams/{team.slug}"
