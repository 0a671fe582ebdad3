from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import ChangedMeanwhile, Forbidden, InvalidInput
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.verdict_settings import VerdictSettings
from bau_tracker.domain.verdicts import DEFAULTS
from bau_tracker.services.organisation import (
    change_organisation,
    newest_change,
    organisation_page,
    organisation_thresholds,
    thresholds_of,
)
from tests.factories import MONDAY, make_member, make_person, make_team


@pytest.fixture
def admin(session: Session) -> Actor:
    return Actor(make_person(session, "admin@example.org", name="Ingrid", admin=True).id, "Ingrid", is_admin=True)


def set_(session: Session, admin: Actor, **values: Any) -> list[str]:
    return change_organisation(session, VerdictSettings(**values), actor=admin, now=MONDAY)


def test_an_organisation_begins_with_the_defaults(session: Session, admin: Actor) -> None:
    page = organisation_page(session, actor=admin)
    assert (page.settings, page.changes, page.deciding) == (VerdictSettings(), [], [])
    assert organisation_thresholds(session) == DEFAULTS
    assert newest_change(session) is None


def test_a_change_counts_for_every_team_but_those_that_decided_otherwise(session: Session, admin: Actor) -> None:
    follows = make_team(session)
    decides, gone = make_team(session, "Search"), make_team(session, "Gone")
    decides.thresholds = gone.thresholds = {"healthy": 0.9}
    gone.archived_on = MONDAY.date()
    session.flush()
    assert set_(session, admin, healthy=0.8, daily_rota=True) == ["healthy", "daily_rota"]
    assert [thresholds_of(session, team).healthy for team in (follows, decides)] == [0.8, 0.9]
    assert [thresholds_of(session, team).daily_rota for team in (follows, decides)] == [True, True]
    assert organisation_page(session, actor=admin).deciding == [decides]


def test_each_change_is_kept_with_who_made_it_and_when(session: Session, admin: Actor) -> None:
    set_(session, admin, healthy=0.8, false_alarms=0.1)
    set_(session, admin, false_alarms=0.1)
    changes = organisation_page(session, actor=admin).changes
    three, ten = (f"about one false alarm in {years} team-years" for years in (3, 10))
    assert [change.sentence for change in changes] == [
        "Ingrid changed the healthy level from 80 % to 70 % (the default).",
        f"Ingrid changed the sensitivity from {three} (the default) to {ten}.",
        "Ingrid changed the healthy level from 70 % (the default) to 80 %.",
    ]
    assert {change.happened_at for change in changes} == {MONDAY}


def test_saving_without_a_difference_writes_no_history(session: Session, admin: Actor) -> None:
    assert set_(session, admin) == []
    assert organisation_page(session, actor=admin).changes == []


def test_what_was_made_from_settings_that_stand_no_more_changes_nothing(session: Session, admin: Actor) -> None:
    shown = organisation_page(session, actor=admin).revision
    set_(session, admin, healthy=0.8)
    wanted = VerdictSettings(excessive=0.4)
    with pytest.raises(ChangedMeanwhile, match="The settings were changed meanwhile"):
        change_organisation(session, wanted, based_on=shown, actor=admin, now=MONDAY)
    page = organisation_page(session, actor=admin)
    assert page.settings == VerdictSettings(healthy=0.8)
    assert change_organisation(session, wanted, based_on=page.revision, actor=admin, now=MONDAY) == [
        "healthy",
        "excessive",
    ]


def test_one_setting_that_cannot_be_changes_none(session: Session, admin: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_(session, admin, healthy=0.8, excessive=0.9)
    assert refused.value.field == "excessive"
    assert organisation_page(session, actor=admin).settings == VerdictSettings()


def test_only_administrators_see_and_set_it(session: Session) -> None:
    lead = make_member(session, make_team(session), role=Role.LEAD)
    with pytest.raises(Forbidden):
        organisation_page(session, actor=lead)
    with pytest.raises(Forbidden):
        set_(session, lead, healthy=0.8)
    assert organisation_thresholds(session) == DEFAULTS
