from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import requests
from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.outbound import chat
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.services import messages
from bau_tracker.services.posting import Report
from tests.factories import MONDAY, give_answer, make_team_of
from tests.post import office

SLACK: Final = "https://hooks.slack.com/services/T0EXAMPLE/B0EXAMPLE/0123456789abcdefABCDEFGH"
TEAMS: Final = (
    "https://prod-15.uksouth.logic.azure.com:443/workflows/3XXX5/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=iXXXU"
)
OTHER: Final = "jsons://chat.example.org/hooks/abc"


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Give what was posted, (address, options), instead of posting it."""
    found: list[tuple[str, dict[str, Any]]] = []

    def request(_session: requests.Session, *, url: str, **options: Any) -> requests.Response:
        found.append((url, options))
        response = requests.Response()
        response.status_code = 500 if "broken" in url else 200
        response._content = b"ok"  # noqa: SLF001  (how a response is made by hand)
        return response

    monkeypatch.setattr(requests.Session, "request", request)
    return found


@pytest.mark.parametrize("url", [SLACK, TEAMS, OTHER, "slack://T0EXAMPLE/B0EXAMPLE/0123456789abcdefABCDEFGH"])
def test_the_address_of_a_known_service_is_taken_as_it_is(url: str) -> None:
    assert chat.check_webhook(f" {url} ") == url


def test_no_address_is_taken_as_none() -> None:
    assert chat.check_webhook("  ") == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/T0EXAMPLE/B0EXAMPLE/0123456789abcdefABCDEFGH",
        "https://chat.example.org/hooks/abc",
        "https://hooks.slack.com.evil.example/services/T/B/C",
        "https://hooks.slack.com@evil.example/services/T/B/C",
        "json://chat.example.org/hook",
        "jsons://127.0.0.1/hook",
        "jsons://[::1]/hook",
        "jsons://169.254.169.254/latest",
        "jsons://2130706433/hook",
        "jsons://10.1/hook",
        "jsons://localhost/hook",
        "jsons://db.internal/hook",
        "jsons://printer.local/hook",
        "jsons://intranet/hook",
        "jsons://chat.example.org/hook?verify=no",
        "jsons://chat.example.org/hook?redirect=yes",
        "jsons://chat.example.org/hook?+X-Header=1",
        "https://prod-15.uksouth.logic.azure.com/workflows/3XXX5/triggers?sig=x&template=file:///etc/passwd",
        "workflow://169.254.169.254/a/b",
        "mailto://user:pass@example.org",
        "file:///etc/passwd",
        "syslog://",
        "exec://ls",
        "gopher://x",
        "jsons://chat.example.org/a b",
        "jsons://[chat",
        f"jsons://chat.example.org/{'x' * 500}",
    ],
)
def test_an_address_that_could_be_turned_against_the_own_network_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="https:// address of an incoming webhook") as refused:
        chat.check_webhook(url)
    assert refused.value.field == "address"


def test_an_address_that_is_not_complete_is_refused() -> None:
    with pytest.raises(InvalidInput, match="isn't complete"):
        chat.check_webhook("https://hooks.slack.com/services/T0EXAMPLE")


@pytest.mark.parametrize(("webhook", "host"), [(SLACK, "hooks.slack.com"), (TEAMS, "logic.azure.com"), (OTHER, "chat")])
def test_a_post_goes_to_the_service_over_https_and_follows_no_redirect(
    posted: list[tuple[str, dict[str, Any]]], webhook: str, host: str
) -> None:
    chat.post(webhook, "Payments: a week", "It is open.")
    ((url, options),) = posted
    assert url.startswith("https://")
    assert host in url
    assert "It is open" in str(options["data"])
    assert "github" not in str(options["data"])
    assert options["verify"] is True
    assert options["allow_redirects"] is False


def test_a_channel_that_does_not_take_a_post_is_tried_again_and_its_address_is_never_told(
    posted: list[tuple[str, dict[str, Any]]],
) -> None:
    with pytest.raises(NotTaken, match="the channel didn't take it") as refused:
        chat.post("jsons://chat.example.org/broken/secret", "title", "text")
    assert not refused.value.for_good
    assert "secret" not in refused.value.message
    assert posted


def test_an_address_in_the_database_that_is_not_allowed_is_never_opened(
    posted: list[tuple[str, dict[str, Any]]],
) -> None:
    with pytest.raises(NotTaken) as refused:
        chat.post("jsons://127.0.0.1/hook", "title", "text")
    assert refused.value.for_good
    assert posted == []


def test_without_the_extra_one_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "is_installed", lambda: False)
    with pytest.raises(InvalidInput, match=r"pip install bau-tracker\[chat\]"):
        chat.check_webhook(OTHER)
    with pytest.raises(NotTaken, match=r"pip install bau-tracker\[chat\]"):
        chat.post(OTHER, "title", "text")
    assert chat.check_webhook("") == ""


def at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def test_a_teams_channel_is_told_once_that_a_week_is_open_without_anybodys_link(
    session: Session, posted: list[tuple[str, dict[str, Any]]]
) -> None:
    team, (ana, _) = make_team_of(session, 2)
    give_answer(session, team, ana)
    team.webhook = OTHER
    session.add(team)
    for hours in (0, 1, 24):
        messages.remind(session, office(None), clock=at(MONDAY + timedelta(hours=hours)))
    ((_, options),) = posted
    said = json.dumps(options["data"])
    assert "Payments: 2026-W47 (16-22 Nov) is open" in said
    assert "https://bau.example.org/my-week" in said
    assert "/answer/" not in said
    assert "member" not in said


def test_a_channel_that_fails_is_reported_and_tried_again(
    session: Session, posted: list[tuple[str, dict[str, Any]]]
) -> None:
    team, _ = make_team_of(session, 1)
    team.webhook = "jsons://chat.example.org/broken"
    session.add(team)
    report = messages.remind(session, office(None), clock=at(MONDAY))
    assert report == Report(failures=["payments 2026-W47, channel: the channel didn't take it"])
    team.webhook = OTHER
    session.add(team)
    assert messages.remind(session, office(None), clock=at(MONDAY + timedelta(minutes=10))).sent == 1
    assert len(posted) == 2
