"""Decides the shape of the form for days away; what makes them sound is left to `services.availability`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import StopValidation

_MEND: Final = "Choose a day, or write it as 2026-12-24."


class Day(DateField):  # type: ignore[misc]  # wtforms has no types
    """A day; what can't be read stays in the field as it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, None when nothing was typed; raises ValueError with the mend."""
        if not any(text.strip() for text in valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_MEND) from error


def _given(_form: object, field: Any) -> None:  # noqa: ANN401  (wtforms has no types)
    if field.data is None and not field.errors:
        raise StopValidation(_MEND)


class DaysAwayForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The first and the last day away; without a last one it is one day."""

    first = Day("First day away", validators=[_given])
    last = Day("Last day away", description="Leave it empty for one day.")

    @property
    def last_day(self) -> date:
        """Give the last day, which may be the first."""
        return date.fromisoformat(str(self.last.data or self.first.data))
