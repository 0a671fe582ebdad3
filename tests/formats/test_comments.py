from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.surveys import LONGEST_COMMENT
from bau_tracker.formats.comments import has_room, in_own_words, with_own_words

words = st.text(min_size=1, max_size=400)


def test_what_was_typed_behind_other_stands_behind_the_comment() -> None:
    more = in_own_words(["slow builds", "the lift"])

    assert with_own_words("A quiet week", more) == "A quiet week. Too much time: slow builds; the lift"
    assert with_own_words("Was it?", more) == "Was it? Too much time: slow builds; the lift"
    assert with_own_words("", more) == "Too much time: slow builds; the lift"


@given(words, st.lists(words, max_size=3))
def test_the_comment_comes_first_and_nothing_grows_over_what_is_kept(comment: str, unknown: list[str]) -> None:
    more = in_own_words(unknown)
    kept = with_own_words(comment, more)

    assert len(kept) <= LONGEST_COMMENT
    assert kept.startswith(comment[: LONGEST_COMMENT - 1])
    assert not more or kept.endswith(more) == has_room(comment, more) or comment.endswith(more)
