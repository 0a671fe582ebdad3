import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.formats import remembering
from bau_tracker.formats.remembering import LONGEST, Remembered
from bau_tracker.formats.values import parse_amount


def test_a_text_is_worked_out_once() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    lengths = Remembered(length)

    assert [lengths["ab"], lengths["ab"], lengths["abc"]] == [2, 2, 3]
    assert asked == ["ab", "abc"]


def test_what_is_refused_is_refused_each_time() -> None:
    amounts = Remembered(parse_amount)

    for _ in range(2):
        with pytest.raises(InvalidInput):
            amounts["lots"]
    assert len(amounts) == 0


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3))))
def test_no_more_is_remembered_than_the_bound_and_all_of_it_is_right(keys: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembering, "MOST", 3)
        joined = Remembered[tuple[str, ...], str]("".join)

        assert [joined[key] for key in keys] == ["".join(key) for key in keys]
        assert len(joined) <= 3


def test_long_texts_are_not_kept() -> None:
    lengths = Remembered[str, int](len)

    assert lengths["x" * (LONGEST + 1)] == LONGEST + 1
    assert len(lengths) == 0
