from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlmodel import Session, select

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput
from bau_tracker.services import people
from bau_tracker.storage.engine import writing
from bau_tracker.storage.tables import Person, SignInFailure, SignInLink
from tests.factories import MONDAY, make_person

SECRET = "a secret of this test, long enough for it"
PASSWORD = "correct horse battery"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashing cost nothing here; what it costs elsewhere is argon2's own default."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(people, "_HASHER", hasher)
    monkeypatch.setattr(people, "_nobodys", lambda: hasher.hash("nobody"))


@pytest.fixture
def ana(session: Session) -> Person:
    person = make_person(session)
    people.set_password(session, person, PASSWORD)
    return person


@pytest.fixture
def sign_in(session: Session) -> Callable[..., Person | None]:
    def try_it(
        password: str = PASSWORD, email: str = "ana@example.org", address: str = "192.0.2.1", after: float = 0
    ) -> Person | None:
        now = MONDAY + timedelta(seconds=after)
        return people.sign_in_by_password(session, email, password, address=address, now=now)

    return try_it


def test_adding_somebody_twice_gives_the_same_person_and_never_takes_away(session: Session) -> None:
    first = people.add_person(session, "Ana@Example.org", name="Ana", admin=True, now=MONDAY)
    again = people.add_person(session, "ana@example.org", now=MONDAY)
    assert again.id == first.id
    assert (again.name, again.is_admin, again.email) == ("Ana", True, "ana@example.org")
    assert people.add_person(session, "ana@example.org", name="Ana B", now=MONDAY).name == "Ana B"


def test_a_link_signs_in_once(session: Session) -> None:
    person = make_person(session)
    token = people.make_link(session, person, secret=SECRET, now=MONDAY)
    assert people.sign_in_by_link(session, token, secret=SECRET, now=MONDAY).id == person.id
    session.expire_all()
    with pytest.raises(InvalidInput, match="used already; each works once"):
        people.sign_in_by_link(session, token, secret=SECRET, now=MONDAY)


def test_looking_at_a_link_does_not_use_it_up(session: Session) -> None:
    person = make_person(session)
    token = people.make_link(session, person, secret=SECRET, now=MONDAY)
    for _ in range(3):
        assert people.check_link(session, token, secret=SECRET, now=MONDAY).person_id == person.id
    assert people.sign_in_by_link(session, token, secret=SECRET, now=MONDAY)


def test_a_link_lasts_a_week(session: Session) -> None:
    token = people.make_link(session, make_person(session), secret=SECRET, now=MONDAY)
    ends = MONDAY + timedelta(days=7)
    assert people.check_link(session, token, secret=SECRET, now=ends - SECOND)
    with pytest.raises(InvalidInput, match="older than 7 days"):
        people.sign_in_by_link(session, token, secret=SECRET, now=ends)


@pytest.mark.parametrize("change", ["", "xyz", "äöü", "."])
def test_a_link_that_was_changed_or_cut_off_is_refused(session: Session, change: str) -> None:
    token = people.make_link(session, make_person(session), secret=SECRET, now=MONDAY)
    tampered = [token[:-4] + change, change + token[4:], change, token.split(".")[0] + change]
    for text in tampered:
        with pytest.raises(InvalidInput, match="isn't complete"):
            people.check_link(session, text, secret=SECRET, now=MONDAY)


def test_a_newer_link_takes_the_place_of_an_older(session: Session) -> None:
    person = make_person(session)
    older, newer = (people.make_link(session, person, secret=SECRET, now=MONDAY) for _ in range(2))
    with pytest.raises(InvalidInput, match="only the newest"):
        people.sign_in_by_link(session, older, secret=SECRET, now=MONDAY)
    assert people.sign_in_by_link(session, newer, secret=SECRET, now=MONDAY).id == person.id


def test_a_link_signed_with_another_secret_is_refused(session: Session) -> None:
    token = people.make_link(session, make_person(session), secret="another secret", now=MONDAY)
    with pytest.raises(InvalidInput, match="isn't complete"):
        people.check_link(session, token, secret=SECRET, now=MONDAY)


def test_nothing_that_is_stored_of_a_link_can_sign_in(session: Session) -> None:
    token = people.make_link(session, make_person(session), secret=SECRET, now=MONDAY)
    (link,) = session.exec(select(SignInLink))
    assert link.nonce_hash not in token
    assert token.split(".")[0] not in link.nonce_hash


def test_of_two_who_use_a_link_at_once_one_gets_in(any_engine: sa.Engine) -> None:
    def use(_: int) -> bool:
        barrier.wait()
        with Session(writing(any_engine)) as session:
            try:
                people.sign_in_by_link(session, token, secret=SECRET, now=MONDAY)
            except InvalidInput:
                return False
            session.commit()
            return True

    with Session(writing(any_engine)) as session:
        token = people.make_link(session, make_person(session), secret=SECRET, now=MONDAY)
        session.commit()
    barrier = Barrier(4)
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4))) == [False, False, False, True]


