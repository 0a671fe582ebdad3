"""Decides the shape of what can be set about verdicts: what is left empty follows whoever stands above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectChoice, SelectField

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.team_settings import SETTINGS, setting_words
from bau_tracker.domain.verdict_settings import (
    SENSITIVITIES,
    SHARES,
    VERDICT_SETTINGS,
    VerdictSettings,
    sensitivity_words,
)
from bau_tracker.domain.verdicts import Thresholds
from bau_tracker.web.forms.fields import OptionalWholeNumberField

_SWITCH: Final = {"yes": True, "no": False}
_FOLLOWS: Final = "as above"
"""Of the first choice; `follow` puts in what stands above."""


class VerdictSettingsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What a team or an organisation decides about verdicts; `revision` says which settings the form was made from."""

    revision = HiddenField()
    healthy = OptionalWholeNumberField(f"{SETTINGS['healthy'].label} (%)")
    excessive = OptionalWholeNumberField(f"{SETTINGS['excessive'].label} (%)")
    complaint_share = OptionalWholeNumberField(f"{SETTINGS['complaint_share'].label} (%)")
    response_floor = OptionalWholeNumberField(f"{SETTINGS['response_floor'].label} (%)")
    false_alarms = SelectField(
        SETTINGS["false_alarms"].label,
        choices=[
            SelectChoice("", _FOLLOWS),
            *(SelectChoice(f"{value:g}", sensitivity_words(value)) for value in SENSITIVITIES),
        ],
        default="",
    )
    daily_rota = SelectField(
        SETTINGS["daily_rota"].label,
        choices=[SelectChoice("", _FOLLOWS), *(SelectChoice(word, word) for word in _SWITCH)],
        default="",
    )

    def follow(self, above: Thresholds, whose: str, origins: Mapping[str, str]) -> None:
        """Say in the fields what they follow while they are empty, and at each where its value comes from."""
        for name in SHARES:
            self[name].render_kw = {"placeholder": f"{getattr(above, name) * 100:.0f}", "inputmode": "numeric"}
        for name in ("false_alarms", "daily_rota"):
            words = f"{whose}: {setting_words(name, getattr(above, name))}"
            self[name].choices = [SelectChoice("", words), *self[name].choices[1:]]
        for name, words in origins.items():
            self[name].description = words

    def decisions(self) -> list[Field]:
        """Give the fields about verdicts, in the order of the page."""
        return [self[name] for name in VERDICT_SETTINGS]

    def fill(self, settings: VerdictSettings) -> None:
        """Show in the fields what was decided."""
        for name, text in in_address(settings).items():
            self[name].data = int(text) if name in SHARES else text

    def verdict_settings(self) -> VerdictSettings:
        """Give what the form says; None where a field is empty."""
        shares = {name: None if self[name].data is None else self[name].data / 100 for name in SHARES}
        chosen = self.false_alarms.data
        return VerdictSettings(
            **shares,
            false_alarms=float(chosen) if chosen else None,
            daily_rota=_SWITCH.get(self.daily_rota.data or ""),
        )


def read_tried(address: MultiDict[str, str]) -> VerdictSettings:
    """Read the settings that an address tries; raises InvalidInput for what can't be read."""
    form = VerdictSettingsForm(address, meta={"csrf": False})  # it changes nothing
    if not form.validate():
        name, errors = next(iter(form.errors.items()))
        raise InvalidInput(f"{SETTINGS[name].label}: {errors[0]} Go back to the settings and type it there.")
    return form.verdict_settings()


def in_address(settings: VerdictSettings) -> dict[str, Any]:
    """Write what was decided as it stands in an address and in fields; leaves out what isn't."""
    return {name: _text(name, value) for name in VERDICT_SETTINGS if (value := getattr(settings, name)) is not None}


def _text(name: str, value: Any) -> str:  # noqa: ANN401  (a share, a number of false alarms, or yes and no)
    if name in SHARES:
        return f"{value * 100:.0f}"
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"
