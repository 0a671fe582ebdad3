"""Decides how far a file of JSON is read at a time: a value as a whole, and never more than that.

Numbers stay the text that they are written as, so that none is too large and 2.50 stays 2.50. What the values mean is
left to `json_tables`.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import BinaryIO, Final

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.json_values import DEEPEST

LONGEST_RECORD: Final = 4_000_000
"""Characters of one record, and of one value beside the records."""
CHUNK: Final = 1 << 18

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_CLOSERS: Final = frozenset('}]"')
_LITERAL: Final = 16
"""A value that is cut off is noticed this close to the end of what was read, unless it is a text."""


class _ConstantError(ValueError):
    """NaN or Infinity, which Python reads and JSON doesn't have."""


def _refuse_constant(name: str) -> object:
    raise _ConstantError(name)


_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant, strict=False)


class Source:
    """The text of a file from where reading stands; `records` counts what was handed on, for messages."""

    def __init__(self, file: BinaryIO, encoding: str, called: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-16" if encoding == "utf-16" else "utf-8-sig")()
        self._encoding = encoding
        self._text, self._at, self._ended = "", 0, False
        self._taken = 0
        self.called = called
        self.records = 0

    def peek(self) -> str:
        """Give the next character that is no space, without taking it; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._read()

    def take(self, wanted: str) -> bool:
        """Take the next character if it is the wanted one, and say whether it was."""
        found = self.peek() == wanted
        self._at += found
        return found

    def value(self) -> object:
        """Take a whole value; raise UnreadableInput for what is none, or is too long."""
        while True:
            self.peek()
            found = self._decoded(last=self._ended)
            if found is not None:
                return found[0]
            if len(self._text) - self._at > LONGEST_RECORD:
                raise self._too_long()
            self._read()

    def whole(self) -> object | None:
        """Take a value if all of it has been read from the file already; else give None and take nothing."""
        self.peek()
        found = self._decoded(last=False)
        return found[0] if found else None

    def count_record(self) -> None:
        """Take note that a record ends here."""
        self.records += 1
        self._taken = 0

    def broken(self) -> UnreadableInput:
        """Say that the file stops being JSON here, or ends too early."""
        return self._broken(cut_off=not self.peek())

    def _broken(self, *, cut_off: bool) -> UnreadableInput:
        if cut_off:
            return UnreadableInput(
                f"{self.called} breaks off {self._place}. Was the download cut short? Export it again."
            )
        return UnreadableInput(f"{self.called} stops being JSON {self._place}. Export it again, as the tool writes it.")

    @property
    def _place(self) -> str:
        return f"after record {self.records:,}" if self.records else "at its beginning"

    def _too_long(self) -> UnreadableInput:
        return UnreadableInput(
            f"{self.called} has a record of over {LONGEST_RECORD:,} characters, {self._place}. Export fewer fields."
        )

    def too_deep(self) -> UnreadableInput:
        """Say that too much stands inside each other."""
        return UnreadableInput(
            f"{self.called} has over {DEEPEST} lists and objects inside each other, {self._place}. Export fewer fields."
        )

    def _decoded(self, *, last: bool) -> tuple[object] | None:
        """Take the value that stands here, in a tuple as it may be None; give None when it goes on in the file."""
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            cut_off = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _LITERAL
            if last or not cut_off:
                raise self._broken(cut_off=self._is_at_end(error)) from error
            return None
        except _ConstantError as error:
            raise self._broken(cut_off=False) from error
        except RecursionError as error:
            raise self.too_deep() from error
        if end == len(self._text) and not last and self._text[end - 1] not in _CLOSERS:
            return None  # a number may go on
        self._taken += end - self._at
        self._at = end
        if self._taken > LONGEST_RECORD:
            raise self._too_long()
        return (value,)

    def _is_at_end(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos >= len(self._text.rstrip())

    def _read(self) -> None:
        """Read on, and as much again as there is already, so that a long value isn't tried too often."""
        kept = self._text[self._at :]
        wanted, parts = max(CHUNK, len(kept)), [kept]
        while wanted > 0 and not self._ended:
            chunk = self._file.read(CHUNK)
            self._ended = not chunk
            try:
                parts.append(self._decoder.decode(chunk, final=self._ended))
            except UnicodeDecodeError as error:
                raise UnreadableInput(
                    f"{self.called} isn't {self._encoding.upper()}, {self._place}, so it can't be read as JSON. "
                    "Save it as UTF-8."
                ) from error
            wanted -= len(chunk)
        self._text, self._at = "".join(parts), 0
