import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats import json_source
from bau_tracker.formats.json_source import Source

VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)


def source(text: str | bytes, encoding: str = "utf-8") -> Source:
    return Source(io.BytesIO(text.encode(encoding) if isinstance(text, str) else text), encoding, "items.json")


@given(st.lists(VALUES, max_size=5), st.integers(1, 30), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_values_come_whole_wherever_the_pieces_of_the_file_end(values: list[object], chunk: int, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_source, "CHUNK", chunk)
        read = source(" ".join(json.dumps(value, ensure_ascii=False) for value in values), encoding)
        found = []
        while read.peek():
            found.append(read.value())

    assert found == values


def test_a_number_is_the_text_it_is_written_as_even_where_a_piece_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_source, "CHUNK", 2)

    assert source("12.50 ").value() == "12.50"
    assert source("9" * 9_000).value() == "9" * 9_000


def test_what_has_been_read_already_can_be_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert source('{"a": "b"}').whole() == {"a": "b"}

    monkeypatch.setattr(json_source, "CHUNK", 4)
    read = source('{"a": "b"}')
    assert read.whole() is None
    assert read.value() == {"a": "b"}


def test_only_the_wanted_character_is_taken() -> None:
    read = source(" [ ] ")

    assert (read.take("{"), read.take("["), read.peek(), read.take("]"), read.peek(), read.take("]")) == (
        False, True, "]", True, "", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": NaN}', "stops being JSON"),
        ("Infinity", "stops being JSON"),
        ('{"a" 1}', "stops being JSON"),
        ("nul", "stops being JSON"),
        ('{"a": 1', "breaks off"),
        ('{"a": "b', "breaks off"),
        ("[1,", "breaks off"),
        ("[" * 100_000, "inside each other"),
        (b"\xff", "isn't UTF-8"),
    ],
)
def test_what_is_no_value_says_why_and_where(text: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message) as caught:
        source(text).value()
    assert "at its beginning" in caught.value.message


def test_a_message_says_after_which_record_reading_stopped() -> None:
    read = source("{} x")
    read.value()
    read.count_record()

    with pytest.raises(UnreadableInput, match="after record 1"):
        read.value()


@pytest.mark.parametrize("text", ['"' + "x" * 2_000 + '"', "[" + "1," * 1_000 + "1]", " ".join(["[1, 2, 3]"] * 200)])
def test_what_belongs_to_one_record_may_not_grow_too_long(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(json_source, "LONGEST_RECORD", 1_000)
    monkeypatch.setattr(json_source, "CHUNK", 100)
    read = source(text)

    with pytest.raises(UnreadableInput, match="over 1,000 characters"):
        list(iter(read.value, "never"))
