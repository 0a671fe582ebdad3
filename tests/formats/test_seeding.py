from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.seeding import SeedTeam, read_answers, read_items, read_roster

NEWEST = Week.parse("2026-W47")
TEAM = SeedTeam("Gift Cards", "Australia/Sydney", 38.0, ())
ANSWERS = """week,email,answered,away,available,planned,defect,excessive,deferred,comment
-1,ana@example.org,0 Mon 09:30,,38,30,4.5,alerts diagnosis,yes,"Noisy, again"
0,ana@example.org,0 Fri 16:00,yes,,,,,,
"""
ITEMS = """key,title,type,status,priority,labels,component,created,closed,logged
GFT-1,Wrong balance,Bug,Done,High,bug unplanned,ledger,-1 Fri 09:00,0 Tue 18:30,-1 Fri 1.5; 0 Mon 2
GFT-2,Wrong balance,Bug,To Do,Low,,ledger,0 Sun 23:00,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"answers": ANSWERS, "items": ITEMS}.items():
        (tmp_path / name).mkdir()
        path = tmp_path / name / "gift-cards.csv"
        header, *rows = text.splitlines()
        columns = "capacity,security,telemetry,support,minor_change,other_bau,overhead,callouts"
        if name == "answers":  # the kinds that these answers leave empty
            header, rows = f"{header},{columns}", [row + "," * 8 for row in rows]
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return tmp_path


def test_weeks_are_counted_from_the_newest(folder: Path) -> None:
    weeks = [str(record.week) for record in read_answers(folder, TEAM, NEWEST)]
    assert weeks == ["2026-W46", "2026-W47"]


def test_an_answer_comes_with_all_it_says(folder: Path) -> None:
    record, away = read_answers(folder, TEAM, NEWEST)
    assert (record.team, record.email) == ("gift-cards", "ana@example.org")
    assert (record.answer.split.planned, record.answer.split.defect, record.answer.split.bau) == (30, 4.5, 4.5)
    assert record.answer.excessive == frozenset({Chip.ALERTS, Chip.DIAGNOSIS})
    assert (record.answer.hours_available, record.answer.deferred, record.answer.comment) == (38, True, "Noisy, again")
    assert away.answer.away
    assert away.answer.deferred is None


def test_moments_are_those_of_the_teams_time_zone(folder: Path) -> None:
    record = next(read_answers(folder, TEAM, NEWEST))
    assert record.answered_at == datetime(2026, 11, 15, 22, 30, tzinfo=UTC)  # Monday morning in Sydney


def test_an_item_comes_with_its_hours_by_day(folder: Path) -> None:
    item, still_open = read_items(folder, TEAM, NEWEST)
    assert item.labels == ("bug", "unplanned")
    assert item.logged == ((date(2026, 11, 13), 5400), (date(2026, 11, 16), 7200))
    assert item.updated == item.closed == datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
    assert (still_open.closed, still_open.logged, still_open.updated) == (None, (), still_open.created)


def test_memberships_reach_from_a_monday_to_a_sunday(tmp_path: Path) -> None:
    ana = {"email": "ana@example.org", "role": "lead", "from_week": -3, "to_week": -1, "hours": 0}
    team = {
        "name": "Gift Cards",
        "timezone": "UTC",
        "hours_per_week": 38,
        "step": "hours",
        "holidays": "",
        "agreed": [],
        "members": [ana],
    }
    said = {
        "people": [{"email": "ana@example.org", "name": "Ana", "admin": True}],
        "teams": [team],
        "sign_in": [{"who": "Lead", "email": "ana@example.org"}],
    }
    (tmp_path / "teams.json").write_text(json.dumps(said), encoding="utf-8")
    roster = read_roster(tmp_path, NEWEST)
    (member,) = roster.teams[0].members
    assert (member.starts_on, member.ends_on) == (date(2026, 10, 26), date(2026, 11, 15))
    assert (member.role, member.hours) == (Role.LEAD, 0)
    assert roster.people[0].is_admin
    assert roster.demo_people == {"Lead": "ana@example.org"}
