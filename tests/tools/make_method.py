"""Makes the text of the page on verdicts from docs/detector.md, and puts the table of sensitivities into both.

Run by `make method`; a test tells when it is due. The page is made here and not when it is asked for, so that the
program needs neither the docs nor a Markdown library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from bau_tracker.domain.sensitivity import TABLE, Calibrated

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "detector.md"
PAGE: Final = ROOT / "templates" / "method" / "_text.html"
_TABLE_MARKS: Final = ("<!-- sensitivity -->", "<!-- end of sensitivity -->")
_PAGE_MARKS: Final = ("<!-- the page begins -->", "<!-- the page ends -->")
_HEADING: Final = re.compile(r"<(h[23])>(.*?)</\1>")
_TABLE: Final = re.compile(r"<h3[^>]*>(?P<title>[^<]*)</h3>|<table>(?P<rows>.*?)</table>", re.DOTALL)


def document(text: str) -> str:
    """Put the table of sensitivities as it is now into the document."""
    before, _, rest = text.partition(_TABLE_MARKS[0])
    _, _, after = rest.partition(_TABLE_MARKS[1])
    return f"{before}{_TABLE_MARKS[0]}\n{''.join(_rows())}\n{_TABLE_MARKS[1]}{after}"


def page(text: str) -> str:
    """Turn the document's part for the page into HTML."""
    part = text.partition(_PAGE_MARKS[0])[2].partition(_PAGE_MARKS[1])[0]
    part = re.sub(r"<!--.*?-->\n?", "", part)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(part)
    html = _HEADING.sub(lambda found: f'<{found[1]} id="{_anchor(found[2])}">{found[2]}</{found[1]}>', html)
    html = (
        html.replace("<th>", '<th scope="col">')
        .replace("<p>", '<p class="prose">')
        .replace("<ul>", '<ul class="prose">')
    )
    return "".join(_with_tables_that_scroll(html))


def _rows() -> Iterator[str]:
    yield "\n| false alarms accepted | half of the slides are seen within | seen within 8 weeks | threshold |\n"
    yield "|---|---|---|---|\n"
    for row in TABLE:
        yield f"| {_accepted(row)} | {row.weeks:g} weeks | {row.within_8 * 100:.0f} % | {row.threshold:.2f} |\n"


def _accepted(row: Calibrated) -> str:
    return f"{row.false_alarms:.2f} a team-year (one in {1 / row.false_alarms:.1f} years)"


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _with_tables_that_scroll(html: str) -> Iterator[str]:
    """Wrap each table for narrow screens, named after the heading that it stands under."""
    title, done = "", 0
    for found in _TABLE.finditer(html):
        yield html[done : found.start()]
        done = found.end()
        if found["rows"] is None:
            title = found["title"]
            yield found[0]
        else:
            yield f'<div class="table-scroll" tabindex="0" role="region" aria-label="{title}">'
            yield f'<table class="table">{found["rows"]}</table></div>'
    yield html[done:]


def main() -> None:
    """Write both files."""
    text = document(DOCUMENT.read_text("utf-8"))
    DOCUMENT.write_text(text, "utf-8")
    PAGE.write_text(page(text), "utf-8")


if __name__ == "__main__":
    main()
