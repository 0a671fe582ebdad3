from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from bau_tracker.web.forms.fields import HoursField


class OneField(Form):  # type: ignore[misc]  # wtforms has no types
    hours = HoursField("Hours")


def typed(text: str) -> OneField:
    return OneField(MultiDict({"hours": text}))


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2", 2), ("2.5", 2.5), ("2,5", 2.5), (" 7 h ", 7), ("", 0), (" ", 0), (".5", 0.5), ("5.", 5), ("-0", 0)],
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
