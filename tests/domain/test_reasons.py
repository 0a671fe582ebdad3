from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from bau_tracker.domain.reasons import headline, reason, reasons, what_would_change
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdicts import (
    Complaints,
    Fall,
    Growth,
    Level,
    Missing,
    State,
    Thresholds,
    Verdict,
    without_figures,
)
from bau_tracker.domain.weeks import Week

W35: Final = Week(date(2026, 8, 24))
CALM: Final = Verdict(
    W35.shift(11), State.HEALTHY, Level.HEALTHY, planned_share=0.8, low=0.75, high=0.85, earlier_share=0.8,
    respondents=25, expected=28,
)  # fmt: skip
SLIDE: Final = replace(
    CALM, state=State.SLIDING, level=Level.LOW, planned_share=0.61, low=0.56, high=0.66, earlier_share=0.81,
    pressure=1.0, fall=Fall(W35, 0.21, 0.16, 0.26), complaints=Complaints(0.1, 0.12),
)  # fmt: skip
PITFALL: Final = replace(
    SLIDE, corroborated=True, complaints=Complaints(0.64, 0.16, (Chip.DEPLOYMENTS, Chip.ALERTS)),
    grown=(Growth(Kind.SUPPORT, 0.05, 0.13), Growth(Kind.DEFECT, 0.04, 0.1), Growth(Kind.CAPACITY, 0.01, 0.03)),
)  # fmt: skip
RECOVERING: Final = replace(SLIDE, state=State.RECOVERING, planned_share=0.76, low=0.71, high=0.81)
EXCESSIVE: Final = replace(
    CALM, state=State.EXCESSIVE, level=Level.EXCESSIVE, planned_share=0.43, low=0.38, high=0.48, earlier_share=0.44
)
NOTHING: Final = Verdict(W35, State.NOT_ENOUGH_DATA, weeks=4, weeks_needed=7, missing=Missing.WEEKS)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (NOTHING, "not enough data yet"),
        (CALM, "steady and healthy"),
        (replace(CALM, level=Level.LOW), "steady, but low"),
        (SLIDE, "sliding from a healthy level"),
        (replace(SLIDE, earlier_share=0.45), "sliding from an excessive level"),
        (replace(SLIDE, state=State.WATCH), "slightly down from a healthy level"),
        (replace(RECOVERING, level=Level.HEALTHY), "recovering"),
        (RECOVERING, "recovering, still low"),
        (EXCESSIVE, "steady, with excessive BAU"),
    ],
)
def test_level_and_state_are_combined_in_a_few_words(verdict: Verdict, words: str) -> None:
    assert headline(verdict) == words


@pytest.mark.parametrize(
    ("verdict", "finding"),
    [
        (
            CALM,
            ("Planned work is 80 % (75 to 85) now; with the same people compared, it hasn't fallen by more than "
            "chance."),
        ),
        (
            SLIDE,
            ("Planned work has fallen by about 21 points (16 to 26) since 2026-W35, with the same people compared; "
            "over the newest 4 weeks it is 61 % (56 to 66)."),
        ),
        (
            replace(SLIDE, fall=None),
            "Planned work has fallen, with the same people compared; over the newest 4 weeks it is 61 % (56 to 66).",
        ),
        (
            replace(SLIDE, state=State.WATCH, fall=Fall(W35, 0.01, 0.0, 0.02)),
            ("Planned work is 61 % (56 to 66) now and may have fallen by about 1 point (0 to 2) since 2026-W35; that "
            "can still be chance."),
        ),
        (RECOVERING, "Planned work is 76 % (71 to 81) now, on its way back to the 81 % before the fall."),
        (replace(RECOVERING, earlier_share=0.5), "Planned work is 76 % (71 to 81) now, up from 50 %."),
        (EXCESSIVE, "Planned work is 43 % (38 to 48) now, and has been under 50 % for two weeks or longer."),
        (
            replace(EXCESSIVE, planned_share=0.51, high=0.56, low=0.46),
            "Planned work is 51 % (46 to 56) now, not yet clearly back over 50 %.",
        ),
    ],
)  # fmt: skip
def test_the_finding_comes_first_with_its_figures(verdict: Verdict, finding: str) -> None:
    assert reasons(verdict)[0] == finding


def test_a_pitfall_says_how_sure_it_is_what_grew_what_people_complain_of_and_how_many_answered() -> None:
    assert reasons(PITFALL)[1:] == [
        "A team that doesn't change looks like this by chance once in 3 years at most.",
        "What grew: support ticket from 5 % to 13 % and defect fix from 4 % to 10 % of the hours.",
        (
            "64 % of the newest answers complain, against 16 % before, most of deployments and of intermittent or "
            "noisy alerts: with that it is the pitfall."
        ),
        "25 of 28 answers came in the newest 4 weeks.",
    ]


def test_more_evidence_is_said_as_a_rarer_chance() -> None:
    strong = reason(replace(SLIDE, pressure=1.2))
    assert "once in 3 years" not in strong
    assert "once in 8 years at most" in strong


