"""Takes mail in tests: an outbox that keeps what it is given, and a mail server here that does as it is told."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final, cast

from bau_tracker.outbound.mail import Security, Server
from bau_tracker.services.posting import Office
from tests.conftest import SECRET

BASE_URL: Final = "https://bau.example.org"
SENDER: Final = "BAU Tracker <bau@example.org>"


@dataclass
class Kept:
    """An outbox that keeps mail in memory; `failing` holds what to raise for whom, or for all under `*`."""

    sent: list[EmailMessage] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        to = address_of(message)
        self.tried.append(to)
        failure = self.failing.get(to) or self.failing.get("*")
        if failure is not None:
            raise failure
        self.sent.append(message)

    def close(self) -> None:
        pass

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Give to whom what was sent, in order of the addresses, and forget it."""
        found = sorted((address_of(message), str(message["Subject"])) for message in self.sent)
        self.sent.clear()
        return found


def office(outbox: Kept | None, base_url: str = BASE_URL) -> Office:
    return Office(outbox, SENDER, base_url, SECRET)


def address_of(message: EmailMessage) -> str:
    """Give the address that a mail goes to."""
    return str(message["To"].addresses[0].addr_spec)


def text_of(message: EmailMessage, subtype: str = "plain") -> str:
    """Give what a mail says."""
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def links_in(message: EmailMessage) -> list[str]:
    """Give the addresses in a mail's text."""
    return re.findall(r"https?://\S+", text_of(message))


@dataclass
class FakeServer:
    """A mail server that takes mail unless told otherwise; `replies` maps a command, or a command with an address, to
    what it answers. `drop_at` is the command at which it hangs up, once for each time that it stands there. Each
    connection waits with its first mail until as many are there as `together` says."""

    port: int = 0
    starttls: bool = False
    replies: dict[str, str] = field(default_factory=dict)
    drop_at: list[str] = field(default_factory=list)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    together: threading.Barrier | None = None

    def server(self, security: Security = Security.NONE, user: str = "", password: str = "") -> Server:
        """Give what connects to it."""
        return Server("127.0.0.1", self.port, security, user, password)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        fake = cast("_TCPServer", self.server).fake
        fake.connections += 1
        self._recipient, self._waited = "", False
        self._say(fake.replies.get("connect", "220 ready"))
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line.partition(" ")[0].upper()
            fake.commands.append(verb)
            if verb in fake.drop_at:
                fake.drop_at.remove(verb)
                return
            if not self._answer(fake, verb, line):
                return

    def _answer(self, fake: FakeServer, verb: str, line: str) -> bool:
        address = next(iter(re.findall(r"<(.*?)>", line)), "")
        if verb == "RCPT":
            self._recipient = address
        reply = fake.replies.get(f"{verb} {address}") or fake.replies.get(verb)
        if verb == "EHLO" and not reply:
            reply = "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN" if fake.starttls else "250-here\r\n250 AUTH PLAIN"
        if verb == "DATA" and not reply:
            self._take(fake)
            return True
        self._say(reply or ("221 bye" if verb == "QUIT" else "250 fine"))
        return verb != "QUIT"

    def _take(self, fake: FakeServer) -> None:
        if fake.together and not self._waited:
            self._waited = True
            fake.together.wait(timeout=60)
        self._say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        raw = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
        reply = fake.replies.get("body")
        if reply is None:
            fake.taken.append((self._recipient, message_from_bytes(raw, policy=policy.default)))
        self._say(reply or "250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _TCPServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    fake: FakeServer


@contextmanager
def mail_server() -> Iterator[FakeServer]:
    """Run a mail server on a free port of this machine."""
    fake = FakeServer()
    with _TCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.fake, fake.port = fake, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
