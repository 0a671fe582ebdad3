"""Decides how mail leaves: by SMTP, or into the development mailbox, a folder of files.

One connection a run, over TLS unless the server is this machine. What a server says about one message concerns that
message; a server that can't be reached, or takes nothing from us, is `Unavailable`.
"""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from bau_tracker.domain.errors import Unavailable
from bau_tracker.outbound.errors import NotTaken

MAILBOX: Final = "mailbox"
TIMEOUT_SECONDS: Final = 20
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_FOR_GOOD: Final = 500
"""From this reply on a server says no for good (RFC 5321); below it, not now."""
_OK: Final = 250


class Outbox(Protocol):
    """Where mail goes; closed after use."""

    def send(self, message: EmailMessage) -> None:
        """Send one mail; raises NotTaken for this one, Unavailable when none can be sent."""

    def close(self) -> None:
        """End what sending began."""


class Security(StrEnum):
    """How a connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; a connection without TLS is for this machine only."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> Server:
        """Read `smtp://user:password@host:587` or `smtps://…`, which the settings have checked."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        secure = Security.NONE if host in _THIS_MACHINE else Security.STARTTLS
        security = Security.TLS if parts.scheme == "smtps" else secure
        port = parts.port or (465 if security is Security.TLS else 587)
        return cls(host, port, security, unquote(parts.username or ""), unquote(parts.password or ""))

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.security})"


class SmtpOutbox:
    """Sends by SMTP; connects when the first mail goes, and again after a connection was lost."""

    def __init__(self, server: Server, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server, self._timeout = server, timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def send(self, message: EmailMessage) -> None:
        """Send one mail; raises NotTaken for this one, Unavailable when none can be sent."""
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code >= _FOR_GOOD:
                raise Unavailable(f"The mail server takes no mail from {error.sender}: {_said(error)}") from error
            raise NotTaken(_said(error), for_good=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotTaken(_words(code, said), for_good=code >= _FOR_GOOD) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotTaken("the server can't mail an address with these letters", for_good=True) from error
        except smtplib.SMTPResponseException as error:
            raise NotTaken(_said(error), for_good=error.smtp_code >= _FOR_GOOD) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotTaken("the connection was lost", for_good=False) from error

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        """Give a connection that answers."""
        if self._connection is not None and not _alive(self._connection):
            self.close()
        if self._connection is None:
            self._connection = _connect(self._server, self._timeout)
        return self._connection


class MailboxOutbox:
    """Keeps mail as files in a folder instead of sending it, for trying the program out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Keep one mail; nobody ever sees half of it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment: datetime = message["Date"].datetime
        name = f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(8)}.eml"
        part = self._folder / f".{name}"
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(message.as_bytes(policy=policy.SMTP))
        part.rename(self._folder / name)

    def close(self) -> None:
        """Do nothing: every mail is kept at once."""


@dataclass(frozen=True, slots=True)
class Received:
    """A mail in the development mailbox."""

    to: str
    subject: str
    date: datetime
    text: str


def make_outbox(url: str, mailbox: Path) -> Outbox | None:
    """Give where mail goes: an SMTP server, the folder `mailbox`, or None without mail."""
    if not url:
        return None
    return MailboxOutbox(mailbox) if url == MAILBOX else SmtpOutbox(Server.parse(url))


def read_mailbox(folder: Path, most: int) -> list[Received]:
    """Give the newest mails of the development mailbox, newest first."""
    newest = sorted(folder.glob("[!.]*.eml"), reverse=True)[:most]
    return [_received(path.read_bytes()) for path in newest]


def _received(raw: bytes) -> Received:
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body else ""
    return Received(str(message["To"]), str(message["Subject"]), message["Date"].datetime, text)


def _connect(server: Server, timeout: float) -> smtplib.SMTP:
    """Open a connection, protect it and sign in; raises Unavailable without ever naming the password."""
    place = f"The mail server {server.host}:{server.port}"
    try:
        connection = _greet(server, timeout)
    except smtplib.SMTPNotSupportedError as error:
        raise Unavailable(f"{place} doesn't offer STARTTLS, so nothing is sent to it. Use smtps:// instead.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise Unavailable(f"{place} doesn't take this user and password; look at BAU_TRACKER_MAIL.") from error
    except smtplib.SMTPResponseException as error:
        raise Unavailable(f"{place} refuses to talk: {_said(error)}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(f"{place} can't be reached: {error}") from error
    return connection


def _greet(server: Server, timeout: float) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.security is Security.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=secure)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _alive(connection: smtplib.SMTP) -> bool:
    try:
        code, _ = connection.noop()
    except (smtplib.SMTPException, OSError):
        return False
    return code == _OK


def _said(error: smtplib.SMTPResponseException) -> str:
    return _words(error.smtp_code, error.smtp_error)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