def test_a_slide_that_goes_on_without_new_evidence_says_nothing_of_chance() -> None:
    assert "chance" not in reason(replace(SLIDE, pressure=0.4))


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (SLIDE, "10 % of the newest answers complain, under the 33 % of the pitfall, so this is an early warning."),
        (
            replace(SLIDE, complaints=Complaints(0.4, 0.45)),
            "40 % of the newest answers complain, no more than usual (45 %), so this is an early warning.",
        ),
        (
            replace(SLIDE, complaints=None),
            "No complaints are known that would confirm it, so this is an early warning and not the pitfall.",
        ),
        (
            replace(PITFALL, complaints=None),
            (
                "Members complain more than usual; the figures would give single answers away. With that it is the "
                "pitfall."
            ),
        ),
        (
            replace(PITFALL, complaints=Complaints(0.2, 0.16)),
            "20 % of the newest answers complain; more did earlier in this slide, so it stays the pitfall.",
        ),
    ],
)
def test_complaints_say_why_a_slide_is_a_warning_or_the_pitfall(verdict: Verdict, sentence: str) -> None:
    assert sentence in reasons(verdict)


def test_low_confidence_says_of_how_many_answers() -> None:
    said = reasons(replace(EXCESSIVE, respondents=17, expected=32, low_confidence=True))
    assert said[-1] == "17 of 32 answers came in the newest 4 weeks, under 60 %: confidence is low."


@pytest.mark.parametrize(
    ("verdict", "lacks", "brings"),
    [
        (
            NOTHING,
            "A verdict needs 7 weeks with enough answers by name; so far there are 4.",
            "3 more weeks with enough answers will bring one.",
        ),
        (
            replace(NOTHING, weeks=6),
            "A verdict needs 7 weeks with enough answers by name; so far there are 6.",
            "1 more week with enough answers will bring one.",
        ),
        (
            replace(NOTHING, weeks=0),
            "A verdict needs 7 weeks with enough answers by name; so far there are none.",
            "7 more weeks with enough answers will bring one.",
        ),
        (
            replace(NOTHING, missing=Missing.QUESTIONS, weeks=1),
            (
                "The questions have changed, so that earlier answers don't compare. A verdict needs 7 weeks with "
                "enough answers by name; so far there is 1."
            ),
            "6 more weeks with enough answers will bring one.",
        ),
        (
            replace(NOTHING, missing=Missing.SILENCE),
            "Too few people answered in the newest weeks to compare them with before.",
            "The next week with enough answers brings the verdict back; reminding the team helps.",
        ),
        (
            replace(NOTHING, missing=Missing.NAMES),
            "The answers carry no names, so nobody can be compared with their own past.",
            "Answers by the form bring one, and so does an import with a column of names or addresses.",
        ),
    ],
)
def test_a_missing_verdict_says_what_it_lacks_and_how_to_get_it(verdict: Verdict, lacks: str, brings: str) -> None:
    assert (reason(verdict), what_would_change(verdict)) == (lacks, brings)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (CALM, "Several weeks clearly under 80 % would show as a watch first."),
        (
            replace(CALM, level=Level.LOW, planned_share=0.6),
            (
                "Several weeks clearly under 60 % would show as a watch first. From 70 % on the level counts as "
                "healthy, clearly under 50 % as excessive BAU."
            ),
        ),
        (
            SLIDE,
            (
                "It ends when the newest weeks come back to about 74 %; after 26 weeks the lower level counts as "
                "the usual one. If 33 % of the answers complain, and more than usual, it becomes the "
                "excessive-BAU pitfall."
            ),
        ),
        (
            PITFALL,
            (
                "It ends when the newest weeks come back to about 74 %; after 26 weeks the lower level counts as "
                "the usual one."
            ),
        ),
        (
            replace(SLIDE, state=State.WATCH),
            "More weeks this low make it an early warning, or the pitfall if complaints rise; usual weeks end it.",
        ),
        (EXCESSIVE, "It ends when the newest weeks come back over 53 %."),
        (
            RECOVERING,
            "It is over when about a third of the fall is left; falling further makes it a slide again.",
        ),
        (
            replace(RECOVERING, earlier_share=0.5),
            "It is over when the higher level has become the usual one; a new fall makes it a slide.",
        ),
    ],
)
def test_what_would_change_a_verdict_is_said(verdict: Verdict, words: str) -> None:
    assert what_would_change(verdict) == words


@pytest.mark.parametrize("verdict", [CALM, SLIDE, PITFALL, RECOVERING, EXCESSIVE])
def test_a_reader_without_the_figures_is_told_none(verdict: Verdict) -> None:
    told = without_figures(verdict)
    assert reason(told) == "Its figures are not shown to you: too few others answered in its newest weeks."
    changed = what_would_change(told)
    assert not any(figure in changed for figure in ("61", "80", "74", "81", "21"))


def test_the_lines_of_a_team_stand_in_its_sentences() -> None:
    own = Thresholds(excessive=0.4, complaint_share=0.5, recent_weeks=4)
    assert "under 40 %" in reason(replace(EXCESSIVE, planned_share=0.35), own)
    assert "under the 50 % of the pitfall" in reason(replace(SLIDE, complaints=Complaints(0.4, 0.1)), own)
