from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.people import normal_email, same_address, slug_of, sound_password


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("o'neil+bau@mail.example.co.uk".replace("'", "."), "o.neil+bau@mail.example.co.uk"),
        ("mailto:Ana@example.org", "ana@example.org"),
        (" MailTo: ana@example.org", "ana@example.org"),
        ("GROß@example.org", "groß@example.org"),
        ("ju\u0308rgen@example.org", "j\u00fcrgen@example.org"),
    ],
)
def test_an_address_is_kept_in_small_letters_and_one_spelling(typed: str, kept: str) -> None:
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example",
        "ana@example.",
        "a b@example.org",
        "ana@ex@ample.org",
        "Ana <ana@example.org>",
        "to:ana@example.org",
        "ana@example.org:25",
        "mailto:",
        "mailto:mailto:ana@example.org",
        "ana@example.org, bob@example.org",
        "a" * 65 + "@example.org",
        "ana@" + "e" * 250 + ".org",
        "ana\x00@example.org",
        "ana@example.org\x07",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"name@example\.org") as refused:
        normal_email(typed)
    assert refused.value.field == "email"


@given(st.emails())
def test_the_same_address_in_other_letters_is_the_same(address: str) -> None:
    assert same_address(address.upper()) == same_address(same_address(address).upper())


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Payments", "payments"),
        ("Payments & Billing", "payments-billing"),
        ("  Zahlungen, Süd!  ", "zahlungen-sud"),
        ("Straße 7", "strasse-7"),
        ("=SUM(A1)", "sum-a1"),
        ("../../etc", "etc"),
    ],
)
def test_a_name_becomes_what_can_stand_in_an_address(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize("name", ["", "   ", "!!!", "支付"])
def test_a_name_without_a_letter_for_an_address_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="no letter or digit"):
        slug_of(name)


@given(st.text())
def test_a_slug_is_always_sound_and_its_own_slug(name: str) -> None:
    try:
        slug = slug_of(name)
    except InvalidInput:
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80
    assert slug_of(slug) == slug


@pytest.mark.parametrize("length", [12, 200])
def test_a_password_of_the_right_length_is_taken_as_it_is(length: int) -> None:
    assert sound_password("p" * length) == "p" * length
    assert sound_password(" with spaces ") == " with spaces "


@pytest.mark.parametrize(
    ("length", "words"), [(0, "12 characters or more"), (11, "12"), (201, "200 characters at most")]
)
def test_a_password_too_short_or_too_long_is_refused(length: int, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        sound_password("p" * length)
    assert refused.value.field == "password"
