from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.web.forms.fields import DayField, HoursField, OptionalHoursField, blame


class OneField(Form):  # type: ignore[misc]  # wtforms has no types
    hours = HoursField("Hours")


def typed(text: str) -> OneField:
    return OneField(MultiDict({"hours": text}))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2", 2),
        ("2.5", 2.5),
        ("2,5", 2.5),
        (" 7 h ", 7),
        ("", 0),
        (" ", 0),
        (".5", 0.5),
        ("+4", 4),
        ("1 hour", 1),
        ("3 Hours", 3),
        ("5.", 5),
        ("-0", 0),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: float) -> None:
    form = typed(text)
    assert form.validate()
    assert form.hours.data == hours


@pytest.mark.parametrize("text", ["-1", "-0,5"])
def test_less_than_nothing_is_refused_at_its_field(text: str) -> None:
    form = typed(text)
    assert not form.validate()
    assert form.hours.errors == ["Hours can't be negative. Use 0 or more."]


@pytest.mark.parametrize("text", ["a", "1:30", "1_000", "1e3", "nan", "inf", "1,000.5", "--1", "٣", "2 5", "9" * 400])
def test_what_is_no_number_of_hours_is_refused_and_stays_in_the_field(text: str) -> None:
    form = typed(text)
    assert not form.validate()
    assert form.hours.errors == ["Use a number of hours, such as 2 or 2.5."]
    assert form.hours._value() == text  # noqa: SLF001  (what the widget shows)


@given(st.text(max_size=20))
def test_no_text_is_a_fault(text: str) -> None:
    form = typed(text)
    assert form.validate() is isinstance(form.hours.data, float)


@given(st.integers(0, 200))
def test_hours_shown_in_a_form_read_back_the_same(halves: int) -> None:
    form = OneField()
    form.hours.data, form.hours.raw_data = halves / 2, None
    assert typed(form.hours._value()).hours.data == halves / 2  # noqa: SLF001  (what the widget shows)


class Dated(Form):  # type: ignore[misc]  # wtforms has no types
    hours = OptionalHoursField("Hours")
    day = DayField("Day")


@pytest.mark.parametrize(("text", "hours"), [("", None), (" ", None), ("0", 0), ("7,5", 7.5)])
def test_hours_that_may_be_left_out_are_none_then(text: str, hours: float | None) -> None:
    form = Dated(MultiDict({"hours": text, "day": "2026-11-23"}))
    assert form.validate()
    assert form.hours.data == hours
    assert form.hours() == f'<input id="hours" name="hours" type="text" value="{text}">'


def test_stored_hours_are_shown_zero_too() -> None:
    assert 'value="0"' in Dated(data={"hours": 0.0}).hours()
    assert 'value=""' in Dated(data={"hours": None}).hours()


@pytest.mark.parametrize("text", ["", "23.11.2026", "2026-02-30", "soon"])
def test_a_day_that_is_none_stays_as_typed_with_the_mend(text: str) -> None:
    form = Dated(MultiDict({"hours": "", "day": text}))
    assert not form.validate()
    assert form.day.errors == ["Give a day, as 2026-11-23."]
    assert f'value="{text}"' in form.day()


def test_an_error_stands_at_the_field_that_it_names_or_else_at_another() -> None:
    form = Dated()
    blame(form, InvalidInput("too many", "hours"), "day")
    blame(form, InvalidInput("what day", "nothing"), "day")
    blame(form, Conflict("taken"), "day")
    assert (form.hours.errors, form.day.errors) == (["too many"], ["what day", "taken"])
