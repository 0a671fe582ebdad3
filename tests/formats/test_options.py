import pytest

from bau_tracker.formats.options import Option, find_options, ticked

NOBODY: frozenset[int] = frozenset()


def found(questions: list[str], *values: tuple[str, ...]) -> tuple[Option, ...]:
    return find_options(questions, values or ((),) * len(questions), NOBODY)


@pytest.mark.parametrize(
    "question", ["What took an excessive amount of time?", "Excessive", "What took too much time? Tick all that apply."]
)
def test_parts_in_brackets_of_the_question_are_its_options(question: str) -> None:
    assert found(["Planned", f"{question} [Deployments]", f"{question} [Other]"]) == (
        Option(1, "Deployments"),
        Option(2, ""),
    )


def test_parts_of_another_question_are_none() -> None:
    assert found(["How did your week split? [Capacity]", "How did your week split? [Support]"]) == ()


def test_headings_that_are_options_themselves_count_when_their_cells_only_tick() -> None:
    values = (("Deployments",), ("3",), ("4",), ())

    assert found(["Deployments", "Alerts", "Capacity", "Noisy alerts"], *values) == (
        Option(0, "Deployments"),
        Option(3, "Noisy alerts"),
    )


def test_a_column_that_could_hold_hours_is_none_as_long_as_nothing_is_ticked() -> None:
    assert found(["Capacity", "Callouts"]) == ()


def test_columns_of_the_tool_itself_are_passed_over() -> None:
    assert find_options(["Deployments"], ((),), frozenset({0})) == ()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Yes", "Deployments"),
        ("Ja", "Deployments"),
        ("Y", "Deployments"),
        ("1", "Deployments"),
        ("Deployments", "Deployments"),
        ("No", ""),
        ("0", ""),
        ("N/A", ""),
        ("-", ""),
        (" ", ""),
        ("Far too many", "Far too many"),
    ],
)
def test_a_tick_is_told_from_none_however_a_tool_writes_it(cell: str, said: str) -> None:
    assert ticked([Option(1, "Deployments")], ["x", cell]) == said


def test_what_a_person_wrote_beside_the_options_is_kept() -> None:
    assert ticked([Option(0, "Alerts"), Option(1, "")], ["Yes", "The printer"]) == "Alerts;The printer"
