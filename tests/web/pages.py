"""Reads pages as somebody sees them: the text, the values in the fields, the messages at them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from werkzeug.test import TestResponse

_VOID: Final = frozenset({"input", "meta", "link", "br", "hr", "img", "path", "line", "circle", "rect"})
_INLINE: Final = frozenset({"a", "b", "code", "em", "i", "span", "strong"})
_SILENT: Final = frozenset({"script", "style", "svg"})


class Page(HTMLParser):
    """A page taken apart; `fields` holds what a browser would send by its forms, buttons left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.buttons: set[str] = set()
        self.links: list[str] = []
        self.actions: list[str] = []
        self.by_id: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str | None]] = {}
        self._pieces: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self._choosing: str | None = None
        self._writing: str | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        """Give what can be read, with single spaces."""
        return " ".join("".join(self._pieces).split())

    @property
    def value(self) -> dict[str, str]:
        """Give the first value of each field."""
        return {name: values[0] for name, values in self.fields.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._pieces.append("" if tag in _INLINE else " ")
        if name := given.get("id"):
            self.by_id[name], self.attributes[name] = "", given
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "form":
            self.actions.append(given.get("action") or "")
        self._field(tag, given)
        if tag not in _VOID:
            self._open.append((tag, given.get("id")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._field(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._pieces.append("" if tag in _INLINE else " ")
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "select":
            self._choosing = None
        elif tag == "textarea" and self._writing:
            self.fields[self._writing][-1] = self.fields[self._writing][-1].removeprefix("\r\n").removeprefix("\n")
            self._writing = None

    def handle_data(self, data: str) -> None:
        if self._writing:
            self.fields[self._writing][-1] += data
        if not any(tag in _SILENT for tag, _ in self._open):
            self._pieces.append(data)
        for _, name in self._open:
            if name:
                self.by_id[name] += data

    def _field(self, tag: str, given: dict[str, str | None]) -> None:
        name, kind = given.get("name") or "", given.get("type") or ""
        if tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in given):
            if kind == "submit":
                self.buttons.add(name)
            elif name:
                self.fields.setdefault(name, []).append(given.get("value") or "")
        elif tag == "button":
            self.buttons.add(given.get("value") or name)
        elif tag == "select":
            self._choosing = name
        elif tag == "option" and self._choosing and ("selected" in given or self._choosing not in self.fields):
            self.fields[self._choosing] = [given.get("value") or ""]
        elif tag == "textarea":
            self._writing = name
            self.fields.setdefault(name, []).append("")


def read(response: TestResponse) -> Page:
    """Read the page of a response."""
    return Page(response.get_data(as_text=True))
