from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.formats.column_looks import LONGEST_EXAMPLE, Looks, column_names


def test_repeated_and_empty_headers_get_names_of_their_own() -> None:
    assert column_names(["Labels", "Key", "Labels", ""]) == ("Labels (1)", "Key", "Labels (2)", "(column 4)")


@given(st.lists(st.sampled_from(["a", "a (1)", "a (2)", "", "b"])))
def test_no_two_columns_have_the_same_name(header: list[str]) -> None:
    assert len(set(column_names(header))) == len(header)


def test_three_short_and_different_values_show_what_a_column_holds() -> None:
    looks = Looks(["Title", "State"])
    for text in ("  one\ntwo ", "", "x" * 500, "four", "five"):
        looks.see([text, "open"])

    title, state = looks.looks()

    assert title.examples == ("one two", "x" * (LONGEST_EXAMPLE - 1) + "…", "four")
    assert (state.name, state.examples) == ("State", ("open",))
