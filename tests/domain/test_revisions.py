from __future__ import annotations

from datetime import date

import pytest

from bau_tracker.domain.errors import ChangedMeanwhile
from bau_tracker.domain.revisions import check_revision, revision_of


def test_the_same_values_have_the_same_mark_and_others_another() -> None:
    assert revision_of("Payments", date(2026, 11, 23)) == revision_of("Payments", date(2026, 11, 23))
    assert revision_of("Payments", None) != revision_of("Payments", "None")


@pytest.mark.parametrize("based_on", ["", "another"])
def test_what_was_made_from_something_else_is_refused_in_words(based_on: str) -> None:
    with pytest.raises(ChangedMeanwhile, match="The settings were changed meanwhile"):
        check_revision(based_on, "mark", "The settings were")


def test_what_stands_and_whoever_says_nothing_go_on() -> None:
    check_revision("mark", "mark", "The settings were")
    check_revision(None, "mark", "The settings were")
