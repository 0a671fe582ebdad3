"""Decides how amounts of a week are typed: with a point or a comma, the unit behind them or not, empty for none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from wtforms import Field
from wtforms.widgets import TextInput

_NUMBER: Final = re.compile(r"-?(\d{1,6}\.?\d{0,6}|\.\d{1,6})", re.ASCII)


class AmountField(Field):  # type: ignore[misc]  # wtforms has no types
    """An amount as a number; what can't be read stays in the field as it was typed."""

    widget = TextInput()
    unit: ClassVar[str]
    refused: ClassVar[str]
    negative: ClassVar[str]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if not self.data else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        text = str(valuelist[0]).strip().removesuffix(self.unit).strip().replace(",", ".") if valuelist else ""
        self.data: float | None = None
        if text and not _NUMBER.fullmatch(text):
            raise ValueError(self.refused)
        if text.startswith("-") and float(text) < 0:
            raise ValueError(self.negative)
        self.data = float(text or 0)


class HoursField(AmountField):
    """Hours."""

    unit = "h"
    refused = "Use a number of hours, such as 2 or 2.5."
    negative = "Hours can't be negative. Use 0 or more."


class HalfDaysField(AmountField):
    """Half-days."""

    unit = "half-days"
    refused = "Use a number of half-days, such as 2."
    negative = "Half-days can't be negative. Use 0 or more."


class PercentField(AmountField):
    """Percent of the hours available."""

    unit = "%"
    refused = "Use a percentage, such as 20."
    negative = "A percentage can't be negative. Use 0 or more."
