from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import Team
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, make_member, make_team, make_team_of
from tests.web.importing import LEAD


@pytest.fixture
def payments(session: Session) -> Team:
    """Give a team of three with a lead, beside another team."""
    team, _ = make_team_of(session, 3)
    make_member(session, team, LEAD, role=Role.LEAD, hours=0)
    make_team(session, "Search")
    session.commit()
    return team


@pytest.fixture
def importer(payments: Team, clock: Clock, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Sign the lead in once 2026-W47 is published, so that answers can be imported into it."""
    assert payments
    clock.now = AFTER_FREEZE
    return signed_in(LEAD)


@pytest.fixture
def count(engine: sa.Engine) -> Callable[[type[Any]], int]:
    """Give a function that counts the rows of a table."""

    def count_rows(table: type[Any]) -> int:
        with Session(engine) as session:
            return len(session.exec(select(table)).all())

    return count_rows
