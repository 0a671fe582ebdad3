from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bau_tracker.domain.verdict_settings import VerdictSettings
from bau_tracker.storage.organisation import (
    keep_organisation_settings,
    lock_organisation,
    newest_for_all,
    organisation_settings,
    record_for_all,
)
from bau_tracker.storage.organisation_tables import Organisation
from tests.factories import MONDAY, make_person


def test_a_new_installation_has_decided_nothing(any_session: Session) -> None:
    assert organisation_settings(any_session) == VerdictSettings()


def test_what_is_kept_is_given_back(any_session: Session) -> None:
    settings = VerdictSettings(healthy=0.8, false_alarms=0.1, daily_rota=False)
    lock_organisation(any_session)
    keep_organisation_settings(any_session, settings)
    any_session.commit()
    assert organisation_settings(any_session) == settings


def test_there_is_one_row_only(any_engine: sa.Engine) -> None:
    with Session(any_engine) as session:
        session.add(Organisation(id=2))
        with pytest.raises(IntegrityError):
            session.flush()


def test_events_count_and_the_newest_comes_first_with_who_caused_it(any_session: Session) -> None:
    person = make_person(any_session)
    for words, person_id in (("did one thing.", person.id), ("x" * 600, None)):
        record_for_all(any_session, words, person_id=person_id, now=MONDAY)
    found = newest_for_all(any_session, limit=2)
    assert [(event.number, who and who.email) for event, who in found] == [(2, None), (1, "ana@example.org")]
    assert len(found[0][0].words) == 500
    assert len(newest_for_all(any_session, limit=1)) == 1
