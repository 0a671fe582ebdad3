from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.previews import Comparison
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.verdict_settings import VerdictSettings
from bau_tracker.domain.verdicts import Signal
from bau_tracker.domain.weeks import Week
from bau_tracker.services.organisation import change_organisation
from bau_tracker.services.previews import TEAMS_A_PAGE, preview_organisation, preview_team
from bau_tracker.services.trends import team_page
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.rollups import refresh_week
from bau_tracker.storage.surveys import keep_answer
from bau_tracker.storage.tables import Team
from tests.factories import AFTER_FREEZE, LONG_AGO, MONDAY, OPEN_WEEK, make_answer, make_member, make_team, make_team_of

ADMIN: Final = Actor(None, is_admin=True)
NOTHING: Final = VerdictSettings()
EAGER: Final = VerdictSettings(false_alarms=0.5)
CALM: Final = VerdictSettings(false_alarms=0.1)
SLIDE: Final = [*[0.8] * 20, 0.76, 0.74, *[0.68] * 8]


def answer_weeks(
    session: Session, team: Team, people: Sequence[Actor], shares: Sequence[float], newest: Week = OPEN_WEEK
) -> None:
    """Let people answer one week for each share, up to the newest; each goes up and down in an own rhythm."""
    for back, share in enumerate(reversed(shares)):
        week = newest.shift(-back)
        for number, person in enumerate(people):
            wave = ((back * (number + 2)) % 5 - 2) / 40
            planned = round((share + wave) * 40, 1)
            keep_answer(
                session,
                team_id=team.id,
                week=week,
                respondent=f"person:{person.person_id}",
                person_id=person.person_id,
                answer=make_answer(planned, 40 - planned, 0, excessive=(Chip.ALERTS,) if back < 4 else ()),
                now=MONDAY,
            )
        refresh_week(session, team, week, MONDAY)


@pytest.fixture
def team(session: Session) -> Team:
    """Give a team of five that slides."""
    team, people = make_team_of(session, 5)
    answer_weeks(session, team, people, SLIDE)
    return team


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)


def test_the_settings_that_stand_give_what_the_teams_page_shows(session: Session, team: Team, lead: Actor) -> None:
    preview = preview_team(session, team.slug, NOTHING, actor=lead, now=AFTER_FREEZE)
    settle(session, team, AFTER_FREEZE)
    shown = team_page(session, team.slug, actor=lead, now=AFTER_FREEZE).trend
    assert [week.now for week in preview.found.weeks] == [verdict.signal for verdict in shown.verdicts]
    assert preview.found.differing == 0
    assert (preview.now, preview.left_out) == (preview.then, 0)


def test_what_the_organisation_decided_stands_for_a_team_that_follows(
    session: Session, team: Team, lead: Actor
) -> None:
    change_organisation(session, VerdictSettings(healthy=0.9), actor=ADMIN, now=MONDAY)
    preview = preview_team(session, team.slug, NOTHING, actor=lead, now=AFTER_FREEZE)
    settle(session, team, AFTER_FREEZE)
    shown = team_page(session, team.slug, actor=lead, now=AFTER_FREEZE).trend
    assert Signal.LOW in {week.now for week in preview.found.weeks}
    assert [week.now for week in preview.found.weeks] == [verdict.signal for verdict in shown.verdicts]
    assert preview.standing == preview.tried == shown.thresholds


def test_a_more_sensitive_setting_sees_the_slide_earlier_and_a_calmer_one_later(
    session: Session, team: Team, lead: Actor
) -> None:
    begun = {}
    for tried in (EAGER, NOTHING, CALM):
        found = preview_team(session, team.slug, tried, actor=lead, now=AFTER_FREEZE).found
        begun[tried] = found.tried[-1].begun
        assert found.now[-1].begun == begun.get(NOTHING, found.now[-1].begun)
    assert begun[EAGER] <= begun[NOTHING] <= begun[CALM]
    assert begun[EAGER] < begun[CALM]


def test_a_level_that_is_tried_calls_the_calm_weeks_otherwise_and_stores_nothing(
    session: Session, team: Team, lead: Actor
) -> None:
    found = preview_team(session, team.slug, VerdictSettings(healthy=0.9), actor=lead, now=AFTER_FREEZE).found
    assert {(span.now, span.tried) for span in found.spans} == {(Signal.HEALTHY, Signal.LOW)}
    assert team.thresholds == {}
    assert not session.dirty
    assert not session.new


def test_what_a_team_decided_stands_in_its_preview_as_now(session: Session, team: Team, lead: Actor) -> None:
    team.thresholds = {"healthy": 0.9}
    found = preview_team(session, team.slug, NOTHING, actor=lead, now=AFTER_FREEZE)
    assert (found.standing.healthy, found.tried.healthy) == (0.9, 0.7)
    assert {(span.now, span.tried) for span in found.found.spans} == {(Signal.LOW, Signal.HEALTHY)}


