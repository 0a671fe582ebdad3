"""What people can do about their own access: be added, sign in by password or one-time link, set a password.

Sessions and cookies are left to `web.auth`. Passwords are hashed with argon2id; of a link only a hash is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, Signer
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput
from bau_tracker.domain.people import normal_email, same_address, sound_password
from bau_tracker.outbound.letters import Letter, write
from bau_tracker.storage import people
from bau_tracker.storage.tables import Person, SignInFailure, SignInLink

LINK_LASTS: Final = timedelta(days=7)
FAILURES_COUNT: Final = timedelta(minutes=15)
MOST_FAILURES: Final = 10
MOST_FAILURES_OF_ADDRESS: Final = 100
MOST_LINKS: Final = 3
MOST_LINKS_OF_ADDRESS: Final = 30
_HASHER: Final = PasswordHasher()
_USED: Final = "This sign-in link was used already; each works once, and only the newest. Ask for a new one."


def add_person(session: Session, email: str, *, name: str = "", admin: bool = False, now: datetime) -> Person:
    """Give the person with an e-mail address, added if unknown; name and administration are taken over when given.

    Raises InvalidInput for an address that is none.
    """
    address = normal_email(email)
    person = people.person_with_email(session, address)
    if person is None:
        person = Person(email=address, session_key=secrets.token_hex(16), created_at=now)
    person.name = name.strip()[:120] or person.name
    person.is_admin = person.is_admin or admin
    session.add(person)
    session.flush()
    return person


def make_link(session: Session, person: Person, *, secret: str, now: datetime, replaces: bool = True) -> str:
    """Make the token of a link that signs a person in once, within LINK_LASTS.

    It replaces those made before, unless anybody could ask for it: they would take the others away.
    """
    if replaces:
        people.use_up_links(session, person.id, now)
    nonce = secrets.token_urlsafe(24)
    session.add(SignInLink(person_id=person.id, nonce_hash=_hash(nonce), expires_at=now + LINK_LASTS))
    session.flush()
    return _signer(secret).sign(nonce).decode()


def ask_for_link(session: Session, email: str, *, address: str, now: datetime) -> str:
    """Count that a link was asked for, and give the e-mail address as it is kept, whether anybody has it or not.

    Raises InvalidInput for an address that is none, Forbidden after MOST_LINKS for one e-mail address, or
    MOST_LINKS_OF_ADDRESS from one network address, within FAILURES_COUNT.
    """
    own = normal_email(email)
    subjects = {_hash(f"link {own}"): MOST_LINKS, _hash(f"link from {address}"): MOST_LINKS_OF_ADDRESS}
    _check_tries(
        session, subjects, "Too many links were asked for. Look into your mail, or wait {minutes} minutes.", now
    )
    people.forget_failures(session, now - FAILURES_COUNT)
    session.add_all(SignInFailure(subject=subject, failed_at=now) for subject in subjects)
    return own


def letter_with_link(
    session: Session, email: str, *, base_url: str, secret: str, now: datetime, query: str = ""
) -> Letter | None:
    """Write a letter with a new sign-in link to whom an address belongs; None when nobody has it.

    `query` follows the link's address: where to go once signed in.
    """
    person = people.person_with_email(session, email)
    if person is None:
        return None
    token = make_link(session, person, secret=secret, now=now, replaces=False)
    link = f"{base_url}/sign-in/{token}{query}"
    subject, text, html = write("sign_in", name=person.name, link=link, days=LINK_LASTS.days)
    key = f"sign-in.{secrets.token_hex(12)}"
    return Letter(person.email, person.name, subject, text, html, key)


def check_link(session: Session, token: str, *, secret: str, now: datetime) -> SignInLink:
    """Give the link of a token without using it up; raises InvalidInput for one that is false, used or expired."""
    try:
        nonce = _signer(secret).unsign(token).decode()
    except BadSignature:
        nonce = ""
    link = people.link_with_hash(session, _hash(nonce)) if nonce else None
    if link is None:
        raise InvalidInput("This sign-in link isn't complete. Copy the whole link, or ask for a new one.")
    if link.used_at is not None:
        raise InvalidInput(
            "This sign-in link was used already; each works once, and only the newest. Ask for a new one."
        )
    if link.expires_at <= now:
        raise InvalidInput(f"This sign-in link is older than {LINK_LASTS.days} days. Ask for a new one.")
    return link


def sign_in_by_link(session: Session, token: str, *, secret: str, now: datetime) -> Person:
    """Use a link up and give whose it is; raises InvalidInput like `check_link`, also to the slower of two."""
    link = check_link(session, token, secret=secret, now=now)
    person = people.person_with_id(session, link.person_id)
    if person is None or not people.use_link(session, link.id, now):
        raise InvalidInput(
            "This sign-in link was used already; each works once, and only the newest. Ask for a new one."
        )
    people.use_up_links(session, person.id, now)
    return person


def sign_in_by_password(session: Session, email: str, password: str, *, address: str, now: datetime) -> Person | None:
    """Give the person whose password this is, or None, and then count the failure.

    Raises Forbidden after MOST_FAILURES for one e-mail address, or MOST_FAILURES_OF_ADDRESS from one network address,
    within FAILURES_COUNT.
    """
    own = same_address(email)
    subjects = {_hash(own): MOST_FAILURES, _hash(f"from {address}"): MOST_FAILURES_OF_ADDRESS}
    _check_tries(session, subjects, "Too many failed tries. Wait {minutes} minutes, or ask for a sign-in link.", now)
    person = people.person_with_email(session, own)
    if _matches(person.password_hash if person else None, password):
        return person
    people.forget_failures(session, now - FAILURES_COUNT)
    session.add_all(SignInFailure(subject=subject, failed_at=now) for subject in subjects)
    return None


def set_password(session: Session, person: Person, password: str, *, current: str = "") -> None:
    """Set a password, which signs the person out everywhere; the current one is asked for where there is one.

    Raises InvalidInput when the current one is wrong or the new one isn't sound.
    """
    if person.password_hash is not None and not _matches(person.password_hash, current):
        raise InvalidInput("That is not your current password.", "current")
    person.password_hash = _HASHER.hash(sound_password(password))
    person.session_key = secrets.token_hex(16)
    session.add(person)
    session.flush()


def first_code(secret: str) -> str:
    """Give the code that the server prints while nobody exists; whoever has it may set up the first person."""
    digest = hmac.new(secret.encode(), b"first person", hashlib.sha256).digest()
    text = base64.b32encode(digest)[:15].decode()
    return f"{text[:5]}-{text[5:10]}-{text[10:]}"


def set_up_first(session: Session, code: str, email: str, password: str, *, secret: str, now: datetime) -> Person:
    """Add the first person, an administrator; raises Conflict once anybody exists, InvalidInput for a wrong code."""
    if not people.is_empty(session):
        raise Conflict("This installation is set up already. Sign in, or ask its administrator for a link.")
    given = code.strip().upper().encode()
    if not hmac.compare_digest(given, first_code(secret).encode()):
        raise InvalidInput("That is not the code that the server printed when it started.", "code")
    person = add_person(session, email, admin=True, now=now)
    set_password(session, person, password)
    return person


def _check_tries(session: Session, subjects: Mapping[str, int], words: str, now: datetime) -> None:
    """Refuse one try more than subjects have within FAILURES_COUNT; raises Forbidden."""
    since = now - FAILURES_COUNT
    if any(people.count_failures(session, subject, since) >= most for subject, most in subjects.items()):
        raise Forbidden(words.format(minutes=FAILURES_COUNT.seconds // 60))


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Give a hash that is verified for unknown addresses, so that an answer takes as long as for a known one."""
    return _HASHER.hash(secrets.token_hex())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="sign-in link", digest_method=hashlib.sha256)
