import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.taxonomy import CHIPS, Chip
from bau_tracker.formats.chips import read_chips

chip_sets = st.lists(st.sampled_from(Chip), unique=True)


@given(chip_sets, st.sampled_from([", ", ";", "; ", "\n"]))
def test_labels_are_found_however_a_tool_joins_them(chips: list[Chip], joint: str) -> None:
    assert read_chips(joint.join(CHIPS[chip].label for chip in chips)) == (frozenset(chips), ())


@given(chip_sets)
def test_a_trailing_semicolon_means_nothing(chips: list[Chip]) -> None:
    assert read_chips("".join(f"{CHIPS[chip].label};" for chip in chips)) == (frozenset(chips), ())


@pytest.mark.parametrize(
    ("text", "chips"),
    [
        ("noisy alerts", {Chip.ALERTS}),
        ("Noisy alerts (again!)", {Chip.ALERTS}),
        ("Waiting for approval of deployments", {Chip.APPROVALS}),
        ("Deployments, releases and rollbacks, Flaky tests", {Chip.DEPLOYMENTS, Chip.ENVIRONMENTS}),
        ("Capacity, and infrastructure firefighting;Interruptions", {Chip.INFRASTRUCTURE, Chip.INTERRUPTIONS}),
        ("Störungen", {Chip.INCIDENTS}),
    ],
)
def test_other_words_for_the_same_thing_are_understood(text: str, chips: set[Chip]) -> None:
    assert read_chips(text) == (frozenset(chips), ())


@pytest.mark.parametrize("text", ["", "None", "nothing", "N/A", "-", "Keine"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_chips(text) == (frozenset(), ())


def test_an_unknown_option_is_handed_back_whole() -> None:
    assert read_chips("Deployments, The coffee machine") == (frozenset({Chip.DEPLOYMENTS}), ("The coffee machine",))
