"""Fixtures for tests in a real browser; a test that asks for one is marked `browser`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.chromium import running_chromium, watch

DEFAULTS: Final[dict[str, Any]] = {
    "locale": "en-GB",
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",  # half-way through a transition, colours have no contrast
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give this worker's browser; `new_page` and `page` open profiles in it."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page_faults() -> list[str]:
    """Give what went wrong on this test's pages; a test that provokes an error on purpose clears it."""
    return []


@pytest.fixture
def new_page(
    chromium: Browser,
    page_faults: list[str],
    live_server: Callable[[Flask], str],  # noqa: ARG001  (so that pages close before the server that they load from)
) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a profile of its own, with options such as color_scheme or viewport.

    After the test, a page with an error on its console or a breach of its security policy fails it.
    """
    with ExitStack() as stack:

        def open_page(**options: Any) -> Page:
            context = stack.enter_context(chromium.new_context(**(DEFAULTS | options)))
            page = context.new_page()
            watch(page, page_faults)
            return page

        yield open_page
    assert page_faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Give one page of a fresh profile."""
    return new_page()


@pytest.fixture
def live_server() -> Iterator[Callable[[Flask], str]]:
    """Give a function that serves an app on a free port until the test ends, and says at which address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a free port, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
