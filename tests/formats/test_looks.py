import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.importing import ColumnLook
from bau_tracker.formats.headers import position
from bau_tracker.formats.looks import column_names, look_of, sample_of

HEADERS = st.lists(
    st.sampled_from(["", "Other", "Other (1)", "Other (2)", "other", "(column 1)", "(column 2)"]) | st.text(max_size=3)
)


def test_columns_of_one_heading_are_numbered_and_those_without_are_called_by_their_place() -> None:
    assert column_names(["Other", "", "Hours", "Other"]) == ("Other (1)", "(column 2)", "Hours", "Other (2)")


def test_a_number_that_another_column_has_in_its_heading_is_not_given_twice() -> None:
    assert column_names(["Other", "Other (1)", "Other"]) == ("Other (2)", "Other (1)", "Other (3)")


@given(HEADERS)
def test_no_two_columns_have_one_name_and_each_is_found_by_it(header: list[str]) -> None:
    names = column_names(header)

    assert len(set(names)) == len(header)
    assert [position(header, name) for name in names] == list(range(len(header)))


@pytest.mark.parametrize(
    ("values", "looks_like"),
    [
        ((), "empty"),
        (("2026-11-20", "20.11.2026 10:00", "9/6/2018"), "dates"),
        (("60 %", "40"), "percentages"),
        (("2h", "3.5"), "hours"),
        (("1:30",), "hours"),
        (("60", "40,5"), "numbers"),
        (("a@b.org", "c.d@e.co.uk"), "e-mail addresses"),
        (("Yes", "no"), "yes or no"),
        (("1", "0"), "numbers"),
        (("Search", "Checkout"), "a few choices"),
        (tuple("abcdefghij"), "text"),
        (("x" * 61,), "text"),
    ],
)
def test_a_column_looks_like_its_values(values: tuple[str, ...], looks_like: str) -> None:
    assert look_of("A", values).looks_like == looks_like


def test_three_short_examples_are_shown() -> None:
    assert look_of("A", ("a" * 100, "b", "c", "d")) == ColumnLook("A", ("a" * 59 + "…", "b", "c"), "text")


def test_only_the_first_rows_and_different_values_are_looked_at() -> None:
    rows = [(2, ["a", " "], ""), (3, [], "a fault"), (4, ["a", "b"], ""), *[(5, [str(n), "c"], "") for n in range(500)]]

    first, second = sample_of(rows, 2)

    assert (len(first), first[:2], second) == (40, ("a", "0"), ("b", "c"))
