from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.verdict_settings import SENSITIVITIES, VerdictSettings
from bau_tracker.web.forms.verdict_settings import in_address, read_tried


@pytest.mark.parametrize(
    "decided",
    [
        VerdictSettings(),
        VerdictSettings(healthy=0.29, excessive=0.07, complaint_share=0.57, response_floor=1.0),
        *(VerdictSettings(false_alarms=value, daily_rota=value > 0.2) for value in SENSITIVITIES),
    ],
)
def test_what_stands_in_an_address_is_read_back(app: Flask, decided: VerdictSettings) -> None:
    with app.test_request_context():
        assert read_tried(MultiDict(in_address(decided))) == decided


def test_only_what_was_decided_stands_in_an_address() -> None:
    assert in_address(VerdictSettings(healthy=0.8, daily_rota=False)) == {"healthy": "80", "daily_rota": "no"}


@pytest.mark.parametrize("address", [{"healthy": "1e1"}, {"daily_rota": "y"}, {"false_alarms": "nan"}])
def test_an_address_that_cannot_be_read_is_refused_with_what_to_do(app: Flask, address: dict[str, str]) -> None:
    with app.test_request_context(), pytest.raises(InvalidInput, match="Go back to the settings"):
        read_tried(MultiDict(address))
