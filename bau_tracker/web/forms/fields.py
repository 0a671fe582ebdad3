"""Decides how amounts and days are typed, and where an error that a service found stands.

An amount has a point or a comma, its unit behind it or not, as the form itself writes it, and is empty for none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField
from wtforms.widgets import TextInput

from bau_tracker.domain.errors import BauTrackerError, InvalidInput

_WHOLE: Final = "Use a whole number."
_NUMBER: Final = re.compile(r"-?(\d{1,6}\.?\d{0,6}|\.\d{1,6})", re.ASCII)
STALE: Final = "Nothing is stored. What you typed stands below; look and save again."
"""What to do after ChangedMeanwhile."""


class AmountField(Field):  # type: ignore[misc]  # wtforms has no types
    """An amount as a number; what can't be read stays in the field as it was typed."""

    widget = TextInput()
    units: ClassVar[tuple[str, ...]]
    refused: ClassVar[str]
    negative: ClassVar[str]

    @property
    def said(self) -> bool:
        """Say whether anything but nought stands in the field, whether it can be read or not."""
        return self._value().strip() not in {"", "0"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if not self.data else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        text = self._without_unit(str(valuelist[0]).strip()).replace(",", ".") if valuelist else ""
        self.data: float | None = None
        if text and not _NUMBER.fullmatch(text):
            raise ValueError(self.refused)
        if text.startswith("-") and float(text) < 0:
            raise ValueError(self.negative)
        self.data = float(text or 0)

    def _without_unit(self, text: str) -> str:
        """Take the unit away, and a plus before the amount."""
        lower = text.lower()
        unit = next((unit for unit in self.units if lower.endswith(unit)), "")
        return text[: len(text) - len(unit)].strip().removeprefix("+")


class HoursField(AmountField):
    """Hours."""

    units = ("hours", "hour", "h")
    refused = "Use a number of hours, such as 2 or 2.5."
    negative = "Hours can't be negative. Use 0 or more."


class HalfDaysField(AmountField):
    """Half-days."""

    units = ("half-days", "half-day", "half days", "half day")
    refused = "Use a number of half-days, such as 2."
    negative = "Half-days can't be negative. Use 0 or more."


class PercentField(AmountField):
    """Percent of the hours available."""

    units = ("%", "percent")
    refused = "Use a percentage, such as 20."
    negative = "A percentage can't be negative. Use 0 or more."


class OptionalHoursField(HoursField):
    """Hours that may be left out: None then."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        super().process_formdata(valuelist)
        if not str(valuelist[0] if valuelist else "").strip():
            self.data = None


class WholeNumberField(IntegerField):  # type: ignore[misc]  # as above
    """A whole number; what can't be read stays in the field as it was typed."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        text = str(valuelist[0]).strip().removesuffix("%").strip() if valuelist else ""
        if not (text.isascii() and text.isdigit() and len(text) < 5):  # noqa: PLR2004  (more is no percentage)
            self.data = None
            raise ValueError(_WHOLE)
        self.data = int(text)


class OptionalWholeNumberField(WholeNumberField):
    """A whole number that may be left out: None then."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        self.data = None
        if str(valuelist[0] if valuelist else "").strip():
            super().process_formdata(valuelist)


class DayField(DateField):  # type: ignore[misc]  # as above
    """A day, which has to be given."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        self.data = None
        try:
            self.data = date.fromisoformat(str(valuelist[0]).strip() if valuelist else "")
        except ValueError:
            raise ValueError("Give a day, as 2026-11-23.") from None


class OptionalDayField(DayField):
    """A day that may be left out: None then."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; raises ValueError with the mend."""
        self.data = None
        if str(valuelist[0] if valuelist else "").strip():
            super().process_formdata(valuelist)


def blame(form: FlaskForm, error: BauTrackerError, otherwise: str) -> None:
    """Put an error at the field that it concerns, or else at this one."""
    name = error.field if isinstance(error, InvalidInput) and error.field in form else otherwise
    form[name].errors = [*form[name].errors, error.message]
