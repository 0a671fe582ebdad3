"""Eight weeks of two teams by mail: timers run, people answer or don't, and each gets exactly what they should."""

from __future__ import annotations

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.outbound.mail import Received, read_mailbox
from bau_tracker.services.digests import digest
from bau_tracker.services.messages import remind
from bau_tracker.services.teams import add_member, remove_member
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import writing
from bau_tracker.storage.tables import Absence
from bau_tracker.web.app import create_app
from bau_tracker.web.mail import open_office
from tests.conftest import Clock
from tests.factories import make_member, make_team
from tests.web.pages import read

START: Final = datetime(2026, 10, 1, tzinfo=UTC)
"""A Thursday, on which no week is open: 2026-W40 opens the day after."""
STEP: Final = timedelta(hours=6)
KINDS: Final = {
    "your week": "invited",
    "still waits": "first",
    "last reminder": "second",
    "open again": "reopened",
    "planned work in": "result",
    "is published": "result",
    "nobody answered": "silence",
}
EVERYBODY: Final = frozenset({"ana", "ben", "cara", "dora"})
OTHERS: Final = frozenset({"eve", "finn", "gina"})
Ledger = dict[tuple[str, str], set[str]]
"""(team and week, kind) -> who got it."""


class World:
    """An installation with two teams, whose timers run as its clock goes on."""

    def __init__(self, settings: Settings, engine: sa.Engine, clock: Clock) -> None:
        self.settings, self.engine, self.clock = settings, engine, clock
        self.expected: Ledger = {}
        self.app: Flask = create_app(settings, clock_=clock, engine=engine)
        self.app.config["WTF_CSRF_ENABLED"] = True
        clock.now = START
        with self.writing() as session:
            for name, people in (("Payments", EVERYBODY), ("Checkout", OTHERS)):
                team = make_team(session, name)
                team.created_at = START
                for person in sorted(people):
                    make_member(session, team, f"{person}@example.org")
                make_member(session, team, f"lead-{team.slug}@example.org", role=Role.LEAD, hours=0)
            session.commit()

    def writing(self) -> Session:
        """Open a session as a command does."""
        return Session(writing(self.engine), expire_on_commit=False)

    def until(self, day: str, hour: int = 0, *, timers: bool = True) -> None:
        """Let time go on; the timers run twice at the same moment at each step, as on two machines."""
        moment = datetime.combine(date.fromisoformat(f"2026-{day}"), datetime.min.time(), tzinfo=UTC)
        while self.clock.now < moment + timedelta(hours=hour):
            self.clock.now += STEP
            if timers:
                with ThreadPoolExecutor(2) as machines:
                    list(machines.map(lambda _: self.run(), range(2)))

    def run(self) -> None:
        for send in (remind, digest):
            with self.writing() as session, open_office(self.settings) as office:
                assert send(session, office, clock=self.clock).failures == []
                session.commit()

    def mails(self, most: int = 10_000) -> list[Received]:
        return read_mailbox(self.settings.mailbox_dir, most)

    def newest(self, person: str, team: str) -> Received:
        """Give the newest mail that asks a person about a team's week."""
        mine = [mail for mail in self.mails(50) if mail.to == f"{person}@example.org" and "/answer/" in mail.text]
        return next(mail for mail in mine if mail.subject.startswith(team))

    def answer(self, *people: str, team: str = "Payments", action: str = "send", planned: str = "24") -> None:
        """Let people answer by the newest link that they were mailed, in a browser without cookies."""
        for person in people:
            address = link_in(self.newest(person, team), "answer").removeprefix(self.settings.base_url)
            client = self.app.test_client(use_cookies=False)
            form = read(client.get(address))
            typed = {} if action == "away" else {"planned": planned, "defect": "4"}
            response = client.post(address, data=form.value | typed | {"action": action})
            assert response.status_code in {200, 302}, read(response).text

    def others_answer(self, *also: str) -> None:
        """Let all of Checkout answer, of whom nobody needs a reminder, and expect what they get."""
        people = {*OTHERS, *also}
        self.answer(*sorted(people), team="Checkout", planned="16")
        (week,) = re.findall(r"2026-W\d\d", self.newest("eve", "Checkout").subject)
        self.expected[f"Checkout {week}", "invited"] = people
        self.expected[f"Checkout {week}", "result"] = {*people, "lead-checkout"}

    def expect(self, week: str, **got: str) -> None:
        """Expect who of Payments gets what about a week."""
        for kind, people in got.items():
            self.expected[f"Payments 2026-{week}", kind] = set(people.split())

    def leave(self, person: str, team: str) -> None:
        """Press the button of a mail program that leaves a team's list."""
        address = link_in(self.newest(person, team), "unsubscribe").removeprefix(self.settings.base_url)
        response = self.app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200


