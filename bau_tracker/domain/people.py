"""Decides what a sound e-mail address, name and password are. Who a person is to a team is left to `permissions`."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bau_tracker.domain.errors import InvalidInput

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
_NOT: Final = r"\s@,;:<>()\"'\x00-\x1f\x7f"
_EMAIL: Final = re.compile(rf"[^{_NOT}]{{1,64}}@[^{_NOT}]+\.[^{_NOT}.]+")


def same_address(text: str) -> str:
    """Give the one spelling of an e-mail address under which it is kept and looked up, whether it is sound or not.

    A `mailto:`, which comes along when a link is copied, is left out.
    """
    return unicodedata.normalize("NFC", text.strip().lower().removeprefix("mailto:").lstrip())


def normal_email(text: str) -> str:
    """Give an e-mail address in the form in which it is kept, lower case; raises InvalidInput for what is none."""
    address = same_address(text)
    if not _EMAIL.fullmatch(address) or len(address) > 254:  # noqa: PLR2004  (the longest address that mail carries)
        raise InvalidInput(f"“{text.strip()[:80]}” is not an e-mail address. Write it as name@example.org.", "email")
    return address


def sound_password(password: str) -> str:
    """Refuse a password that is too short to resist guessing or too long to hash; raises InvalidInput."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"Use {SHORTEST_PASSWORD} characters or more; a few words are fine.", "password")
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput(f"Use {LONGEST_PASSWORD} characters at most.", "password")
    return password


def slug_of(name: str) -> str:
    """Give the form of a team's name that stands in addresses: `Payments & Billing` -> `payments-billing`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]
    if not slug:
        raise InvalidInput(f"“{name}” has no letter or digit to make an address of. Add one.", "name")
    return slug
