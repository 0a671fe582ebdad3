import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.formats.fingerprints import Change, compare_headers, fingerprint
from bau_tracker.formats.looks import column_names

BEFORE = ["Timestamp", "Email", "Hours of planned work", "Hours of unplanned work", "Comment", "Team"]
MAPPING = {"planned": "Hours of planned work", "other_bau": "Hours of unplanned work", "comment": "Comment", "week": ""}
HEADERS = st.lists(st.text(max_size=6), max_size=8)


@given(HEADERS)
def test_a_form_is_known_again_whatever_the_order_of_its_columns(header: list[str]) -> None:
    assert fingerprint(list(reversed(header))) == fingerprint(sorted(header)) == fingerprint(header)


def test_a_form_is_known_again_whatever_its_capitals_and_spaces() -> None:
    assert fingerprint(["Planned work", "#"]) == fingerprint(["#", " planned\u00a0Work "])


@pytest.mark.parametrize("other", [["A"], ["A", "B"], ["A", "A", "B"], ["A", "B", "B (%)"], ["A", "B", "B", ""]])
def test_another_heading_or_another_number_of_them_makes_another_form(other: list[str]) -> None:
    assert fingerprint(["A", "B", "B"]) != fingerprint(other)


def test_questions_that_are_the_same_reworded_and_gone_are_told_apart() -> None:
    now = ["Team", "Timestamp", "Email", "comment", "Hours of work that was planned"]

    found = compare_headers(BEFORE, MAPPING, now)

    assert [(each.field, each.now, each.change) for each in found.questions] == [
        ("planned", "Hours of work that was planned", Change.REWORDED),
        ("other_bau", "", Change.GONE),
        ("comment", "comment", Change.SAME),
    ]
    assert found.same_form
    assert found.message == (
        "This is the same form: 57% of the headings are the same. "
        "The question “Hours of planned work” now seems to be “Hours of work that was planned”. "
        "The question “Hours of unplanned work” is no longer in the file."
    )


def test_a_change_from_hours_to_percent_is_a_change() -> None:
    (found,) = compare_headers(["Planned (hours)"], {"planned": "Planned (hours)"}, ["Planned (%)"]).changed

    assert (found.now, found.change) == ("Planned (%)", Change.REWORDED)


def test_another_form_is_said_to_be_one() -> None:
    found = compare_headers(BEFORE, MAPPING, ["Timestamp", "Favourite film", "Favourite actor"])

    assert not found.same_form
    assert found.message.startswith("This seems to be another form: only 12% of the headings are the same")


def test_a_new_question_is_never_the_new_wording_of_two() -> None:
    columns = {"planned": "Planned hours", "overhead": "Planned hours too"}

    found = compare_headers(list(columns.values()), columns, ["Hours planned"])

    assert [each.change for each in found.questions].count(Change.REWORDED) == 1


@given(HEADERS)
def test_an_unchanged_header_has_all_its_questions(header: list[str]) -> None:
    columns = {str(place): name for place, name in enumerate(column_names(header))}

    found = compare_headers(header, columns, list(reversed(header)))

    assert found.common == 1
    assert [each.before for each in found.changed if not each.before.startswith("(column ")] == []
