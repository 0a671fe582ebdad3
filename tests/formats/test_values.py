import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Unit
from bau_tracker.formats.values import parse_amount, parse_yes_no, to_hours, unit_in


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("60", 60, None),
        (" 22,5 ", 22.5, None),
        (".5", 0.5, None),
        ("-3", -3, None),
        ("22.5h", 22.5, Unit.HOURS),
        ("7,5 Std.", 7.5, Unit.HOURS),
        ("3 days", 3, Unit.DAYS),
        ("2 Tage", 2, Unit.DAYS),
        ("1:30", 1.5, Unit.HOURS),
        ("01:30:00", 1.5, Unit.HOURS),
        ("2h 30m", 2.5, Unit.HOURS),
        ("45 min", 0.75, Unit.HOURS),
        ("60%", 60, Unit.PERCENT),
        ("60 Prozent", 60, Unit.PERCENT),
    ],
)
def test_amounts_of_time_are_read_as_people_write_them(text: str, amount: float, unit: Unit | None) -> None:
    assert parse_amount(text) == (amount, unit)


@pytest.mark.parametrize(
    "text", ["", "a few", "1_0", "nan", "inf", "1:75", "1 2", "5 apples", "--2", "1.000,5", "1e999"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no amount of time"):
        parse_amount(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_comes_back_exactly_with_a_point_and_with_a_comma(number: float) -> None:
    assert parse_amount(repr(number)) == parse_amount(repr(number).replace(".", ",")) == (number, None)


@given(st.one_of(st.text(), st.text("0123456789.,eh:% -+", max_size=8)))
def test_any_text_is_an_amount_or_invalid_input(text: str) -> None:
    with suppress(InvalidInput):
        assert math.isfinite(parse_amount(text)[0])


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Planned work (%)", Unit.PERCENT),
        ("Share of BAU", Unit.PERCENT),
        ("How many hours went to support?", Unit.HOURS),
        ("Planned work [h]", Unit.HOURS),
        ("Support in days", Unit.DAYS),
        ("Planned work", None),
        ("Shared services", None),
    ],
)
def test_a_header_tells_its_unit(header: str, unit: Unit | None) -> None:
    assert unit_in(header) is unit


def test_percent_and_days_are_parts_of_the_hours_available() -> None:
    assert to_hours(60, Unit.PERCENT, available=40) == 24
    assert to_hours(2, Unit.DAYS, available=38) == pytest.approx(15.2)
    assert to_hours(2, Unit.HOURS, available=38) == 2


@pytest.mark.parametrize("text", ["Yes", "yes, some of it", "JA", "true", "1", "x"])
def test_yes_is_understood(text: str) -> None:
    assert parse_yes_no(text)


@pytest.mark.parametrize("text", ["No", "nein", "false", "0", "No, nothing"])
def test_no_is_understood(text: str) -> None:
    assert not parse_yes_no(text)


@pytest.mark.parametrize("text", ["", "maybe", "nobody", "2"])
def test_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="neither yes nor no"):
        parse_yes_no(text)
