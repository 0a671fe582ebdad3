"""Decides which addresses of team channels are taken, and posts to them. Needs the extra `chat`, which is optional.

A server that opens any address it is given can be turned against its own network, so that only known chat services are
taken, and else JSON over HTTPS to a host with a public name. Who may set an address is left to the services.
"""

from __future__ import annotations

import logging
import re
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.outbound.errors import NotTaken

LONGEST: Final = 500
_HOSTS: Final = re.compile(r"hooks\.slack\.com|[\w.-]+\.(webhook\.office|logic\.azure|api\.powerplatform)\.com")
"""Where Slack and Microsoft Teams take posts."""
_SCHEMES: Final = {"slack", "jsons"}
"""Schemes of the library behind it that post over HTTPS: `slack` to Slack, `jsons` to the host that it names."""
_OPTIONS: Final = frozenset({"api-version", "sp", "sv", "sig"})
"""What an address may carry: Microsoft's own. The library's options could switch checks off or read files."""
_MISSING: Final = (
    "This installation can't post to channels: install it with the extra “chat” (pip install bau-tracker[chat])."
)


def check_webhook(text: str) -> str:
    """Give the address of a channel in the form in which it is kept, empty for none; raises InvalidInput."""
    url = text.strip()
    if not url:
        return ""
    if len(url) > LONGEST or not url.isprintable() or " " in url or not _is_known(url):
        raise InvalidInput(
            "Use the https:// address of an incoming webhook that Slack or Microsoft Teams gave you, or "
            "jsons://host.example.org/path for another tool that takes JSON over HTTPS.",
            "address",
        )
    if not is_installed():
        raise InvalidInput(_MISSING, "address")
    if _service(url) is None:
        raise InvalidInput("This address isn't complete. Copy the whole address of the webhook.", "address")
    return url


def is_installed() -> bool:
    """Say whether the extra is there."""
    return find_spec("apprise") is not None


def post(webhook: str, title: str, text: str) -> None:
    """Post to a channel; raises NotTaken, which never holds the address: whoever knows it can post there."""
    if not is_installed():
        raise NotTaken(_MISSING, for_good=False)
    from apprise import Apprise  # noqa: PLC0415  (an optional extra)

    try:
        service = _service(check_webhook(webhook))
    except InvalidInput as error:
        raise NotTaken(error.message, for_good=True) from error
    channel = Apprise()
    if service is None or not channel.add(service) or not channel.notify(title=title, body=text, body_format="text"):
        raise NotTaken("the channel didn't take it", for_good=False)


def _service(url: str) -> Any:  # noqa: ANN401  (the library's)
    """Give what posts to an address, which follows no redirect; None for an address that isn't complete."""
    from apprise import Apprise  # noqa: PLC0415  (an optional extra)

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # what it would log holds parts of the address
    service: Any = Apprise.instantiate(url) if url else None
    if service is not None:
        service.redirects = False  # to where we would not post ourselves
        service.include_image = False  # a logo of the library's, from elsewhere
    return service


def _is_known(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not _OPTIONS.issuperset(parse_qs(parts.query, keep_blank_values=True)):
        return False
    if parts.scheme == "https":
        return _HOSTS.fullmatch(host) is not None
    return parts.scheme in _SCHEMES and (parts.scheme != "jsons" or _is_public_name(host))


def _is_public_name(host: str) -> bool:
    """Say whether a host is a name with a dot, no number: an address in the own network is mostly given by number."""
    try:
        ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        return "." in host.rstrip(".") and not last.isdecimal() and last not in {"localhost", "internal", "local"}
    return False
