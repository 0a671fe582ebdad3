"""Decides how numbers of hours are typed: half hours with a point or a comma, empty for none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from wtforms import Field
from wtforms.widgets import TextInput

_NUMBER: Final = re.compile(r"-?(\d{1,6}\.?\d{0,6}|\.\d{1,6})", re.ASCII)


class HoursField(Field):  # type: ignore[misc]  # wtforms has no types
    """Hours as a number; what can't be read stays in the field as it was typed."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if not self.data else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        text = str(valuelist[0]).strip().removesuffix("h").strip().replace(",", ".") if valuelist else ""
        self.data: float | None = None
        if text and not _NUMBER.fullmatch(text):
            raise ValueError("Use a number of hours, such as 2 or 2.5.")
        if text.startswith("-") and float(text) < 0:
            raise ValueError("Hours can't be negative. Use 0 or more.")
        self.data = float(text or 0)
