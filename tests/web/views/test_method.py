from __future__ import annotations

from flask.testing import FlaskClient

from bau_tracker.domain.sensitivity import TABLE
from tests.web.pages import read


def test_everybody_may_read_how_verdicts_are_reached(client: FlaskClient) -> None:
    page = read(client.get("/method"))
    assert "A verdict compares the same people with their own past" in page.text
    assert f"{TABLE[0].within_8 * 100:.0f} %" in page.text
    assert page.text.index("For a lead") < page.text.index("For an engineer")