@pytest.fixture
def world(settings: Settings, any_engine: sa.Engine, clock: Clock) -> World:
    return World(replace(settings, mail="mailbox"), any_engine, clock)


def link_in(mail: Received, what: str) -> str:
    (found,) = re.findall(rf"http\S+/{what}/\S+", mail.text)
    return str(found)


def ledger(mails: list[Received]) -> Ledger:
    """Sort mails by what they are about; nobody has got anything twice."""
    found: Ledger = defaultdict(set)
    for mail in mails:
        (week,) = re.findall(r"2026-W\d\d", mail.subject)
        kind = next(kind for words, kind in KINDS.items() if words in mail.subject)
        place, person = (f"{mail.subject.partition(':')[0]} {week}", kind), mail.to.partition("@")[0]
        assert person not in found[place], (place, person)
        found[place].add(person)
    return dict(found)


@pytest.mark.slow
def test_over_eight_weeks_each_person_gets_exactly_the_messages_that_they_should(world: World) -> None:
    reminders(world)
    absences_and_a_move(world)
    silence_and_leaving_the_list(world)
    timers_that_stand_still(world)
    world.until("11-26")
    assert ledger(world.mails()) == world.expected


def reminders(world: World) -> None:
    """All answer at once and nobody is reminded; then some need reminders, one has a draft, one never answers."""
    world.until("10-02", 18)
    world.answer("ana", "ben", "cara", "dora")
    world.others_answer()
    world.expect("W40", invited="ana ben cara dora", result="ana ben cara dora lead-payments")
    world.until("10-09", 18)
    world.answer("ana")
    world.others_answer()
    world.until("10-12", 12)
    world.answer("ben")
    world.answer("cara", action="draft")
    world.until("10-13", 12)
    assert "Your draft is kept" in world.newest("cara", "Payments").text
    world.answer("cara")
    world.expect(
        "W41",
        invited="ana ben cara dora",
        first="ben cara dora",
        second="cara dora",
        result="ana ben cara dora lead-payments",
    )


def absences_and_a_move(world: World) -> None:
    """Ana has entered that she is away, Ben says so by the link; then Dora moves, and both teams ask her.

    She is told no result that is published after she left.
    """
    with world.writing() as session:
        session.add(Absence(person_id=1, starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 18)))
        session.commit()
    world.until("10-16", 18)
    world.answer("ben", action="away")
    world.answer("cara", "dora")
    world.others_answer()
    world.expect("W42", invited="ben cara dora", result="ana ben cara lead-payments")
    world.until("10-21")
    move(world, "dora", "payments", "checkout")
    world.until("10-23", 18)
    world.answer("ana", "ben", "cara")
    world.answer("dora", planned="8")
    world.others_answer("dora")
    world.expect("W43", invited="ana ben cara dora", result="ana ben cara lead-payments")


def silence_and_leaving_the_list(world: World) -> None:
    """Nobody answers, and the lead alone gets a note; then Ana leaves the list, and answers nevertheless."""
    world.until("10-30", 18)
    world.others_answer("dora")
    three = "ana ben cara"
    world.expect("W44", invited=three, first=three, second=three, silence="lead-payments")
    world.until("11-06", 18)
    world.leave("ana", "Payments")
    world.answer("ana", "ben", "cara")
    world.others_answer("dora")
    world.expect("W45", invited=three, result="ben cara lead-payments")
    world.until("11-12")


def timers_that_stand_still(world: World) -> None:
    """The timers stand still over a weekend: the newest message alone goes, as an invitation. Then a quiet week."""
    world.until("11-16", 18, timers=False)
    world.until("11-17")
    world.answer("ben")
    world.others_answer("dora")
    world.expect("W46", invited="ben cara", second="cara", result="ben cara lead-payments")
    world.until("11-20", 18)
    world.answer("ben", "cara")
    world.others_answer("dora")
    world.expect("W47", invited="ben cara", result="ben cara lead-payments")


def move(world: World, person: str, old: str, new: str) -> None:
    """Let a person go from one team to another today."""
    with world.writing() as session:
        address, now = f"{person}@example.org", world.clock.now
        remove_member(session, address, old, last_day=now.date() - timedelta(days=1), now=now)
        add_member(session, address, new, now=now)
        session.commit()
