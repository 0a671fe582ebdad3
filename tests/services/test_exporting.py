from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, NotFound
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip, ItemClass, Origin
from bau_tracker.formats.exports import csv_chunks
from bau_tracker.formats.own_answers import OWN_COLUMNS
from bau_tracker.services.exporting import (
    ITEM_COLUMNS,
    WEEK_COLUMNS,
    answer_records,
    item_rows,
    teams_to_export,
    week_rows,
)
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.tables import Team
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    answer_in_weeks,
    give_answer,
    make_answer,
    make_item,
    make_member,
    make_team,
    make_team_of,
)


def dicts(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def weeks(session: Session, *teams: Team, actor: Actor = SERVER, **span: Any) -> list[dict[str, Any]]:
    return dicts(WEEK_COLUMNS, week_rows(session, teams, actor=actor, now=AFTER_FREEZE, **span))


def test_the_columns_of_weeks_keep_their_names_and_order() -> None:
    assert WEEK_COLUMNS == (
        "team", "week", "week_start", "week_end", "answered", "expected", "away", "planned_share",
        "planned_hours", "capacity_hours", "defect_hours", "security_hours", "telemetry_hours", "support_hours",
        "minor_change_hours", "other_bau_hours", "overhead_hours", "callout_hours",
        "complaining", "complaint_answers",
        "excessive_dependencies", "excessive_incidents", "excessive_infrastructure", "excessive_deployments",
        "excessive_environments", "excessive_approvals", "excessive_alerts", "excessive_diagnosis",
        "excessive_interruptions", "deferred", "figures",
        "signal", "state", "level", "low_confidence", "median_planned_share", "change", "revision",
        "items_capacity", "items_defect", "items_security", "items_telemetry", "items_support", "items_minor_change",
        "items_other_bau", "items_planned",
        "logged_capacity_hours", "logged_defect_hours", "logged_security_hours", "logged_telemetry_hours",
        "logged_support_hours", "logged_minor_change_hours", "logged_other_bau_hours", "logged_planned_hours",
    )  # fmt: skip


def test_the_columns_of_items_and_answers_keep_their_names_and_order() -> None:
    assert ITEM_COLUMNS == (
        "team", "week", "source", "key", "title", "type", "status", "priority", "labels", "component",
        "class", "class_confidence", "class_reason", "origin", "origin_reason", "bau_kind",
        "created", "closed", "logged_hours", "url",
    )  # fmt: skip
    assert OWN_COLUMNS == (
        "team", "week", "email", "respondent", "status", "hours_available",
        "planned", "capacity", "defect", "security", "telemetry", "support", "minor_change", "other_bau", "overhead",
        "callouts", "excessive", "deferred", "comment", "answered_at",
    )  # fmt: skip


def test_a_week_goes_out_with_its_figures_and_verdict(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members[:3]:
        give_answer(session, team, member, answer=make_answer(excessive=(Chip.ALERTS,), callouts=1.5))
    give_answer(session, team, members[3], answer=Answer(away=True))
    make_item(session, team, hours=3)
    (row,) = weeks(session, team)
    wanted = {
        "team": "payments", "week": "2026-W47", "week_start": date(2026, 11, 16), "week_end": date(2026, 11, 22),
        "answered": 3, "expected": 3, "away": 1, "planned_share": 0.75, "planned_hours": 72, "defect_hours": 24,
        "overhead_hours": 24, "callout_hours": 4.5, "complaining": 3, "excessive_alerts": 3, "excessive_approvals": 0,
        "deferred": 0, "figures": "shown", "signal": "Not enough data", "state": "not_enough_data", "level": None,
        "low_confidence": "no", "median_planned_share": None, "revision": 0, "items_defect": 1, "items_planned": 0,
        "logged_defect_hours": 3,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_a_week_that_too_few_answered_goes_out_empty(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members[:2]:
        give_answer(session, team, member, answer=make_answer(excessive=(Chip.ALERTS,), callouts=1.5))
    (row,) = weeks(session, team)
    assert (row["figures"], row["answered"], row["expected"]) == ("too few answers", 2, 4)
    survey = WEEK_COLUMNS[WEEK_COLUMNS.index("planned_share") : WEEK_COLUMNS.index("figures")]
    assert {row[name] for name in survey} == {None}


def test_a_lead_who_answered_takes_out_no_more_than_a_page_shows(session: Session) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    for member in (*members, lead):
        give_answer(session, team, member)
    assert weeks(session, team, actor=lead)[0]["figures"] == "too few answers"
    assert weeks(session, team)[0]["figures"] == "shown"


def test_a_week_without_answers_goes_out_as_a_gap(session: Session) -> None:
    team, members = make_team_of(session, 3)
    for member in members:
        give_answer(session, team, member, OPEN_WEEK.shift(-2))
    rows = weeks(session, team)
    assert [(row["week"], row["figures"]) for row in rows] == [
        ("2026-W45", "shown"),
        ("2026-W46", "no answers"),
        ("2026-W47", "no answers"),
    ]
    assert [row["planned_share"] for row in rows] == [0.75, None, None]
    assert rows[1]["planned_hours"] is None


def test_a_span_of_weeks_keeps_the_verdicts_of_the_whole_series(session: Session) -> None:
    team, members = make_team_of(session, 4)
    answer_in_weeks(session, team, members, [0.75] * 8)
    settle(session, team, AFTER_FREEZE)
    rows = weeks(session, team, since=OPEN_WEEK.shift(-2), until=OPEN_WEEK.shift(-1))
    assert [(row["week"], row["signal"], row["median_planned_share"]) for row in rows] == [
        ("2026-W45", "Not enough data", None),
        ("2026-W46", "Healthy", 0.75),
    ]


def test_an_item_goes_out_with_what_it_counts_as(session: Session) -> None:
    team = make_team(session)
    make_item(session, make_team(session, "Noise"), "NOISE-1")
    created = datetime(2026, 11, 17, 9, tzinfo=UTC)
    make_item(session, team, "PAY-1", hours=1.5, labels=["hotfix", "api"], created_at=created)
    make_item(session, team, "PAY-2", title="Plan", item_class=ItemClass.FEATURE, origin=Origin.PLANNED)
    make_item(session, team, "PAY-0", week=OPEN_WEEK.shift(-1))
    rows = dicts(ITEM_COLUMNS, item_rows(session, [team], since=OPEN_WEEK))
    assert [(row["key"], row["bau_kind"], row["logged_hours"]) for row in rows] == [
        ("PAY-1", "defect", 1.5),
        ("PAY-2", None, 0),
    ]
    assert (rows[0]["labels"], rows[0]["created"], rows[0]["week"]) == ("hotfix; api", created, "2026-W47")
    assert [row["key"] for row in dicts(ITEM_COLUMNS, item_rows(session, [team], until=OPEN_WEEK.shift(-1)))] == [
        "PAY-0"
    ]


def test_answers_go_out_whole_by_team_week_and_person(session: Session) -> None:
    team, members = make_team_of(session, 2)
    noise, (other,) = make_team_of(session, 1, "Noise")
    give_answer(session, noise, other)
    answer = make_answer(comment="mine", excessive=(Chip.ALERTS,))
    give_answer(session, team, members[1], answer=answer)
    give_answer(session, team, members[0], OPEN_WEEK.shift(-1), Answer(away=True))
    first, second = answer_records(session, [team])
    assert (first.team, first.week, first.email, first.answer.away) == (
        "payments",
        OPEN_WEEK.shift(-1),
        members[0].name,
        True,
    )
    assert (second.email, second.respondent, second.answer) == (members[1].name, "", answer)
    assert second.answered_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert [found.week for found in answer_records(session, [team], since=OPEN_WEEK)] == [OPEN_WEEK]


def test_pseudonyms_hide_addresses_and_comments_and_stay_the_same_everywhere(session: Session) -> None:
    team, members = make_team_of(session, 2)
    other = make_team(session, "Search")
    make_member(session, other, members[0].name)
    for back in (0, 1):
        for member in members:
            give_answer(session, team, member, OPEN_WEEK.shift(-back), make_answer(comment=f"by {member.name}"))
    give_answer(session, other, members[0])
    found = list(answer_records(session, [team, other], pseudonyms="secret"))
    assert {(record.email, record.answer.comment) for record in found} == {("", "")}
    assert len({record.respondent for record in found}) == 2
    assert not any("member" in repr(record) for record in found)
    assert {record.answer.split.planned for record in found} == {24}
    again = [record.respondent for record in answer_records(session, [team, other], pseudonyms="secret")]
    assert again == [record.respondent for record in found]
    others = {record.respondent for record in answer_records(session, [team], pseudonyms="another")}
    assert others.isdisjoint(again)


def test_a_team_with_a_name_like_a_formula_stays_text_and_negative_numbers_stay_numbers(session: Session) -> None:
    team = make_team(session, "=HYPERLINK(1)")
    make_item(session, team, "=1+1", title="@SUM(A1)")
    text = b"".join(csv_chunks(ITEM_COLUMNS, item_rows(session, [team]), mark=False)).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["team"], row["key"], row["title"]) == ("hyperlink-1", "'=1+1", "'@SUM(A1)")
    text = b"".join(csv_chunks(["change", "name"], [(-0.25, "-0.25")], mark=False)).decode()
    assert text.splitlines()[1] == "-0.25,'-0.25"


@pytest.mark.parametrize(("role", "named"), [(Role.MEMBER, []), (Role.LEAD, ["payments"])])
def test_leads_export_their_teams_and_members_none(session: Session, role: Role, named: list[str]) -> None:
    actor = make_member(session, make_team(session), role=role)
    make_team(session, "Search")
    assert [team.slug for team in teams_to_export(session, None, actor=actor, now=MONDAY)] == named
    with pytest.raises(NotFound):
        teams_to_export(session, "search", actor=actor, now=MONDAY)
    if role is Role.MEMBER:
        with pytest.raises(Forbidden):
            teams_to_export(session, "payments", actor=actor, now=MONDAY)
    else:
        assert [team.slug for team in teams_to_export(session, "payments", actor=actor, now=MONDAY)] == ["payments"]


def test_whoever_runs_the_server_exports_every_team(session: Session) -> None:
    make_team(session)
    make_team(session, "Search")
    assert [team.slug for team in teams_to_export(session, None, actor=SERVER, now=MONDAY)] == ["payments", "search"]
