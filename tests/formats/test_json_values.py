import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.formats.json_values import as_text, named_texts, plain_document
from tests.patience import not_endless

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def paragraph(*nodes: dict[str, object]) -> dict[str, object]:
    return {"type": "paragraph", "content": list(nodes)}


def document(*blocks: dict[str, object]) -> dict[str, object]:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def text(said: str) -> dict[str, object]:
    return {"type": "text", "text": said}


def test_names_are_joined_by_dots_and_lists_by_lines() -> None:
    record: dict[str, object] = {
        "a": {"b": 1},
        "labels": [{"name": "x"}, {"name": "y"}],
        "tags": ["p", "q"],
        "none": None,
    }

    assert named_texts(record) == {"a.b": "1", "labels.name": "x\ny", "tags": "p\nq", "none": ""}


def test_an_empty_list_or_object_still_has_its_name() -> None:
    assert named_texts({"labels": [], "fields": {}}) == {"labels": "", "fields": ""}


@pytest.mark.parametrize(
    "person",
    [
        {"user": {"name": "Ada"}},
        {"assignee": "Ada"},
        {"Reporter": {"name": "Ada"}},
        {"closed_by": {"name": "Ada"}},
        {"System.AssignedTo": "Ada <ada@example.org>", "System.CreatedBy": {"name": "Ada"}},
        {"customfield_1": {"accountId": "1", "displayName": "Ada"}},
        {"customfield_2": [{"emailAddress": "Ada"}]},
        {"comments": [{"body": "by Ada"}]},
        {"log_entries": [{"summary": "Notified Ada"}]},
        {"worklog": {"worklogs": [{"author": {"name": "Ada"}, "comment": "Ada did it"}]}},
    ],
)
def test_people_and_what_they_said_are_left_out(person: dict[str, object]) -> None:
    found = named_texts({"title": "x"} | person)

    assert found["title"] == "x"
    assert "Ada" not in "".join(found.values())


def test_a_number_of_comments_is_no_comment() -> None:
    assert named_texts({"comments": 3}) == {"comments": "3"}


def test_a_document_is_its_text_a_block_a_line_without_mentions() -> None:
    mention: dict[str, object] = {"type": "mention", "attrs": {"text": "@Ada"}}
    items: dict[str, object] = {"type": "listItem", "content": [paragraph(text("one"))]}
    break_: dict[str, object] = {"type": "hardBreak"}
    card: dict[str, object] = {"type": "inlineCard", "attrs": {"url": "https://example.org/x"}}

    tree = document(
        paragraph(text("See "), mention, text("this"), break_, card), {"type": "bulletList", "content": [items]}
    )

    assert plain_document(tree) == "See this\nhttps://example.org/x\none"
    assert named_texts({"fields": {"description": tree}})["fields.description"].startswith("See this")


@pytest.mark.parametrize("content", [[None, 1, "x"], [{"type": "text"}], [{"content": {"a": 1}}], []])
def test_a_document_of_another_shape_is_no_text(content: list[object]) -> None:
    assert plain_document({"type": "doc", "content": content}) == ""


def test_a_sprint_written_by_an_older_jira_has_its_start() -> None:
    sprint = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,state=ACTIVE,name=S 7,startDate=2026-11-16T08:00Z]"
    )

    assert named_texts({"customfield_1": [sprint]})["customfield_1.startDate"] == "2026-11-16T08:00Z"


def test_what_a_database_cannot_keep_is_replaced() -> None:
    assert as_text("a\0b\ud800") == "a\ufffdb\ufffd"
    assert (as_text(None), as_text(True), as_text(1.5)) == ("", "true", "1.5")


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_any_record_comes_to_texts(record: dict[str, object]) -> None:
    assert all("\0" not in found for found in named_texts(record).values())


def test_a_text_of_very_many_spaces_takes_no_time() -> None:
    with not_endless():
        assert plain_document(document(paragraph(text(" " * 1_000_000 + "x")))) == "x"


def test_the_parts_of_a_sprint_take_no_time_either() -> None:
    sprint = "com.atlassian.greenhopper.service.sprint.Sprint@1[" + "w" * 1_000_000 + "]"
    with not_endless():
        named_texts({"sprint": sprint})