def test_weeks_whose_figures_a_lead_may_not_see_are_left_out_whatever_is_tried(session: Session) -> None:
    team, others = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    answer_weeks(session, team, [*others, lead], SLIDE)
    assert preview_team(session, team.slug, NOTHING, actor=ADMIN, now=AFTER_FREEZE).left_out == 0
    for percent in range(5, 100, 5):
        tried = VerdictSettings(healthy=percent / 100, excessive=percent / 100 - 0.04)
        preview = preview_team(session, team.slug, tried, actor=lead, now=AFTER_FREEZE)
        assert preview.found == Comparison()
        assert preview.left_out == len(SLIDE)
        assert preview.then is Signal.NOT_ENOUGH_DATA


def test_a_week_that_too_few_others_answered_is_left_out_for_who_could_subtract_an_own_answer(session: Session) -> None:
    team, others = make_team_of(session, 5)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    answer_weeks(session, team, [*others, lead], SLIDE)
    small = OPEN_WEEK.shift(-len(SLIDE))
    answer_weeks(session, team, [*others[:2], lead], [0.3], newest=small)
    preview = preview_team(session, team.slug, VerdictSettings(healthy=0.9), actor=lead, now=AFTER_FREEZE)
    assert small not in {week.week for week in preview.found.weeks}
    assert len(preview.found.weeks) == len(SLIDE)
    everything = preview_team(session, team.slug, NOTHING, actor=ADMIN, now=AFTER_FREEZE).found
    assert small in {week.week for week in everything.weeks}


def test_settings_that_cannot_be_are_refused_as_when_they_are_saved(session: Session, team: Team) -> None:
    for tried in (VerdictSettings(false_alarms=0.123), VerdictSettings(healthy=0.7111), VerdictSettings(excessive=0.7)):
        with pytest.raises(InvalidInput):
            preview_team(session, team.slug, tried, actor=ADMIN, now=AFTER_FREEZE)
        with pytest.raises(InvalidInput):
            preview_organisation(session, tried, actor=ADMIN, now=AFTER_FREEZE)


def test_a_preview_is_for_who_manages_the_team_and_that_of_all_for_administrators(
    session: Session, team: Team, lead: Actor
) -> None:
    member = make_member(session, team, "member@example.org")
    other = make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD)
    refused: list[tuple[Actor, type[BauTrackerError]]] = [(member, Forbidden), (other, NotFound)]
    for actor, error in refused:
        with pytest.raises(error):
            preview_team(session, team.slug, NOTHING, actor=actor, now=AFTER_FREEZE)
    with pytest.raises(Forbidden):
        preview_organisation(session, NOTHING, actor=lead, now=AFTER_FREEZE)


def test_a_team_without_a_published_week_has_nothing_to_compare(session: Session) -> None:
    preview = preview_team(session, make_team(session).slug, EAGER, actor=ADMIN, now=AFTER_FREEZE)
    assert (preview.found.weeks, preview.now, preview.left_out) == ((), Signal.NOT_ENOUGH_DATA, 0)


@pytest.mark.usefixtures("team")
def test_the_organisation_is_previewed_team_by_team_with_sums_and_own_decisions_stand(session: Session) -> None:
    search, people = make_team_of(session, 3, "Search")
    answer_weeks(session, search, people, [0.8] * 12)
    decides, people = make_team_of(session, 3, "Tills")
    answer_weeks(session, decides, people, [0.8] * 12)
    decides.thresholds = {"healthy": 0.6}
    make_team(session, "Gone").archived_on = LONG_AGO
    found = preview_organisation(session, VerdictSettings(healthy=0.9), actor=ADMIN, now=AFTER_FREEZE)
    assert [(one.team.name, one.now, one.then, one.decided) for one in found.teams] == [
        ("Payments", Signal.PITFALL, Signal.PITFALL, 0),
        ("Search", Signal.HEALTHY, Signal.LOW, 0),
        ("Tills", Signal.HEALTHY, Signal.HEALTHY, 1),
    ]
    assert (found.alarms, found.differing, found.total, found.pages) == ((1, 1), 1, 3, 1)


def test_many_teams_come_page_by_page_and_a_page_that_is_not_there_is_the_last(session: Session) -> None:
    for number in range(TEAMS_A_PAGE + 1):
        make_team(session, f"Team {number:02}")
    first, second, beyond, before = (
        preview_organisation(session, EAGER, page=page, actor=ADMIN, now=AFTER_FREEZE) for page in (1, 2, 99, -5)
    )
    assert [len(one.teams) for one in (first, second)] == [TEAMS_A_PAGE, 1]
    assert second.teams[0].team.name == f"Team {TEAMS_A_PAGE:02}"
    assert (second.page, second.pages, second.total) == (2, 2, TEAMS_A_PAGE + 1)
    assert (beyond, before) == (second, first)
