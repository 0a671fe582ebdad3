import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.importing import ColumnLook, Guess
from bau_tracker.formats.placing import WANTED
from bau_tracker.formats.suggestions import LEAST_ALIKE, Wanted, alike, suggest

TITLE = {"title": Wanted(("title", "summary"), ("text", "a few choices"))}


def test_a_heading_that_is_one_of_the_words_is_offered_before_one_that_resembles_it() -> None:
    looks = [ColumnLook("Summary of it", (), "text"), ColumnLook("Summary", (), "text")]

    assert suggest(looks, TITLE) == {"title": Guess("Summary", "The heading “Summary” says so.", sure=False)}


def test_a_heading_that_resembles_the_words_is_offered_with_why() -> None:
    found = suggest([ColumnLook("Titles", (), "text")], TITLE)

    assert found == {"title": Guess("Titles", "The heading resembles “title”, and it looks like text.", sure=False)}


def test_values_that_do_not_fit_speak_against_a_heading_that_only_resembles() -> None:
    assert suggest([ColumnLook("Titles", (), "dates")], TITLE) == {}


@pytest.mark.parametrize(
    ("name", "looks_like", "field"),
    [
        ("Planned stuff", "numbers", "planned"),
        ("Hours I planned", "hours", "planned"),
        ("Unplanned things", "numbers", "other_bau"),
        ("Meeting", "hours", "overhead"),
        ("Who are you", "e-mail addresses", "email"),
        ("Kommentare", "text", "comment"),
    ],
)
def test_columns_are_offered_for_the_parts_of_a_survey(name: str, looks_like: str, field: str) -> None:
    assert suggest([ColumnLook(name, (), looks_like)], WANTED).keys() == {field}


@pytest.mark.parametrize("name", ["Favourite film", "Do you eat steak?", "Age", "Which character shot first?"])
def test_questions_about_other_things_are_offered_for_nothing(name: str) -> None:
    assert suggest([ColumnLook(name, (), "a few choices")], WANTED) == {}


def test_planned_and_unplanned_are_opposites_however_alike_they_are_written() -> None:
    assert alike("Planned", "unplanned") == alike("ungeplant", "geplant") == 0


@given(st.lists(st.text(max_size=12)), st.text(max_size=12))
def test_no_column_is_offered_twice_and_none_is_ever_sure(names: list[str], word: str) -> None:
    looks = [ColumnLook(name, (), "text") for name in dict.fromkeys(names)]

    found = suggest(looks, {"one": Wanted((word,)), "two": Wanted((word, "other")), "three": Wanted(())})

    columns = [guess.column for guess in found.values()]
    assert len(set(columns)) == len(columns)
    assert not any(guess.sure for guess in found.values())


@given(st.text(), st.text())
def test_alike_is_a_share_and_whatever_has_words_is_most_like_itself(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) in {0, 1}
    assert LEAST_ALIKE < 1
