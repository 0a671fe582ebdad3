from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from bau_tracker.domain.availability import HoursLeft
from bau_tracker.domain.surveys import CATEGORIES, Answer, Step, TimeSplit
from bau_tracker.services.surveys import Survey, open_survey
from bau_tracker.web.forms.surveys import SurveyForm, typed_pairs, typed_values
from tests.factories import MONDAY, OPEN_WEEK, make_member, make_team

SHOWN: Final = ("hours_available", *CATEGORIES, "callouts")
_parts: Final = st.dictionaries(st.sampled_from(list(CATEGORIES)), st.floats(0.01, 5), min_size=1)


@pytest.fixture
def survey_in(app: Flask, session: Session) -> Callable[..., Survey]:
    """Give a function that makes the survey of a team that counts in a step, with an answer or without."""
    app.test_request_context().push()

    def make(step: Step, answer: Answer | None = None, hours: float = 37.5) -> Survey:
        team = make_team(session, f"Team {step}", step=step, hours_per_week=37.5)
        survey = open_survey(session, team.slug, OPEN_WEEK, actor=make_member(session, team), now=MONDAY)
        return replace(survey, answer=answer, hours_left=HoursLeft(hours))

    return make


def typed(survey: Survey, **values: Any) -> SurveyForm:
    return SurveyForm.of(survey, MultiDict(values))


def shown(survey: Survey, answer: Answer) -> dict[str, str]:
    """Give what stands in the fields when an answer is shown."""
    form = SurveyForm.of(survey, MultiDict())
    form.fill(answer)
    return {name: form[name]._value() for name in SHOWN}  # noqa: SLF001  (what the widget shows)


@pytest.mark.parametrize(
    ("step", "available", "planned", "defect", "hours"),
    [
        (Step.HALF_DAYS, "10", "7", "1", (37.5, 26.25, 3.75)),
        (Step.HOURS, "37,5", "26.5", "4 h", (37.5, 26.5, 4)),
        (Step.PERCENT, "30", "70 %", "15", (30, 21, 4.5)),
    ],
)
def test_amounts_become_hours_by_the_unit_of_the_team(
    survey_in: Callable[..., Survey],
    step: Step,
    available: str,
    planned: str,
    defect: str,
    hours: tuple[float, float, float],
) -> None:
    answer = typed(survey_in(step), hours_available=available, planned=planned, defect=defect).answer()
    assert answer is not None
    assert (answer.hours_available, answer.split.planned, answer.split.defect) == hours


@pytest.fixture(params=list(Step))
def survey(survey_in: Callable[..., Survey], request: pytest.FixtureRequest) -> Survey:
    """Give the survey of a team, once for each step."""
    return survey_in(request.param)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=_parts, available=st.floats(46, 60), callouts=st.integers(0, 20))
def test_whatever_was_stored_survives_being_opened_and_sent_again(
    survey: Survey, parts: dict[str, float], available: float, callouts: int
) -> None:
    stored = Answer(TimeSplit(**parts), hours_available=available, callouts=callouts / 2, deferred=False)
    given_back = replace(survey, answer=stored)
    assert typed(given_back, **shown(given_back, stored)).answer() == stored


@pytest.mark.parametrize(("hours", "half_days"), [(20, 5), (18.5, 5), (1, 1), (37.5, 10)])
def test_a_part_timer_is_asked_for_whole_half_days_and_can_place_all_of_them(
    survey_in: Callable[..., Survey], hours: float, half_days: int
) -> None:
    survey = survey_in(Step.HALF_DAYS, hours=hours)
    form = typed(survey, hours_available=str(half_days), planned=str(half_days))
    assert form.left == 0
    answer = form.answer()
    assert answer is not None
    assert answer.hours_available == answer.split.planned == survey.hours_available == half_days * 3.75


def test_percent_are_of_the_hours_typed_and_never_of_none(survey_in: Callable[..., Survey]) -> None:
    survey = survey_in(Step.PERCENT)
    form = typed(survey, hours_available="0", planned="50")
    assert form.answer() is None
    assert form.hours_available.errors == ["Say how many hours you worked, or send “Away all week”."]
    assert (form.most, form.left) == (100, 50)


@pytest.mark.parametrize(
    ("step", "words"),
    [(Step.HALF_DAYS, "number of half-days"), (Step.HOURS, "number of hours"), (Step.PERCENT, "percentage")],
)
def test_what_is_no_amount_is_refused_in_the_words_of_the_unit(
    survey_in: Callable[..., Survey], step: Step, words: str
) -> None:
    form = typed(survey_in(step), hours_available="10", planned="a lot", defect="-1")
    assert form.answer() is None
    assert words in form["planned"].errors[0]
    assert "can't be negative" in form["defect"].errors[0]


def test_a_draft_says_in_which_unit_it_was_typed(survey_in: Callable[..., Survey]) -> None:
    survey = survey_in(Step.HALF_DAYS)
    kept = typed_values(MultiDict({"planned": "3", "step": "half_days", "other": "x"}))
    assert kept == {"planned": ["3"], "step": ["half_days"]}
    assert not SurveyForm.of(survey, typed_pairs(kept)).was_in_other_unit
    assert SurveyForm.of(survey, typed_pairs({"planned": ["3"], "step": ["percent"]})).was_in_other_unit
    assert SurveyForm.of(survey, typed_pairs({"planned": ["3"]})).was_in_other_unit  # from before, in hours
