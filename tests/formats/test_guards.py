import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.formats.guards import guard, unguard

texts = st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\rx"), st.characters()), max_size=8)


@given(texts)
def test_what_is_guarded_comes_back_as_it_was(text: str) -> None:
    assert unguard(guard(text)) == text


@given(texts)
def test_guarded_text_never_begins_as_a_formula_does(text: str) -> None:
    assert guard(text)[:1] not in set("=+-@\t\r")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x", "\uff1d1"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "it's", "'quoted'", "a=b", "1-2"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == unguard(text) == text
