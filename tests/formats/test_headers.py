import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.formats.headers import ANSWER_FIELDS, listed, mapped, recognise


@pytest.mark.parametrize("pattern", ["{}", "{} (hours)", "{} [%]", "Hours spent on {}", "Split of my time [{}]", "{}s"])
@pytest.mark.parametrize("field", [name for name in CATEGORIES if name != "overhead"])
def test_each_part_of_the_week_is_found_by_its_label(pattern: str, field: str) -> None:
    if pattern == "{}s" and field in {"planned", "other_bau", "defect", "security"}:
        pattern = "{}"

    assert recognise([pattern.format(CATEGORIES[field])]) == {field: [0]}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Timestamp", "answered_at"),
        ("Email Address", "email"),
        ("Which team are you in?", "team"),
        ("Which week is this for?", "week"),
        ("Hours available this week", "hours_available"),
        ("Overhead (meetings, training)", "overhead"),
        ("Out-of-hours callouts (hours)", "callouts"),
        ("What took an excessive amount of time?", "excessive"),
        ("Did you put off maintenance?", "deferred"),
        ("Any other comments?", "comment"),
        ("Were you away all week?", "away"),
        ("How many hours did you spend on planned work?", "planned"),
        ("Unplanned work", "other_bau"),
        ("Geplante Arbeit (Stunden)", "planned"),
        ("Kalenderwoche", "week"),
        ("E-Mail-Adresse", "email"),
    ],
)
def test_questions_are_found_by_their_words(text: str, field: str) -> None:
    assert recognise([text]) == {field: [0]}


@pytest.mark.parametrize("text", ["", "Name", "Team spirit", "Hours", "Last week", "Do you like the coffee?"])
def test_other_headers_are_left_alone(text: str) -> None:
    assert recognise([text]) == {}


def test_a_header_that_says_exactly_a_field_leaves_out_one_that_mentions_it() -> None:
    assert recognise(["Any other comments on the team?", "Comment"]) == {"comment": [1]}


def test_two_headers_for_one_field_are_both_given() -> None:
    assert recognise(["Comment", "Comment"]) == {"comment": [0, 1]}


def test_a_mapping_finds_columns_whatever_their_capitals() -> None:
    told = mapped(["A", "My Plan"], {"planned": "my plan", "comment": ""}, ANSWER_FIELDS)
    assert told == ({"planned": 1, "comment": None}, {})


def test_a_mapping_can_point_to_one_of_several_columns_of_the_same_name() -> None:
    assert mapped(["Other", "x", "Other"], {"comment": "Other (2)"}, ANSWER_FIELDS) == ({"comment": 2}, {})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"planned": "C"}, "“C”, which the file doesn't have. It has “A”, “B”"),
        ({"planned": "B"}, "2 columns called “B”. Write “B (1)”"),
        ({"planned": "B (3)"}, "doesn't have"),
        ({"planned": "B (0)"}, "doesn't have"),
    ],
)
def test_a_column_that_is_not_there_is_told_by_field(columns: dict[str, str], message: str) -> None:
    told, wrong = mapped(["A", "B", "B"], columns, ANSWER_FIELDS)
    assert told == {}
    assert message in wrong["planned"]


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="“plan”, which is no field"):
        mapped(["A", "B", "B"], {"plan": "A"}, ANSWER_FIELDS)


def test_a_long_header_is_cut_in_messages() -> None:
    assert listed(["x" * 100, *"bcdefghijklmnop"]).endswith("“l” and 4 more")
