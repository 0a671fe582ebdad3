"""Decides how text goes into a spreadsheet without being taken for a formula, and how it comes back unchanged.

A guarded text carries one more apostrophe than the text itself, so that `unguard(guard(text)) == text` always holds,
also for text that had apostrophes there before. Numbers are never guarded: a negative number stays a number.
Source of the guarded characters: OWASP's note on CSV injection, with the full-width forms some programs accept.
"""

from __future__ import annotations

import re
from typing import Final

_GUARDED: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula, or that looks guarded already."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put there, and no other."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
