"""Decides what can be set for a team, each setting's default, and where that default comes from.

Which weeks a change counts for is decided in `rules`; what can be set about verdicts in `verdict_settings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from bau_tracker.domain.privacy import Minimums
from bau_tracker.domain.rules import WeekRules
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.verdict_settings import SHARES, VERDICT_SETTINGS, VerdictSettings, false_alarm_words
from bau_tracker.domain.verdicts import DEFAULTS, Thresholds
from bau_tracker.domain.weeks import DAY_NAMES, MOMENTS, DayTime, WeekTimes, time_zone

STEPS: Final = {Step.HALF_DAYS: "half-days", Step.HOURS: "half hours", Step.PERCENT: "steps of 5 %"}
BY_WEEK: Final = frozenset({"timezone", *MOMENTS, "time_split", "comments", "shows_missing"})
"""Settings that count from the next week on, so that the weeks before stand."""
_DAYS: Final = 7
_TIMES: Final = WeekTimes(time_zone("UTC"))
_MINIMUMS: Final = Minimums()


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """Everything that can be set for a team, with the defaults; hours are those of a usual full week.

    `verdicts` holds what the team itself has decided, the rest follows the organisation.
    """

    name: str
    timezone: str = "UTC"
    hours_per_week: float = 40.0
    step: Step = Step.HALF_DAYS
    holidays: str = ""
    opens: DayTime = _TIMES.opens
    due: DayTime = _TIMES.due
    reminder: DayTime = _TIMES.reminder
    freezes: DayTime = _TIMES.freezes
    time_split: int = _MINIMUMS.time_split
    comments: int = _MINIMUMS.comments
    shows_missing: bool = False
    verdicts: VerdictSettings = field(default_factory=VerdictSettings)

    def week_rules(self) -> WeekRules:
        """Give the rules of a week; raises InvalidInput naming the setting that can't be right."""
        times = WeekTimes(time_zone(self.timezone), **{name: getattr(self, name) for name in MOMENTS})
        return WeekRules(times, Minimums(self.time_split, self.comments), self.shows_missing)

    def values(self) -> dict[str, object]:
        """Give the value of each setting by name, those of verdicts included, None where it follows."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "verdicts"}
        return own | {name: getattr(self.verdicts, name) for name in VERDICT_SETTINGS}


@dataclass(frozen=True, slots=True)
class SettingWords:
    """What a setting is called in a form and in a sentence, and where its default comes from."""

    label: str
    phrase: str
    source: str


SETTINGS: Final[dict[str, SettingWords]] = {
    "name": SettingWords("Name", "the name", ""),
    "timezone": SettingWords(
        "Time zone", "the time zone", "the zone that needs no daylight saving; choose where the team works"
    ),
    "hours_per_week": SettingWords("Hours of a usual full week", "the hours of a week", "a common contract"),
    "step": SettingWords(
        "The form splits a week in", "the steps of the form", "our judgement: coarse steps are quick to fill in"
    ),
    "holidays": SettingWords(
        "Public holidays of", "the holiday region", "nobody is taken to be away without being asked"
    ),
    "opens": SettingWords("A week opens", "the opening", "our judgement: the week is over and still fresh in mind"),
    "due": SettingWords("First reminder", "the first reminder", "our judgement: the first working day after"),
    "reminder": SettingWords("Second reminder", "the second reminder", "our judgement: one more, a day later"),
    "freezes": SettingWords(
        "Figures are published", "the moment of publishing", "our judgement: later, people can't recall the week"
    ),
    "time_split": SettingWords(
        "Answers that figures need",
        "the answers that figures need",
        "survey vendors use 5, adjustable to 3; product teams are 4 to 7 people",
    ),
    "comments": SettingWords(
        "Answers that comments need", "the answers that comments need", "the usual default of survey vendors"
    ),
    "shows_missing": SettingWords(
        "Show by name who hasn't answered", "the list of who hasn't answered", "answers come more freely without it"
    ),
    "healthy": SettingWords(
        "Healthy from", "the healthy level", "high performers in DORA's report of 2016, of planned and unplanned work"
    ),
    "excessive": SettingWords(
        "Excessive BAU under", "the excessive level", "Google's SRE teams cap operational work at 50 %"
    ),
    "complaint_share": SettingWords(
        "Complaints count from",
        "the share of complaining answers",
        "our judgement: one in three of the last four weeks' answers, and more than the team's own norm",
    ),
    "response_floor": SettingWords(
        "Confidence is low under", "the response rate for confidence", "Culture Amp's line for a red flag"
    ),
    "false_alarms": SettingWords(
        "Sensitivity", "the sensitivity", "our judgement: a slide is feared more often than met"
    ),
    "daily_rota": SettingWords(
        "One person a day does unplanned work", "the daily rota", "only a team that works so is to be measured so"
    ),
}
"""The words of each setting, in the order of the page."""


def default_of(name: str) -> object:
    """Give the default of a setting."""
    return getattr(DEFAULTS if name in VERDICT_SETTINGS else TeamSettings(""), name)


def setting_words(name: str, value: object) -> str:
    """Write a setting's value for a person: `70 %`, `Monday after, 09:00`, `half-days`."""
    if isinstance(value, DayTime):
        return moment_words(value)
    if isinstance(value, Step):
        return STEPS[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "false_alarms" and isinstance(value, float):
        return false_alarm_words(value)
    if isinstance(value, float):
        return f"{value * 100:.0f} %" if name in SHARES else f"{value:g}"
    return str(value) or "none"


def decision_words(name: str, before: object, after: object, above: Thresholds, whose: str) -> str:
    """Say how a decision about verdicts was changed; what isn't decided is `above`, which is `whose`."""
    old, new = (
        f"{setting_words(name, getattr(above, name))} ({whose})" if value is None else setting_words(name, value)
        for value in (before, after)
    )
    return f"changed {SETTINGS[name].phrase} from {old} to {new}."


def differing_words(standing: Thresholds, tried: Thresholds) -> list[tuple[str, str, str]]:
    """Give label, present and tried value of each setting of verdicts that differs."""
    values = ((name, getattr(standing, name), getattr(tried, name)) for name in VERDICT_SETTINGS)
    return [
        (SETTINGS[name].label, setting_words(name, old), setting_words(name, new))
        for name, old, new in values
        if old != new
    ]


def origin_words(name: str, decided: object, above: Thresholds, *, of_team: bool) -> str:
    """Say whether a setting of verdicts was decided or follows what stands above, and how to follow that again."""
    default = f"{setting_words(name, default_of(name))} ({SETTINGS[name].source})"
    back = f"{'Empty the field' if name in SHARES else 'Choose the first line'} to follow it."
    if decided is None and not of_team:
        return f"Default: {default}."
    if not of_team:
        return f"Your organisation's own. Default: {default}. {back}"
    follows = setting_words(name, getattr(above, name))
    if decided is not None:
        return f"The team's own. The organisation has {follows}. {back}"
    if getattr(above, name) == default_of(name):
        return f"Follows the organisation: {follows}, the default ({SETTINGS[name].source})."
    return f"Follows the organisation: {follows}. Default: {default}."


def moment_words(moment: DayTime) -> str:
    """Write a moment of a week's life: `Friday, 09:00`, `Wednesday after, 12:00`."""
    return f"{day_label(moment.day)}, {moment.at:%H:%M}"


def day_label(day: int) -> str:
    """Write a day counted from a week's Monday: 4 is `Friday`, 9 `Wednesday after`."""
    return DAY_NAMES[day % _DAYS] + ("", " after", " a week after")[day // _DAYS]
