from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.services.invitations import (
    invite,
    invited_person,
    open_invitation,
    revoke_invitation,
    revoke_invitations,
)
from bau_tracker.services.people import check_link
from bau_tracker.storage.engine import writing
from bau_tracker.storage.tables import Absence, Invitation, Team
from bau_tracker.storage.teams import memberships_of
from tests.conftest import SECRET
from tests.factories import AFTER_FREEZE, MONDAY, OPEN_WEEK, make_member, make_team, reopen

SECOND = timedelta(seconds=1)


@pytest.fixture
def team(any_session: Session) -> Team:
    return make_team(any_session)


@pytest.fixture
def ana(any_session: Session, team: Team) -> Actor:
    return make_member(any_session, team)


@pytest.fixture
def token(any_session: Session, team: Team, ana: Actor) -> str:
    return invite(any_session, team, OPEN_WEEK, ana.person_id or 0, secret=SECRET)


def refusal(session: Session, token: str, secret: str = SECRET, now: object = MONDAY) -> str:
    with pytest.raises(InvalidInput) as caught:
        open_invitation(session, token, secret=secret, now=now)  # type: ignore[arg-type]
    return caught.value.message


def test_a_link_is_for_one_week_of_one_team_and_one_person(
    any_session: Session, team: Team, ana: Actor, token: str
) -> None:
    invited = open_invitation(any_session, token, secret=SECRET, now=MONDAY)
    assert (invited.team, invited.week, invited.person_id) == (team, OPEN_WEEK, ana.person_id)
    assert invited_person(any_session, invited).email == "ana@example.org"


def test_the_same_link_is_given_each_time_and_to_nobody_else(
    any_session: Session, team: Team, ana: Actor, token: str
) -> None:
    other = make_member(any_session, team, "ben@example.org")
    assert invite(any_session, team, OPEN_WEEK, ana.person_id or 0, secret=SECRET) == token
    assert invite(any_session, team, OPEN_WEEK, other.person_id or 0, secret=SECRET) != token
    assert invite(any_session, team, OPEN_WEEK.shift(1), ana.person_id or 0, secret=SECRET) != token


def test_nothing_in_the_database_tells_the_link(any_session: Session, token: str) -> None:
    (row,) = any_session.exec(select(Invitation))
    assert not any(str(value) in token for value in row.model_dump().values() if isinstance(value, str))


@pytest.mark.parametrize("change", [lambda text: text[:-4], lambda text: text[2:], lambda _: "", lambda _: "a.b"])
def test_a_link_that_was_cut_or_made_up_is_refused(any_session: Session, token: str, change: object) -> None:
    assert "isn't complete" in refusal(any_session, change(token))  # type: ignore[operator]
    assert "isn't complete" in refusal(any_session, token, secret="another secret")


def test_a_link_ends_when_its_week_freezes_and_says_where_the_figures_are(any_session: Session, token: str) -> None:
    open_invitation(any_session, token, secret=SECRET, now=AFTER_FREEZE - SECOND)
    said = refusal(any_session, token, now=AFTER_FREEZE)
    assert OPEN_WEEK.label in said
    assert "figures are published" in said
    assert "sign in" in said


def test_a_link_works_again_while_its_week_is_open_again(any_session: Session, team: Team, token: str) -> None:
    later = AFTER_FREEZE + timedelta(days=1)
    reopen(any_session, team, OPEN_WEEK, later)
    assert open_invitation(any_session, token, secret=SECRET, now=later - SECOND).week == OPEN_WEEK
    assert "frozen" in refusal(any_session, token, now=later)


def test_a_link_before_its_week_opens_says_so(any_session: Session, team: Team, ana: Actor) -> None:
    early = invite(any_session, team, OPEN_WEEK.shift(1), ana.person_id or 0, secret=SECRET)
    assert "not opened yet" in refusal(any_session, early)


def test_revoking_makes_all_links_of_a_person_worthless_and_no_others(
    any_session: Session, team: Team, ana: Actor, token: str
) -> None:
    other = make_member(any_session, team, "ben@example.org")
    others = invite(any_session, team, OPEN_WEEK, other.person_id or 0, secret=SECRET)
    next_week = invite(any_session, team, OPEN_WEEK.shift(1), ana.person_id or 0, secret=SECRET)
    assert revoke_invitations(any_session, ana.person_id or 0, now=MONDAY) == 2
    assert revoke_invitations(any_session, ana.person_id or 0, now=MONDAY) == 0
    assert "no longer counts" in refusal(any_session, token)
    assert "no longer counts" in refusal(any_session, next_week, now=MONDAY + timedelta(days=7))
    assert open_invitation(any_session, others, secret=SECRET, now=MONDAY)


def test_one_link_can_be_revoked_alone_and_the_next_one_made_is_new(
    any_session: Session, team: Team, ana: Actor, token: str
) -> None:
    elsewhere = make_team(any_session, "Search")
    make_member(any_session, elsewhere)
    other = invite(any_session, elsewhere, OPEN_WEEK, ana.person_id or 0, secret=SECRET)
    revoke_invitation(any_session, open_invitation(any_session, token, secret=SECRET, now=MONDAY), now=MONDAY)
    assert "no longer counts" in refusal(any_session, token)
    assert open_invitation(any_session, other, secret=SECRET, now=MONDAY)
    new = invite(any_session, team, OPEN_WEEK, ana.person_id or 0, secret=SECRET)
    assert new != token
    assert open_invitation(any_session, new, secret=SECRET, now=MONDAY)
    assert "no longer counts" in refusal(any_session, token)


def test_somebody_who_left_or_is_away_all_week_is_told_that_nothing_is_asked(
    any_session: Session, team: Team, ana: Actor, token: str
) -> None:
    away = Absence(person_id=ana.person_id or 0, starts_on=OPEN_WEEK.monday, ends_on=OPEN_WEEK.sunday)
    any_session.add(away)
    any_session.flush()
    assert "doesn't ask you" in refusal(any_session, token)
    any_session.delete(away)
    (membership,) = memberships_of(any_session, team.id, ana.person_id or 0)
    membership.ends_on = date(2026, 11, 1)
    any_session.add(membership)
    any_session.flush()
    assert "doesn't ask you" in refusal(any_session, token)


def test_a_link_signs_nobody_in(any_session: Session, token: str) -> None:
    with pytest.raises(InvalidInput):
        check_link(any_session, token, secret=SECRET, now=MONDAY)


def test_two_who_invite_at_once_give_the_same_link(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as session:
        team = make_team(session)
        person_id = make_member(session, team).person_id or 0
        session.commit()
    together = Barrier(2)

    def give() -> str:
        with Session(writing(any_engine)) as session:
            together.wait()
            token = invite(session, team, OPEN_WEEK, person_id, secret=SECRET)
            session.commit()
            return token

    with ThreadPoolExecutor(2) as pool:
        tokens = [future.result() for future in [pool.submit(give), pool.submit(give)]]
    assert tokens[0] == tokens[1]
    with Session(any_engine) as session:
        assert len(session.exec(select(Invitation)).all()) == 1