def test_the_right_password_signs_in_whatever_the_letters_of_the_address(
    ana: Person, sign_in: Callable[..., Person | None]
) -> None:
    assert sign_in() == ana
    assert sign_in(email=" ANA@example.ORG ") == ana


@pytest.mark.parametrize("password", ["", "Correct horse battery", PASSWORD + " ", "x" * 10_000])
@pytest.mark.usefixtures("ana")
def test_a_wrong_password_gives_nobody_and_is_counted(
    session: Session, sign_in: Callable[..., Person | None], password: str
) -> None:
    assert sign_in(password) is None
    assert len(session.exec(select(SignInFailure)).all()) == 2


def test_somebody_unknown_or_without_a_password_is_as_wrong(
    session: Session, sign_in: Callable[..., Person | None]
) -> None:
    make_person(session)
    assert sign_in("") is None
    assert sign_in("nobody") is None
    assert sign_in("nobody", email="unknown@example.org") is None


@pytest.mark.usefixtures("ana")
def test_after_ten_failures_even_the_right_password_has_to_wait_a_quarter_of_an_hour(
    sign_in: Callable[..., Person | None],
) -> None:
    for _ in range(10):
        assert sign_in("wrong") is None
    with pytest.raises(Forbidden, match="Wait 15 minutes"):
        sign_in()
    with pytest.raises(Forbidden):
        sign_in(after=15 * 60)
    assert sign_in(after=15 * 60 + 1)


@pytest.mark.usefixtures("ana")
def test_failures_for_one_address_keep_nobody_else_out(session: Session, sign_in: Callable[..., Person | None]) -> None:
    other = make_person(session, "bob@example.org")
    people.set_password(session, other, PASSWORD)
    for _ in range(10):
        sign_in("wrong")
    assert sign_in(email="bob@example.org") == other


@pytest.mark.usefixtures("ana")
def test_who_tries_many_addresses_from_one_place_is_stopped_there_and_nowhere_else(
    sign_in: Callable[..., Person | None],
) -> None:
    for number in range(100):
        assert sign_in("wrong", email=f"guess{number}@example.org") is None
    with pytest.raises(Forbidden, match="Too many failed tries"):
        sign_in()
    assert sign_in(address="198.51.100.7")


@pytest.mark.usefixtures("ana")
def test_failures_that_no_longer_count_are_forgotten_and_none_names_who_tried(
    session: Session, sign_in: Callable[..., Person | None]
) -> None:
    sign_in("wrong")
    sign_in("wrong", after=3600)
    failures = session.exec(select(SignInFailure)).all()
    assert len(failures) == 2
    assert not any("ana" in failure.subject or "192" in failure.subject for failure in failures)


def test_a_new_password_replaces_the_old_and_ends_every_session(
    session: Session, ana: Person, sign_in: Callable[..., Person | None]
) -> None:
    key = ana.session_key
    people.set_password(session, ana, "another good password", current=PASSWORD)
    assert ana.session_key != key
    assert sign_in("another good password") == ana
    assert sign_in(PASSWORD) is None


def test_a_password_is_changed_only_by_who_knows_the_current_one(session: Session, ana: Person) -> None:
    key = ana.session_key
    for current in ("", "wrong"):
        with pytest.raises(InvalidInput, match="not your current password") as refused:
            people.set_password(session, ana, "another good password", current=current)
        assert refused.value.field == "current"
    with pytest.raises(InvalidInput, match="12 characters"):
        people.set_password(session, ana, "short", current=PASSWORD)
    assert ana.session_key == key


def test_only_a_hash_of_a_password_is_stored(ana: Person) -> None:
    assert ana.password_hash is not None
    assert ana.password_hash.startswith("$argon2id$")
    assert PASSWORD not in ana.password_hash


def test_the_first_person_is_set_up_with_the_code_that_the_server_printed(
    session: Session, sign_in: Callable[..., Person | None]
) -> None:
    code = people.first_code(SECRET)
    person = people.set_up_first(session, f" {code.lower()} ", "Ana@example.org", PASSWORD, secret=SECRET, now=MONDAY)
    assert person.is_admin
    assert sign_in() == person
    with pytest.raises(Conflict, match="set up already"):
        people.set_up_first(session, code, "eve@example.org", PASSWORD, secret=SECRET, now=MONDAY)


@pytest.mark.parametrize("code", ["", "AAAAA-BBBBB-CCCCC", "ÄÄÄÄÄ"])
def test_a_wrong_code_sets_nobody_up(session: Session, code: str) -> None:
    with pytest.raises(InvalidInput, match="not the code") as refused:
        people.set_up_first(session, code, "eve@example.org", PASSWORD, secret=SECRET, now=MONDAY)
    assert refused.value.field == "code"
    assert session.exec(select(Person)).all() == []


def test_a_code_belongs_to_one_installation(session: Session) -> None:
    assert people.first_code(SECRET) == people.first_code(SECRET) != people.first_code("another secret")
    with pytest.raises(InvalidInput, match="not the code"):
        people.set_up_first(
            session, people.first_code("another secret"), "eve@example.org", PASSWORD, secret=SECRET, now=MONDAY
        )
