from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.classification import UNSURE_BELOW, Classification, Evidence, Place, classify
from bau_tracker.domain.classification_rules import LABEL_RULES, PRIOR, TYPE_RULES, WORD_RULES
from bau_tracker.domain.taxonomy import ItemClass


@pytest.mark.parametrize(
    ("title", "item_class"),
    [
        ("Implement export of invoices as PDF", ItemClass.FEATURE),
        ("Increase memory of the database servers to 16 GB", ItemClass.CAPACITY),
        ("Fix crash when the basket is empty", ItemClass.DEFECT),
        ("Patch CVE-2020-1234 in the XML library", ItemClass.SECURITY),
        ("Add an alert and a Grafana dashboard for queue length", ItemClass.TELEMETRY),
        ("I can't log in to my account, please help", ItemClass.SUPPORT),
        ("Change the wording of the footer link", ItemClass.MINOR_CHANGE),
        ("Refactor unit tests of the parser", ItemClass.OTHER),
    ],
)
def test_plain_words_name_the_class(title: str, item_class: ItemClass) -> None:
    found = classify(title)
    assert found.item_class is item_class
    assert not found.unsure


def test_a_label_tips_a_title_that_says_little() -> None:
    assert classify("Checkout page", labels=["bug"]).item_class is ItemClass.DEFECT
    assert classify("Checkout page", labels=["feature"]).item_class is ItemClass.FEATURE


def test_a_type_tips_a_title_that_says_little() -> None:
    assert classify("Checkout", item_type="Bug").item_class is ItemClass.DEFECT
    assert classify("Checkout", item_type="Incident").item_class is ItemClass.SUPPORT


def test_the_text_counts_less_than_the_title() -> None:
    in_text = classify("Session of the basket", text="vulnerability")
    in_title = classify("Session of the basket vulnerability")
    assert in_title.evidence[0].term == "vulnerability"
    assert in_text.evidence[0].weight < in_title.evidence[0].weight


def test_inflections_of_a_word_are_one_sign() -> None:
    confidences = {classify(f"{word} the basket total").confidence for word in ("Fix", "Fixes", "Fixed", "Fixing")}
    assert len(confidences) == 1


def test_evidence_stands_strongest_first_and_says_where() -> None:
    found = classify("Fix crash in export", text="Stacktrace attached", labels=["bug"], item_type="Bug")
    weights = [abs(sign.weight) for sign in found.evidence]
    assert weights == sorted(weights, reverse=True)
    assert {sign.place for sign in found.evidence} == set(Place)


def test_evidence_adds_up_to_the_lead_over_the_runner_up() -> None:
    bare, told = classify("zzzz yyyy xxxx"), classify("zzzz yyyy xxxx", item_type="Bug")
    assert bare.evidence == ()
    assert [sign.place for sign in told.evidence] == [Place.TYPE]
    assert told.evidence[0].term == "Bug"
    assert told.evidence[0].weight > 0


def test_the_reason_quotes_the_words() -> None:
    signs = (Evidence("timeout", Place.TITLE, 1.2),)
    reason = Classification(ItemClass.DEFECT, 0.8, signs).reason
    assert reason == "“timeout” in the title points to a defect; no label says otherwise."


def test_the_reason_names_a_label_that_disagrees() -> None:
    signs = (Evidence("crash", Place.TITLE, 2.0), Evidence("enhancement", Place.LABEL, -1.0))
    reason = Classification(ItemClass.DEFECT, 0.6, signs).reason
    assert reason == "“crash” in the title points to a defect, although the label “enhancement” says otherwise."


def test_the_reason_names_two_signs_at_most() -> None:
    signs = tuple(Evidence(word, Place.TITLE, 1.0) for word in ("crash", "broken", "wrong"))
    reason = Classification(ItemClass.DEFECT, 0.9, signs).reason
    assert reason.startswith("“crash” and “broken” in the title point to a defect")
    assert "wrong" not in reason


def test_the_reason_names_both_places_when_they_differ() -> None:
    signs = (Evidence("crash", Place.TEXT, 2.0), Evidence("Bug", Place.TYPE, 1.0))
    reason = Classification(ItemClass.DEFECT, 0.9, signs).reason
    assert reason.startswith("“crash” in the text and the type “Bug” point to a defect")


def test_the_reason_mentions_labels_that_agree() -> None:
    label = Evidence("bug", Place.LABEL, 1.0)
    assert Classification(ItemClass.DEFECT, 0.9, (label,)).reason == "The label “bug” points to a defect."
    words = (Evidence("crash", Place.TITLE, 2.0), Evidence("wrong", Place.TITLE, 2.0))
    assert Classification(ItemClass.DEFECT, 0.9, (*words, label)).reason.endswith("; a label agrees.")


def test_the_reason_admits_that_there_is_no_sign() -> None:
    found = classify("zzzz yyyy xxxx")
    assert found.unsure
    assert found.confidence < UNSURE_BELOW
    assert found.reason.startswith("No sign in it")


@pytest.mark.parametrize(
    "title", ["", " ", "\x00\x00", "[[[((", "::::", "修复登录错误", "خطأ في الدخول", "🔥" * 500, "#1 " * 200]
)
def test_odd_titles_get_a_class(title: str) -> None:
    assert 0 < classify(title).confidence <= 1


@given(st.text(), st.text(), st.lists(st.text()), st.text())
def test_whatever_is_given_gets_the_same_class_twice(title: str, text: str, labels: list[str], item_type: str) -> None:
    first = classify(title, text=text, labels=labels, item_type=item_type)
    assert first == classify(title, text=text, labels=labels, item_type=item_type)
    assert 1 / len(ItemClass) <= first.confidence <= 1
    assert first.reason.endswith(".")


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    filler = "lorem " * 100
    assert classify("Basket", text=filler + "crash") == classify("Basket", text=filler)


def test_a_huge_item_takes_no_longer_than_a_small_one() -> None:
    started = time.perf_counter()
    for _ in range(20):
        classify("(" * 100_000, text="[a] - 1 " * 20_000, labels=["x" * 100_000] * 1_000, item_type="y" * 100_000)
    assert (time.perf_counter() - started) / 20 < 0.05


@pytest.mark.parametrize("table", [WORD_RULES, LABEL_RULES, TYPE_RULES, PRIOR])
def test_every_rule_is_written_as_words_and_known_classes(table: str) -> None:
    for line in table.replace("\n    ", " ").strip().splitlines():
        if line.startswith("#"):
            continue
        _, said = line.split("= ", 1)
        for part in said.split(", "):
            name, weight = part.split()
            assert ItemClass(name)
            assert -4 <= float(weight) <= 4
