from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import Membership
from tests.cli.program import Run


def test_adding_a_team_prints_its_slug_alone(run: Run) -> None:
    outcome = run("team", "add", "Payments & Billing", "--timezone", "Europe/Berlin", "--hours", "37.5")
    assert (outcome.status, outcome.out, outcome.err) == (0, "payments-billing\n", "")


def test_a_second_team_of_one_name_is_refused(run: Run) -> None:
    run("team", "add", "Payments")
    outcome = run("team", "add", "payments")
    assert (outcome.status, outcome.out) == (1, "")
    assert "There is a team “payments” already. Choose another name." in outcome.err


def test_a_member_begins_today_unless_told_and_may_be_a_lead(run: Run, session: Session) -> None:
    run("team", "add", "Payments")
    run("person", "add", "ana@example.org")
    run("person", "add", "bob@example.org")
    outcome = run("member", "add", "Ana@example.org", "--team", "payments", "--lead", "--hours", "0")
    assert (outcome.status, outcome.out) == (0, "")
    assert "is a lead of payments" in outcome.err
    run("member", "add", "bob@example.org", "--team", "payments", "--from", "2026-01-05", "--hours", "22.5")
    lead, member = session.exec(select(Membership).order_by("person_id")).all()
    assert (lead.role, lead.starts_on, lead.hours_per_week) == (Role.LEAD, date(2026, 11, 23), 0)
    assert (member.role, member.starts_on, member.hours_per_week) == (Role.MEMBER, date(2026, 1, 5), 22.5)


def test_an_unknown_person_or_team_is_named_with_the_command_that_adds_it(run: Run) -> None:
    outcome = run("member", "add", "ana@example.org", "--team", "payments")
    assert (outcome.status, outcome.out) == (1, "")
    assert "bau-tracker person add ana@example.org" in outcome.err
    run("person", "add", "ana@example.org")
    assert "bau-tracker team add NAME" in run("member", "add", "ana@example.org", "--team", "payments").err
