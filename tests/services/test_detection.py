from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.formats.detection import Response, RosterEntry, WeekForm, read_responses
from bau_tracker.services.detection import COLUMNS, verdict_rows

MEMBERS = ("a", "b", "c", "d")


def responses(*shares: float, team: str = "red", complaint: bool = False) -> list[Response]:
    """Let four people answer a week for each share, the newest four weeks with complaints when asked."""
    return [
        Response(team, member, week, 40, share, complaint and week >= len(shares) - 4)
        for week, share in enumerate(shares)
        for member in MEMBERS
    ]


def roster(team: str = "red", **values: Any) -> list[RosterEntry]:
    return [RosterEntry(team, member, 0, **values) for member in MEMBERS]


def rows(given: list[Response], entries: list[RosterEntry], form: WeekForm = WeekForm.INDEX) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in verdict_rows(given, entries, form, {})]


def test_the_columns_keep_their_names_and_order() -> None:
    assert COLUMNS == (
        "team", "week", "state", "level", "corroborated", "planned_share", "low", "high", "respondents", "reason",
    )  # fmt: skip


def test_a_slide_with_complaints_is_told_in_percent_and_words() -> None:
    last = rows(responses(*[0.8] * 8, *[0.65] * 4, complaint=True), roster())[-1]
    assert {name: last[name] for name in ("team", "week", "state", "level", "corroborated", "respondents")} == {
        "team": "red",
        "week": 11,
        "state": "sliding",
        "level": "low",
        "corroborated": 1,
        "respondents": 4,
    }
    assert 55 < last["low"] < last["planned_share"] < last["high"] < 75
    assert "since week 8, with the same people compared" in last["reason"]
    assert "100 % of the newest answers complain, against 0 % before: with that it is the pitfall." in last["reason"]


def test_before_seven_weeks_there_is_no_verdict_and_no_figure() -> None:
    first = rows(responses(0.8), roster())[0]
    assert (first["state"], first["level"], first["planned_share"], first["corroborated"]) == (
        "not_enough_data",
        None,
        None,
        0,
    )
    assert first["reason"].startswith("A verdict needs 7 weeks")


def test_every_team_goes_from_its_first_answer_to_the_last_of_all() -> None:
    red, blue = responses(0.8, 0.8, 0.8), [Response("blue", "x", 1, 40, 0.5, complaint=False)]
    found = rows(red + blue, roster() + roster("blue"))
    assert [(row["team"], row["week"], row["respondents"]) for row in found] == [
        ("blue", 1, 1),
        ("blue", 2, 0),
        ("red", 0, 4),
        ("red", 1, 4),
        ("red", 2, 4),
    ]


def test_weeks_are_written_back_as_they_came() -> None:
    found = rows([Response("red", "a", 2967, 40, 0.5, complaint=False)], [], WeekForm.ISO)
    assert [row["week"] for row in found] == ["2026-W47"]


def test_who_left_is_no_longer_expected() -> None:
    staying = responses(*[0.8] * 12)
    gone = [RosterEntry("red", f"gone{number}", 0, left_week=0) for number in range(9)]
    missing = [RosterEntry("red", f"missing{number}", 0) for number in range(9)]
    assert "confidence is low" not in rows(staying, roster() + gone)[-1]["reason"]
    assert (
        "16 of 52 answers came in the newest 4 weeks, under 60 %: confidence is low."
        in rows(staying, roster() + missing)[-1]["reason"]
    )


def test_somebody_without_hours_was_away() -> None:
    found = rows([Response("red", "a", 0, 0, 1, complaint=True), *responses(0.8)], roster())
    assert found[0]["respondents"] == 4


def test_without_answers_there_are_no_rows() -> None:
    assert rows([], roster()) == []


@given(st.floats(0, 100), st.floats(0, 1))
def test_every_share_of_every_number_of_hours_can_be_judged(hours: float, share: float) -> None:
    (row,) = rows([Response("red", "a", 0, hours, share, complaint=False)], [])
    assert row["respondents"] == (hours > 0)


@pytest.mark.parametrize("week", ["50000", "-50000"])
def test_the_farthest_weeks_that_can_be_read_can_be_judged(tmp_path: Path, week: str) -> None:
    path = tmp_path / "answers.csv"
    header = "team,member,week,hours,planned_share,complaint"
    path.write_text(f"{header}\nred,a,{week},40,50,0\nred,a,{week}0,40,50,0\n", encoding="utf-8")
    read = read_responses(path)
    assert [problem.message for problem in read.problems] == [f"Week {week}0 is too far away."]
    assert [row["week"] for row in rows(list(read.records), [])] == [int(week)]


def test_a_gap_of_forty_thousand_weeks_is_told_by_its_first_year() -> None:
    found = rows([Response("red", "a", week, 40, 0.5, complaint=False) for week in (0, 40_000)], [])
    assert [row["week"] for row in found] == [*range(54), 40_000]
    assert {row["state"] for row in found} == {"not_enough_data"}
    assert found[-1]["reason"].startswith("A verdict needs 7 weeks")


def test_the_order_of_rows_and_a_team_that_nobody_answers_for_make_no_difference() -> None:
    given = responses(*[0.8] * 10, *[0.55] * 5, complaint=True)
    expected = rows(given, roster())
    assert expected[-1]["state"] == "sliding"
    assert rows(given[::-1], [*roster("blue"), *roster()]) == expected


def test_weeks_in_which_everybody_was_away_are_silent_and_not_nameless() -> None:
    given = [Response("red", "a", week, 0, 0.5, complaint=False) for week in range(6)]
    assert {row["reason"] for row in rows(given, [])} == {
        "A verdict needs 7 weeks with enough answers by name; so far there are none."
    }


def test_somebody_who_is_in_no_roster_counts_as_an_answer() -> None:
    found = rows(responses(*[0.8] * 8), [RosterEntry("red", "unknown", 0)])
    assert (found[-1]["state"], found[-1]["respondents"]) == ("healthy", 4)


def test_it_can_be_told_how_far_it_is() -> None:
    seen: list[str] = []

    def watch(teams: Sequence[str]) -> Iterator[str]:
        for team in teams:
            seen.append(team)
            yield team

    list(verdict_rows([*responses(0.8), *responses(0.8, team="blue")], [], WeekForm.INDEX, {}, watch=watch))
    assert seen == ["blue", "red"]
