from __future__ import annotations

import pytest

from bau_tracker.domain.sensitivity import TABLE
from tests.tools.make_method import DOCUMENT, PAGE, document, page

TEXT = DOCUMENT.read_text("utf-8")


def test_the_document_and_the_page_are_those_that_make_method_writes() -> None:
    assert document(TEXT) == TEXT, "run: make method"
    assert page(TEXT) == PAGE.read_text("utf-8"), "run: make method"


def test_each_row_of_the_table_of_sensitivities_is_on_the_page() -> None:
    for row in TABLE:
        assert f"<td>{row.threshold:.2f}</td>" in page(TEXT)


def test_what_stands_outside_the_marks_is_not_on_the_page() -> None:
    assert "How well it works" not in page(TEXT)
    assert "<!--" not in page(TEXT)


@pytest.mark.parametrize("word", ["{{", "{%", "style="])
def test_the_page_holds_nothing_that_a_template_or_the_policy_would_mind(word: str) -> None:
    assert word not in page(TEXT)


def test_a_table_has_the_name_of_its_heading_and_scrolls_by_itself() -> None:
    made = page("<!-- the page begins -->\n### Costs\n\n|a|b|\n|---|---|\n|1|2|\n<!-- the page ends -->")
    assert '<h3 id="costs">Costs</h3>' in made
    assert 'role="region" aria-label="Costs"><table class="table">' in made
    assert '<th scope="col">a</th>' in made
