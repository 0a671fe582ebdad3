"""Decides how a letter is written: subject, text and HTML from the templates in `mail/`, and its headers.

What a letter says of whom is left to the services. Whatever comes from people is kept on one line in headers, so that
a name can't add a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime, parseaddr
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bau_tracker.outbound.errors import NotTaken
from bau_tracker.resources import resource


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person; the same `key` gives the same Message-ID, so that a second copy is known for one.

    `list_name` and `unsubscribe` (an address) are empty for a letter that somebody asked for.
    """

    to: str
    name: str
    subject: str
    text: str
    html: str
    key: str
    list_name: str = ""
    list_slug: str = ""
    unsubscribe: str = ""


def write(template: str, **values: object) -> tuple[str, str, str]:
    """Give subject, text and HTML of a letter from `mail/TEMPLATE.txt` and `.html`."""
    plain = _templates().get_template(f"mail/{template}.txt")
    subject = one_line("".join(plain.blocks["subject"](plain.new_context(values))))
    html = _templates().get_template(f"mail/{template}.html")
    return subject, plain.render(**values).strip() + "\n", html.render(**values, subject=subject)


def address_letter(letter: Letter, *, sender: str, base_url: str, now: datetime) -> EmailMessage:
    """Give a letter as mail; raises NotTaken for an address that no mail can carry."""
    message = EmailMessage(_policy())
    host = urlsplit(base_url).hostname or "localhost"
    try:
        message["From"] = _address(*parseaddr(sender))
        message["To"] = _address(letter.name, letter.to)
    except ValueError as error:
        raise NotTaken(f"the address can't be used: {error}", for_good=True) from error
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.key}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        _add_list(message, letter, host)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """Give a text on one line, without anything invisible, and without `=?`, which headers would decode."""
    shown = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return re.sub(r"=(?=\?)", "= ", shown)


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header whose value stays as it is: mail programs read addresses in it, and an encoded one is none."""

    def fold(self, *, policy: Policy) -> str:
        """Give the header on one line, which may be as long as mail allows."""
        return f"{self.name}: {self}{policy.linesep}"


@cache
def _policy() -> EmailPolicy[EmailMessage]:
    headers = HeaderRegistry()
    for name in ("list-id", "list-unsubscribe"):
        headers.map_to_type(name, _Verbatim)
    return EmailPolicy(header_factory=headers)


def _add_list(message: EmailMessage, letter: Letter, host: str) -> None:
    """Say which list it is, and how to leave it by one press of a button of the mail program (RFC 8058)."""
    message["List-Id"] = f"{_plain(letter.list_name)} <{letter.list_slug}.{host}>".strip()
    message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
    if letter.unsubscribe.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _plain(text: str) -> str:
    """Leave out of a list's name what would end it, or needs to be encoded."""
    return one_line(text.encode("ascii", "ignore").decode()).translate({ord(letter): None for letter in '<>"\\()'})


def _address(name: str, address: str) -> Address:
    username, _, domain = address.rpartition("@")
    return Address(one_line(name), username, domain)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
