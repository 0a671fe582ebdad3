from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import Step
from bau_tracker.storage.tables import Membership, Team
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


def test_a_team_may_split_its_week_in_percent_and_have_a_region(run: Run, session: Session) -> None:
    assert run("team", "add", "Payments", "--step", "percent", "--holidays", "de-by").status == 0
    refused = run("team", "add", "Search", "--holidays", "XX")
    assert refused.status == 2
    assert "“XX” is not a region whose holidays are known" in refused.err
    (team,) = session.exec(select(Team)).all()
    assert (team.step, team.holidays) == (Step.PERCENT, "DE-BY")


def test_a_member_is_removed_from_a_day_on(run_with_team: Run, session: Session) -> None:
    outcome = run_with_team("member", "remove", "Member0@example.org", "--team", "payments", "--on", "2026-11-27")
    assert (outcome.status, outcome.out) == (0, "")
    assert "is 27 Nov 2026" in outcome.err
    assert run_with_team("member", "remove", "member1@example.org", "--team", "payments").status == 0
    ends = [one.ends_on for one in session.exec(select(Membership).order_by("person_id")).all()]
    assert ends == [date(2026, 11, 27), date(2026, 11, 23), None]


def test_removing_somebody_who_is_not_in_the_team_changes_nothing(run_with_team: Run) -> None:
    outcome = run_with_team("member", "remove", "nobody@example.org", "--team", "payments")
    assert (outcome.status, outcome.out) == (1, "")
    assert "nobody@example.org is not in Payments after 23 Nov 2026, so nothing was changed." in outcome.err


def test_a_day_far_away_is_refused_in_words(run_with_team: Run, session: Session) -> None:
    member = ("member0@example.org", "--team", "payments")
    for outcome in (
        run_with_team("member", "remove", *member, "--on", "9999-12-31"),
        run_with_team("member", "add", *member, "--from", "9999-12-31"),
        run_with_team("member", "add", *member, "--from", "0001-01-01"),
    ):
        assert (outcome.status, outcome.out) == (2, "")
        assert "can't be right. Use a day between 2000 and two years from now" in outcome.err
    assert {one.ends_on for one in session.exec(select(Membership)).all()} == {None}
